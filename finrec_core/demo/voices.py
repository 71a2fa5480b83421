"""The voices of the demo bank's reviewers: a manner of writing, and the facts of a life to write about."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from finrec_core.demo.catalogue import FIRST_YEAR
from finrec_core.demo.grammar import Dice, read, words
from finrec_core.demo.people import ADVISERS, BRANCHES, People

PEOPLE = read("people")
JOBS = words(PEOPLE["jobs"])
TRIPS = [trip.split("/") for trip in words(PEOPLE["trips"])]
TONES = ("terse",) * 5 + ("plain",) * 9 + ("chatty",) * 5 + ("keen",) * 3 + ("grumpy",) * 2
NUMBERS = words("two, three, four, five, six, seven, eight, nine, ten, eleven")
MONTHS = words(
    "January, February, March, April, May, June, July, August, September, October, November, December"
)
HIMSELF = {"he": "himself", "she": "herself"}


@dataclass(frozen=True)
class Voice:
    """How one client writes, and what the client's texts may speak of."""

    tone: str
    lower: bool  # writes without capitals
    slips: bool  # mistypes
    contracts: bool  # don't for do not
    runs_on: bool  # joins sentences with and
    tokens: frozenset[str]  # of the kinds of writers a line may be kept for
    facts: dict[str, str] = field(repr=False)  # slot to text, the same in all reviews


def voice(client: int, people: People, dice: Dice) -> Voice:
    """Return the voice of a client, drawn with `dice`."""
    age, parent, partner = int(people.age[client]), bool(people.parent[client]), bool(people.partner[client])
    branch = int(people.branch[client])
    adviser = dice.pick(ADVISERS[branch])
    facts = {
        "adviser": adviser,
        "branch": BRANCHES[branch],
        "job": dice.pick(JOBS),
        "parent": dice.pick(("mother", "father")),
        "age": str(age),
    }
    if partner:
        facts["partner"] = dice.pick(("my wife", "my husband", "my partner", "my husband", "my wife"))
    if parent:
        child, he = dice.pick(PEOPLE["grandchildren" if age > 61 else "children"])
        if child.startswith("our") and not partner:
            child = child.replace("our", "my", 1)
        facts |= {"child": child, "he": he, "himself": HIMSELF[he]}
    spans = {"young": (18, 35), "middle": (40, 57), "near": (52, 64), "old": (60, 120)}
    tokens = {name for name, (low, high) in spans.items() if low <= age <= high}
    if parent and age <= 61:
        tokens |= {"parent", "small" if age < 37 or (age < 46 and dice.chance(0.5)) else "big"}
    if not partner:
        tokens.add("single")
    return Voice(
        tone=dice.pick(TONES),
        lower=dice.chance(0.07),
        slips=dice.chance(0.12),
        contracts=dice.chance(0.65),
        runs_on=dice.chance(0.3),
        tokens=frozenset(tokens),
        facts=facts,
    )


class Scene:
    """The facts that one review may mention: those of its writer and those of its moment."""

    DRAWN = frozenset(("city", "country", "sum", "big", "months", "years", "year", "month"))

    def __init__(  # noqa: PLR0917 - the columns of an interaction, in their order
        self, voice: Voice, client: int, product: int, rating: int, second: int, launched: int, dice: Dice
    ) -> None:
        self.voice = voice
        self.client, self.product, self.rating = client, product, rating
        self.tokens = voice.tokens
        self.slots = self.DRAWN | voice.facts.keys()
        self._time = datetime.fromtimestamp(second, UTC)
        self._launched = launched
        self._dice = dice
        self._drawn: dict[str, str] = {}

    def fill(self, slot: str) -> str:
        """Return the text of a slot; what was said once in a review stays so, sums apart."""
        if slot in self.voice.facts:
            return self.voice.facts[slot]
        if slot not in self._drawn or slot in ("sum", "big"):
            self._draw(slot)
        return self._drawn[slot]

    def _draw(self, slot: str) -> None:
        """Draw the text of a slot, and of those that must agree with it."""
        dice, drawn = self._dice, self._drawn
        since = max(self._launched, FIRST_YEAR - 4)
        if slot in ("city", "country"):
            drawn["city"], drawn["country"] = dice.pick(TRIPS)
        elif slot == "sum":
            drawn[slot] = f"{5 * (6 + dice.roll(dice.pick((14, 34))))} euros"
        elif slot == "big":
            drawn[slot] = f"{(4 + dice.roll(19)) * 1000:,} euros"
        elif slot == "year":
            drawn[slot] = str(max(since, self._time.year - 1 - dice.roll(4)))
        elif slot == "month":
            drawn[slot] = MONTHS[(self._time.month - 2 - dice.roll(4)) % 12]
        elif slot == "years" and self._time.year - since > 2:
            drawn[slot] = f"{NUMBERS[dice.roll(min(6, self._time.year - since - 1))]} years"
        else:  # months, and years of what is not that old
            drawn[slot] = f"{dice.pick(NUMBERS)} months"

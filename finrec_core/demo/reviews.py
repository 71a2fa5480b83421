"""The demo bank's reviews: moves of a short text chosen by mood and tone, each a line of the grammar.

`texts/shapes.toml` says what the letters of the moves mean.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from finrec_core.demo.catalogue import CATEGORIES, TASTES
from finrec_core.demo.grammar import Bag, Dice, Line, expand, parse_lines, read, words
from finrec_core.demo.holdings import Holdings
from finrec_core.demo.slips import connect, contract, finish, mistype, run_on
from finrec_core.demo.truth import Truth
from finrec_core.demo.voices import Scene, Voice, voice

STREAM = 54
SHARE = (0.30, 0.66, 0.55, 0.40, 0.40, 0.47)  # of interactions with a review, by stars
FRESH = 4000  # reviews before any sentence may be said again: a large bank runs out of new ones
CLEAR = 0.38  # weaker tastes of a product are not talked about
MANNERS = {
    "S": "service_good", "Q": "quibble", "B": "service_bad", "Z": "close_good", "M": "close_mixed",
    "E": "close_bad", "X": "short_good", "Y": "short_mixed", "N": "short_bad", "O": "opening_good",
    "U": "opening_bad",
}  # fmt: skip
STARS = ("", "", "star_left", "", "star_off", "star_full")
ELSE = {"W": "w", "L": "PC", "P": "C", "G": "c", "T": "c"}  # stand-ins, in order
SHORT, ONE_LINERS = frozenset("ZMEXYNOU*"), frozenset("XYN")
PRAISE, BLAME, COMPLAINTS = frozenset("LPCpSXZ"), frozenset("QGTcB"), frozenset("GTcB")


class Writer:
    """Writes reviews one after the other; remembers what it said to whom and of which product."""

    def __init__(self, truth: Truth, seed: int) -> None:
        self._truth = truth
        self._dice = Dice(seed, STREAM)
        self._bags = {key: Bag(lines, self._dice) for key, lines in _lines(truth).items()}
        self._plus = {taste: words(read("tastes")[taste]["plus"]) for taste in TASTES}
        self._minus = words(read("manners")["minus"])
        self._shapes = {
            (mood, tone): row.split() for mood, rows in read("shapes").items() for tone, row in rows.items()
        }
        self._category = truth.catalogue.table["category"].to_pylist()
        self._voices: dict[int, Voice] = {}
        self._said: set[str] = set()
        self._uses: Counter[Line] = Counter()
        self._by_client: dict[int, set[Line]] = defaultdict(set)
        self._by_product: dict[int, set[Line]] = defaultdict(set)
        self._written = 0
        self._last = ""

    @property
    def advisers(self) -> dict[int, str]:
        """The adviser of each client who wrote so far, by row."""
        return {client: voice.facts["adviser"] for client, voice in self._voices.items()}

    def write(self, client: int, product: int, second: int, rating: int) -> str:
        """Return a review of a product by a client; `rating` 1 to 5, 0 where there is none."""
        dice = self._dice
        self._written += 1
        if client not in self._voices:
            self._voices[client] = voice(client, self._truth.people, dice)
        launched = int(self._truth.catalogue.launched[product])
        scene = Scene(self._voices[client], client, product, rating, second, launched, dice)
        taste = self._taste(client, product)
        said: list[tuple[str, str]] = []
        for letter in dice.pick(self._shapes[_mood(rating), scene.voice.tone]):
            move = letter
            if rating == 5 and move in COMPLAINTS:
                continue
            text = self._move(move, scene, taste, said[-1][1] if said else self._last)
            if move == "R" and not text:  # all stories are told
                move = "L" if _mood(rating) == "good" else "G"
                text = self._move(move, scene, taste, self._last)
            if text:
                said.append((move, text))
        if not said:  # all was said already
            key = {"good": "short_good", "mixed": "short_mixed", "bad": "short_bad"}[_mood(rating)]
            line = self._bags[key].draw(lambda line: line.fits(scene.tokens, scene.slots))
            said = [("X", expand(line.pieces, dice, scene.fill) if line else "ok")]
        self._last = said[0][1]
        return self._compose(said, scene)

    def _taste(self, client: int, product: int) -> str:
        """Return the taste that the review is about: one of the product's, weighted by the client's."""
        product_tastes = self._truth.product_tastes[product]
        weight = np.where(product_tastes > CLEAR, product_tastes, 0.0)
        steps = np.cumsum(weight * (self._truth.client_tastes[client] + 0.08))
        return TASTES[int(np.searchsorted(steps, self._dice.roll(1 << 20) / (1 << 20) * steps[-1], "right"))]

    def _move(self, move: str, scene: Scene, taste: str, before: str) -> str:
        """Return the text of a move, "" where nothing fits; it begins otherwise than `before`."""
        if move == "D":
            return self._plus_and_minus(taste, scene)
        first = before.split(" ", 1)[0]
        category = self._category[scene.product]
        tokens = scene.tokens | {category.lower()}
        client, product = self._by_client[scene.client], self._by_product[scene.product]
        for candidate in (move, *ELSE.get(move, "")):
            bag = self._bags.get(self._key(candidate, scene, taste, category))
            if bag is None or not bag.lines:
                continue
            most = self._most(candidate)
            for known in (client | product, client):  # at first no line that this product has had

                def allowed(line: Line, known: set[Line] = known, most: int = most) -> bool:
                    told = line in known or self._uses[line] >= most
                    return not told and line.fits(tokens, scene.slots)

                for _ in range(4):
                    line = bag.draw(allowed)
                    if line is None:
                        break
                    text = expand(line.pieces, self._dice, scene.fill)
                    new = self._written > FRESH or text not in self._said or text.count(" ") < 3
                    if new and text.split(" ", 1)[0] != first:
                        self._remember(line, text, scene)
                        return text
        return ""

    def _most(self, move: str) -> int:
        """Return how often a line may be used by now: a story sticks in the mind, a greeting does not."""
        if move in SHORT:
            return self._written
        return 1 + self._written // (1000 if move == "R" else 250)

    def _key(self, move: str, scene: Scene, taste: str, category: str) -> str:
        """Return the name of the bag that a move draws from."""
        if move in MANNERS:
            return MANNERS[move]
        if move == "R":
            return f"{_mood(scene.rating)} {'any' if self._dice.chance(0.3) else category}"
        return {
            "W": f"why {taste}",
            "P": f"praise {taste}",
            "T": f"gripe {taste}",
            "w": f"why {category}",
            "C": f"like {category}",
            "p": f"plain {category}",
            "c": f"gripe {category}",
            "L": f"likes {scene.product}",
            "G": f"gripes {scene.product}",
            "*": STARS[scene.rating],
        }[move]

    def _remember(self, line: Line, text: str, scene: Scene) -> None:
        """Note that this was said, so that it is not said again soon."""
        self._uses[line] += 1
        self._by_client[scene.client].add(line)
        self._by_product[scene.product].add(line)
        self._said.add(text)

    def _plus_and_minus(self, taste: str, scene: Scene) -> str:
        """Return a review in the form of two lists."""
        dice = self._dice
        good, bad = dice.pick(self._plus[taste]), dice.pick(self._minus)
        also = dice.pick(("clear papers", scene.fill("adviser"), "quick", "simple", "friendly people"))
        return dice.pick(
            (
                f"Plus: {good}, {also}. Minus: {bad}.",
                f"+ {good}\n+ {also}\n- {bad}",
                f"Good: {good}. Less good: {bad}.",
                f"Pros: {good}. Cons: {bad}.",
                f"Like: {good}. Don't like: {bad}. That's it.",
            )
        )

    def _compose(self, said: list[tuple[str, str]], scene: Scene) -> str:
        """Join the sentences as this writer would."""
        dice, who = self._dice, scene.voice
        text = said[0][1]
        for (before, _), (move, sentence) in pairwise(said):
            if before in PRAISE and move in BLAME:
                text = f"{finish(text)} {connect(sentence, dice)}"
            elif before in PRAISE and move in PRAISE and move != "Z" and who.runs_on:
                text = run_on(text, sentence, dice)
            else:
                text = f"{finish(text)} {sentence}"
        if len(said) > 1 or said[0][0] not in ONE_LINERS:
            text = finish(text)
            text = text[0].upper() + text[1:]
        if who.contracts:
            text = contract(text)
        if who.tone == "keen" and scene.rating >= 4 and text.endswith(".") and dice.chance(0.5):
            text = text[:-1] + "!"
        if who.lower:
            text = text.lower().rstrip(".")
        elif who.tone == "terse" and dice.chance(0.3):
            text = text.rstrip(".")
        if who.slips and dice.chance(0.6):
            text = mistype(text, dice)
        return text


def _lines(truth: Truth) -> dict[str, list[Line]]:
    """Return the lines of each bag by its name."""
    manners, tastes, catalogue = read("manners"), read("tastes"), truth.catalogue
    blocks = {kind: manners[kind] for kind in (*MANNERS.values(), *filter(None, STARS))}
    for taste in TASTES:
        blocks |= {f"{part} {taste}": tastes[taste][part] for part in ("why", "praise", "gripe")}
    for name in (*CATEGORIES, "any"):
        told = read("categories").get(name, {}) | read("stories")[name]
        blocks |= {f"{part} {name}": lines for part, lines in told.items()}
    parsed = {key: parse_lines(block) for key, block in blocks.items()}
    parsed |= {f"likes {row}": lines for row, lines in enumerate(catalogue.likes)}
    parsed |= {f"gripes {row}": lines for row, lines in enumerate(catalogue.gripes)}
    return parsed


def _mood(rating: int) -> str:
    """Return the mood of a review; one without stars is good."""
    return "bad" if 0 < rating < 3 else "mixed" if rating == 3 else "good"


@dataclass(frozen=True, repr=False)
class Written:
    """A review or None for each holding, in order, and the adviser whom each writer speaks of."""

    texts: tuple[str | None, ...]
    advisers: Mapping[int, str]  # by client row; clients who wrote nothing are not in it

    def __repr__(self) -> str:
        return f"Written({sum(text is not None for text in self.texts):,} reviews)"


def reviews(truth: Truth, holdings: Holdings, seed: int) -> Written:
    """Return the reviews of all holdings."""
    writer = Writer(truth, seed)
    rng = np.random.default_rng([seed, STREAM, 1])
    columns = (holdings.client, holdings.product, holdings.second, holdings.rating)
    chances = rng.random(len(holdings.client)).tolist()
    texts = [
        writer.write(*row) if chance < SHARE[row[-1]] else None
        for row, chance in zip(np.stack(columns, axis=1).tolist(), chances, strict=True)
    ]
    return Written(tuple(texts), writer.advisers)

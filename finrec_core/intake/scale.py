"""Scales: cells in words, fractions, stars and units as the value of one of our scales that they mean."""

import math
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from finrec_core.dataset.schema import KNOWLEDGE, LOSS

NOTHING = "empty"  # the choice of a word that stands for no value
RISK = ("risk_class", "risk_tolerance")
YEARS = ("min_horizon_years", "horizon_years")
# The words of `scales.toml` that a column takes, and what may be chosen for each.
TOPICS = {
    **dict.fromkeys(RISK, "risk"),
    **dict.fromkeys(YEARS, "years"),
    "min_knowledge": "knowledge",
    "knowledge": "knowledge",
    "loss_potential": "loss",
    "loss_capacity": "loss",
    "available": "available",
    "rating": "rating",
}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "risk": tuple("1234567"),
    "years": ("0", "1", "2", "3", "4", "5", "7", "10", "15", "20"),
    "knowledge": KNOWLEDGE,
    "loss": LOSS,
    "available": ("yes", "no"),
    "rating": tuple("12345"),
}
WRITTEN = tomllib.loads(Path(__file__).with_name("scales.toml").read_text("utf-8"))
YES, NO, FILLERS, VERY, RATHER = (
    frozenset(WRITTEN["words"][kind].split()) for kind in ("yes", "no", "fillers", "very", "rather")
)
NOTHING_KNOWN = frozenset(word.strip() for word in WRITTEN["words"]["nothing"].split(","))
DECIMAL_COMMA = re.compile(r"(?<=^\d),(?=\d{1,2}$)|(?<=^\d{2}),(?=\d{1,2}$)")
WHOLE = re.compile(r"(\d),0+")
LONGEST = 100  # years of a horizon; a larger number is a year or counts something else
BETWEEN = re.compile(r"\s*(?:/|-|–|—|\bto\b|\bbis\b|\ba\b|\band\b|\bund\b)\s*")
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7}
OF = r"\s*(?:/|of|out of|von|sur|su|de|van)\s*"
FRACTION = re.compile(rf"(?P<part>\d+(?:[.,]\d+)?){OF}(?P<whole>\d+)")
NUMBERED = re.compile(
    r"(?P<before>\D*?)[\s:._-]*(?P<number>\d{1,2})(?:\.0+)?(?![\d.,])(?P<after>.*)", re.DOTALL
)
DECLARED = re.compile(r"(?:\b[01]|_[01])\s*(?:-|–|to|bis|\.\.|_to_|_)\s*(?P<top>\d{1,2})\W*$", re.IGNORECASE)
YEAR = r"(?:y|yr|yrs|years?|j|jahren?|jahre?|ans?|annees?|anni|anno|anos?|jaar|jaren|p\.?a\.?)"
MONTH = r"(?:m|mo|mos|mths?|months?|monaten?|monate?|mois|mesi|mese|meses|mes|maanden?)"
DAYS = r"(?:d|days?|tagen?|tage?|jours?|giorni|dias?|dagen)"
SPAN = re.compile(
    rf"p?(?P<number>\d+(?:[.,]\d+)?)\s*-?(?:(?P<years>{YEAR})|(?P<months>{MONTH})|(?P<days>{DAYS}))\.?"
)
AT_LEAST = re.compile(WRITTEN["words"]["at_least"].strip())
AT_MOST = re.compile(WRITTEN["words"]["at_most"].strip())
STARS = re.compile(r"(?P<full>[★⭐*]+)\ufe0f?(?P<half>½?)[☆✩\ufe0f]*")
IN_STARS = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)?)\s*(?:stars?|sternen?|sterne?|etoiles?|stelle|estrellas?|★|⭐|\*)"
)
COST = re.compile(
    r"(?P<number>[-+]?[\d.,]+)\s*(?:(?P<percent>%|percent|prozent|pct)|(?P<points>bps?|basis points?))"
    r"(?:\s*p\.?\s*a\.?)?"
)


@cache
def words(topic: str) -> Mapping[str, str]:
    """Return what is proposed for each known word of a topic."""
    listed = reversed(WRITTEN[topic].items())
    return {plain(word): value for value, written in listed for word in written.split(",")}


def plain(text: str) -> str:
    """Return a text as words are compared: without case, accents and marks around."""
    return re.sub(r"[\s_.,;:!'\"()\ufe0f\U0001f3fb-\U0001f3ff-]+", " ", bare(text)).strip()


def bare(text: str) -> str:
    """Return a text without case and accents, its marks as they are."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).strip()


def shared_whole(texts: Iterable[str]) -> str | None:
    """Return what all ratings of the form 4/5 or "4 of 5" are of, None where they are not of one scale."""
    found = [FRACTION.fullmatch(bare(text)) for text in texts]
    wholes = {match["whole"] for match in found if match}
    return wholes.pop() if len(wholes) == 1 else None


def is_odd(column: str, text: str) -> bool:
    """Whether a cell that can be read may not mean what it says: no knowledge, or a year as a horizon."""
    if TOPICS[column] == "knowledge":
        return text.lower() == "none"
    return column in YEARS and text.replace(".", "", 1).isdecimal() and float(text) > LONGEST


def certain(column: str, text: str) -> str:
    """Return the number or word that a cell surely means, or the cell as it is.

    Sure are costs in percent and basis points, spans with a unit, stars that can be counted, and the
    words for yes and no of other languages.
    """
    low = bare(text)
    if low in NOTHING_KNOWN:
        return "NA"
    if column == "ongoing_cost_pct" and (found := COST.fullmatch(low)):
        number = DECIMAL_COMMA.sub(".", found["number"])
        return number if found["percent"] else _divided(number, 100)
    if column in RISK and (found := WHOLE.fullmatch(low)):
        return found[1]
    if column in YEARS and (found := SPAN.fullmatch(low)):
        share = 1.0 if found["years"] else 12.0 if found["months"] else 365.0
        return found["number"] if share == 1 else _divided(found["number"], share)
    if column == "rating":
        if found := STARS.fullmatch(text.strip()):
            return f"{len(found['full'])}.5" if found["half"] else str(len(found["full"]))
        if found := IN_STARS.fullmatch(low):
            return found["number"]
    if column == "available" and plain(text) in YES | NO:
        return "yes" if plain(text) in YES else "no"
    return text


def _divided(number: str, by: float) -> str:
    try:
        return f"{float(number.replace(',', '.')) / by:.6g}"
    except ValueError:
        return number


def declared_top(name: str) -> int | None:
    """Return where the scale ends that a column's name declares, as 5 for "risk (1-5)", None for none."""
    found = DECLARED.search(name)
    return int(found["top"]) if found and int(found["top"]) > 2 else None


def rescaled(number: float, top: int, *, up: bool) -> str | None:
    """Return the place on 1 to 7 of a number on 1 to `top`, rounded to the cautious side."""
    if not 1 <= number <= top or (top == 7 and not float(number).is_integer()):
        return None
    if top == 3:
        return str(round(2 * number))
    exact = round(1 + (number - 1) * 6 / (top - 1), 6)
    return str(math.ceil(exact) if up else math.floor(exact))


def proposed(column: str, text: str, top: int) -> str | None:
    """Return what is proposed for a cell that is not one of our values, None for no idea.

    `top` is where a scale in letters or with a prefix ends.
    """
    topic = TOPICS[column]
    known = words(topic)
    if topic == "risk":
        return _risk(text, known, top, up=column == "risk_class")
    if topic == "years":
        return _years(text, known)
    if topic == "rating" and (found := FRACTION.fullmatch(bare(text))):
        part = float(found["part"].replace(",", ".")) / max(1, int(found["whole"]))
        return str(max(1, math.floor(5 * part + 0.5))) if part <= 1 else None
    if topic == "loss" and (found := re.search(r"(\d+(?:\.\d+)?)\s*%", text)):
        share = float(found[1])
        return "none" if share == 0 else "limited" if share < 100 else "full" if share == 100 else "beyond"
    whole = plain(text)
    if whole in known:
        return known[whole]
    return known.get(" ".join(word for word in whole.split() if word not in FILLERS))


def _risk(text: str, known: Mapping[str, str], top: int, *, up: bool) -> str | None:
    low, whole = bare(text), plain(text)
    if "%" in low:  # a volatility
        return None
    if whole in known:
        return known[whole]
    if found := re.search(rf"(?<!\d){FRACTION.pattern}(?!\d)", low):
        return rescaled(float(found["part"].replace(",", ".")), int(found["whole"]), up=up)
    short = " ".join(word for word in whole.split() if word not in FILLERS)
    if short in ROMAN:
        return str(ROMAN[short])
    if len(short) == 1 and "a" <= short <= "g":
        return rescaled(ord(short) - ord("a") + 1, top, up=up)
    if (found := NUMBERED.fullmatch(low)) and (plain(found["before"]) or plain(found["after"])):
        own = not plain(found["before"]) or "sri" in found["before"] or "srri" in found["before"]
        return rescaled(int(found["number"]), 7 if own and int(found["number"]) <= 7 else top, up=up)
    if short in known:
        return known[short]
    parts = [_word(part, known) for part in BETWEEN.split(low) if part.strip()]
    places = [part for part in parts if part is not None]
    if not places or len(places) < len(parts):
        return None
    mean = sum(places) / len(places)
    return str(math.ceil(mean) if up else math.floor(mean))


def _word(text: str, known: Mapping[str, str]) -> int | None:
    """Return the place of one word of risk, which "very" moves outwards and "moderately" inwards."""
    parts = [word for word in plain(text).split() if word not in FILLERS]
    if " ".join(parts) in known:
        return int(known[" ".join(parts)])
    if len(parts) != 2 or parts[1] not in known:
        return None
    place = int(known[parts[1]])
    away = (place > 4) - (place < 4)
    if parts[0] in VERY:
        return min(7, max(1, place + away))
    return place - away if parts[0] in RATHER else None


def _years(text: str, known: Mapping[str, str]) -> str | None:
    low = bare(text)
    if plain(text) in known:
        return known[plain(text)]
    named = re.match(r"([^\d(<>]+)\s*\(", low)
    if named and plain(named[1]) in known:
        return known[plain(named[1])]
    numbers = [float(number.replace(",", ".")) for number in re.findall(r"\d+(?:[.,]\d+)?", low)]
    if not numbers or len(numbers) > 2:
        return None
    rest = re.sub(r"\d+(?:[.,]\d+)?", "#", low)
    unit = 12 if re.search(rf"# ?{MONTH}\b", rest) and not re.search(rf"# ?{YEAR}\b", rest) else 1
    lowest = min(numbers) / unit
    if len(numbers) == 1 and AT_MOST.match(low):
        lowest //= 2
    elif len(numbers) == 1 and not (
        AT_LEAST.match(low) or re.search(r"\+|plus|and more|or more|und mehr|et plus", low)
    ):
        return None
    return f"{lowest:g}"

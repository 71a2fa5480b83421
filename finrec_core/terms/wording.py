"""How numbers, times, names, lists and verbs are written for a person: the one owner of the house style."""

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime


def plural(verb: str) -> str:
    """Return a dataset's verb for several people: "have" for "has", "listen to" for "listens to"."""
    first, _, rest = verb.partition(" ")
    irregular = {"has": "have", "is": "are", "was": "were", "does": "do", "goes": "go"}
    if first in irregular:
        first = irregular[first]
    elif first.endswith("ies") and len(first) > 4:
        first = f"{first[:-3]}y"
    elif first.endswith(("ches", "shes", "sses", "xes", "zzes")):
        first = first[:-2]
    elif first.endswith("s") and not first.endswith("ss"):
        first = first[:-1]
    return f"{first} {rest}".strip()


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MINUS = "−"
NONE = "–"  # stands where there is nothing to tell
LONGEST_NAME = 90  # characters of a name inside a sentence
# What turns the direction of the text after it; a name must not reach beyond itself.
_TURNS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = {"R", "AL"}


def plain(value: float, decimals: int = 0) -> str:
    """Return a number with thousands and a true minus: 8,702 or −3; halves are rounded up in size."""
    text = f"{abs(_rounded(value, decimals)):,.{decimals}f}"
    return f"{MINUS}{text}" if value < 0 and any(digit in text for digit in "123456789") else text


def signed(value: float, decimals: int = 0) -> str:
    """Return a number with its sign, as +34 or −5; what rounds to nothing is 0 without a sign."""
    text = plain(value, decimals)
    return text if text.startswith(MINUS) or not any(digit in text for digit in "123456789") else f"+{text}"


def span(low: float, high: float, decimals: int = 0) -> str:
    """Return an interval of a difference, as −0.002 to +0.014; an end reads 0 only if it is 0, or near it.

    Digits are added up to the sixth: where an interval holds 0 and where it just does not is what it is
    looked at for.
    """
    while decimals < 6 and any(end and not _rounded(end, decimals) for end in (low, high)):
        decimals += 1
    return f"{signed(low, decimals)} to {signed(high, decimals)}"


def percent(share: float, decimals: int = 1) -> str:
    """Return a share of 1 in percent, as 95.9 %."""
    return f"{plain(100 * share, decimals)} %"


def ordinal(number: int) -> str:
    """Return a rank in words, as 1st, 2nd, 11th or 1,022nd."""
    teen = 10 <= number % 100 <= 20
    return f"{number:,}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number of things, as no products, 1 product or 8,702 products."""
    return f"{'no' if number == 0 else f'{number:,}'} {one if number == 1 else many or one + 's'}"


def joined(items: Sequence[str]) -> str:
    """Return a list in words, as "a, b and c"; "" for none."""
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def moment(when: datetime, now: datetime | None = None) -> str:
    """Return a time as 21 Nov 2024, 16:31, and one of the year of `now` as 21 Nov 16:31."""
    if now is not None and when.year == now.year:
        return f"{when.day} {MONTHS[when.month - 1]} {when:%H:%M}"
    return f"{day(when)}, {when:%H:%M}"


def month(when: datetime) -> str:
    """Return the month of a time, as Mar 2026."""
    return f"{MONTHS[when.month - 1]} {when.year}"


def day(when: date) -> str:
    """Return a day, as 21 Nov 2026."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def years(number: float) -> str:
    """Return a number of years, as 1 year, 5 years or 2.5 years."""
    return f"{plain(number, 0 if float(number).is_integer() else 1)} {'year' if number == 1 else 'years'}"


def duration(seconds: float) -> str:
    """Return a stretch of time in at most two units, as 48 s, 1 min 48 s or 2 h 5 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min" + (f" {whole % 60} s" if whole % 60 else "")
    return f"{whole // 3600:,} h" + (f" {whole // 60 % 60} min" if whole // 60 % 60 else "")


def name(text: str | None, instead: str = NONE, longest: int = LONGEST_NAME) -> str:
    """Return a name from the data on one line, cut in its middle where it is too long.

    Line breaks, control characters and marks that turn the writing direction are taken out; a name in
    a right-to-left script is isolated, so that it cannot reorder the words around it. `instead` (an
    id) stands where nothing is left. The text is not escaped: that is the business of each edge.
    """
    clean = _cleaned(text or "") or _cleaned(instead) or "without a name"
    if len(clean) > longest:
        head = (2 * longest) // 3
        clean = f"{clean[:head].rstrip()}…{clean[len(clean) - (longest - head - 1) :].lstrip()}"
    if any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in clean):
        return f"\u2068{clean}\u2069"
    return clean


def capital(text: str) -> str:
    """Return a sentence with its first letter in capitals."""
    return text[:1].upper() + text[1:]


def inside(text: str) -> str:
    """Return a sentence with its first letter small, as it stands inside another one."""
    return text[:1].lower() + text[1:]


def _cleaned(text: str) -> str:
    text = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs") else sign for sign in text)
    return " ".join(_TURNS.sub("", text).split())


def _rounded(value: float, decimals: int) -> float:
    scale = 10**decimals
    # A hair above the half, so that 0.285 (binary 0.28499...) is written as people round it.
    return math.copysign(math.floor(abs(value) * scale * (1 + 1e-12) + 0.5) / scale, value)

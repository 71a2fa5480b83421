"""Numerals: how people write the numbers of one column, with marks of thousands, currencies and signs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

POINT, COMMA = ".", ","
BLANKS = r"\s\u00a0\u2007\u2009\u202f"
LONGEST = 60  # characters of a number or a range of numbers
PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
CURRENCY = (
    r"(?:[A-Z]{0,3}\$|R\$|[€£¥₹₽₩₪₺₫₴₦฿₱₡₲₵₸₭₮]|Rs\.?|INR|USD|EUR|EURO?S?|CHF|SFr\.?|Fr\.?|GBP|JPY|CNY|RMB|AUD|CAD"
    r"|NZD|HKD|SGD|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|BGN|TRY|RUB|BRL|MXN|ZAR|AED|SAR|ILS|KRW|THB|IDR|MYR|PHP|TWD"
    r"|zł|kr\.?|Kč|Ft|lei|лв\.?|руб\.?|₤|元|円|p\.)"
)
UNIT = r"(?:%|‰|stk\.?|stücke?|pcs\.?|pieces?|shares?|units?|anteile?|aktien|p\.?\s?a\.?|lots?)"
SCALES = {
    **dict.fromkeys(("k", "tsd", "tsd.", "thousand"), 1e3),
    **dict.fromkeys(("m", "mn", "mm", "mio", "mio.", "million", "millions"), 1e6),
    **dict.fromkeys(("b", "bn", "mrd", "mrd.", "billion"), 1e9),
    **dict.fromkeys(("lakh", "lakhs", "lac"), 1e5),
    **dict.fromkeys(("crore", "crores"), 1e7),
}
SCALE = "|".join(sorted((re.escape(word) for word in SCALES), key=len, reverse=True))
RUN = re.compile(rf"[{BLANKS}]{{2,}}")
NOTHING = re.compile(rf"(?:{CURRENCY})?[{BLANKS}]*[-–—−]{{1,2}}[{BLANKS}]*(?:{CURRENCY})?", re.IGNORECASE)
SHAPE = re.compile(
    rf"(?:{CURRENCY}[{BLANKS}]*(?=\())?(?P<open>\()?[{BLANKS}]*(?P<sign>[+\-−–])?[{BLANKS}]*(?:{CURRENCY}[{BLANKS}]*)?(?P<sign2>[+\-−–])?[{BLANKS}]*"
    rf"(?P<body>\d[\d.,'’`´{BLANKS}]*?|[.,]\d+)(?P<power>e[+-]?\d+)?(?P<round>[.,][-–—]+)?[{BLANKS}]*(?P<scale>{SCALE})?[{BLANKS}]*"
    rf"(?P<sign3>[+\-−–])?[{BLANKS}]*(?:{CURRENCY}|{UNIT})?[{BLANKS}]*(?P<sign4>[+\-−–])?[{BLANKS}]*(?P<close>\))?(?:(?<=\))[{BLANKS}]*{CURRENCY})?",
    re.IGNORECASE | re.ASCII,
)
GAP = rf"['’`´{BLANKS}]"
SEPARATORS = re.compile(GAP)
WESTERN = {sign: re.compile(rf"\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+") for sign in (POINT, COMMA)}
INDIAN = {
    sign: re.compile(rf"\d{{1,2}}(?:{re.escape(sign)}\d{{2}})*{re.escape(sign)}\d{{3}}")
    for sign in (POINT, COMMA)
}
SPACED = re.compile(
    rf"\d{{1,3}}(?:{GAP}\d{{3}})+(?:[.,]\d+)?|\d{{1,2}}(?:{GAP}\d{{2}})+{GAP}\d{{3}}(?:[.,]\d+)?"
)
RANGE = re.compile(
    r"(?P<low>.*?\d.*?)\s*(?:-|–|—|\.\.+|…|\bto\b|\bbis\b|\band\b|\bà\b|\btill\b|~)\s*(?P<high>[^-–—]*\d.*)",
    re.IGNORECASE,
)
ABOVE = re.compile(
    r"(?:>=?|≥|over|above|more than|from|at least|über|ab|mehr als|min\.?)\s*(?P<low>.*\d.*)"
    r"|(?P<rest>.*\d[^+]*?)\s*(?:\+|and (?:above|over|more)|or more|und mehr)",
    re.IGNORECASE,
)
BELOW = re.compile(
    r"(?:<=?|≤|under|below|less than|up to|at most|bis(?: zu)?|unter|max\.?)\s*(?P<high>.*\d.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Numeral:
    """One number as it is written: its digits with their marks, its sign, and what a word makes of it."""

    body: str
    negative: bool
    scale: float


def numeral(text: str) -> Numeral | None:
    """Return a number freed of currency, sign and unit, None where a text is no number."""
    text = RUN.sub(" ", text.strip())  # else many blanks could be parted in very many ways
    if len(text) > LONGEST:
        return None
    if text[:2] == '="' and text[-1:] == '"':  # a spreadsheet's guard
        text = text[2:-1]
    found = SHAPE.fullmatch(text.lstrip("'").replace("\u200e", ""))
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    signs = [sign for sign in (found["sign"], found["sign2"], found["sign3"], found["sign4"]) if sign]
    if len(signs) > 1 or (signs and found["open"]):
        return None
    body = found["body"].strip()
    if SEPARATORS.search(body):
        if not SPACED.fullmatch(body):
            return None
        body = SEPARATORS.sub("", body)
    negative = bool(found["open"]) or bool(signs and signs[0] != "+")
    scale = SCALES[found["scale"].lower()] if found["scale"] else 1.0
    power = int(found["power"][1:]) if found["power"] else 0
    return Numeral(body, negative, scale * (10.0**power if abs(power) < 300 else float("inf")))


def decimal_sign(body: str) -> str | None:
    """Return which sign must be the decimal one in a number, None where it has none or leaves it open."""
    points, commas = body.count(POINT), body.count(COMMA)
    if points and commas:
        return POINT if body.rfind(POINT) > body.rfind(COMMA) else COMMA
    sign, other = (POINT, COMMA) if points else (COMMA, POINT)
    count = points + commas
    if count > 1:
        return other  # as often only between thousands
    if not count or maybe_thousands(body):
        return None
    return sign


def maybe_thousands(body: str) -> bool:
    """Whether a number may have one mark of thousands, or three decimals."""
    whole, sign, part = body.partition(POINT if POINT in body else COMMA)
    return bool(sign) and len(part) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0"


def signs_of(texts: Iterable[str]) -> set[str]:
    """Return the signs that must be decimal in some of the cells, those that can be read in one way only."""
    found = {
        (one, sign)
        for text in texts
        if (one := numeral(text)) is not None and (sign := decimal_sign(one.body)) is not None
    }
    return {sign for one, sign in found if value(one, sign) is not None}


def value(one: Numeral, decimal: str) -> float | None:
    """Return a number where `decimal` is the decimal sign, None where its marks do not fit that."""
    other = COMMA if decimal == POINT else POINT
    whole, _, part = one.body.partition(decimal)
    if decimal in part or other in part:
        return None
    if other in whole:
        if not (WESTERN[other].fullmatch(whole) or INDIAN[other].fullmatch(whole)):
            return None
        whole = whole.replace(other, "")
    number = float(f"{whole or 0}.{part or 0}") * one.scale
    return -number if one.negative else number


def readings(body: str) -> tuple[str, str]:
    """Return the two ways to read a number that may have one mark of thousands."""
    return body.replace(COMMA, POINT), body.replace(COMMA, "").replace(POINT, "")


def ends(text: str, decimal: str) -> tuple[float | None, float | None] | None:
    """Return the low and the high end of a range such as `$1,001 - $15,000`, None for no range.

    An end that is open is None. `50,000+` is a number, as programs write a sign behind it.

    >>> ends("$1,001 - $15,000", "."), ends("1k-5k", "."), ends("over $50,000", "."), ends("5", ".")
    ((1001.0, 15000.0), (1000.0, 5000.0), (50000.0, None), None)
    """

    def read(part: str | None) -> float | None:
        one = numeral(part or "")
        return None if one is None else value(one, decimal)

    if len(text) > LONGEST or PLAIN.fullmatch(text) or numeral(text) is not None:
        return None
    if found := BELOW.fullmatch(text):
        high = read(found["high"])
        return None if high is None else (None, high)
    if found := ABOVE.fullmatch(text):
        low = read(found["low"] or found["rest"])
        return None if low is None else (low, None)
    if found := RANGE.fullmatch(text):
        low, high = read(found["low"]), read(found["high"])
        if low is not None and high is not None and abs(low) <= abs(high):
            first, last = numeral(found["low"]), numeral(found["high"])
            if first and last and first.scale == 1 and low * last.scale <= high:
                low *= last.scale  # the first of "1-5k" is a thousand too
            return low, high
    return None


def middle(low: float | None, high: float | None) -> float:
    """Return the geometric middle of a range; of one open above its low end, below half its high one."""
    if low is None or high is None:
        return (high or 0.0) / 2 if low is None else low
    if low <= 0 or high <= 0:
        return (low + high) / 2
    return float((low * high) ** 0.5)


def open_ones(texts: Iterable[str]) -> list[str]:
    """Return the numbers among texts that leave it open which sign is the decimal one, with their text."""
    return [text for text in texts if (one := numeral(text)) is not None and maybe_thousands(one.body)]

"""Times as people and machines write them, read without guessing."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.schema import EPOCH, TIME

SECONDS_BELOW = 1e11  # a larger unix time counts milliseconds; as seconds it would lie in the year 5138
MILLISECONDS_BELOW = 1e14  # the year 5138 again
FIRST, LAST = -62_135_596_800_000_000, 253_402_300_799_999_999  # microseconds: the years 1 to 9999
EARLY = 1e8  # a smaller unix time lies before March 1973 and may well mean something else
UNREADABLE = "Date not readable"
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
CLOCK = (
    r"(?:[T,\s]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp])?(?(half)\.?[Mm]\.?)\s*(?:Z|UTC|GMT|(?P<sign>[+-])(?P<ahead>\d{2}):?(?P<more>\d{2})?)?)?"
)
UNIX = re.compile(r"-?\d{1,15}(?:\.\d*)?", re.ASCII)
DAY = r"(?P<year>(?:19|20)\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])"
COMPACT = re.compile(
    DAY + r"(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?", re.ASCII
)  # as hosts write them; twelve and fourteen digits that are no unix time of these years
BASIC = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})", re.ASCII)
NO_UNIX = "[xX]|^(19|20)[0-9]{10}([0-9]{2})?$"  # hexadecimal, and what may be compact
YEAR_FIRST = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + CLOCK, re.ASCII)
YEAR_LAST = re.compile(
    r"(?P<one>\d{1,2})(?P<mark>[-/. ])(?P<two>\d{1,2})(?:(?P=mark)|, ?)(?P<year>\d{4})" + CLOCK, re.ASCII
)
DAY_NAMED = re.compile(
    r"(?P<day>\d{1,2})[-\s.]+(?P<month>[A-Za-z]{3,9})[-,\s.]+(?P<year>\d{4})" + CLOCK, re.ASCII
)
MONTH_NAMED = re.compile(
    r"(?P<month>[A-Za-z]{3,9})\.?[-\s]+(?P<day>\d{1,2})[-,\s]+(?P<year>\d{4})" + CLOCK, re.ASCII
)
WITHOUT_CLOCK = re.compile(r"(?P<date>.*?)" + CLOCK, re.ASCII)
SHORT_YEAR = re.compile(r"\d{1,2}([-/. ])\d{1,2}\1\d{2}(?!\d).*", re.ASCII)


class AmbiguousDatesError(ValueError):
    """Dates can be read day-first or month-first; `witness` is the place of one of them."""

    def __init__(self, reason: str, witness: int) -> None:
        super().__init__(reason)
        self.witness = witness


def day_order(texts: Sequence[str]) -> tuple[bool | None, int]:
    """Return whether dates are day-first, decided by one that can be read in one way only, and its place.

    None where no date with the year last depends on the order. Raises `AmbiguousDatesError` where
    none decides, or two contradict each other.
    """
    day_first = month_first = open_date = -1
    for place, text in enumerate(texts):
        found = YEAR_LAST.fullmatch(text)
        if found is None:
            continue
        first, second = int(found["one"]), int(found["two"])
        if 12 < first <= 31 and second <= 12 and day_first < 0:
            day_first = place
        elif 12 < second <= 31 and first <= 12 and month_first < 0:
            month_first = place
        elif first != second and first <= 12 and second <= 12 and open_date < 0:
            open_date = place
    if day_first >= 0 and month_first >= 0:
        one, other = texts[day_first], texts[month_first]
        reason = f"{one} can only be day-first and {other} only month-first; say which it is"
        raise AmbiguousDatesError(reason, max(day_first, month_first))
    if day_first < 0 and month_first < 0:
        if open_date >= 0:
            reason = f"{texts[open_date]} can be read day-first or month-first; say which it is"
            raise AmbiguousDatesError(reason, open_date)
        return None, -1
    return day_first >= 0, max(day_first, month_first)


def read_time(text: str, day_first: bool | None = None) -> datetime:
    """Return the time that a text means, in UTC where it names no zone.

    Read are ISO 8601, other dates with the year first, unix seconds and milliseconds, dates with a
    month's English name, and dates with the year last, whose order `day_first` tells. Eight digits
    are a date of ISO's basic form, twelve and fourteen such a date with its time. Raises `ValueError`
    with a reason for a report.
    """
    found = COMPACT.fullmatch(text) or BASIC.fullmatch(text) or YEAR_FIRST.fullmatch(text)
    if found:
        return _moment(found, int(found["month"]), int(found["day"]))
    if UNIX.fullmatch(text):
        return _unix(text)
    found = YEAR_LAST.fullmatch(text)
    if found:
        one, two = int(found["one"]), int(found["two"])
        if day_first is None and one != two:
            raise ValueError(f"{UNREADABLE}: day-first or month-first?")
        return _moment(found, *((two, one) if day_first else (one, two)))
    found = DAY_NAMED.fullmatch(text) or MONTH_NAMED.fullmatch(text)
    if found:
        months = [n for n, name in enumerate(MONTHS, 1) if name.lower().startswith(found["month"].lower())]
        if months:
            return _moment(found, months[0], int(found["day"]))
    if SHORT_YEAR.fullmatch(text):
        raise ValueError(f"{UNREADABLE}: the year needs four digits")
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(UNREADABLE) from None


def read_date(text: str, day_first: bool | None = None) -> date:
    """Return the day that a text names, as written: a zone beside it does not move it."""
    moment = read_time(text, day_first)
    found = WITHOUT_CLOCK.fullmatch(text)
    return read_time(found["date"], day_first).date() if found and found["date"] != text else moment.date()


def read_column(cells: pa.Array) -> pa.Array | None:
    """Return a column of trimmed texts as times where all are written in one plain machine form, else None.

    The same times as `read_time` gives cell by cell, a hundred times faster: for ISO 8601 with a zone
    in every cell or in none, and for unix times after March 1973.
    """
    for form in (TIME, pa.timestamp("us")):
        times = _cast(cells, form)
        if times is not None:
            found = times.cast(pa.int64())
            span = pc.min_max(found).as_py()
            within = span["min"] is None or FIRST <= span["min"] <= span["max"] <= LAST
            return found.cast(TIME) if within else None
    numbers = _cast(cells, pa.int64())
    if numbers is None or pc.any(pc.match_substring_regex(cells, NO_UNIX)).as_py():
        return None
    span = pc.min_max(numbers).as_py()
    if span["min"] is None or span["min"] < EARLY or span["max"] >= MILLISECONDS_BELOW:
        return None
    in_seconds = pc.less(numbers, int(SECONDS_BELOW))
    micros = pc.multiply(numbers, pc.if_else(in_seconds, pa.scalar(1_000_000), pa.scalar(1_000)))
    return micros.cast(TIME)


def _cast(cells: pa.Array, form: pa.DataType) -> pa.Array | None:
    """Return cells cast to a type, None where one of them cannot be.

    Arrow takes long over many failures, so a few cells are tried first.
    """
    try:
        cells.slice(0, 100).cast(form)
        return cells.cast(form)
    except pa.ArrowInvalid:
        return None


def is_early(text: str) -> bool:
    """Whether a text is read as a unix time that may mean a year, a count or a day number instead."""
    return bool(UNIX.fullmatch(text)) and not BASIC.fullmatch(text) and abs(float(text)) < EARLY


def _unix(text: str) -> datetime:
    value = float(text)
    micros = round(value * (1e6 if abs(value) < SECONDS_BELOW else 1e3))
    try:
        return EPOCH + timedelta(microseconds=micros)
    except OverflowError:
        raise ValueError(f"{UNREADABLE}: a unix time beyond the year 9999") from None


def _moment(found: re.Match[str], month: int, day: int) -> datetime:
    """Return the moment a match names, or raise `ValueError` with what does not exist."""
    part = dict.fromkeys(("fraction", "half", "sign", "ahead", "more")) | found.groupdict()
    year = int(found["year"])
    if not 1 <= month <= 12:
        raise ValueError(f"{UNREADABLE}: there is no month {month}")
    try:
        midnight = datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        named = f"{day} {MONTHS[month - 1]}" + (f" {year}" if (month, day) == (2, 29) or year < 1 else "")
        raise ValueError(f"{UNREADABLE}: there is no {named}") from None
    if part.get("hour") is None:
        return midnight
    hour, minute, second = (int(part[key] or 0) for key in ("hour", "minute", "second"))
    half = (part["half"] or "").lower()
    wrong_hour = not 1 <= hour <= 12 if half else hour > 23
    if wrong_hour or minute > 59 or second > 59 or int(part["ahead"] or 0) > 23:
        raise ValueError(f"{UNREADABLE}: there is no time {part['hour']}:{part['minute']}:{second:02d}")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    micros = int((part["fraction"] or "0").ljust(6, "0")[:6])
    ahead = timedelta(hours=int(part["ahead"] or 0), minutes=int(part["more"] or 0))
    clock = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micros)
    try:
        return midnight + clock + (ahead if part["sign"] == "-" else -ahead)
    except OverflowError:
        raise ValueError(f"{UNREADABLE}: outside the years 1 to 9999") from None

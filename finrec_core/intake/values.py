"""One cell of text as one typed value: numbers, yes or no, choices, dates."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime

import pyarrow as pa

from finrec_core.dataset.schema import TIME, Column
from finrec_core.intake.times import read_date, read_time

NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+", re.ASCII)
MAYBE_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
DOTTED = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
NO_VALUE = frozenset({"na", "n/a", "nan", "null", "none", "\\n"})
TRUE = frozenset({"true", "t", "yes", "y", "1", "1.0"})
FALSE = frozenset({"false", "f", "no", "n", "0", "0.0"})


def has_comma(texts: Iterable[str]) -> bool:
    """Return whether one of these cells is a number with a decimal comma."""
    return any(COMMA_NUMBER.fullmatch(text) for text in texts)


Value = str | float | int | bool | datetime | date | None
Reader = Callable[[str], Value]


def emptied(reason: str) -> str:
    """Return why a cell cannot be read as the reason why it is left empty."""
    kind, colon, rest = reason.partition(":")
    return f"{kind}, left empty{colon}{rest}"


def reader(column: Column, *, comma: bool, day_first: bool | None, dotted: bool = False) -> Reader:
    r"""Return the function that reads one trimmed, non-empty cell of a column that is not plain text.

    It returns None for the usual marks of a missing value (`NA`, `NaN`, `null`, `\N`, ...) and
    raises `ValueError` with a reason for a report. `comma` allows a decimal comma, the usual one
    where semicolons separate the columns; `dotted` says that other cells have one, so that a point
    before three digits may mark thousands.
    """
    missing = NO_VALUE.difference(column.values)
    read = _reader(column, comma=comma, day_first=day_first, dotted=dotted)
    return lambda text: None if text.lower() in missing else read(text)


def _reader(column: Column, *, comma: bool, day_first: bool | None, dotted: bool) -> Reader:
    if column.type == TIME:
        return lambda text: read_time(text, day_first)
    if pa.types.is_date(column.type):
        return lambda text: read_date(text, day_first)
    if pa.types.is_boolean(column.type):
        return lambda text: _truth(text, column)
    if column.values:
        return lambda text: _choice(text, column)
    return lambda text: _number(text, column, comma=comma, dotted=dotted)


def _number(text: str, column: Column, *, comma: bool, dotted: bool) -> float | int:
    if comma and COMMA_NUMBER.fullmatch(text):
        if MAYBE_THOUSANDS.fullmatch(text):
            point, whole = text.replace(",", "."), text.replace(",", "")
            raise ValueError(f"{column.label} is ambiguous: {point} or {whole}")
        text = text.replace(",", ".")
    elif dotted and DOTTED.fullmatch(text):
        raise ValueError(f"{column.label} is ambiguous: {text} or {text.replace('.', '')}")
    if not NUMBER.fullmatch(text):
        raise ValueError(f"{column.label} is not a number")
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"{column.label} is too large a number")
    if pa.types.is_integer(column.type) and not number.is_integer():
        raise ValueError(f"{column.label} is not a whole number")
    if not column.fits(number):
        if column.high is None:
            raise ValueError(f"{column.label} is below {column.low:g}")
        raise ValueError(f"{column.label} is not between {column.low:g} and {column.high:g}")
    return int(number) if pa.types.is_integer(column.type) else number


def _truth(text: str, column: Column) -> bool:
    lower = text.lower()
    if lower in TRUE or lower in FALSE:
        return lower in TRUE
    raise ValueError(f"{column.label} is not true or false")


def _choice(text: str, column: Column) -> str:
    lower = text.lower()
    if lower in column.values:
        return lower
    raise ValueError(f"{column.label} is none of {', '.join(column.values)}")

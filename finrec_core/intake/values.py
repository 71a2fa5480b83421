"""One cell of text as one typed value: numbers, yes or no, choices, dates."""

import re
from collections.abc import Callable
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.schema import TIME, Column
from finrec_core.intake.numerals import (
    COMMA,
    NOTHING,
    PLAIN,
    POINT,
    decimal_sign,
    maybe_thousands,
    numeral,
    readings,
    value,
)
from finrec_core.intake.times import read_date, read_time

MEASURED = frozenset({"amount", "rating", "ongoing_cost_pct"})  # with currencies, units and words beside
BARE = re.compile(r"(?:=\")?[\d.,'\s+-]+(?:[eE][+-]?\d+)?\"?")
NO_VALUE = frozenset({"na", "n/a", "nan", "null", "none", "\\n"})
TRUE = frozenset({"true", "t", "yes", "y", "1", "1.0"})
FALSE = frozenset({"false", "f", "no", "n", "0", "0.0"})


Value = str | float | int | bool | datetime | date | None
Reader = Callable[[str], Value]


def says_nothing(cells: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Return which trimmed texts are empty or one of the usual marks of a missing value, bool (rows,)."""
    return pc.is_in(pc.fill_null(pc.utf8_lower(cells), ""), value_set=pa.array(["", *sorted(NO_VALUE)]))


def emptied(reason: str) -> str:
    """Return why a cell cannot be read as the reason why it is left empty."""
    kind, colon, rest = reason.partition(":")
    return f"{kind}, left empty{colon}{rest}"


def reader(
    column: Column, *, comma: bool, day_first: bool | None, dotted: bool = False, decimal: str = ""
) -> Reader:
    r"""Return the function that reads one trimmed, non-empty cell of a column that is not plain text.

    It returns None for the usual marks of a missing value (`NA`, `NaN`, `null`, `\N`, ...) and
    raises `ValueError` with a reason for a report. `comma` allows a decimal comma, the usual one
    where semicolons separate the columns; `dotted` says that other cells have one, so that a point
    before three digits may mark thousands. `decimal` is the decimal sign where the whole column told it:
    then the other one marks thousands.
    """
    missing = NO_VALUE.difference(column.values)
    if _is_number(column):
        return lambda text: (
            None
            if text.lower() in missing or NOTHING.fullmatch(text)
            else _number(text, column, decimal=decimal, comma=comma, dotted=dotted)
        )
    read = _reader(column, day_first=day_first)
    return lambda text: None if text.lower() in missing else read(text)


def _is_number(column: Column) -> bool:
    return pa.types.is_integer(column.type) or pa.types.is_floating(column.type)


def _reader(column: Column, *, day_first: bool | None) -> Reader:
    if column.type == TIME:
        return lambda text: read_time(text, day_first)
    if pa.types.is_date(column.type):
        return lambda text: read_date(text, day_first)
    if pa.types.is_boolean(column.type):
        return lambda text: _truth(text, column)
    return lambda text: _choice(text, column)


def number_of(text: str, label: str, *, decimal: str, comma: bool, dotted: bool) -> float:
    """Return the number that a cell holds; raises `ValueError` for none and for one read in two ways."""
    if PLAIN.fullmatch(text) and (POINT not in text or not (dotted or decimal == COMMA)):
        return float(text)
    one = numeral(text)
    if one is None:
        raise ValueError(f"{label} is not a number")
    sign = decimal or decimal_sign(one.body) or POINT
    if not decimal and maybe_thousands(one.body) and ((comma and COMMA in one.body) or dotted):
        point, whole = readings(one.body)
        raise ValueError(f"{label} is ambiguous: {point} or {whole}")
    if not decimal and not comma and sign == COMMA:
        raise ValueError(f"{label} is not a number")
    number = value(one, sign)
    if number is None:
        raise ValueError(f"{label} is not a number")
    return number


def _number(text: str, column: Column, *, decimal: str, comma: bool, dotted: bool) -> float | int:
    if column.name not in MEASURED and not BARE.fullmatch(text):  # 5 % is no risk class, 60m no horizon
        raise ValueError(f"{column.label} is not a number")
    number = number_of(text, column.label, decimal=decimal, comma=comma, dotted=dotted)
    return in_bounds(number, column)


def in_bounds(number: float, column: Column) -> float | int:
    """Return a number as its column takes it; raises `ValueError` for one that the column does not allow."""
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

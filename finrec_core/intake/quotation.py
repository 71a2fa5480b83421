r"""Quotation: how lines are cut into cells, with quotation marks doubled, or behind a backslash."""

import csv
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from _csv import Reader

UNIT = "\x1f"  # stands for "::", which csv cannot split by
BACKSLASH = "\\"
ESCAPES = re.compile(r'\\(["\\])|\\')


def rows_of(
    lines: Iterable[str], delimiter: str, *, quoted: bool, strict: bool = False, escape: str = ""
) -> "Reader":
    r"""Return a `csv.reader` over lines; where `strict`, it raises `csv.Error` at a misplaced quote.

    A backslash as `escape` takes the meaning from a quotation mark and from a backslash behind it; before
    any other sign it is a sign itself, so that `C:\new` and `\N` stay what they are. Where blanks separate,
    many count as one.
    """
    if delimiter == UNIT:
        lines = (line.replace("::", UNIT) for line in lines)
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    blanks = delimiter == " "
    if not escape:
        return csv.reader(lines, delimiter=delimiter, quoting=quoting, strict=strict, skipinitialspace=blanks)
    return csv.reader(
        (ESCAPES.sub(_doubled, line) if BACKSLASH in line else line for line in lines),
        delimiter=delimiter,
        quoting=quoting,
        strict=strict,
        escapechar=BACKSLASH,
        skipinitialspace=blanks,
    )


def _doubled(found: re.Match[str]) -> str:
    """Return a backslash that escapes nothing as one that is escaped itself."""
    return found[0] if found[1] else BACKSLASH * 2

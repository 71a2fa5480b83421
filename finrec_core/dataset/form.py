"""The form of a text file: what separates its columns, whether quotation marks count, its header."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from finrec_core.dataset.names import KNOWN_NAMES, is_header, plain
from finrec_core.dataset.report import IntakeError, quoted
from finrec_core.dataset.textfile import TextFile

if TYPE_CHECKING:
    from _csv import Reader

UNIT = "\x1f"  # stands for "::", which csv cannot split by
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", UNIT: "::"}


@dataclass(frozen=True)
class Form:
    """How one file is written.

    `delimiter` is a key of `DELIMITERS`, "" for JSON lines; `quoted` says whether a quotation mark
    opens a text; `names` are the columns of the header, "column 1", "column 2", ... where there is
    none; `first` is the physical line of the first row.
    """

    delimiter: str
    quoted: bool
    names: tuple[str, ...]
    header: bool
    first: int


def find_form(file: TextFile) -> Form:
    """Return the form of a file, found from its first line that is not blank, and its name.

    The delimiter is the one that shows the most known column names there, then the most columns;
    Excel's line `sep=;` is taken at its word. Raises `IntakeError` for an empty file, one separated
    by something else, a header with a name that stands twice, and JSON that is not one object a line.
    """
    with file.open() as text:
        lines = ((number, line) for number, line in enumerate(text, start=1) if line.strip())
        number, line = next(lines, (1, ""))
        candidates = list(DELIMITERS)
        if line[:4].lower() == "sep=" and line[4:].strip("\r\n") in candidates:
            candidates = [line[4:].strip("\r\n")]
            number, line = next(lines, (1, ""))
    if not line:
        raise IntakeError("the file is empty.", file=file.name, line=1)
    if file.suffix in (".jsonl", ".json"):
        return _json_form(file.name, line, number)
    delimiter, cells = max(
        ((delimiter, next(rows_of([line], delimiter, quoted=delimiter != UNIT))) for delimiter in candidates),
        key=lambda found: (sum(plain(cell) in KNOWN_NAMES for cell in found[1]), len(found[1])),
    )
    if len(cells) == 1 and plain(cells[0]) not in KNOWN_NAMES:
        reason = f'found one column, "{quoted(cells[0])}"; comma, semicolon, tab or "::" separate columns.'
        raise IntakeError(reason, file=file.name, line=number)
    header = is_header(cells)
    names = [cell.strip() if header else "" for cell in cells]
    twice = next((name for name, count in Counter(filter(None, names)).items() if count > 1), None)
    if twice is not None:
        places = " and ".join(str(place) for place, name in enumerate(names, start=1) if name == twice)
        raise IntakeError(f'"{twice}" names columns {places}.', file=file.name, line=number)
    return Form(
        delimiter=delimiter,
        quoted=delimiter != UNIT,
        names=tuple(name or f"column {place}" for place, name in enumerate(names, start=1)),
        header=header,
        first=number + 1 if header else number,
    )


def rows_of(lines: Iterable[str], delimiter: str, *, quoted: bool, strict: bool = False) -> "Reader":
    """Return a `csv.reader` over lines; where `strict`, it raises `csv.Error` at a misplaced quote."""
    if delimiter == UNIT:
        lines = _units(lines)
    return csv.reader(
        lines, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE, strict=strict
    )


def _units(lines: Iterable[str]) -> Iterator[str]:
    return (line.replace("::", UNIT) for line in lines)


def _json_form(name: str, line: str, number: int) -> Form:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = "this is not JSON; the file must hold one JSON object a line."
        raise IntakeError(reason, file=name, line=number) from error
    if not isinstance(row, dict):
        raise IntakeError("the file must hold one JSON object a line.", file=name, line=number)
    return Form(delimiter="", quoted=False, names=tuple(row), header=True, first=number)

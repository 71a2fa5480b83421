"""The form of a text file: what separates its columns, whether quotation marks count, its header."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from finrec_core.dataset.report import quoted
from finrec_core.intake.encoding import ENCODINGS
from finrec_core.intake.error import IntakeError
from finrec_core.intake.names import KNOWN_NAMES, is_header, plain
from finrec_core.intake.objects import json_object, literal_object
from finrec_core.intake.textfile import TextFile

if TYPE_CHECKING:
    from _csv import Reader

UNIT = "\x1f"  # stands for "::", which csv cannot split by
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", UNIT: "::", "|": "|"}
LOOKED_AT = 20  # rows that a delimiter must cut alike
OPENED = re.compile(r'(?:^|[,;\t|])\s*"')  # a quotation mark that opens a text
MOST_BLANK = 10_000  # blank lines that may follow each other there
AMAZON_USER = re.compile(r"A[0-9A-Z]{9,20}")
AMAZON_ITEM = re.compile(r"B[0-9A-Z]{9}|\d{9}[\dX]")
SHA1 = re.compile(r"[0-9a-f]{40}")
UNIX_SECONDS = re.compile(r"\d{9,10}")
STARS = re.compile(r"\d(\.\d)?")
RATINGS = ("user_id", "item_id", "rating", "timestamp")
FLAGS = tuple(f"genre {number}" for number in range(19))


@dataclass(frozen=True)
class FormChoice:
    r"""What the analyst says of how a file is written; None leaves it to be found.

    `encoding` is a key of `ENCODINGS`, `delimiter` one of `DELIMITERS`.

    >>> from finrec_core.intake import FormChoice, Source, read_files
    >>> umlaut = Source("has.csv", "client,product\nJürg,card\n".encode("cp1252"))
    >>> read_files([umlaut], forms={"has.csv": FormChoice(encoding="cp1252")}).columns[0].example
    'Jürg'
    """

    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None

    def __post_init__(self) -> None:
        if self.encoding is not None and self.encoding not in ENCODINGS:
            raise IntakeError(
                f'"{self.encoding}" is no encoding known here; there are {", ".join(ENCODINGS)}.'
            )
        if self.delimiter is not None and self.delimiter not in DELIMITERS:
            known = ", ".join(DELIMITERS.values())
            raise IntakeError(f'"{self.delimiter}" separates no columns; there are {known}.')


@dataclass(frozen=True)
class Layout:
    """A published file: what it is called in a sentence, the table it holds, its columns in order."""

    source: str
    table: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """How one file is written.

    `delimiter` is a key of `DELIMITERS`, "" for JSON lines; `quoted` says whether a quotation mark
    opens a text; `names` are the columns of the header, "column 1", "column 2", ... where there is
    none; `first` is the physical line of the first row. `layout` is the published layout that names the
    columns of a file without a header; `literal` says that its lines are Python literals, not JSON.
    """

    delimiter: str
    quoted: bool
    names: tuple[str, ...]
    header: bool
    first: int
    layout: Layout | None = None
    literal: bool = False


def find_form(file: TextFile, choice: FormChoice | None = None) -> Form:
    """Return the form of a file, found from its first line that is not blank, and its name.

    The delimiter is the one that shows the most known column names there, then that cuts the first
    rows most alike, then into the most columns; Excel's line `sep=;` is taken at its word, and what
    the analyst says in `choice` before it. Raises `IntakeError` for an empty file, one separated
    by something else, a header with a name that stands twice, and JSON that is not one object a line.
    """
    choice = choice or FormChoice()
    with file.open() as text:
        lines = _written(text, file.name)
        number, line = next(lines, (1, ""))
        candidates = list(DELIMITERS)
        if line[:4].lower() == "sep=" and line[4:].strip("\r\n") in candidates:
            candidates = [line[4:].strip("\r\n")]
            number, line = next(lines, (1, ""))
        following = list(islice(lines, LOOKED_AT))
        more = [line, *(next_line for _, next_line in following)]
    if choice.delimiter is not None:
        candidates = [choice.delimiter]
    if not line:
        raise IntakeError("the file is empty.", file=file.name, line=1)
    if file.suffix in (".jsonl", ".json"):
        return _json_form(file.name, line, number)
    head = _head(more)
    last = number if head == 1 else following[head - 2][0]
    delimiter, cells = max(
        (
            (delimiter, next(rows_of(more[:head], delimiter, quoted=delimiter != UNIT)))
            for delimiter in candidates
        ),
        key=lambda found: (
            sum(plain(cell) in KNOWN_NAMES for cell in found[1]),
            len(found[1]) > 1,
            _alike(more[head - 1 :] if head > 1 else more, *found),
            len(found[1]),
        ),
    )
    if len(cells) == 1 and choice.delimiter is None and plain(cells[0]) not in KNOWN_NAMES:
        only = quoted(" ".join(cells[0].split()))
        reason = f'found one column, "{only}"; comma, semicolon, tab, "::" or "|" separate columns.'
        raise IntakeError(reason, file=file.name, line=number)
    header = is_header(cells) if choice.header is None else choice.header
    layout = None if header else _layout_of(file.stem, file.suffix, cells)
    names = (
        [" ".join(cell.split()) for cell in cells]
        if header
        else list(layout.names if layout else [""] * len(cells))
    )
    twice = next((name for name, count in Counter(filter(None, names)).items() if count > 1), None)
    if twice is not None:
        places = " and ".join(str(place) for place, name in enumerate(names, start=1) if name == twice)
        raise IntakeError(f'"{twice}" names columns {places}.', file=file.name, line=number)
    return Form(
        delimiter=delimiter,
        quoted=delimiter != UNIT,
        names=tuple(name or f"column {place}" for place, name in enumerate(names, start=1)),
        header=header,
        first=last + 1 if header else number,
        layout=layout,
    )


def _head(lines: list[str]) -> int:
    """Return how many lines the first row takes: more than one where a quoted name holds a line's end."""
    if OPENED.search(lines[0]):
        for count in range(1, len(lines) + 1):
            if sum(line.count('"') for line in lines[:count]) % 2 == 0:
                return count
    return 1


def _written(text: Iterable[str], name: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank with their numbers."""
    blank = 0
    for number, line in enumerate(text, start=1):
        blank = 0 if line.strip() else blank + 1
        if not blank:
            yield number, line
        elif blank > MOST_BLANK:
            raise IntakeError(f"{MOST_BLANK:,} lines before this one are blank.", file=name, line=number)


def _alike(lines: list[str], delimiter: str, cells: list[str]) -> float:
    """Return the share of rows that a delimiter cuts into as many cells as the first."""
    rows = rows_of((line[:10_000] for line in lines), delimiter, quoted=delimiter != UNIT)
    try:
        widths = [len(row) for row in rows]
    except csv.Error:  # told with its line when all is read
        return 0.0
    return sum(width == len(cells) for width in widths) / max(1, len(widths))


def rows_of(lines: Iterable[str], delimiter: str, *, quoted: bool, strict: bool = False) -> "Reader":
    """Return a `csv.reader` over lines; where `strict`, it raises `csv.Error` at a misplaced quote."""
    if delimiter == UNIT:
        lines = (line.replace("::", UNIT) for line in lines)
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    return csv.reader(lines, delimiter=delimiter, quoting=quoting, strict=strict)


def _json_form(name: str, line: str, number: int) -> Form:
    row = json_object(line)
    literal = row is None
    row = literal_object(line) if literal else row
    if row is None:
        raise IntakeError(
            "this is no JSON; the file must hold one JSON object a line.", file=name, line=number
        )
    return Form(delimiter="", quoted=False, names=tuple(row), header=True, first=number, literal=literal)


def _layout_of(stem: str, suffix: str, cells: Sequence[str]) -> Layout | None:
    """Return the layout of a file without a header by its name and its first row, None where unknown."""
    width = len(cells)
    if (stem, suffix, width) == ("u", ".data", 4):
        return Layout("MovieLens 100K", "interactions", RATINGS)
    if (stem, suffix, width) == ("u", ".item", 24):
        names = ("movie_id", "title", "release", "video release", "url", *FLAGS)
        return Layout("MovieLens 100K", "products", names)
    if (stem, suffix, width) == ("u", ".user", 5):
        return Layout("MovieLens 100K", "clients", ("user_id", "age", "gender", "segment", "zip"))
    if width == 4 and SHA1.fullmatch(cells[0]) and cells[3].strip().isdigit():
        return Layout("Last.fm 360K", "interactions", ("user_id", "artist mbid", "artist", "plays"))
    if width == 5 and SHA1.fullmatch(cells[0]):
        return Layout("Last.fm 360K", "clients", ("user_id", "gender", "age", "segment", "signed up"))
    if width == 4 and STARS.fullmatch(cells[2]) and UNIX_SECONDS.fullmatch(cells[3].strip()):
        if AMAZON_ITEM.fullmatch(cells[0]) and AMAZON_USER.fullmatch(cells[1]):
            return Layout("Amazon's ratings", "interactions", ("item_id", "user_id", "rating", "timestamp"))
        if AMAZON_USER.fullmatch(cells[0]) and AMAZON_ITEM.fullmatch(cells[1]):
            return Layout("Amazon's ratings", "interactions", RATINGS)
    return None

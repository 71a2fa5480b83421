"""The form of a text file: what separates its columns, whether quotation marks count, its header."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from finrec_core.dataset.report import quoted
from finrec_core.intake.asides import ABOVE, Aside
from finrec_core.intake.encoding import ENCODINGS
from finrec_core.intake.error import IntakeError
from finrec_core.intake.heading import MOSTLY, Heading, heading
from finrec_core.intake.names import KNOWN_NAMES, is_header, plain
from finrec_core.intake.objects import json_object, literal_object
from finrec_core.intake.quotation import BACKSLASH, UNIT
from finrec_core.intake.textfile import TextFile

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", UNIT: "::", "|": "|", " ": "space"}
JSON = (".jsonl", ".json")
WINDOW = 150  # lines in which the header is looked for
EXCEL = re.compile(r"\s*[\"']?\s*sep\s*=\s*(::|\\t|tab|[^\r\n])[\"']?[,;\t\s]*", re.IGNORECASE)
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

    `encoding` is a key of `ENCODINGS`, `delimiter` one of `DELIMITERS`; `header_line` is the physical line
    of the header, whatever stands above it; `escape` is what stands before a quotation mark that is plain
    text, a backslash or "" for nothing.

    >>> from finrec_core.intake import FormChoice, Source, read_files
    >>> umlaut = Source("has.csv", "client,product\nJürg,card\n".encode("cp1252"))
    >>> read_files([umlaut], forms={"has.csv": FormChoice(encoding="cp1252")}).columns[0].example
    'Jürg'
    """

    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    header_line: int | None = None
    escape: str | None = None

    def __post_init__(self) -> None:
        if self.header_line is not None and (self.header_line < 1 or self.header is False):
            raise IntakeError("the header's line is a whole number from 1, of a file that has a header.")
        if self.escape not in (None, "", BACKSLASH):
            raise IntakeError(f'"{self.escape}" escapes no quotation mark here; a backslash may.')
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
    columns of a file without a header; `literal` says that its lines are Python literals, not JSON. `escape`
    is a backslash where that stands before quotation marks in a text, as `told_escape` by the analyst.
    Rows have `lead` cells before those that the header names, `numbered` where these name the rows, and
    `tail` empty ones behind. `line` is the header's, `asides` are the lines around it that are no rows.
    """

    delimiter: str
    quoted: bool
    names: tuple[str, ...]
    header: bool
    first: int
    layout: Layout | None = None
    literal: bool = False
    escape: str = ""
    lead: int = 0
    tail: int = 0
    numbered: bool = False
    line: int | None = None
    asides: tuple[Aside, ...] = ()
    told_escape: bool = False

    @property
    def width(self) -> int:
        """How many cells a row has."""
        return self.lead + len(self.names) + self.tail


def find_form(file: TextFile, choice: FormChoice | None = None) -> Form:
    """Return the form of a file, found from its first lines, and its name.

    The delimiter is the one that shows the most known column names in one line, then that cuts the first
    rows most alike, then into the most columns; Excel's line `sep=;` is taken at its word, and what
    the analyst says in `choice` before it. The header is where the known names are, else where the rows
    begin to be alike; what stands above it is aside. Raises `IntakeError` for an empty file, one separated
    by something else, a header with a name that stands twice, and JSON that is not one object a line.
    """
    choice = choice or FormChoice()
    with file.open() as text:
        number, lines, above = _window(text, file.name, choice.header_line)
    candidates = [delimiter for delimiter in DELIMITERS if delimiter != " "]
    if lines and file.suffix not in JSON and (told := EXCEL.fullmatch(lines[0])):
        sign = {"\\t": "\t", "tab": "\t", "::": UNIT}.get(told[1].lower(), told[1])
        candidates = [sign] if sign in DELIMITERS else candidates
        blank = next((place for place, line in enumerate(lines[1:], start=1) if line.strip()), len(lines))
        number, lines = number + blank, lines[blank:]
    if choice.delimiter is not None:
        candidates = [choice.delimiter]
    if not lines:
        raise IntakeError("the file is empty.", file=file.name, line=1)
    if file.suffix in JSON:
        return _json_form(file.name, lines[0], number)
    found = _best_heading(lines, number, candidates, choice)
    cells = found.cells
    if len(cells) == 1 and choice.delimiter is None and plain(cells[0]) not in KNOWN_NAMES:
        only = quoted(" ".join(cells[0].split()))
        reason = f'found one column, "{only}"; comma, semicolon, tab, "::" or "|" separate columns.'
        raise IntakeError(reason, file=file.name, line=found.line)
    header = is_header(cells) if choice.header is None else choice.header
    if choice.header_line is not None:
        header = True
    if not header:  # then its first row is one of data
        before = tuple(aside for aside in found.asides if aside.line < found.line)
        found = replace(found, lead=0, tail=0, first=found.line, asides=before)
    layout = None if header else _layout_of(file.stem, file.suffix, cells)
    names = (
        [" ".join(cell.split()) for cell in cells]
        if header
        else list(layout.names if layout else [""] * len(cells))
    )
    twice = next((name for name, count in Counter(filter(None, names)).items() if count > 1), None)
    if twice is not None:
        places = " and ".join(str(place) for place, name in enumerate(names, start=1) if name == twice)
        raise IntakeError(f'"{twice}" names columns {places}.', file=file.name, line=found.line)
    return Form(
        delimiter=found.delimiter,
        quoted=found.delimiter != UNIT,
        names=tuple(name or f"column {place}" for place, name in enumerate(names, start=1)),
        header=header,
        first=found.first,
        layout=layout,
        escape=choice.escape or "",
        lead=found.lead,
        tail=found.tail,
        numbered=found.numbered,
        line=found.line if header else None,
        asides=(*above, *found.asides),
        told_escape=choice.escape is not None,
    )


def _best_heading(lines: Sequence[str], start: int, candidates: Sequence[str], choice: FormChoice) -> Heading:
    """Return the heading under the delimiter that shows it best; blanks are one where nothing else is."""
    search = choice.header_line is None and choice.header is not False

    def shown(delimiter: str) -> Heading:
        quotes, escape = delimiter != UNIT, choice.escape or ""
        found = heading(lines, start, delimiter, quoted=quotes, escape=escape, search=search)
        # Where nothing but asides stands, the first of them is what is told.
        return found or Heading(delimiter, [lines[0].strip()], start, start + 1, 0.0)

    best = max(
        map(shown, candidates),
        key=lambda found: (found.known, len(found.cells) > 1, found.alike, len(found.cells)),
    )
    if choice.delimiter is None and best.known < 2:
        blanks = shown(" ")
        if blanks.known >= 2 and blanks.alike >= MOSTLY:
            return blanks
    return best


def _window(text: Iterable[str], name: str, header_line: int | None) -> tuple[int, list[str], list[Aside]]:
    """Return the first lines of a file from the first that is not blank, its number, and what is above.

    Where the analyst names the header's line, the lines begin there.
    """
    above: list[Aside] = []
    numbered = enumerate(text, start=1)
    for number, line in numbered:
        if number == header_line or (header_line is None and line.strip()):
            return number, [line, *(following for _, following in islice(numbered, WINDOW))], above
        if line.strip():
            above.append(Aside(number, line.strip(), ABOVE))
        elif number > MOST_BLANK and header_line is None:
            reason = f"{MOST_BLANK:,} lines before this one are blank."
            raise IntakeError(reason, file=name, line=number)
    if header_line is not None:
        raise IntakeError(f"the file has no line {header_line:,} that could be the header.", file=name)
    return 1, [], above


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

"""The records of one text file: its used columns as text, each row with the physical line it starts on."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pyarrow as pa

from finrec_core.dataset.report import LONGEST_VALUE, Report
from finrec_core.intake import textfile
from finrec_core.intake.error import IntakeError
from finrec_core.intake.form import UNIT, Form, rows_of
from finrec_core.intake.mapping import FileMapping
from finrec_core.intake.objects import line_object
from finrec_core.intake.textfile import TextFile
from finrec_core.terms.progress import Progress, silent

BATCH = 20_000  # rows held as Python objects at once
SAMPLE = 100  # lines that examples are taken from
EXAMPLE = 60  # characters of an example

Columns = Mapping[str, Sequence[str | None]]
Broken = tuple[int, str, str]  # line, value and reason of a row that cannot be taken apart


@dataclass(frozen=True, repr=False, eq=False)
class Records:
    """The rows of one file that have the right number of columns, still as text.

    `cells` has a string column for each of our columns that is used and the int64 column `line`;
    `names` gives the file's own name of each; `rows_read` counts the rejected rows too.
    """

    file: str
    table: str
    cells: pa.Table
    names: Mapping[str, str]
    rows_read: int

    def __repr__(self) -> str:
        return f"Records({self.file!r}: {self.rows_read:,} rows of {self.table})"


class MisquotedError(IntakeError):
    """A quotation mark stands where none may; the rest of the file cannot be told apart."""


def read_records(
    file: TextFile, form: Form, mapping: FileMapping, rejects: Report, progress: Progress = silent
) -> Records:
    """Return the records of a file, adding rows that cannot be taken apart to `rejects`.

    Raises `MisquotedError` where a quotation mark is never closed, and what `TextFile.open` raises.
    """
    broken: list[Broken] = []
    batches = _csv_batches if form.delimiter else _json_batches
    parts = []
    for lines, columns in batches(file, form, mapping, broken, progress):
        texts = {mapping.uses[name]: pa.array(cells, pa.string()) for name, cells in columns.items()}
        parts.append(pa.table({"line": pa.array(lines, pa.int64()), **texts}))
    used = {use: name for name, use in mapping.uses.items() if use}
    schema = pa.schema([("line", pa.int64()), *((use, pa.string()) for use in used)])
    cells = pa.concat_tables([schema.empty_table(), *parts], promote_options="default").select(schema.names)
    values, reasons = [value for _, value, _ in broken], [reason for _, _, reason in broken]
    rejects.add(file.name, [line for line, _, _ in broken], "", values, reasons)
    return Records(file.name, mapping.table or "", cells, used, cells.num_rows + len(broken))


def sample(file: TextFile, form: Form) -> dict[str, str]:
    """Return the names of a file's columns with an example from its first rows, "" where there is none."""
    found = dict.fromkeys(form.names, "")
    for row in _sample_rows(file, form):
        for name, cell in row.items():
            example = " ".join((cell or "").split())
            if not found.get(name):
                found[name] = example if len(example) <= EXAMPLE else example[: EXAMPLE - 1] + "…"
    return found


def first_rows(file: TextFile, form: Form, count: int) -> list[dict[str, str | None]]:
    """Return the first rows of a file as they are read, at most `count`, each cell cut to an example."""
    return [
        {name: None if cell is None else cell[:LONGEST_VALUE] for name, cell in row.items()}
        for row in islice(_sample_rows(file, form), count)
    ]


def first_cells(file: TextFile, form: Form, names: Sequence[str], count: int) -> dict[str, list[str | None]]:
    """Return the first cells of some columns of a file, of about `count` rows."""
    found: dict[str, list[str | None]] = {name: [] for name in names}
    for row in _sample_rows(file, form, count):
        for name, cells in found.items():
            cells.append(row.get(name))
    return found


def _sample_rows(file: TextFile, form: Form, count: int = SAMPLE) -> Iterator[dict[str, str | None]]:
    """Yield the first rows of a file; what is wrong with one is told, with its line, when all is read."""
    with file.open() as text:
        lines = islice(text, form.first - 1, form.first - 1 + count)
        if form.delimiter:
            with suppress(csv.Error):
                for row in rows_of(lines, form.delimiter, quoted=form.quoted):
                    if len(row) == len(form.names):
                        yield dict(zip(form.names, row, strict=True))
            return
        for line in lines:
            found = line_object(line, literal=form.literal)
            if found is not None:
                yield {name: _cell(value) for name, value in found.items()}


def _csv_batches(
    file: TextFile, form: Form, mapping: FileMapping, broken: list[Broken], progress: Progress
) -> Iterator[tuple[list[int], Columns]]:
    """Yield the rows of a delimited file as columns, with their lines.

    Cells go into one flat list: a list a row, kept, would keep the garbage collector busy half of
    the time.
    """
    csv.field_size_limit(textfile.LINE_LIMIT)
    width = len(form.names)
    separator = "::" if form.delimiter == UNIT else form.delimiter
    used = {name: place for place, name in enumerate(form.names) if mapping.wants(name)}
    cells: list[str] = []
    lines: list[int] = []

    def columns() -> Columns:
        return {name: cells[place::width] for name, place in used.items()}

    with file.open(progress) as text:
        for _ in range(form.first - 1):
            text.readline()
        reader = rows_of(text, form.delimiter, quoted=form.quoted, strict=True)
        line = form.first  # where the next row starts
        ended = False
        while not ended:
            try:
                for row in reader:
                    if len(row) == width:
                        cells.extend(row)
                        lines.append(line)
                    elif row:
                        last = reader.line_num + form.first - 1
                        broken.append((line, separator.join(row), _ragged(len(row), width, line, last)))
                    line = reader.line_num + form.first
                    if len(lines) >= BATCH:
                        yield lines, columns()
                        cells.clear()
                        lines.clear()
                ended = True
            except csv.Error as error:
                last = reader.line_num + form.first - 1
                _check_misquoted(error, file.name, form, line, last)
                broken.append((line, "", "Quotation mark inside a quoted text: it must be doubled"))
                line = last + 1
    yield lines, columns()


def _ragged(found: int, width: int, line: int, last: int) -> str:
    kind = "few" if found < width else "many"
    lines = f", runs to line {last}" if last > line else ""
    return f"Too {kind} columns: {found} of {width}{lines}"


def _check_misquoted(error: csv.Error, file: str, form: Form, line: int, last: int) -> None:
    """Raise unless the misplaced quotation mark stands in a row of one line that ends with its line."""
    message = str(error)
    if "expected after" in message and line == last and form.delimiter != "\t":
        return
    if "field larger" in message:
        reason = f"a quoted text begins here and has not ended after {textfile.LINE_LIMIT:,} characters."
    elif "end of data" in message:
        reason = "a quotation mark that is opened here is never closed."
    else:
        reason = f"a quotation mark that is opened here ends on line {last} in the midst of a text."
    raise MisquotedError(reason, file=file, line=line) from error


def _json_batches(
    file: TextFile, form: Form, mapping: FileMapping, broken: list[Broken], progress: Progress
) -> Iterator[tuple[list[int], Columns]]:
    """Yield the objects of a file of JSON lines as columns, with their lines."""
    rows: list[dict[str, Any]] = []
    lines: list[int] = []

    def columns() -> Columns:
        names: dict[str, Any] = {}
        for row in rows:
            names.update(row)
        return {name: [_cell(row.get(name)) for row in rows] for name in names if mapping.wants(name)}

    with file.open(progress) as text:
        for number, line in enumerate(text, start=1):
            if not line.strip():
                continue
            row = line_object(line, literal=form.literal)
            if row is None:
                broken.append((number, line.strip(), "Line is not a JSON object"))
                continue
            if "\\u" in line and not _is_text(json.dumps(row, ensure_ascii=False)):
                broken.append((number, line.strip(), "Text holds a character that no text can hold"))
                continue
            rows.append(row)
            lines.append(number)
            if len(rows) >= BATCH:
                yield lines, columns()
                rows.clear()
                lines.clear()
    yield lines, columns()


def _is_text(dumped: str) -> bool:
    """Whether a JSON text holds neither an escaped zero character nor half a surrogate pair."""
    try:
        dumped.encode()
    except UnicodeEncodeError:
        return False
    return "\\u0000" not in dumped.replace("\\\\", "")


def _cell(value: object) -> str | None:
    """Return a JSON value as the text that a delimited file would hold; a list is joined by commas."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(filter(None, map(_cell, value)))
    return json.dumps(value, ensure_ascii=False)

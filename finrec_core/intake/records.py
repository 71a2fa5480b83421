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
from finrec_core.intake.asides import Aside, whole_aside
from finrec_core.intake.form import Form
from finrec_core.intake.mapping import FileMapping
from finrec_core.intake.objects import line_object
from finrec_core.intake.quotation import rows_of
from finrec_core.intake.rows import BATCH, Broken, DelimitedRows
from finrec_core.intake.textfile import TextFile
from finrec_core.terms.progress import Progress, silent

SAMPLE = 100  # lines that examples are taken from
EXAMPLE = 60  # characters of an example

Columns = Mapping[str, Sequence[str | None] | pa.Array]


@dataclass(frozen=True, repr=False, eq=False)
class Records:
    """The rows of one file that have the right number of columns, still as text.

    `cells` has a string column for each of our columns that is used and the int64 column `line`;
    `names` gives the file's own name of each; `rows_read` counts the rejected rows too. `broken` are those
    that cannot be taken apart, `asides` the lines that are no rows; `padded` rows have empty cells behind.
    """

    file: str
    table: str
    cells: pa.Table
    names: Mapping[str, str]
    rows_read: int
    broken: Sequence[Broken] = ()
    asides: Sequence[Aside] = ()
    padded: int = 0

    def __repr__(self) -> str:
        return f"Records({self.file!r}: {self.rows_read:,} rows of {self.table})"


def report_broken(records: Records, rejects: Report) -> None:
    """Add the rows of a file that cannot be taken apart to `rejects`."""
    broken = records.broken
    values, reasons = [value for _, value, _ in broken], [reason for _, _, reason in broken]
    rejects.add(records.file, [line for line, _, _ in broken], "", values, reasons)


def read_rows(file: TextFile, form: Form, mapping: FileMapping, progress: Progress = silent) -> Records:
    """Return the records of a file, with the rows that cannot be taken apart beside them.

    Raises `MisquotedError` where a quotation mark is never closed, and what `TextFile.open` raises.
    """
    found = DelimitedRows(file, form, mapping, progress)
    batches = (
        found.batches() if form.delimiter else _json_batches(file, form, mapping, found.broken, progress)
    )
    parts = []
    for lines, columns in batches:
        texts = {
            mapping.key(name): cells if isinstance(cells, pa.Array) else pa.array(cells, pa.string())
            for name, cells in columns.items()
        }
        parts.append(pa.table({"line": pa.array(lines, pa.int64()), **texts}))
    used = {key: name for name in mapping.uses if (key := mapping.key(name))}
    schema = pa.schema([("line", pa.int64()), *((use, pa.string()) for use in used)])
    cells = pa.concat_tables([schema.empty_table(), *parts], promote_options="default").select(schema.names)
    asides = sorted((*form.asides, *found.asides), key=lambda aside: aside.line)
    rows = cells.num_rows + len(found.broken)
    return Records(file.name, mapping.table or "", cells, used, rows, found.broken, asides, found.padded)


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
                end = form.lead + len(form.names)
                for row in rows_of(lines, form.delimiter, quoted=form.quoted, escape=form.escape):
                    usual = len(row) in (end, form.width) and any(cell.strip() for cell in row)
                    if usual and whole_aside(row[form.lead : end], form.names, lacking=False) is None:
                        yield dict(zip(form.names, row[form.lead : end], strict=True))
            return
        for line in lines:
            found = line_object(line, literal=form.literal)
            if found is not None:
                yield {name: _cell(value) for name, value in found.items()}


def _json_batches(
    file: TextFile, form: Form, mapping: FileMapping, broken: list[Broken], progress: Progress
) -> Iterator[tuple[Sequence[int], Columns]]:
    """Yield the objects of a file of JSON lines as columns, with their lines."""
    rows: list[dict[str, Any]] = []
    lines: list[int] = []

    def columns() -> Columns:
        names: dict[str, Any] = {}
        for row in rows:
            names.update(row)
        wanted = [name for name in names if mapping.wants(name)]
        return {
            name: [_cell(row.get(name), whole=mapping.uses[name].endswith("_id")) for row in rows]
            for name in wanted
        }

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


def _cell(value: object, *, whole: bool = False) -> str | None:
    """Return a JSON value as the text that a delimited file would hold; a list is joined by commas.

    Where `whole`, a list stays one in JSON: it is taken apart later.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)).startswith("$"):
        return _cell(next(iter(value.values())))  # as MongoDB writes a date or a number
    if isinstance(value, list) and not whole:
        return ", ".join(filter(None, map(_cell, value)))
    return json.dumps(value, ensure_ascii=False)

"""What an import reports: the error that stops it, how columns were used, rows rejected and repaired."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.preview import Preview

REPORT = pa.schema(
    [
        ("file", pa.string()),
        ("line", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
    ]
)
LONGEST_VALUE = 200  # characters of a value that a report quotes
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class ColumnUse:
    r"""One column of one file: its name there, an example, the table it is for and what it is used as.

    `used_as` is a column of `TABLES[table]`, or "" where it is left out; `table` is "" where the
    whole file is left out or its table is unknown.

    >>> from finrec_core.dataset import Source, read_files
    >>> read_files([Source("has.csv", b"client,product\nann,card\n")]).columns[1]
    ColumnUse(file='has.csv', column='product', example='card', table='interactions', used_as='product_id')
    """

    file: str
    column: str
    example: str
    table: str
    used_as: str


class IntakeError(ValueError):
    """No dataset can be made of the files; the message is one sentence that names file and line.

    `columns` holds what is known of the files' columns by then, so that a page can still offer them
    for mapping, and `previews` how they are written, as far as that was found.
    """

    def __init__(
        self, reason: str, *, file: str = "", line: int | None = None, columns: Sequence[ColumnUse] = ()
    ) -> None:
        place = file if line is None else f"{file}, line {line}"
        super().__init__(f"{place}: {reason}" if place else reason)
        self.file = file
        self.line = line
        self.columns = tuple(columns)
        self.previews: tuple[Preview, ...] = ()


class Report:
    """Collects rejected or repaired rows and hands them out as one Arrow table of schema `REPORT`."""

    def __init__(self) -> None:
        self._parts: list[pa.Table] = []

    def add(
        self,
        files: str | Sequence[str],
        lines: Sequence[int | None],
        columns: str | Sequence[str],
        values: Sequence[str | None],
        reasons: str | Sequence[str],
    ) -> None:
        """Add one row per line, None for none; a plain string stands for every row, long values are cut."""
        if not len(lines):
            return
        each = [
            pa.array([cells] * len(lines) if isinstance(cells, str) else cells, pa.string())
            for cells in (files, columns, [quoted(value) for value in values], reasons)
        ]
        parts = [each[0], pa.array(lines, pa.int64()), *each[1:]]
        self._parts.append(pa.table(parts, schema=REPORT))

    def table(self, files: Sequence[str], without: pa.Table | None = None) -> pa.Table:
        """Return all rows, ordered by the place of their file in `files`, then by line.

        Lines that stand in the report `without` are left out: a row rejected in the end counts as
        rejected only.
        """
        whole = pa.concat_tables([REPORT.empty_table(), *self._parts])
        if without is not None:
            whole = whole.join(without.select(["file", "line"]), ["file", "line"], join_type="left anti")
        place = pc.index_in(whole["file"], value_set=pa.array(files, pa.string()))
        order = pc.sort_indices(
            pa.table({"place": place, "line": whole["line"]}),
            sort_keys=[("place", "ascending"), ("line", "ascending")],
        )
        return whole.take(order).combine_chunks()


def quoted(value: str | None) -> str:
    """Return a value as a report shows it: "" for none, the start of a long one."""
    if value is None:
        return ""
    return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"


def reason_counts(report: pa.Table) -> list[tuple[str, int]]:
    r"""Return how often each reason stands in a report, most frequent first.

    A reason may go on after a colon with what is particular to its row; that is not told apart.

    >>> from finrec_core.dataset import Source, read_files, reason_counts
    >>> intake = read_files([Source("has.csv", b"client,product\nann,card\nann,\n,card\n")])
    >>> reason_counts(intake.rejects)
    [('Client is empty', 1), ('Product is empty', 1)]
    """
    counts = Counter(reason.partition(":")[0] for reason in report["reason"].to_pylist())
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def row_sentences(report: pa.Table) -> Iterable[str]:
    r"""Yield each row as a sentence, `holdings.csv, line 7: stars "five": Rating is not a number`.

    >>> from finrec_core.dataset import Source, read_files, row_sentences
    >>> intake = read_files([Source("stars.csv", b"client,product,stars\nann,card,five\nbob,card,1\n")])
    >>> list(row_sentences(intake.rejects))
    ['stars.csv, line 2: stars "five": Rating is not a number']
    """
    for row in report.to_pylist():
        value = " ".join(row["value"].split())
        cell = f'{row["column"]} "{value}": ' if row["column"] else ""
        yield f"{row['file']}, line {row['line']}: {cell}{row['reason']}"


def csv_report(table: pa.Table, *, head: bool = True) -> bytes:
    """Return a table as a CSV file for a spreadsheet: UTF-8 with BOM, no cell that runs as a formula.

    A text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets a leading apostrophe
    (OWASP, "CSV injection"). Without `head` there are only rows, to go on below those of another table.

    >>> import pyarrow as pa
    >>> from finrec_core.dataset import csv_report
    >>> csv_report(pa.table({"value": ["=1+1"]})).decode("utf-8-sig").splitlines()
    ['value', "'=1+1"]
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    if head:
        writer.writerow([_harmless(name) for name in table.schema.names])
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        writer.writerow([_harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig" if head else "utf-8")


def _harmless(text: str) -> str:
    return "'" + text if text.startswith(FORMULA_STARTS) else text

"""What an import reports: rows rejected and repaired, collected, counted, told and found again in files."""

import csv
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.formula import harmless

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

    >>> from finrec_core.dataset import reason_counts
    >>> from finrec_core.intake import Source, read_files
    >>> intake = read_files([Source("has.csv", b"client,product\nann,card\nann,\n,card\n")])
    >>> reason_counts(intake.rejects)
    [('Client is empty', 1), ('Product is empty', 1)]
    """
    counts = Counter(reason.partition(":")[0] for reason in report["reason"].to_pylist())
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def row_sentences(report: pa.Table) -> Iterable[str]:
    r"""Yield each row as a sentence, `holdings.csv, line 7: stars "x": Rating is not a number, left empty`.

    >>> from finrec_core.dataset import row_sentences
    >>> from finrec_core.intake import Source, read_files
    >>> intake = read_files([Source("has.csv", b"client,product\nann,card\nbob,\n")])
    >>> list(row_sentences(intake.rejects))
    ['has.csv, line 3: product "": Product is empty']
    """
    for row in report.to_pylist():
        value = " ".join(row["value"].split())
        cell = f'{row["column"]} "{value}": ' if row["column"] else ""
        yield f"{row['file']}, line {row['line']}: {cell}{row['reason']}"


def csv_without(file: Path, out: Path | None, client: str, columns: Collection[str]) -> bool:
    """Return whether a row of a CSV file of ours names a client in one of the columns.

    With `out` the file is written there without these rows. An id that could run as a formula is found as
    `csv_report` writes it.
    """
    named = False
    with ExitStack() as files:
        rows = csv.reader(files.enter_context(file.open(encoding="utf-8-sig", newline="")))
        head = next(rows, [])
        places = [place for place, name in enumerate(head) if name in columns]
        writer = None
        if out is not None:
            writer = csv.writer(files.enter_context(out.open("w", encoding="utf-8-sig", newline="")))
            writer.writerow(head)
        for row in rows:
            mine = any(row[place] in (client, harmless(client)) for place in places if place < len(row))
            named |= mine
            if writer is None and mine:
                return True
            if writer is not None and not mine:
                writer.writerow(row)
    return named


def csv_column(file: Path, name: str) -> list[str]:
    """Return the cells of one column of a CSV file of ours."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return [row[name] for row in csv.DictReader(opened)]

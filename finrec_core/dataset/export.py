"""A dataset and its tables written down: the CSV files of the contract, and rows as one whole file."""

import csv
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from finrec_core.dataset.contract import DatasetError
from finrec_core.dataset.dataset import Dataset
from finrec_core.dataset.formula import harmless
from finrec_core.dataset.schema import EPOCH, TABLES, TIME, Column

STREAMED = (".csv", ".parquet")


@contextmanager
def streamed(file: Path, schema: pa.Schema) -> Iterator[Callable[[pa.Table], object]]:
    """Lend a function that writes tables of a schema one below the other into a .csv or .parquet file.

    The rows go to a hidden file beside it, which takes its name at the end. A CSV file is made for a
    spreadsheet: no cell of it runs as a formula. Raises `DatasetError` for another ending, `OSError`
    where the file cannot be written.
    """
    if file.suffix.lower() not in STREAMED:
        raise DatasetError(f"{file.name}: rows are written as {' or '.join(STREAMED)}.")
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as out:
            if file.suffix.lower() == ".csv":
                out.write(csv_report(schema.empty_table()))
                yield lambda rows: out.write(csv_report(rows, head=False))
            else:
                with pq.ParquetWriter(out, schema) as writer:
                    yield writer.write_table
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def csv_report(table: pa.Table, *, head: bool = True) -> bytes:
    """Return a table as a CSV file for a spreadsheet: UTF-8 with BOM, no cell that runs as a formula.

    `finrec_core/dataset/formula.py` says where a text gets an apostrophe. Without `head` there are only
    rows, to go on below those of another table.

    >>> import pyarrow as pa
    >>> from finrec_core.dataset import csv_report
    >>> csv_report(pa.table({"value": ["=1+1"]})).decode("utf-8-sig").splitlines()
    ['value', "'=1+1"]
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    if head:
        writer.writerow([harmless(name) for name in table.schema.names])
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig" if head else "utf-8")


def write_csv(dataset: Dataset, folder: Path) -> None:
    """Write `interactions.csv`, `products.csv`, `clients.csv` and `ties.csv` into a folder.

    `read_files` makes the same dataset of them, given its name, verb and rating limit, save for
    blanks around short texts and what lies beyond 20,000 characters. Columns that hold nothing are
    left out. The bytes depend on the dataset alone. Raises `DatasetError` for a text with a zero
    character, which no text file holds.

    >>> from pathlib import Path
    >>> from finrec_core.dataset import write_csv
    >>> from finrec_core.intake import find_sources, read_files
    >>> write_csv(bank, Path("copy"))
    >>> read_files(find_sources([Path("copy")])).dataset.content_hash == bank.content_hash
    True
    """
    folder.mkdir(parents=True, exist_ok=True)
    for table, columns in TABLES.items():
        cells = getattr(dataset, table)
        held = [column for column in columns if column.required or cells[column.name].null_count < len(cells)]
        rows = list(zip(*(_texts(table, column, cells[column.name]) for column in held), strict=True))
        escapes, returns = (any(sign in cell for row in rows for cell in row) for sign in ("\x1b$", "\r"))
        mark = "-sig" if escapes else ""  # else it may be ISO-2022-JP
        quoting: Literal[0, 1] = csv.QUOTE_ALL if returns else csv.QUOTE_MINIMAL  # which leaves returns bare
        with (folder / f"{table}.csv").open("w", encoding=f"utf-8{mark}", newline="") as file:
            writer = csv.writer(file, lineterminator="\n", quoting=quoting)
            writer.writerow([column.name for column in held])
            writer.writerows(rows)


def _texts(table: str, column: Column, cells: pa.ChunkedArray) -> list[str]:
    """Return the cells of a column as the texts that stand in a file."""
    if pa.types.is_string(column.type) and pc.any(pc.match_substring(cells, "\0")).as_py():
        raise DatasetError(f"{table}: a {column.name} holds a zero character, which no text file can.")
    if column.type == TIME:  # as numbers, since Arrow's own way needs the system's time zones
        return [_time_text(micros) for micros in cells.cast(pa.int64()).to_pylist()]
    return [_text(cell) for cell in cells.to_pylist()]


def _time_text(micros: int | None) -> str:
    if micros is None:
        return ""
    return (EPOCH + timedelta(microseconds=micros)).isoformat().replace("+00:00", "Z")


def _text(cell: float | str | date | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return repr(cell).removesuffix(".0")
    return str(cell)

"""Streaming: tables of rows one below the other into one file, which is there whole or as it was before."""

import csv
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from finrec_core.dataset.dataset import DatasetError

STREAMED = (".csv", ".parquet")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def streamed(file: Path, schema: pa.Schema) -> Iterator[Callable[[pa.Table], None]]:
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
                yield lambda rows: _append(out, rows)
            else:
                with pq.ParquetWriter(out, schema) as writer:
                    yield writer.write_table
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _append(out: BinaryIO, rows: pa.Table) -> None:
    out.write(csv_report(rows, head=False))


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

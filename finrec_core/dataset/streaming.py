"""Streaming: tables of rows one below the other into one file, which is there whole or as it was before."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from finrec_core.dataset.dataset import DatasetError
from finrec_core.dataset.report import csv_report

STREAMED = (".csv", ".parquet")


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

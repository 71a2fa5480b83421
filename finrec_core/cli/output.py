"""Output files: rows or a document, in the format that the file's ending names."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from finrec_core.cli.terminal import CallerError, as_json
from finrec_core.dataset import csv_report

FORMATS = (".csv", ".json", ".parquet")
STREAMED = (".csv", ".parquet")


def check_ending(file: Path | None) -> None:
    """Raise `CallerError` before any work is done if no format goes by the file's ending."""
    if file is not None and file.suffix.lower() not in FORMATS:
        raise CallerError(f"{file}: --output writes {', '.join(FORMATS[:-1])} and {FORMATS[-1]} files.")


def write(file: Path, rows: pa.Table, document: Mapping[str, Any]) -> None:
    """Write the rows (.csv, .parquet) or the whole document (.json).

    A CSV file is made for a spreadsheet: no cell of it runs as a formula.
    """
    check_ending(file)
    try:
        if file.suffix.lower() == ".json":
            file.write_text(as_json(document) + "\n", encoding="utf-8")
        elif file.suffix.lower() == ".csv":
            file.write_bytes(csv_report(rows))
        else:
            pq.write_table(rows, file)
    except OSError as error:
        raise CallerError(f"{file} cannot be written ({error.strerror}).") from error


@contextmanager
def streamed(file: Path, schema: pa.Schema) -> Iterator[Callable[[pa.Table], None]]:
    """Lend a function that writes tables of a schema one below the other into a .csv or .parquet file.

    The rows go to a hidden file beside it, which takes its name at the end: the file is there whole, or
    as it was before.
    """
    if file.suffix.lower() not in STREAMED:
        raise CallerError(f"{file}: lists of all clients are written as {' or '.join(STREAMED)}.")
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
    except OSError as error:
        raise CallerError(f"{file} cannot be written ({error.strerror}).") from error
    finally:
        part.unlink(missing_ok=True)


def _append(out: BinaryIO, rows: pa.Table) -> None:
    out.write(csv_report(rows, head=False))

"""Output files: rows or a document, in the format that the file's ending names."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from finrec_core.cli import core
from finrec_core.cli.terminal import CallerError, as_json

FORMATS = (".csv", ".json", ".parquet")


def check_ending(file: Path | None) -> None:
    """Raise `CallerError` before any work is done if no format goes by the ending, or no folder holds it."""
    if file is not None and file.suffix.lower() not in FORMATS:
        raise CallerError(f"{file}: --output writes {', '.join(FORMATS[:-1])} and {FORMATS[-1]} files.")
    if file is not None and not file.absolute().parent.is_dir():
        raise CallerError(f"{file}: there is no folder {file.absolute().parent} to write it into.")


@contextmanager
def writing(file: Path) -> Iterator[None]:
    """Say in one sentence, as `CallerError`, why a file cannot be written."""
    try:
        yield
    except OSError as error:
        raise CallerError(f"{file} cannot be written ({error.strerror}).") from error


def write(file: Path, rows: "core.pa.Table", document: Mapping[str, Any]) -> None:
    """Write the rows (.csv, .parquet) or the whole document (.json).

    A CSV file is made for a spreadsheet: no cell of it runs as a formula.
    """
    check_ending(file)
    with writing(file):
        if file.suffix.lower() == ".json":
            file.write_text(as_json(document) + "\n", encoding="utf-8")
        elif file.suffix.lower() == ".csv":
            file.write_bytes(core.csv_report(rows))
        else:
            core.pq.write_table(rows, file)

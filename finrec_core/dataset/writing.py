"""A dataset written as the CSV files of the contract."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.dataset import Dataset, DatasetError
from finrec_core.dataset.schema import EPOCH, TABLES, TIME, Column


def write_csv(dataset: Dataset, folder: Path) -> None:
    """Write `interactions.csv`, `products.csv`, `clients.csv` and `ties.csv` into a folder.

    `read_files` makes the same dataset of them, given its name, verb and rating limit, save for
    blanks around short texts and what lies beyond 20,000 characters. Columns that hold nothing are
    left out. The bytes depend on the dataset alone. Raises `DatasetError` for a text with a zero
    character, which no text file holds.

    >>> from pathlib import Path
    >>> from finrec_core.dataset import find_sources, read_files, write_csv
    >>> write_csv(bank, Path("copy"))
    >>> read_files(find_sources([Path("copy")])).dataset.content_hash == bank.content_hash
    True
    """
    folder.mkdir(parents=True, exist_ok=True)
    for table, columns in TABLES.items():
        cells = getattr(dataset, table)
        held = [column for column in columns if column.required or cells[column.name].null_count < len(cells)]
        rows = list(zip(*(_texts(table, column, cells[column.name]) for column in held), strict=True))
        mark = (
            "-sig" if any("\x1b$" in cell for row in rows for cell in row) else ""
        )  # else it may be ISO-2022-JP
        returns = any("\r" in cell for row in rows for cell in row)  # which QUOTE_MINIMAL leaves bare
        with (folder / f"{table}.csv").open("w", encoding=f"utf-8{mark}", newline="") as file:
            writer = csv.writer(
                file, lineterminator="\n", quoting=csv.QUOTE_ALL if returns else csv.QUOTE_MINIMAL
            )
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

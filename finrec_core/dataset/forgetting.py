"""Forgetting: a dataset without some of its clients, whoever they were."""

import csv
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.dataset import Dataset


def without_clients(dataset: Dataset, clients: Collection[str]) -> Dataset:
    """Return a dataset without these clients, their interactions with the reviews, and their ties.

    Products stay, those that nobody else has too. A client that is not there changes nothing.
    """
    gone = pa.array(sorted(clients), pa.string())

    def kept(table: pa.Table, *columns: str) -> pa.Table:
        for column in columns:
            table = table.filter(pc.invert(pc.is_in(table[column], value_set=gone)))
        return table

    return replace(
        dataset,
        clients=kept(dataset.clients, "client_id"),
        interactions=kept(dataset.interactions, "client_id"),
        ties=kept(dataset.ties, "client_id", "other_client_id"),
    )


def csv_without(file: Path, out: Path | None, client: str, columns: Collection[str]) -> bool:
    """Return whether a row of a CSV file of ours names a client in one of the columns.

    With `out` the file is written there without these rows. An id that could run as a formula stands
    behind an apostrophe, as `csv_report` writes it.
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
            mine = any(row[place] in (client, f"'{client}") for place in places if place < len(row))
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

"""Erasure: a dataset without some of its clients, whoever they were."""

from collections.abc import Collection
from dataclasses import replace

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

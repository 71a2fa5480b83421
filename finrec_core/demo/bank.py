"""The demo bank: an invented bank group with planted tastes, the same to the byte for the same numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from finrec_core.dataset.dataset import Dataset
from finrec_core.dataset.export import write_csv
from finrec_core.dataset.schema import SCHEMAS, TIME
from finrec_core.demo.catalogue import catalogue
from finrec_core.demo.holdings import Holdings, holdings
from finrec_core.demo.people import people
from finrec_core.demo.reviews import reviews
from finrec_core.demo.truth import Truth

NAME = "Demo bank"


@dataclass(frozen=True)
class DemoBank:
    """A dataset and the truth that was planted in it.

    >>> from finrec_core import demo_bank
    >>> demo_bank(60, 30, seed=1).dataset.name
    'Demo bank'
    """

    dataset: Dataset
    truth: Truth

    def write(self, folder: Path) -> None:
        """Write the dataset's four CSV files.

        Args:
            folder: Where to write.
        """
        write_csv(self.dataset, folder)


def demo_bank(clients: int = 400, products: int = 100, seed: int = 7) -> DemoBank:
    """Return a demo bank of that many clients and products.

    Equal numbers give equal banks on every machine.

    Args:
        clients: How many clients.
        products: How many products.
        seed: Of all that is drawn.

    Returns:
        The dataset, and the tastes that were planted in it.

    Raises:
        ValueError: For fewer than one of either, or for more products than can be made up.

    >>> from finrec_core import demo_bank
    >>> made = demo_bank(60, 30, seed=1)
    >>> made.truth
    Truth(60 clients, 30 products, 10 tastes)
    """
    what = catalogue(products, seed)
    who = people(clients, seed)
    truth = Truth.of(who, what)
    held = holdings(truth, who.ties["kind"].to_pylist(), seed)
    told = reviews(truth, held, seed)
    dataset = Dataset(
        clients=_advised(who.clients, told.advisers),
        products=what.table,
        interactions=_interactions(truth, held, list(told.texts)),
        ties=who.ties,
        name=NAME,
        verb="has",
        rating_limit=3.0,
    )
    return DemoBank(dataset, truth)


def _advised(clients: pa.Table, spoken_of: Mapping[int, str]) -> pa.Table:
    """Return the clients, each with the adviser whom its reviews speak of, where there are any."""
    names = [spoken_of.get(row, name) for row, name in enumerate(clients["adviser"].to_pylist())]
    place = clients.schema.get_field_index("adviser")
    return clients.set_column(place, clients.schema.field(place), pa.array(names, pa.string()))


def _interactions(truth: Truth, held: Holdings, texts: list[str | None]) -> pa.Table:
    """Return the interactions table."""
    clients, products = truth.people.clients["client_id"], truth.catalogue.table["product_id"]
    return pa.table(
        [
            clients.take(pa.array(held.client)),
            products.take(pa.array(held.product)),
            pa.array(held.second * 1_000_000).cast(TIME),
            pa.nulls(len(texts), pa.string()),  # every row takes a product
            pa.nulls(len(texts), pa.float64()),
            pa.array(np.where(held.rating > 0, held.rating, np.nan), from_pandas=True),
            pa.array(texts, pa.string()),
        ],
        schema=SCHEMAS["interactions"],
    )

"""A recommender over the planted bank, fitted in a second or two, for what is made of its lists."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from finrec_core.dataset import Dataset
from finrec_core.model import ClosedFormConstants, Constants, NetworkConstants, fit
from finrec_core.recommender import FusedRecommender
from tests.planted import Planted, planted, table


def served(bank: Planted | None = None) -> FusedRecommender:
    """Return a recommender over a planted bank whose second last product is not offered any more."""
    bank = bank or planted(seed=11)
    dataset = withdrawn(bank.dataset, len(bank.dataset.products) - 2)
    constants = Constants(
        network=NetworkConstants(dim=16, text_dim=8, seeds=1, steps=(10, 5)),
        closed_form=ClosedFormConstants(ridge=15.0, score_exponent=0.25, tie_share=0.3),
        share=0.3,
    )
    recommender = FusedRecommender(seed=0)
    recommender.run = "20260301-091200-000"
    recommender._dataset = dataset
    recommender._model = fit(dataset, bank.texts, constants, seed=4)
    return recommender


def withdrawn(dataset: Dataset, row: int) -> Dataset:
    """Return the dataset with one product that the bank does not offer any more."""
    flags = [False if k == row else None for k in range(len(dataset.products))]
    place = dataset.products.schema.get_field_index("available")
    column = table("products", available=flags)["available"]
    return replace(dataset, products=dataset.products.set_column(place, "available", column))


def with_profiles(dataset: Dataset) -> Dataset:
    """Return the dataset with risk facts: each third client has none, the others tolerate 1 to 7."""
    clients, products = len(dataset.clients), len(dataset.products)
    facts = {
        ("clients", "risk_tolerance"): [None if k % 3 == 0 else 1 + k % 7 for k in range(clients)],
        ("products", "risk_class"): [1 + k % 7 for k in range(products)],
    }
    for (name, column), values in facts.items():
        cells = getattr(dataset, name)
        place = cells.schema.get_field_index(column)
        filled = cells.set_column(place, column, table(name, **{column: values})[column])
        dataset = replace(dataset, **{name: filled})
    return dataset


GIVEN_UP = datetime(2027, 1, 15, tzinfo=UTC)
BARE = "c011"  # who gave up all that it had, and is close to nobody
LEAVER = "c010"  # who gave up one product and keeps others


def gave_up() -> FusedRecommender:
    """Return a recommender over a planted bank in which two clients gave products up in January 2027.

    `LEAVER` gave up the first of its products, and `BARE` all.
    """
    bank = planted(seed=11)
    pairs = bank.dataset.interactions.select(["client_id", "product_id"]).to_pylist()
    mine = {key: [row["product_id"] for row in pairs if row["client_id"] == key] for key in (LEAVER, BARE)}
    gone = [(LEAVER, mine[LEAVER][0]), *((BARE, key) for key in mine[BARE])]
    rows = table(
        "interactions",
        client_id=[client for client, _ in gone],
        product_id=[product for _, product in gone],
        timestamp=[GIVEN_UP] * len(gone),
        action=["gives_up"] * len(gone),
    )
    texts = bank.texts
    blank = np.zeros((len(gone), texts.dim), dtype=np.float32)
    ties = bank.dataset.ties
    close = [BARE in row.values() for row in ties.to_pylist()]
    return served(
        replace(
            bank,
            dataset=replace(
                bank.dataset,
                interactions=pa.concat_tables([bank.dataset.interactions, rows]),
                ties=ties.filter(pa.array([not one for one in close])),
            ),
            texts=replace(
                texts,
                reviews=np.concatenate([texts.reviews, blank]),
                review_tokens=np.append(texts.review_tokens, np.zeros(len(gone), dtype=np.int32)),
            ),
        )
    )

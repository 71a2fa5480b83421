"""Datasets of odd shape, seeded: what a warehouse hands over where something is missing or lopsided."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from finrec_core.dataset import Dataset
from tests.planted import planted, table

WORDS = ("calm", "steady", "bold", "quick", "green", "plain", "dear", "cheap", "old", "new")


def told(dataset: Dataset, *, review: str | None = None) -> Dataset:
    """Give the planted bank real words: a name per product, reviews of a few words or all the same."""
    rng = np.random.default_rng(0)
    reviews = dataset.interactions["review"].to_pylist()
    words = [text and (review or " ".join(rng.choice(WORDS, 4))) for text in reviews]
    place = dataset.interactions.schema.get_field_index("review")
    column = table("interactions", review=words)["review"]
    return replace(dataset, interactions=dataset.interactions.set_column(place, "review", column))


def blank(dataset: Dataset, name: str, column: str) -> Dataset:
    """Empty one column of one table."""
    cells = getattr(dataset, name)
    empty = table(name, **{column: [None] * len(cells)})[column]
    place = cells.schema.get_field_index(column)
    return replace(dataset, **{name: cells.set_column(place, column, empty)})


def rated(dataset: Dataset, star: float) -> Dataset:
    """Give every interaction the same rating."""
    cells = dataset.interactions
    column = table("interactions", rating=[star] * len(cells))["rating"]
    place = cells.schema.get_field_index("rating")
    return replace(dataset, interactions=cells.set_column(place, "rating", column))


def drawn(*, clients: int, products: int, per_client: Callable[[int], int], seed: int = 0) -> Dataset:
    """Clients that take products by popularity, the same for all of them, and nothing but ids and times."""
    rng = np.random.default_rng(seed)
    weight = rng.gamma(0.5, size=products) + 1e-3
    pairs = [
        (u, int(i))
        for u in range(clients)
        for i in rng.choice(products, min(per_client(u), products), replace=False, p=weight / weight.sum())
    ]
    start = datetime(2024, 1, 1, tzinfo=UTC)
    return Dataset(
        clients=table("clients", client_id=[f"c{u}" for u in range(clients)]),
        products=table("products", product_id=[f"p{i}" for i in range(products)]),
        interactions=table(
            "interactions",
            client_id=[f"c{u}" for u, _ in pairs],
            product_id=[f"p{i}" for _, i in pairs],
            timestamp=[start + timedelta(days=int(day)) for day in rng.integers(900, size=len(pairs))],
        ),
        ties=table("ties", client_id=[]),
        name="drawn",
    )


def bank() -> Dataset:
    """Return the planted bank with words."""
    return told(planted(seed=5, clients=120, products=40).dataset)


def no_text() -> Dataset:
    """Return the planted bank without names and reviews."""
    return blank(blank(bank(), "products", "name"), "interactions", "review")


def no_ties() -> Dataset:
    """Return the planted bank with nobody tied to anybody."""
    return replace(bank(), ties=table("ties", client_id=[]))


SHAPES: dict[str, Callable[[], Dataset]] = {
    "bank": bank,
    "no text": no_text,
    "no ties": no_ties,
    "no times": lambda: blank(bank(), "interactions", "timestamp"),
    "equal reviews": lambda: told(bank(), review="fine"),
    "one client with half": lambda: drawn(
        clients=60, products=200, per_client=lambda u: 180 if u == 0 else 3
    ),
    "few products, many clients": lambda: drawn(clients=600, products=21, per_client=lambda u: 3 + u % 3),
    "many products, few clients": lambda: drawn(clients=40, products=1200, per_client=lambda u: 20),
    "one product each": lambda: drawn(clients=120, products=15, per_client=lambda u: 1),
    "equal ratings": lambda: rated(bank(), 4.0),
    "low ratings": lambda: rated(bank(), 1.0),
}

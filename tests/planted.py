"""A planted bank for tests of the model: four tastes, eighty clients, sixty-four products, no real words.

Text vectors are made directly: a taste's direction plus noise, so that no language model is
needed. Client 0 has nothing and no ties; client 1 has nothing but ties; product 0 is held by nobody
and has text; product 1 has no text at all.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from finrec_core.dataset import SCHEMAS, Dataset
from finrec_core.text.table import TextTable, in_order

TASTES, DIM = 4, 24


@dataclass(frozen=True, eq=False)
class Planted:
    dataset: Dataset
    texts: TextTable
    client_taste: np.ndarray
    product_taste: np.ndarray
    likely: np.ndarray  # in proportion to how often a client takes a product, (clients, products)


def table(name, /, **columns):
    """Make one of the four tables from some of its columns."""
    length = len(next(iter(columns.values())))
    filled = {field.name: columns.get(field.name, [None] * length) for field in SCHEMAS[name]}
    return pa.table({key: pa.array(value, SCHEMAS[name].field(key).type) for key, value in filled.items()})


def planted(*, seed=0, clients=80, products=64, per_client=7, noise=0.2) -> Planted:
    """Make the bank; the same seed gives the same bank."""
    rng = np.random.default_rng(seed)
    client_taste = rng.integers(TASTES, size=clients)
    product_taste = np.arange(products) % TASTES
    popularity = rng.gamma(1.0, size=products)
    likely = popularity * np.where(product_taste == client_taste[:, None], 1.0, noise / TASTES)
    likely[:, 0] = 0.0
    pairs = []
    for u in range(2, clients):
        weight = likely[u]
        count = int(rng.integers(1, per_client + 1)) if u % 5 == 0 else per_client
        chosen = rng.choice(products, size=count, replace=False, p=weight / weight.sum())
        pairs += [(u, int(i)) for i in chosen]
    start = datetime(2024, 1, 1, tzinfo=UTC)
    when = [start + timedelta(days=int(day)) for day in rng.integers(900, size=len(pairs))]
    rated = [float(star) for star in rng.integers(2, 6, size=len(pairs))]
    # Each reads otherwise: what a client writes with the same words is one occasion.
    review = [f"review {k}" if rng.random() < 0.6 and i != 1 else None for k, (_, i) in enumerate(pairs)]
    ties = [(1, int(v)) for v in np.flatnonzero(client_taste == client_taste[1]) if v > 1][:3]
    ties += [(u, v) for u in range(2, clients) for v in (u + 4,) if v < clients and u % 3 == 0]
    ids = [f"c{u:03}" for u in range(clients)]
    dataset = Dataset(
        clients=table("clients", client_id=ids),
        products=table(
            "products",
            product_id=[f"p{i:03}" for i in range(products)],
            name=[f"Product {i}" if i != 1 else None for i in range(products)],
        ),
        interactions=table(
            "interactions",
            client_id=[ids[u] for u, _ in pairs],
            product_id=[f"p{i:03}" for _, i in pairs],
            timestamp=when,
            rating=rated,
            review=review,
        ),
        ties=table(
            "ties",
            client_id=[ids[u] for u, _ in ties],
            other_client_id=[ids[v] for _, v in ties],
            kind=["household"] * len(ties),
        ),
        name="planted",
        rating_limit=3.0,
    )
    directions = rng.normal(size=(TASTES, DIM))
    own = directions[product_taste] + rng.normal(scale=0.7, size=(products, DIM)) + 1.0
    told = np.array([text is not None for text in review])
    reviews = directions[[product_taste[i] for _, i in pairs]] + rng.normal(size=(len(pairs), DIM)) + 1.0
    own_tokens = np.where(np.arange(products) == 1, 0, rng.integers(3, 20, size=products))
    texts = TextTable(
        own=np.where(own_tokens[:, None] > 0, own, 0.0).astype(np.float32),
        own_tokens=own_tokens.astype(np.int32),
        reviews=np.where(told[:, None], reviews, 0.0).astype(np.float32),
        review_tokens=np.where(told, rng.integers(2, 30, size=len(pairs)), 0).astype(np.int32),
    )
    return Planted(dataset.sorted(), in_order(dataset, texts), client_taste, product_taste, likely)

"""Banks that grow: clients and products of planted tastes in any number, made in seconds."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from finrec_core.dataset import Dataset
from finrec_core.dataset.schema import TIME
from finrec_core.intake import from_frames

TASTES = 12
PHRASES = 400  # reviews to draw from for each taste
PER_CLIENT = 10
DAYS = 900


def grown(clients: int, products: int, *, seed: int = 0, reviewed: float = 0.2) -> Dataset:
    """Return a bank with `PER_CLIENT` interactions a client on average, a share of them reviewed.

    A client has one taste in six of its choices out of ten and popularity in the others; half of the
    clients are tied to one of the same taste.
    """
    rng = np.random.default_rng(seed)
    taste_of_client, taste_of_product = (
        rng.integers(TASTES, size=clients),
        rng.integers(TASTES, size=products),
    )
    weight = (np.arange(products) + 10.0) ** -0.7  # popularity by row
    draws = rng.poisson(PER_CLIENT * 1.25, size=clients).clip(1)  # some are drawn twice, and count once
    row = np.repeat(np.arange(clients), draws)
    column = rng.choice(products, size=len(row), p=weight / weight.sum())
    own = rng.random(len(row)) < 0.6
    for taste in range(TASTES):
        mine = np.flatnonzero(own & (taste_of_client[row] == taste))
        shelf = np.flatnonzero(taste_of_product == taste)
        column[mine] = rng.choice(shelf, size=len(mine), p=weight[shelf] / weight[shelf].sum())
    cells = np.unique(row * products + column)
    row, column = cells // products, cells % products
    phrases = np.array(_phrases(rng), dtype=object)  # (tastes * phrases,)
    review = phrases[taste_of_product[column] * PHRASES + rng.integers(PHRASES, size=len(row))]
    review[rng.random(len(row)) >= reviewed] = None
    start = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
    seconds = start + rng.integers(DAYS * 86_400, size=len(row))
    order = np.argsort(taste_of_client, kind="stable")
    pairs = order[: clients // 2 * 2].reshape(-1, 2)[::2]  # neighbours in the order share their taste
    return from_frames(
        {
            "client_id": _ids("C", row),
            "product_id": _ids("P", column),
            "timestamp": pa.array(seconds * 1_000_000).cast(TIME),
            "review": pa.array(review, pa.string()),
        },
        products={
            "product_id": _ids("P", np.arange(products)),
            "name": [f"Product {i} of shelf {taste}" for i, taste in enumerate(taste_of_product.tolist())],
        },
        clients={"client_id": _ids("C", np.arange(clients))},
        ties={"client_id": _ids("C", pairs[:, 0]), "other_client_id": _ids("C", pairs[:, 1])},
        name=f"{len(row)} interactions",
    )


def _ids(letter: str, rows: np.ndarray) -> list[str]:
    return [f"{letter}{row:07d}" for row in rows.tolist()]


def _phrases(rng: np.random.Generator) -> list[str]:
    """Return reviews of words that belong to a taste, and some that belong to none."""
    plain = [f"word{n}" for n in range(200)]
    told = []
    for taste in range(TASTES):
        special = [f"taste{taste}word{n}" for n in range(30)]
        told += [" ".join([*rng.choice(special, 4), *rng.choice(plain, 8)]) for _ in range(PHRASES)]
    return told

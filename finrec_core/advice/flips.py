"""Flips: whose verdicts change when the bank sets other rules, counted over all clients and products."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
import pyarrow as pa

from finrec_core.advice.grid import Grid
from finrec_core.advice.rules import Rules
from finrec_core.advice.suitability import has_profiles
from finrec_core.advice.verdict import KINDS, VerdictKind
from finrec_core.dataset import Dataset
from finrec_core.dataset.keys import codes

FIRST = 50  # flips that are named one by one
BLOCK = 2**22  # cells of the grid that are in memory at once


@dataclass(frozen=True)
class Flip:
    """One pair of a client and a product whose verdict changes; both are rows of the dataset."""

    client: int
    product: int
    before: VerdictKind
    after: VerdictKind


@dataclass(frozen=True, repr=False)
class Flips:
    """All verdicts that change between two sets of rules.

    `counts` are pairs of client and product by verdict before and after, `clients` and `products` those
    that any of them touches, `first` the first ones in the order of clients, then of products.
    """

    counts: Mapping[tuple[VerdictKind, VerdictKind], int]
    clients: int
    products: int
    first: tuple[Flip, ...]

    @property
    def pairs(self) -> int:
        """How many verdicts change."""
        return sum(self.counts.values())

    def __repr__(self) -> str:
        return f"Flips({self.pairs:,} verdicts of {self.clients:,} clients on {self.products:,} products)"

    @classmethod
    def of(cls, dataset: Dataset, before: Rules, after: Rules, today: date, first: int = FIRST) -> Self:
        """Return whose verdicts flip; none where no client of the dataset has a profile.

        A verdict depends on a few facts alone, so clients with equal facts are asked about once, and
        so are products: 100,000 clients and 5,000 products are a grid of some thousand by some hundred.
        """
        if not has_profiles(dataset) or not len(dataset.products):
            return cls({}, 0, 0, ())
        grids = Grid.of(dataset, before, today), Grid.of(dataset, after, today)
        some_clients, client_of = _alike(_profiles(*grids))
        some_products, product_of = _alike(_shelves(*grids))
        clients, products = np.bincount(client_of), np.bincount(product_of)
        counts = np.zeros((len(KINDS), len(KINDS)), dtype=np.int64)
        touched_clients = np.zeros(len(clients), dtype=bool)
        touched_products = np.zeros(len(products), dtype=bool)
        step = max(1, BLOCK // len(some_products))  # clients whose grid fits into memory
        for start in range(0, len(some_clients), step):
            rows = slice(start, start + step)
            was, now = (grid.verdicts(some_clients[rows], some_products) for grid in grids)
            for one, other in np.ndindex(counts.shape):
                if one != other:
                    flipped = (was == one) & (now == other)
                    counts[one, other] += int(clients[rows] @ (flipped @ products))
            touched_clients[rows] = (was != now).any(axis=1)
            touched_products |= (was != now).any(axis=0)
        return cls(
            {
                (KINDS[one], KINDS[other]): int(counts[one, other])
                for one, other in np.argwhere(counts).tolist()
            },
            int(clients[touched_clients].sum()),
            int(products[touched_products].sum()),
            tuple(_first(grids, np.flatnonzero(touched_clients[client_of]), first)),
        )


def _profiles(before: Grid, after: Grid) -> list[np.ndarray]:
    """Return what the verdicts of a client hang on, (clients,) each.

    Of a number only what it reaches counts: how many of the values that products ask for.
    """
    limits = []
    for asks, allows in zip(before.asks, before.allows, strict=True):
        reached = np.searchsorted(np.unique(asks[~np.isnan(asks)]), allows, side="right")
        limits.append(np.where(np.isnan(allows), -1, reached))
    return [*limits, before.fresh, after.fresh]


def _shelves(before: Grid, after: Grid) -> list[np.ndarray]:
    """Return what the verdicts on a product hang on, (products,) each."""
    return [*before.asks, before.sets, after.sets, before.offered]


def _alike(keys: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return one row of each group with equal keys, (groups,), and the group of each row, (rows,)."""
    numbers = codes([pa.array(key) for key in keys])  # unknown values, NaN, are alike
    _, some, groups = np.unique(numbers, return_index=True, return_inverse=True)
    return some, groups


def _first(grids: tuple[Grid, Grid], clients: np.ndarray, most: int) -> Iterator[Flip]:
    """Yield the first flips of clients that have any, (clients,) rows in order."""
    for client in clients[:most]:
        was, now = (grid.verdicts(np.array([client]))[0] for grid in grids)
        for product in np.flatnonzero(was != now)[:most].tolist():
            if most == 0:
                return
            yield Flip(int(client), product, KINDS[was[product]], KINDS[now[product]])
            most -= 1

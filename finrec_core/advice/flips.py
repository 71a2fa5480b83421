"""Flips: whose verdicts change when the bank sets other rules, counted over all clients and products."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

import numpy as np
import pyarrow as pa

from finrec_core.advice.grid import DOES_NOT_FIT, Grid
from finrec_core.advice.rules import Rules
from finrec_core.advice.suitability import judged
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
        What clients gave up is looked at pair by pair after that.
        """
        if not (judged(dataset, before) or judged(dataset, after)) or not len(dataset.products):
            return cls({}, 0, 0, ())
        whole = Grid.of(dataset, before, today), Grid.of(dataset, after, today)
        grids = replace(whole[0], former=None), replace(whole[1], former=None)
        some_clients, client_of = _alike(_profiles(*grids))
        some_products, product_of = _alike(_shelves(*grids))
        clients, products = np.bincount(client_of), np.bincount(product_of)
        counts = np.zeros((len(KINDS), len(KINDS)), dtype=np.int64)
        of_clients = np.zeros(len(clients), dtype=np.int64)  # flips of one client of each group
        of_products = np.zeros(len(products), dtype=np.int64)
        step = max(1, BLOCK // len(some_products))  # clients whose grid fits into memory
        for start in range(0, len(some_clients), step):
            rows = slice(start, start + step)
            was, now = (grid.verdicts(some_clients[rows], some_products) for grid in grids)
            for one, other in np.ndindex(counts.shape):
                if one != other:
                    flipped = (was == one) & (now == other)
                    counts[one, other] += int(clients[rows] @ (flipped @ products))
            of_clients[rows] = (was != now) @ products
            of_products += clients[rows] @ (was != now)
        of_clients, of_products = of_clients[client_of], of_products[product_of]
        _mend(dataset, whole, counts, of_clients, of_products)
        return cls(
            {
                (KINDS[one], KINDS[other]): int(counts[one, other])
                for one, other in np.argwhere(counts).tolist()
            },
            int(np.count_nonzero(of_clients)),
            int(np.count_nonzero(of_products)),
            tuple(_first(whole, np.flatnonzero(of_clients), first)),
        )


def _mend(
    dataset: Dataset,
    grids: tuple[Grid, Grid],
    counts: np.ndarray,
    of_clients: np.ndarray,
    of_products: np.ndarray,
) -> None:
    """Count the pairs that were given up anew, where they were counted as all others.

    `counts` are flips by verdict before and after, `of_clients` (clients,) and `of_products` (products,)
    those of each; all three are changed.
    """
    given_up = dataset.pairs.former
    clients, products = dataset.pair_clients[given_up], dataset.pair_products[given_up]
    anyway = [grid.anyway(clients, products) for grid in grids]
    told = [
        found if grid.former is None else np.full_like(found, DOES_NOT_FIT)
        for grid, found in zip(grids, anyway, strict=True)
    ]
    for (was, now), sign in ((anyway, -1), (told, 1)):
        flipped = was != now
        np.add.at(counts, (was[flipped], now[flipped]), sign)
        np.add.at(of_clients, clients[flipped], sign)
        np.add.at(of_products, products[flipped], sign)


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

"""P in blocks of products, where neither products nor clients are few enough for one matrix.

Each product i has a P of its own, the true inverse of the equations between the products around
it: a score stays a sum over clients and texts (docs/explanations.md), and what lies further away does not
speak for i. Close to the Markov random field of Steck (2019), with neighbourhoods shared by blocks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from scipy.sparse import csr_array

from finrec_core.model.equations import Equations, cholesky, solved

MEMBERS = 256  # products that share a block
AROUND = 2_000  # products a block is solved over, its members among them
WIDTH, ROUNDS = 16, 4  # dimensions that the blocks are cut in, and rounds to find them


@dataclass(frozen=True, eq=False)
class Blocks:
    """A P for each block of products, solved over the products that have most to do with it.

    `members` are the products of each block, `around` the products it is solved over (its members
    first), `columns` (around, members) the members' columns of its P.
    """

    equations: Equations
    members: tuple[np.ndarray, ...]
    around: tuple[np.ndarray, ...]
    columns: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, equations: Equations, products: np.ndarray | None = None) -> "Blocks":
        """Cut the products into blocks and solve them, all of them or only the given ones."""
        if products is None:
            products = np.arange(len(equations.ridge))
        members = _cut(_places(equations), products)
        around = [_neighbourhood(equations, block) for block in members]
        columns = []
        for block, wide in zip(members, around, strict=True):
            units = np.eye(len(wide), len(block))
            columns.append(solved(cholesky(equations.gram(wide)), units))
        return cls(equations, tuple(members), tuple(around), tuple(columns))

    @classmethod
    def restored(cls, equations: Equations, arrays: Mapping[str, np.ndarray]) -> "Blocks":
        """Read what `arrays` gave."""
        sizes, wide = arrays["sizes"], arrays["wide"]
        around = np.split(arrays["around"], np.cumsum(wide)[:-1])
        flat = np.split(arrays["columns"], np.cumsum(sizes * wide)[:-1])
        columns = [one.reshape(w, s) for one, w, s in zip(flat, wide, sizes, strict=True)]
        members = [one[:s] for one, s in zip(around, sizes, strict=True)]
        return cls(equations, tuple(members), tuple(around), tuple(columns))

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """The blocks one after another, with their sizes."""
        return {
            "sizes": np.array([len(one) for one in self.members]),
            "wide": np.array([len(one) for one in self.around]),
            "around": np.concatenate(self.around),
            "columns": np.concatenate([one.ravel() for one in self.columns]),
        }

    @cached_property
    def products(self) -> np.ndarray:
        """The products that stand in a solved block, in order."""
        return np.sort(np.concatenate(self.members))

    @cached_property
    def block_of(self) -> np.ndarray:
        """The block each product stands in, -1 where that was not solved (products,)."""
        found = np.full(len(self.equations.ridge), -1)
        for number, block in enumerate(self.members):
            found[block] = number
        return found

    @cached_property
    def diagonal(self) -> np.ndarray:
        """P_ii, each by its own block (products,); one where that was not solved."""
        found = np.ones(len(self.equations.ridge))
        for block, columns in zip(self.members, self.columns, strict=True):
            found[block] = np.diagonal(columns)
        return found

    def column(self, product: int) -> np.ndarray:
        """Return P_:i by the block of i, zero outside what that is solved over (products,)."""
        number, found = self.block_of[product], np.zeros(len(self.equations.ridge))
        place = int(np.flatnonzero(self.members[number] == product)[0])
        found[self.around[number]] = self.columns[number][:, place]
        return found

    def times(self, profiles: csr_array) -> np.ndarray:
        """Return (p P)_i by the block of each product i, (clients, products)."""
        found = np.zeros(profiles.shape)
        for block, wide, columns in zip(self.members, self.around, self.columns, strict=True):
            found[:, block] = profiles[:, wide] @ columns
        return found

    def times_at(self, profile: np.ndarray, product: int) -> np.ndarray:
        """Return p P by the block of one product, zero outside what that is solved over (products,)."""
        number, found = int(self.block_of[product]), np.zeros(len(self.equations.ridge))
        wide = self.around[number]
        found[wide] = solved(self._factor_of(number), profile[wide][:, None])[:, 0]
        return found

    @cached_property
    def _factor_of(self) -> Callable[[int], np.ndarray]:
        """The Cholesky factor of a block; the last few are kept, for one card asks several times."""
        return lru_cache(maxsize=4)(lambda number: cholesky(self.equations.gram(self.around[number])))


def _places(equations: Equations) -> np.ndarray:
    """Return each product's unit vector in the leading directions of L^-1/2 G L^-1/2, (products, WIDTH)."""
    scale = equations.ridge[:, None] ** -0.5
    found = np.random.default_rng(0).normal(size=(len(scale), WIDTH))
    for _ in range(ROUNDS):
        found = scale * equations.across(scale * np.linalg.qr(found)[0])
    return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-30)


def _cut(places: np.ndarray, products: np.ndarray) -> list[np.ndarray]:
    """Halve the products along the direction they differ most in, until a half fits a block."""
    if len(products) <= MEMBERS:
        return [np.sort(products)]
    away = places[products] - places[products].mean(axis=0)
    direction = np.linalg.eigh(away.T @ away)[1][:, -1]
    order = np.argsort(away @ direction, kind="stable")
    low, high = np.array_split(products[order], 2)
    return [*_cut(places, low), *_cut(places, high)]


def _neighbourhood(equations: Equations, block: np.ndarray) -> np.ndarray:
    """Return the products to solve a block over: its members, then those with most in common with them."""
    units = np.zeros((len(equations.ridge), len(block)))
    units[block, np.arange(len(block))] = equations.ridge[block] ** -0.5
    strength = (equations.across(units) ** 2).sum(axis=1) / equations.ridge  # (products,)
    strength[block] = -1.0
    most = min(AROUND, len(strength)) - len(block)
    others = np.argpartition(-strength, max(most - 1, 0))[: max(most, 0)]
    return np.concatenate([block, np.sort(others[strength[others] > 0])])

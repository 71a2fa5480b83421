"""Scorers: what a fitted arm is, and the two forms that most baselines take."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.sparse import csr_array


class Scorer(Protocol):
    """Something that scores clients by row."""

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Score all products for some clients.

        Args:
            rows: Client rows, (rows,).

        Returns:
            Finite scores, (rows, products), nothing masked.
        """


@dataclass(frozen=True)
class SameForAll:
    """A scorer that gives every client the same scores (products,)."""

    values: np.ndarray

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Return the scores once for each row (len(rows), products)."""
        return np.tile(self.values, (len(rows), 1))


@dataclass(frozen=True)
class ProductSums:
    """A scorer that sums product-product weights over what the client has."""

    held: csr_array  # (clients, products)
    weights: csr_array | np.ndarray  # (products, products), from held to scored

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Return held @ weights (len(rows), products)."""
        found = self.held[rows] @ self.weights
        return found if isinstance(found, np.ndarray) else found.toarray()


@dataclass(frozen=True)
class DotProducts:
    """A scorer made of client vectors (clients, dim), product vectors (products, dim) and a bias."""

    clients: np.ndarray
    products: np.ndarray
    bias: np.ndarray | float = 0.0

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Return clients @ products' + bias (len(rows), products)."""
        return self.clients[rows] @ self.products.T + self.bias

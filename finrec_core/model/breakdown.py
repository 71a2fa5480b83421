"""The breakdown: a view's score taken apart from the client's side and from the product's, as plain numbers.

Both sums are exact: base + all else = score, in float64 and in units of the view's own score. Rows and texts
get their names elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np


@dataclass(frozen=True, eq=False)
class ClientSide:
    """A score as base + interactions + ties: what moves is the client's own evidence.

    With k the width of `features.vectors`, `directions[j] @ vectors[products[j]]` is what of
    `interactions[j]` goes through the texts of that product.
    """

    base: float  # what no interaction and no tie of the client brings
    interactions: np.ndarray  # (n,) what each of `query.products` adds
    directions: np.ndarray  # (n, k) what a unit of the text features of each adds
    ties: np.ndarray  # (ties,) what each of `query.ties` adds


@dataclass(frozen=True, eq=False)
class ProductSide:
    """The same score as base + clients + text + ties + learned + products: what moves is on its side.

    `text @ vectors[product]` is what the product's own words and its reviews add.
    """

    base: float  # what nothing that reaches the product brings
    clients: np.ndarray  # (holders,) what each of `query.holders` adds
    text: np.ndarray  # (k,) what a unit of the product's own text features adds
    ties: np.ndarray  # (ties,) what a tie that has the product adds beside `clients`; else, or where held, 0
    learned: float | None = None  # its record with all clients, not traceable to single ones
    products: Mapping[int, float] | None = None  # what each similar product adds, by product row


class Breakdown(Protocol):
    """A view's score of one query, and its two exact sums.

    Both sides are asked for several times, and often only one: a cached property serves.
    """

    @property
    def score(self) -> float:
        """The view's score of the pair, from its own arithmetic."""
        ...

    @property
    def client(self) -> ClientSide:
        """The score in the client lens (docs/explanations.md, "Client lens")."""
        ...

    @property
    def product(self) -> ProductSide:
        """The score in the product lens (docs/explanations.md, "Product lens")."""
        ...


@dataclass(frozen=True, eq=False)
class Totals:
    """Both lenses of many scores, each kind of evidence as one sum, all (cells,) but `text` (cells, k)."""

    client_base: np.ndarray
    interactions: np.ndarray
    words: np.ndarray  # what of `interactions` goes through texts
    ties: np.ndarray
    product_base: np.ndarray
    clients: np.ndarray
    text: np.ndarray  # what a unit of the product's own text features adds
    tied: np.ndarray  # `ProductSide.ties`
    learned: np.ndarray
    products: np.ndarray

    def times(self, factor: np.ndarray) -> "Totals":
        """Return the totals with each cell multiplied by its factor.

        Args:
            factor: A factor for each cell, (cells,).

        Returns:
            New totals of the same cells.
        """
        return Totals(*((getattr(self, one.name).T * factor).T for one in fields(self)))

    def take(self, cells: np.ndarray) -> "Totals":
        """Return the totals of some cells.

        Args:
            cells: Positions or a mask of cells.

        Returns:
            Their totals, in the order of `cells`.
        """
        return Totals(*(getattr(self, one.name)[cells] for one in fields(self)))

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

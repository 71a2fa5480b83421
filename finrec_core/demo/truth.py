"""The planted truth of the demo bank: what every client would like, known because it was made."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from finrec_core.demo.catalogue import TASTES, Catalogue
from finrec_core.demo.grammar import read
from finrec_core.demo.people import People

TASTE_WEIGHT = 5.5
POPULARITY_WEIGHT = 0.9
NOT_FOR_THEM = -30.0
NOBODY = -60.0


@dataclass(frozen=True, repr=False, eq=False)
class Truth:
    """Tastes of clients and products, and the affinity that the interactions were drawn from.

    `words` are the words that reviews and descriptions use for each taste. Rows are those of the
    dataset's clients and products.
    """

    tastes: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    client_tastes: np.ndarray  # (clients, tastes), rows add up to 1
    product_tastes: np.ndarray  # (products, tastes), rows of length 1
    people: People
    catalogue: Catalogue

    def __repr__(self) -> str:
        clients, products = len(self.client_tastes), len(self.product_tastes)
        return f"Truth({clients:,} clients, {products:,} products, {len(self.tastes)} tastes)"

    @classmethod
    def of(cls, people: People, catalogue: Catalogue) -> "Truth":
        """Return the truth that is planted in these people and this catalogue."""
        length = np.linalg.norm(catalogue.tastes, axis=1, keepdims=True)
        return cls(
            tastes=TASTES,
            words={taste: tuple(read("tastes")[taste]["words"].split()) for taste in TASTES},
            client_tastes=people.tastes,
            product_tastes=catalogue.tastes / length,
            people=people,
            catalogue=catalogue,
        )

    def match(self, rows: np.ndarray) -> np.ndarray:
        """Return the cosine of the tastes of these clients and all products, 0 to 1 (rows, products)."""
        tastes = self.client_tastes[rows]
        return tastes / np.linalg.norm(tastes, axis=1, keepdims=True) @ self.product_tastes.T

    def affinity(self, rows: np.ndarray) -> np.ndarray:
        """Return how much each of these clients would like each product, float64 (rows, products).

        The log-weight of a draw: taste, popularity, and how well risk, horizon and knowledge fit.
        """
        who, what = self.people, self.catalogue
        over = np.maximum(0.0, what.risk - who.risk[rows, None])
        early = np.maximum(0.0, what.horizon - who.horizon[rows, None])
        beyond = np.maximum(0, what.knowledge - who.knowledge[rows, None])
        age = who.age[rows, None]
        ages = (age >= what.ages[:, 0]) & (age <= what.ages[:, 1])
        childless = what.parents & ~who.parent[rows, None]
        return (
            TASTE_WEIGHT * self.match(rows)
            + POPULARITY_WEIGHT * what.popularity
            - 0.7 * over
            - 0.08 * early
            - 0.5 * beyond
            - 2.5 * childless
            + np.where(ages, 0.0, NOT_FOR_THEM)
            + np.where(what.popularity > 0, 0.0, NOBODY)
        )

    def ranking(self, client: int) -> np.ndarray:
        """Return all product rows, the best liked first (products,)."""
        return np.argsort(-self.affinity(np.array([client]))[0], kind="stable")

    def neighbours(self, client: int, k: int = 10) -> np.ndarray:
        """Return the rows of the `k` clients whose tastes are most like this client's, nearest first."""
        unit = self.client_tastes / np.linalg.norm(self.client_tastes, axis=1, keepdims=True)
        order = np.argsort(-(unit @ unit[client]), kind="stable")
        return order[order != client][:k]

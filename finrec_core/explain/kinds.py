"""The kinds of evidence in many scores at once: both lenses of each score as a sum for each kind.

The arithmetic is that of the lenses, written out by each view for many scores together (`View.totals`):
base + kinds = score in float64, for each score on its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add

import numpy as np
from scipy.sparse import csr_array

from finrec_core.explain.explanation import Kind
from finrec_core.model.breakdown import Totals
from finrec_core.model.fused import FusedModel

CLIENT_KINDS: tuple[Kind, ...] = ("interaction", "tie")
PRODUCT_KINDS: tuple[Kind, ...] = ("client", "product", "learned", "review", "description", "tie")


@dataclass(frozen=True, repr=False, eq=False)
class LensKinds:
    """One lens of some scores: `base` and each of `kinds` (cells,), and of a kind what goes through words.

    `told` (cells,) holds that part of the kinds that have any; they are kept apart, since in one score
    the words of one kind may take what those of another add.
    """

    base: np.ndarray
    kinds: Mapping[Kind, np.ndarray]
    told: Mapping[Kind, np.ndarray]

    @property
    def text(self) -> np.ndarray:
        """What goes through words in each score, of all kinds together (cells,)."""
        return np.sum([*self.told.values()], axis=0)

    def __repr__(self) -> str:
        return f"LensKinds({len(self.base):,} scores: {', '.join(self.kinds)})"

    def error(self, scores: np.ndarray) -> float:
        """Return by how much base + kinds miss the scores (cells,) at most."""
        return float(np.abs(self.base + sum(self.kinds.values()) - scores).max(initial=0.0))


@dataclass(frozen=True, repr=False, eq=False)
class Cells:
    """Some scores, each of a client and a product that it does not have, taken apart.

    None may be of a client for whom nothing speaks. `View.in_bulk` says whether it goes fast.
    """

    model: FusedModel
    clients: np.ndarray  # (cells,) rows
    products: np.ndarray  # (cells,) rows

    @cached_property
    def _totals(self) -> Totals:
        """All views together, each by its factor."""
        i = self.products
        views = zip(self.model.views, self.model.factors, strict=True)
        return reduce(add, (view.totals(self.clients, i).times(factor[i]) for view, factor in views))

    @cached_property
    def _text(self) -> np.ndarray:
        """What a unit of the product's own text features adds to each score, (cells, k)."""
        cold = self.model.cold
        return self._totals.text + np.where(cold.rows[self.products, None], cold.direction, 0.0)

    @property
    def client(self) -> LensKinds:
        """The client lens of each score."""
        found = self._totals
        base = (self.model.cold.level + self.model.leaning)[self.products] + found.client_base
        kinds: dict[Kind, np.ndarray] = {"interaction": found.interactions, "tie": found.ties}
        return LensKinds(base, kinds, {"interaction": found.words})

    @property
    def product(self) -> LensKinds:
        """The product lens of each score."""
        model, found, i = self.model, self._totals, self.products
        start = model.leaning[i] + np.where(model.cold.rows[i], model.constants.cold.level, 0.0)
        told, width = self._text * model.evidence.features.vectors[i], model.evidence.features.own.shape[1]
        own, reviews = told[:, :width].sum(axis=1), told[:, width:].sum(axis=1)
        summed = found.clients, found.products, found.learned, reviews, own, found.tied
        kinds = dict(zip(PRODUCT_KINDS, summed, strict=True))
        return LensKinds(start + found.product_base, kinds, {"description": own, "review": reviews})

    def directions(self, weights: np.ndarray) -> np.ndarray:
        """Return what a unit of each product's text adds to the weighted scores, (products, k)."""
        size = (len(self.model.evidence.degree), len(weights))
        return csr_array((weights, (self.products, np.arange(len(weights)))), shape=size) @ self._text

    def __repr__(self) -> str:
        return f"Cells({len(self.clients):,} scores)"

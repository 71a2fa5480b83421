"""A closed-form view in many scores at once: what each kind of evidence adds through it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, diags_array

from finrec_core.model.closed_form import ClosedForm, tie_fade
from finrec_core.model.fused import FusedModel


@dataclass(frozen=True, repr=False, eq=False)
class SolvedCells:
    """A closed-form view (B or C) in some cells; everything carries the view's factor in the sum."""

    model: FusedModel
    view: ClosedForm
    factor: np.ndarray  # (products,)
    rows: np.ndarray  # (rows,) clients once each
    at: np.ndarray  # (cells,) places in `rows`
    products: np.ndarray  # (cells,)

    @cached_property
    def _profiles(self) -> tuple[csr_array, csr_array]:
        """What the clients bring themselves, and what their ties do, (rows, products) each."""
        evidence, constants = self.model.evidence, self.view.constants
        x = evidence.x
        own = csr_array((evidence.recency(constants.decay), x.indices, x.indptr), x.shape)[self.rows]
        fade = constants.tie_share * tie_fade(evidence.counts[self.rows])
        return own, csr_array(diags_array(fade) @ (evidence.ties[self.rows] @ x))

    def _at(self, whole: np.ndarray) -> np.ndarray:
        return whole[self.at, self.products]

    @property
    def own(self) -> np.ndarray:
        """What the clients' own products add, (cells,)."""
        return self.factor[self.products] * self._at(self.view.scores(self._profiles[0]))

    @property
    def tied(self) -> np.ndarray:
        """What the products of their ties add, (cells,); p_ui itself adds nothing."""
        return self.factor[self.products] * self._at(self.view.scores(self._profiles[1]))

    @property
    def told(self) -> np.ndarray:
        """What of `own` goes through those products' words, (cells,); see `SolvedPair.source_direction`."""
        i, view = self.products, self.view
        if not len(view.factors):
            return np.zeros(len(i))
        scaled = csr_array(self._profiles[0] @ diags_array(1.0 / view.ridge))
        sent = (scaled @ view.text) * view.factors**2  # (rows, k)
        met = view.inverse.times(csr_array(sent @ view.text.T))
        return self._scale * self._at(met) / view.diagonal[i]

    @property
    def _scale(self) -> np.ndarray:
        return self.factor[self.products] * self.view.lift[self.products]

    @cached_property
    def _dual(self) -> np.ndarray:
        i = self.products
        return self._scale / (self.view.ridge[i] * self.view.diagonal[i])

    @cached_property
    def _row(self) -> np.ndarray:
        """p_u P, (rows, products)."""
        own, tied = self._profiles
        return self.view.inverse.times(csr_array(own + tied))

    @property
    def holders(self) -> np.ndarray:
        """What the clients who have the product add, (cells,)."""
        x = self.model.evidence.x
        sent = (self._row @ x.T) * self.view.row_weights  # (rows, clients)
        return self._dual * self._at(sent @ x)

    @property
    def tied_holders(self) -> np.ndarray:
        """What p_ui itself adds, through ties that have the product, (cells,)."""
        brought = np.asarray(self._profiles[1][self.at, self.products]).ravel()
        return (self._scale - self._dual) * brought

    @cached_property
    def directions(self) -> np.ndarray:
        """What a unit of the product's own text features adds, (cells, k)."""
        told = (self._row @ self.view.text) * self.view.factors**2  # (rows, k)
        return self._dual[:, None] * told[self.at]

    def __repr__(self) -> str:
        return f"SolvedCells({len(self.products):,} scores, {self.view})"

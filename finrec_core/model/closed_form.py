"""The closed form: product-product weights, solved (docs/model.md, "View B: the closed form").

    G = sum_v r_v x_v x_v' + F F' ,  L_i = lambda + delta d_i ,  P = (G + diag L)^-1  in float64
    s(u, i) = d_i^e sum_{j != i} p_uj (-P_ji / P_ii)

View C is the same on text alone, without the sum over clients (docs/model.md, "View C: the tail"). The
weights follow from the constants at once; nothing is trained.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, diags_array

from finrec_core.model.constants import ClosedFormConstants
from finrec_core.model.equations import Equations
from finrec_core.model.evidence import Evidence
from finrec_core.model.inverse import Arrays, Inverse, inverse_of, restored

TIE_HALF = 5.0  # k2: ties fade as a client has more products of its own


@dataclass(frozen=True, repr=False, eq=False)
class ClosedForm:
    """A solved view: the inverse `P`, the ridge `L` and the text factors, all float64.

    `text` (products, k) is F without its column factors, `factors` (k,) those; `row_weights`
    (clients,) are r_v, all zero in view C. `lift` (products,) is d_i^e.
    """

    constants: ClosedFormConstants
    inverse: Inverse
    ridge: np.ndarray  # (products,)
    text: np.ndarray  # (products, k)
    factors: np.ndarray  # (k,)
    row_weights: np.ndarray  # (clients,)
    lift: np.ndarray  # (products,)

    @property
    def diagonal(self) -> np.ndarray:
        """P_ii, (products,)."""
        return self.inverse.diagonal

    def column(self, product: int) -> np.ndarray:
        """Return P_:i, (products,)."""
        return self.inverse.column(product)

    def times_at(self, profile: np.ndarray, product: int) -> np.ndarray:
        """Return p P as the given product sees it, (products,)."""
        return self.inverse.times_at(profile, product)

    def scores(self, profiles: csr_array) -> np.ndarray:
        """Return d_i^e (p_ui - (p P)_i / P_ii), which is the sum over j != i, (clients, products)."""
        scores = self.inverse.times(profiles)
        scores /= -self.diagonal
        rows = np.repeat(np.arange(profiles.shape[0]), np.diff(profiles.indptr))
        scores[rows, profiles.indices] += profiles.data
        scores *= self.lift
        return scores

    def __repr__(self) -> str:
        return f"ClosedForm({len(self.ridge):,} products, {self.constants})"


def solve(
    evidence: Evidence, constants: ClosedFormConstants, *, interactions: bool = True, fast: bool = False
) -> ClosedForm:
    """Solve a view; `interactions` off gives view C, `fast` is for the search (see `inverse_of`).

    Raises `FloatingPointError` where the ridge is too small for the weights to be solved.
    """
    return _view(evidence, constants, lambda equations: inverse_of(equations, fast=fast), interactions)


def restore(
    evidence: Evidence, constants: ClosedFormConstants, arrays: Arrays, *, interactions: bool
) -> ClosedForm:
    """Return the view whose inverse gave `arrays`; raises `ValueError` where they do not fit."""
    return _view(evidence, constants, lambda equations: restored(equations, arrays), interactions)


def _view(
    evidence: Evidence,
    constants: ClosedFormConstants,
    inverse: Callable[[Equations], Inverse],
    interactions: bool,
) -> ClosedForm:
    features = evidence.features
    own = features.own_power(constants.power) * constants.w_own**0.5
    reviews = features.review_power(constants.power) * constants.w_reviews**0.5
    text, factors = features.vectors, np.r_[own, reviews]
    counts = np.maximum(1.0, evidence.counts)
    row_weights = counts**-constants.loss_exponent if interactions else np.zeros(len(counts))
    ridge = constants.ridge + constants.ridge_degree * evidence.degree
    return ClosedForm(
        constants=constants,
        inverse=inverse(Equations.of(evidence.x, row_weights, text * factors, ridge)),
        ridge=ridge,
        text=text,
        factors=factors,
        row_weights=row_weights,
        lift=evidence.holders**constants.score_exponent,
    )


def profiles(evidence: Evidence, constants: ClosedFormConstants) -> csr_array:
    """Return what each client brings: its own products and its ties' (clients, products)."""
    x = evidence.x
    own = csr_array((evidence.recency(constants.decay), x.indices, x.indptr), x.shape)
    if not constants.tie_share or not evidence.ties.nnz:
        return own
    fade = constants.tie_share * tie_fade(evidence.counts)
    return csr_array(own + diags_array(fade) @ (evidence.ties @ x))


def tie_fade(counts: np.ndarray, half: float = TIE_HALF) -> np.ndarray:
    """Return k2 / (k2 + n_u), how much ties speak beside n_u products of one's own; n_u unfloored."""
    return half / (half + counts)

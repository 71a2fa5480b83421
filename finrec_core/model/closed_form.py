"""Views B and C: message passing over solved product-product weights (design 4).

    G = sum_v r_v x_v x_v' + F F' ,  L_i = lambda + delta d_i ,  P = (G + diag L)^-1  in float64
    s(u, i) = d_i^e sum_{j != i} p_uj (-P_ji / P_ii)

View C is the same on text alone, without the sum over clients. The weights follow from the
constants at once; nothing is trained.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from scipy.sparse import csr_array, diags_array

from finrec_core.model.constants import ClosedFormConstants
from finrec_core.model.evidence import Evidence

TIE_HALF = 5.0  # k2: ties fade as a client has more products of its own


@dataclass(frozen=True, repr=False, eq=False)
class ClosedForm:
    """A solved view: the inverse `P`, the ridge `L` and the text factors, all float64.

    `text` (products, k) is F without its column factors, `factors` (k,) those; `row_weights`
    (clients,) are r_v, all zero in view C. `lift` (products,) is d_i^e.
    """

    constants: ClosedFormConstants
    inverse: np.ndarray  # (products, products)
    ridge: np.ndarray  # (products,)
    text: np.ndarray  # (products, k)
    factors: np.ndarray  # (k,)
    row_weights: np.ndarray  # (clients,)
    lift: np.ndarray  # (products,)

    @property
    def diagonal(self) -> np.ndarray:
        """P_ii, (products,)."""
        return np.diagonal(self.inverse)

    def column(self, product: int) -> np.ndarray:
        """Return P_:i, (products,)."""
        return self.inverse[:, product]

    def times(self, profiles: csr_array) -> np.ndarray:
        """Return p P for each profile, (clients, products)."""
        return profiles @ self.inverse

    def scores(self, profiles: csr_array) -> np.ndarray:
        """Return d_i^e (p_ui - (p P)_i / P_ii), which is the sum over j != i, (clients, products)."""
        scores = self.times(profiles)
        scores /= -self.diagonal
        rows = np.repeat(np.arange(profiles.shape[0]), np.diff(profiles.indptr))
        scores[rows, profiles.indices] += profiles.data
        scores *= self.lift
        return scores

    def __repr__(self) -> str:
        return f"ClosedForm({len(self.inverse):,} products, {self.constants})"


def solve(
    evidence: Evidence, constants: ClosedFormConstants, *, interactions: bool = True, fast: bool = False
) -> ClosedForm:
    """Solve a view; `interactions` off gives view C, `fast` inverts in float32 for the search.

    Raises `FloatingPointError` where the ridge is too small for the weights to be solved.
    """
    unsolved = view_of(evidence, constants, np.zeros((0, 0)), interactions=interactions)
    gram = (unsolved.text * unsolved.factors**2) @ unsolved.text.T
    if interactions:
        gram += (evidence.x.T @ (diags_array(unsolved.row_weights) @ evidence.x)).toarray()
    gram[np.diag_indices(len(gram))] += unsolved.ridge
    return replace(unsolved, inverse=_inverse(gram, fast=fast))


def view_of(
    evidence: Evidence, constants: ClosedFormConstants, inverse: np.ndarray, *, interactions: bool
) -> ClosedForm:
    """Return the view that an inverse belongs to, with everything else read off the evidence."""
    features = evidence.features
    own = features.own_power(constants.power) * constants.w_own**0.5
    reviews = features.review_power(constants.power) * constants.w_reviews**0.5
    counts = np.maximum(1.0, evidence.counts)
    return ClosedForm(
        constants=constants,
        inverse=inverse,
        ridge=constants.ridge + constants.ridge_degree * evidence.degree,
        text=np.concatenate([features.own, features.product_reviews], axis=1),
        factors=np.concatenate([own, reviews]),
        row_weights=counts**-constants.loss_exponent if interactions else np.zeros(len(counts)),
        lift=evidence.holders**constants.score_exponent,
    )


def _inverse(gram: np.ndarray, *, fast: bool) -> np.ndarray:
    matrix = torch.from_numpy(gram.astype(np.float32) if fast else gram)
    try:
        inverse = torch.cholesky_inverse(torch.linalg.cholesky(matrix))
    except torch.linalg.LinAlgError as error:
        raise FloatingPointError("closed form: the weights cannot be solved; raise the ridge.") from error
    return inverse.double().numpy()


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

"""The fused model: views A, B and C summed, over the evidence they were fitted on.

    s = w s_B / sigma_B + (1 - w) s_A / sigma_A + gamma kappa / (kappa + d_i) s_C / sigma_C
        + popular log(1 + d_i) / sigma_d

Products that nobody has get what `cold` says. A client for whom nothing speaks, neither products of
its own nor its ties', gets log(1 + d_i).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from finrec_core.model.closed_form import ClosedForm, profiles
from finrec_core.model.cold import ColdStart
from finrec_core.model.constants import Constants
from finrec_core.model.evidence import Evidence
from finrec_core.model.network_view import NetworkView, Parameters

SIGMA_CLIENTS = 2000  # clients whose scores measure a view's spread
SIGMA_CELLS = 20_000_000  # scores that do, where the catalogue is large
BLOCK = 1024  # clients scored at once


@dataclass(frozen=True, repr=False, eq=False)
class FusedModel:
    """A fitted model: its evidence, constants with sigmas, and the views that are switched on.

    >>> import numpy as np
    >>> recommender.model.scores(np.array([0, 1])).shape
    (2, 30)
    """

    evidence: Evidence
    constants: Constants
    network: NetworkView | None
    closed_form: ClosedForm | None
    tail: ClosedForm | None
    seeds: tuple[Mapping[str, np.ndarray], ...] = ()

    def __post_init__(self) -> None:
        if self.constants.sigmas is None:
            raise ValueError("a fused model needs the spread of its views.")

    @cached_property
    def factors(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The factor each view's score of each product enters the sum with: A, B, C, (products,) each."""
        return view_factors(self.constants, self.evidence.degree, self.cold.rows)

    @cached_property
    def cold(self) -> ColdStart:
        """The products that nobody has and the levels their scores start from."""
        return ColdStart.of(self.evidence, self.constants.cold)

    @cached_property
    def profiles(self) -> csr_array:
        """p_u of view B, (clients, products)."""
        return profiles(self.evidence, self.constants.closed_form)

    @cached_property
    def tail_profiles(self) -> csr_array:
        """p_u of view C, (clients, products)."""
        return profiles(self.evidence, self.constants.tail)

    @cached_property
    def silent(self) -> np.ndarray:
        """Clients for whom nothing speaks, bool (clients,)."""
        reached = self.evidence.ties @ self.evidence.counts
        return (self.evidence.counts == 0) & (reached == 0)

    @property
    def popularity(self) -> np.ndarray:
        """log(1 + d_i), the score of every product for a client for whom nothing speaks."""
        return np.log1p(self.evidence.degree)

    @cached_property
    def leaning(self) -> np.ndarray:
        """What its number of holders alone adds to each product's score, for all clients, (products,)."""
        return self.constants.popular * standing(self.evidence.degree)

    def views(self, rows: np.ndarray) -> list[np.ndarray | None]:
        """Return the raw scores of views A, B, C for the given clients, None for one switched off."""
        return [
            self.network.scores(rows) if self.network else None,
            self.closed_form.scores(self.profiles[rows]) if self.closed_form else None,
            self.tail.scores(self.tail_profiles[rows]) if self.tail else None,
        ]

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Return the scores of the given client rows, nothing masked, float64 (rows, products)."""
        rows = np.asarray(rows, dtype=np.int64)
        scores = np.tile(self.cold.level + self.leaning, (len(rows), 1))
        for low in range(0, len(rows), BLOCK):
            block = rows[low : low + BLOCK]
            for view, factor in zip(self.views(block), self.factors, strict=True):
                if view is not None:
                    scores[low : low + BLOCK] += view * factor
        scores[self.silent[rows]] = self.popularity
        return scores

    def __repr__(self) -> str:
        clients, products = self.evidence.x.shape
        names = [name for name in ("network", "closed_form", "tail") if getattr(self, name) is not None]
        return f"FusedModel({clients:,} clients, {products:,} products, {' + '.join(names)})"


def view_factors(
    constants: Constants, degree: np.ndarray, cold: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what each view's raw score is multiplied with in the sum, (products,) each.

    `degree` and `cold` are (products,): holders, and whether a product is scored by its words.
    Raises `ValueError` where the spreads are not known yet.
    """
    if constants.sigmas is None:
        raise ValueError("the spread of the views is not known yet.")
    a, b, c = constants.sigmas
    share = constants.share if constants.switches.network else 1.0
    if not constants.switches.closed_form:
        share = 0.0
    flat = np.ones(len(degree))
    rare = np.where(cold, constants.cold.tail, constants.gamma * constants.kappa / (constants.kappa + degree))
    return (flat * ((1.0 - share) / a), np.where(cold, 0.0, share / b), rare / c)


def standing(degree: np.ndarray) -> np.ndarray:
    """Return log(1 + d_i) in units of its spread over the products, (products,)."""
    held = np.log1p(degree)
    return held / spread(held)


def spread(scores: np.ndarray | None) -> float:
    """Return the global standard deviation of a view's scores, one where it has none."""
    size = float(np.std(scores)) if scores is not None and scores.size else 1.0
    return size if size > 1e-12 else 1.0


def with_network(evidence: Evidence, constants: Constants, seeds: Sequence[Parameters]) -> NetworkView | None:
    """Return view A over the evidence, None when it is switched off."""
    return NetworkView.of(evidence, constants.network, seeds) if constants.switches.network else None

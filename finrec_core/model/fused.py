"""The fused model: the sum of its views over the evidence they were fitted on.

    s(u, i) = popular log(1 + d_i) / sigma_d + cold_i + sum over views of factor_i s_view(u, i) / sigma_view

(docs/model.md, "The sum"). Products that nobody has start from the level that `cold` says. A client for
whom nothing speaks, neither products of its own nor its ties', gets log(1 + d_i).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from finrec_core.model.closed_form_view import ClosedFormView, TailView
from finrec_core.model.cold import ColdStart
from finrec_core.model.constants import Constants
from finrec_core.model.evidence import Evidence
from finrec_core.model.network_view import NetworkView
from finrec_core.model.view import Learned, View

# The views A, B and C. A new one goes to the end: stored models know theirs by the order.
VIEWS: list[type[View]] = [NetworkView, ClosedFormView, TailView]
BLOCK = 1024  # clients scored at once


@dataclass(frozen=True, repr=False, eq=False)
class FusedModel:
    """A fitted model: its evidence, constants with sigmas, and the views that speak, in the order of `VIEWS`.

    >>> import numpy as np
    >>> recommender.model.scores(np.array([0, 1])).shape
    (2, 30)
    """

    evidence: Evidence
    constants: Constants
    views: tuple[View, ...]

    def __post_init__(self) -> None:
        if self.constants.sigmas is None:
            raise ValueError("a fused model needs the spread of its views.")

    def view(self, name: str) -> View | None:
        """Return the view of a name, None where the model does without it."""
        return next((view for view in self.views if view.name == name), None)

    @property
    def learned(self) -> dict[str, Learned]:
        """What training gave each view, by name."""
        return {view.name: view.learned for view in self.views}

    @cached_property
    def factors(self) -> tuple[np.ndarray, ...]:
        """What each view's score of each product is multiplied with in the sum, (products,) each."""
        sigmas = dict(zip((view.name for view in VIEWS), self.constants.sigmas or (), strict=False))
        return tuple(view.factor(self.evidence, self.constants) / sigmas[view.name] for view in self.views)

    @cached_property
    def cold(self) -> ColdStart:
        """The products that nobody has and the levels their scores start from."""
        return ColdStart.of(self.evidence, self.constants.cold)

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
        return self.constants.popular * (self.popularity / spread(self.popularity))

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Return the scores of the given client rows, nothing masked, float64 (rows, products)."""
        rows = np.asarray(rows, dtype=np.int64)
        scores = np.tile(self.cold.level + self.leaning, (len(rows), 1))
        for low in range(0, len(rows), BLOCK):
            block = rows[low : low + BLOCK]
            for view, factor in zip(self.views, self.factors, strict=True):
                scores[low : low + BLOCK] += view.scores(block) * factor
        scores[self.silent[rows]] = self.popularity
        return scores

    def __repr__(self) -> str:
        clients, products = self.evidence.x.shape
        names = " + ".join(view.name for view in self.views)
        return f"FusedModel({clients:,} clients, {products:,} products, {names})"


def spread(scores: np.ndarray) -> float:
    """Return the standard deviation of a view's scores, one where it has none."""
    size = float(np.std(scores)) if scores.size else 1.0
    return size if size > 1e-12 else 1.0

"""Validation: who is asked while constants are chosen, how answers are judged, and what is worth a try."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from finrec_core.metrics import rank_metrics
from finrec_core.model.coordinate_search import Grid
from finrec_core.model.evidence import Evidence
from finrec_core.terms.progress import Watch

ASKED_CELLS = 50_000_000  # clients x products ranked at each look at the validation rows, 400 MB


@dataclass(frozen=True, repr=False, eq=False)
class Validation:
    """The validation targets of every client, and what is masked while they are ranked."""

    targets: csr_array  # (clients, products)
    masked: csr_array  # (clients, products)

    @cached_property
    def rows(self) -> np.ndarray:
        """Clients with a target, evenly thinned out where that would be too many scores, (rows,)."""
        rows = np.flatnonzero(np.diff(self.targets.indptr))
        return evenly(rows, max(1, ASKED_CELLS // max(1, self.targets.shape[1])))

    def among(self, products: np.ndarray) -> "Validation":
        """Return the same questions with these products as the whole catalogue."""
        return Validation(self.targets[:, products], self.masked[:, products])

    def ndcg(self, scores: np.ndarray) -> np.ndarray:
        """Return NDCG@20 of each client from scores given for `rows`, (rows, products) to (rows,)."""
        rows = self.rows
        return rank_metrics(scores, self.targets[rows], self.masked[rows], (20,))["ndcg@20"]

    def __repr__(self) -> str:
        return f"Validation({len(self.rows):,} clients, {self.targets.nnz:,} targets)"


@dataclass(frozen=True, repr=False, eq=False)
class Search:
    """What a view needs to choose its own constants: the training rows, their judge, and how hard to try."""

    evidence: Evidence
    judge: Validation
    seed: int
    thorough: bool
    device: str
    watch: Watch  # is told every check of a network's training

    def grid(self, grid: Grid) -> Grid:
        """Leave out the coordinates that cannot matter for this evidence."""
        features, pointless = self.evidence.features, set()
        if not features.own.size:
            pointless |= {"w_own"}
        if not features.reviews.size:
            pointless |= {"w_reviews"}
        if not features.own.size and not features.reviews.size:
            pointless |= {"power"}
        if np.isnan(self.evidence.days).all() or not self.evidence.switches.recency:
            pointless |= {"decay"}
        if not self.evidence.ties.nnz:
            pointless |= {"tie_share"}
        return {name: values for name, values in grid.items() if name not in pointless}

    def __repr__(self) -> str:
        return f"Search({self.evidence}, {self.judge})"


def evenly(rows: np.ndarray, most: int) -> np.ndarray:
    """Return all rows, or `most` of them evenly spaced."""
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]

"""The choice of the cold start: on validation rows, with a tenth of the products held back.

What the views learned stays as it is; the products held back lose their interactions, their
reviews and everything learned about them, and must be found by their own words. What they gain
costs the others places in the list, so the level rises only until their NDCG has lost `LOSS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from finrec_core.dataset import Dataset, Targets
from finrec_core.metrics import cell_rows, metrics_of_ranks, target_ranks
from finrec_core.model.constants import ColdConstants, Constants
from finrec_core.model.evidence import Evidence
from finrec_core.model.fit import assemble
from finrec_core.model.fused import FusedModel
from finrec_core.model.validation import evenly
from finrec_core.model.view import Learned

SHARE = 0.1  # of the products with words that are held back
LOSS = 0.015  # of the other products' NDCG@20 that may be paid for finding them
FEWEST = 50  # held-back targets below which slope and tail stay as they are
SLOPES = (0.0, 0.3, 0.6, 1.0)
TAILS = (0.1, 0.3, 0.6)
CELLS = 20_000_000  # scores held at once
HALVINGS = 14  # of the interval in which the level lies


def choose_cold(
    dataset: Dataset,
    evidence: Evidence,
    asked: Targets,
    constants: Constants,
    learned: Mapping[str, Learned],
    *,
    seed: int,
) -> ColdConstants:
    """Return the constants of the cold start; `dataset` holds the rows that `evidence` was read from.

    Slope and tail are those that find most held-back targets, the level the highest allowed.
    """
    found = constants.cold
    able = np.flatnonzero((evidence.degree > 0) & evidence.features.own.any(axis=1))
    if not evidence.switches.cold or len(able) < 1 / SHARE:
        return found
    held = np.random.default_rng(seed).choice(able, size=round(SHARE * len(able)), replace=False)
    keep = ~np.isin(dataset.event_products, held)
    rest = Evidence.with_features(
        *(dataset.take(keep), evidence.features.take(keep), evidence.switches),
        message_passing=evidence.message_passing.asked,
    )
    trial = _Trial(assemble(rest, constants, learned), asked.wanted, asked.masked)
    if not trial.others.nnz:
        return found
    if trial.asked.nnz < FEWEST:
        return replace(found, level=trial.level(found))
    best = -1.0
    for tail in TAILS:
        for slope in SLOPES:
            tried = ColdConstants(tail=tail, slope=slope)
            tried = replace(tried, level=trial.level(tried))
            recall = trial.recall(tried)
            if recall > best:
                found, best = tried, recall
    return found


@dataclass(frozen=True, repr=False, eq=False)
class _Trial:
    """A model with products held back, the validation targets it is asked for, and what clients had."""

    model: FusedModel
    targets: csr_array  # (clients, products)
    masked: csr_array  # (clients, products)

    @cached_property
    def rows(self) -> np.ndarray:
        """Clients with a target, evenly spaced where they are many, (rows,)."""
        rows = np.flatnonzero(np.diff(self.targets.indptr))
        return evenly(rows, max(1, CELLS // self.targets.shape[1]))

    @cached_property
    def cold(self) -> np.ndarray:
        """Product rows that nobody has, (cold,)."""
        return np.flatnonzero(self.model.cold.rows)

    @cached_property
    def asked(self) -> csr_array:
        """Targets among the cold products, (rows, cold)."""
        return csr_array(self.targets[self.rows][:, self.cold])

    @cached_property
    def others(self) -> csr_array:
        """Targets among the other products, (rows, products)."""
        known = self.targets[self.rows].copy()
        known.data = known.data * ~self.model.cold.rows[known.indices]
        known.eliminate_zeros()
        return known

    @cached_property
    def parts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What does not follow the tail's constant and what a constant of one adds, (rows, cold); the level.

        The level is that at slope one, (cold,). What a view adds is linear in `ColdConstants.tail`.
        """
        constants, rows = self.model.constants, self.rows
        without, whole = (
            replace(self.model, constants=replace(constants, cold=ColdConstants(tail=tail, slope=1.0)))
            for tail in (0.0, 1.0)
        )
        fixed, by_tail = np.zeros((len(rows), len(self.cold))), np.zeros((len(rows), len(self.cold)))
        for view, low, high in zip(self.model.views, without.factors, whole.factors, strict=True):
            scores = view.scores(rows)[:, self.cold]
            fixed += scores * low[self.cold]
            by_tail += scores * (high - low)[self.cold]
        return fixed, by_tail, whole.cold.level[self.cold]

    @cached_property
    def scores(self) -> np.ndarray:
        """Scores of the other products, what cannot be offered at minus infinity, (rows, products)."""
        scores = self.model.scores(self.rows)
        masked = self.masked[self.rows]
        scores[cell_rows(masked), masked.indices] = -np.inf
        scores[:, self.cold] = -np.inf
        return scores

    @cached_property
    def ranks(self) -> np.ndarray:
        """Rank of each of the others' targets without any cold product, (targets,)."""
        finite = np.where(np.isfinite(self.scores), self.scores, self._low - 1.0)
        return target_ranks(finite, self.others)

    @cached_property
    def _low(self) -> float:
        return float(np.min(self.scores, where=np.isfinite(self.scores), initial=np.inf))

    def cold_scores(self, constants: ColdConstants) -> np.ndarray:
        """Return the scores of the cold products, (rows, cold)."""
        fixed, by_tail, level = self.parts
        return fixed + constants.tail * by_tail + constants.slope * level + constants.level

    def loss(self, constants: ColdConstants) -> float:
        """Return the share of the others' NDCG@20 that is lost to the cold products."""
        rows = cell_rows(self.others)
        own = self.scores[rows, self.others.indices]
        above = np.empty(len(rows), dtype=np.int64)
        cold = self.cold_scores(constants)
        step = max(1, CELLS // max(1, len(self.cold)))
        for low in range(0, len(rows), step):
            part = slice(low, low + step)
            above[part] = np.count_nonzero(cold[rows[part]] > own[part, None], axis=1)
        with_cold, without = (
            np.nanmean(metrics_of_ranks(ranks, rows, len(self.rows), (20,))["ndcg@20"])
            for ranks in (self.ranks + above, self.ranks)
        )
        return 1.0 - float(with_cold / without) if without else 0.0

    def recall(self, constants: ColdConstants) -> float:
        """Return recall@20 of the cold targets, ranked among all products."""
        rows = cell_rows(self.asked)
        cold = self.cold_scores(constants)
        own = cold[rows, self.asked.indices][:, None]
        above = np.count_nonzero(self.scores[rows] > own, axis=1) + np.count_nonzero(cold[rows] > own, axis=1)
        found = metrics_of_ranks(1 + above, rows, len(self.rows), (20,))["recall@20"]
        return float(np.nanmean(found[np.diff(self.asked.indptr) > 0]))

    def level(self, constants: ColdConstants) -> float:
        """Return the highest level at which the others lose no more than `LOSS`."""
        start = self.cold_scores(replace(constants, level=0.0))
        low, high = self._low - float(start.max()) - 1.0, float(self.scores.max()) - float(start.min())
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if self.loss(replace(constants, level=middle)) <= LOSS:
                low = middle
            else:
                high = middle
        return low

"""Popularity arms: the most held products, and the most recently taken up ones, for everybody."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from finrec_core.dataset import Dataset
from finrec_core.evaluation.arm import Task
from finrec_core.evaluation.scorer import SameForAll
from finrec_core.terms.progress import Progress, silent
from finrec_core.text.table import TextTable

HALF_LIVES = (3.0, 7.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0, 960.0, 1920.0)  # days


class Popularity:
    """Score = the number of holders."""

    name = "popularity"
    seeded = False
    reads_text = False

    def choose(self, task: Task, progress: Progress = silent) -> dict[str, Any]:
        """Return no constants: there is nothing to choose."""
        return {}

    def fit(
        self,
        dataset: Dataset,
        texts: TextTable | None,
        constants: Mapping[str, Any],
        seed: int,
        progress: Progress = silent,
    ) -> SameForAll:
        """Count the holders of each product."""
        return SameForAll(np.asarray(dataset.matrix().sum(axis=0)))


class RecentPopularity:
    """Score = the sum of 2^(-age / half-life) over the holders, age in days before the last known time.

    An interaction without a time weighs as much as the mean of the others. Without any times, or if
    validation likes it best, the half-life is None: plain popularity.
    """

    name = "recent-popularity"
    seeded = False
    reads_text = False

    def choose(self, task: Task, progress: Progress = silent) -> dict[str, Any]:
        """Choose the half-life; all of them are judged, and None wins where it is as good as any."""
        train, texts = task.training
        if np.isnan(train.days).all() or not len(task.validation.rows):
            return {"half_life": None}
        figures = {}
        for place, half_life in enumerate((None, *HALF_LIVES)):
            scorer = self.fit(train, texts, {"half_life": half_life}, task.seed)
            figures[half_life] = task.validation.ndcg(scorer)
            progress("Choosing constants", place / len(HALF_LIVES))
        return {"half_life": max(figures, key=lambda half_life: figures[half_life])}

    def fit(
        self,
        dataset: Dataset,
        texts: TextTable | None,
        constants: Mapping[str, Any],
        seed: int,
        progress: Progress = silent,
    ) -> SameForAll:
        """Sum the weights of each product's holders."""
        positive = dataset.positive
        weights = np.ones(int(positive.sum()))
        if constants["half_life"] is not None:
            age = np.nanmax(dataset.days) - dataset.days[positive]
            weights = np.exp2(-age / constants["half_life"])
            weights[np.isnan(weights)] = np.nanmean(weights)
        products = dataset.pair_products[positive]
        return SameForAll(np.bincount(products, weights, minlength=len(dataset.products)))

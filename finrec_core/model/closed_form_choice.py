"""The choice of the closed form's constants, by NDCG@20 of views B and C alone."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from finrec_core.model.blocks import Blocks
from finrec_core.model.closed_form import ClosedForm, profiles, solve
from finrec_core.model.constants import ClosedFormConstants
from finrec_core.model.coordinate_search import Grid, cautious_search
from finrec_core.model.validation import Search
from finrec_core.terms.progress import Progress

FEW = 500  # products up to which solving is cheap enough for several sweeps

CLOSED_FORM_GRID: Grid = {
    "ridge": (1, 5, 25, 50, 100, 200, 400, 800, 1600, 3200, 6400, 12800),
    "w_own": (0, 1, 4, 16, 64, 256, 1024),
    "w_reviews": (0, 1, 4, 16, 64, 256, 1024),
    "ridge_degree": (0, 0.3, 1, 2, 3, 5),
    "score_exponent": (-0.6, -0.45, -0.3, -0.15, 0.0, 0.15, 0.3, 0.5),
    "loss_exponent": (0.0, 0.25, 0.5, 0.75, 1.0),
    "power": (0.5, 0.75, 1.0),
    "decay": (0.0, 1000.0, 365.0, 120.0, 60.0, 30.0, 10.0),
    "tie_share": (0.0, 0.05, 0.1, 0.2, 0.4, 0.8),
}
TAIL_GRID: Grid = {
    "ridge": (0.1, 0.3, 1, 3, 10, 30, 100),
    "w_reviews": (0.1, 0.3, 1, 3, 10),
    "ridge_degree": (0, 0.01, 0.03, 0.1, 0.3),
    "score_exponent": (-0.3, 0.0, 0.3, 0.5),
    "power": (0.5, 0.75, 1.0),
    "tie_share": (0.0, 0.1, 0.4, 0.8),
}


def choose_closed_form(search: Search, progress: Progress) -> ClosedFormConstants:
    """Choose the constants of view B; solving costs products^3, so large catalogues get one sweep."""
    start = ClosedFormConstants(w_own=4.0, w_reviews=1.0, power=0.5)
    sweeps = 4 if search.thorough else 3 if search.evidence.x.shape[1] <= FEW else 1
    grid = search.grid(CLOSED_FORM_GRID)
    return cautious_search(_figures(search, interactions=True), start, grid, sweeps=sweeps, progress=progress)


def choose_tail(search: Search, decay: float, progress: Progress) -> ClosedFormConstants:
    """Choose the constants of view C; `decay`, the recency of view B, is taken over."""
    start = ClosedFormConstants(ridge=1.0, ridge_degree=0.0, w_own=1.0, w_reviews=1.0, decay=decay)
    grid = search.grid(TAIL_GRID)
    return cautious_search(_figures(search, interactions=False), start, grid, sweeps=1, progress=progress)


def _figures(search: Search, *, interactions: bool) -> Callable[[ClosedFormConstants], np.ndarray]:
    """Return the validation figures of closed-form constants; what was solved last is used again."""
    evidence, judge = search.evidence, search.judge
    solved: dict[tuple[float, ...], ClosedForm] = {}

    def figures(constants: ClosedFormConstants) -> np.ndarray:
        c = constants
        key = (c.ridge, c.ridge_degree, c.loss_exponent, c.w_own, c.w_reviews, c.power)
        if key not in solved:
            solved.clear()
            solved[key] = solve(evidence, constants, interactions=interactions, fast=True)
        form = replace(solved[key], lift=evidence.holders**c.score_exponent)
        if isinstance(form.inverse, Blocks):  # only some products are solved
            some = form.inverse.products
            asked = judge.among(some)
            return asked.ndcg(form.scores(profiles(evidence, constants)[asked.rows])[:, some])
        return judge.ndcg(form.scores(profiles(evidence, constants)[judge.rows]))

    return figures

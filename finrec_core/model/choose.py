"""Choose: a coordinate search over small grids on the validation rows, closed form first.

The budget is a count of trials, set by the size of the data and stated with the result, never a
clock: the same data and seed choose the same constants on every machine.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from finrec_core.dataset import Dataset
from finrec_core.dataset.limits import FEWEST_ASKED
from finrec_core.dataset.progress import Progress, Watch, part, silent, unwatched
from finrec_core.dataset.split import Split
from finrec_core.metrics import rank_metrics
from finrec_core.model.blocks import Blocks
from finrec_core.model.closed_form import ClosedForm, profiles, solve
from finrec_core.model.cold_choice import choose_cold
from finrec_core.model.constants import ClosedFormConstants, Constants, NetworkConstants, Switches
from finrec_core.model.coordinate_search import Grid, cautious_search
from finrec_core.model.evidence import Evidence
from finrec_core.model.fit import assemble, evenly, has_tail
from finrec_core.model.fused import FusedModel, standing, view_factors
from finrec_core.model.network import NetworkInputs
from finrec_core.model.training import Trained, place, train
from finrec_core.terms.bounds import SMALL_CELLS
from finrec_core.text.table import TextTable

UNCHOSEN = 3.0  # how far a sum leans on popularity where too few clients can be asked what is better
ASKED_CELLS = 50_000_000  # clients x products ranked at each look at the validation rows, 400 MB

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
NETWORK_GRID: Grid = {
    "weight_decay": (1e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3),
    "degree_exponent": (0.25, 0.5, 0.75),
    "dim": (16, 32, 64, 96),
    "decay": (0.0, 1000.0, 365.0, 120.0, 60.0, 30.0, 10.0),
    "power": (0.5, 0.75, 1.0),
}
BRIEF_GRID: Grid = {"degree_exponent": (0.5, 0.25), "weight_decay": (1e-4, 3e-4)}  # one try each
SUM_GRID: Grid = {
    "share": (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0),
    "gamma": (0.0, 0.05, 0.1, 0.2, 0.4),
    "kappa": (10.0, 30.0, 100.0, 300.0),
    "popular": (0.0, 0.1, 0.3, 1.0, 3.0, 30.0),  # the last is popularity alone
}


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


@dataclass(frozen=True)
class Choice:
    """What a search chose, and the first network's validation NDCG@20 by step on the way there.

    >>> from finrec_core.dataset import split_by_client
    >>> from finrec_core.model import choose
    >>> chosen = choose(bank, None, split_by_client(bank, seed=0))
    >>> chosen.constants.switches.text
    True
    """

    constants: Constants
    curve: tuple[tuple[int, float], ...] = ()


def choose(
    dataset: Dataset,
    texts: TextTable | None,
    split: Split,
    *,
    switches: Switches | None = None,
    seed: int = 0,
    thorough: bool = False,
    device: str = "cpu",
    progress: Progress = silent,
    watch: Watch = unwatched,
) -> Choice:
    """Choose all constants on training rows, judged by NDCG@20 on validation rows; test rows are not read.

    The constants come with the networks' step counts; spreads stay unset, for `fit` measures them
    on its own rows. Where fewer than `FEWEST_ASKED` clients can be asked, the defaults are returned,
    leaning on popularity. `watch` is told the checks of every network, those tried included.

    >>> from finrec_core.dataset import split_by_client
    >>> from finrec_core.model import Switches, choose
    >>> split = split_by_client(bank, seed=0)
    >>> choose(bank, None, split, switches=Switches(network=False)).constants.switches.network
    False
    """
    switches = switches or Switches()
    trained_on = dataset.take(split.train)
    evidence = Evidence.of(trained_on, texts.take(split.train) if texts else None, switches)
    targets = dataset.take(split.validation).matrix()
    constants = Constants(switches=switches)
    judge = Validation(targets, evidence.held)
    if len(judge.rows) < FEWEST_ASKED:
        return Choice(replace(constants, popular=UNCHOSEN))
    sweeps = _sweeps(evidence, thorough=thorough)
    if switches.closed_form:
        report = part(progress, 0.0, 0.25)
        best = _choose_closed_form(evidence, judge, sweeps, report)
        constants = replace(constants, closed_form=best)
    if has_tail(evidence, constants):
        report = part(progress, 0.25, 0.3)
        constants = replace(constants, tail=_choose_tail(evidence, judge, constants, report))
    networks: list[Trained] = []
    if switches.network:
        report = part(progress, 0.3, 0.9)
        network, networks = _choose_network(
            evidence, judge, constants, seed, thorough=thorough, device=device, progress=report, watch=watch
        )
        constants = replace(constants, network=network)
    progress("Weighing the views", 0.9)
    seeds = [trained.parameters for trained in networks]
    constants = _choose_sum(assemble(evidence, constants, seeds), judge)
    progress("Holding products back", 0.95)
    cold = choose_cold(trained_on, evidence, targets, constants, seeds, seed=seed)
    return Choice(replace(constants, cold=cold), networks[0].curve if networks else ())


def _sweeps(evidence: Evidence, *, thorough: bool) -> int:
    """Sweeps of the closed-form search: solving costs products^3, so large catalogues get one."""
    if thorough:
        return 4
    return 3 if evidence.x.shape[1] <= 500 else 1


def _grid(evidence: Evidence, grid: Grid) -> Grid:
    """Leave out the coordinates that cannot matter for this evidence."""
    pointless = set()
    if not evidence.features.own.size:
        pointless |= {"w_own"}
    if not evidence.features.reviews.size:
        pointless |= {"w_reviews"}
    if not evidence.features.own.size and not evidence.features.reviews.size:
        pointless |= {"power"}
    if np.isnan(evidence.days).all() or not evidence.switches.recency:
        pointless |= {"decay"}
    if not evidence.ties.nnz:
        pointless |= {"tie_share"}
    return {name: values for name, values in grid.items() if name not in pointless}


def _objective(
    evidence: Evidence, judge: Validation, *, interactions: bool
) -> Callable[[ClosedFormConstants], np.ndarray]:
    """Return the validation figures of closed-form constants; what was solved last is used again."""
    solved: dict[tuple[float, ...], ClosedForm] = {}

    def figures(constants: ClosedFormConstants) -> np.ndarray:
        c = constants
        key = (c.ridge, c.ridge_degree, c.loss_exponent, c.w_own, c.w_reviews, c.power)
        if key not in solved:
            solved.clear()
            solved[key] = solve(evidence, constants, interactions=interactions, fast=True)
        view = replace(solved[key], lift=evidence.holders**c.score_exponent)
        if isinstance(view.inverse, Blocks):  # only some products are solved
            some = view.inverse.products
            asked = judge.among(some)
            return asked.ndcg(view.scores(profiles(evidence, constants)[asked.rows])[:, some])
        return judge.ndcg(view.scores(profiles(evidence, constants)[judge.rows]))

    return figures


def _choose_closed_form(
    evidence: Evidence, judge: Validation, sweeps: int, progress: Progress
) -> ClosedFormConstants:
    start = ClosedFormConstants(w_own=4.0, w_reviews=1.0, power=0.5)
    objective = _objective(evidence, judge, interactions=True)
    grid = _grid(evidence, CLOSED_FORM_GRID)
    return cautious_search(objective, start, grid, sweeps=sweeps, progress=progress)


def _choose_tail(
    evidence: Evidence, judge: Validation, constants: Constants, progress: Progress
) -> ClosedFormConstants:
    start = ClosedFormConstants(ridge=1.0, ridge_degree=0.0, w_own=1.0, w_reviews=1.0)
    start = replace(start, decay=constants.closed_form.decay)
    objective = _objective(evidence, judge, interactions=False)
    return cautious_search(objective, start, _grid(evidence, TAIL_GRID), sweeps=1, progress=progress)


def _choose_network(
    evidence: Evidence,
    judge: Validation,
    constants: Constants,
    seed: int,
    *,
    thorough: bool,
    device: str,
    progress: Progress,
    watch: Watch,
) -> tuple[NetworkConstants, list[Trained]]:
    """Choose the network's constants, then train all seeds with early stop.

    A small network is tried in many settings by its first stage; a large one in few, by both, and
    it gets one seed: averaging seeds that share their start was measured to add nothing there.
    """
    small = evidence.x.shape[0] * evidence.x.shape[1] <= SMALL_CELLS
    chosen = NetworkConstants(
        decay=constants.closed_form.decay,
        power=constants.closed_form.power,
        seeds=3 if small or thorough else 1,
    )
    trained: dict[tuple[NetworkConstants, int], Trained] = {}

    def trial(tried: NetworkConstants, number: int, stages: tuple[int, ...], report: Progress) -> Trained:
        return train(
            *(evidence, tried),
            seed=seed + number,
            inputs=NetworkInputs(evidence, tried, place(device)),
            validate=judge.ndcg,
            asked=judge.rows,
            stages=stages,
            progress=report,
            watch=watch,
        )

    def figures(tried: NetworkConstants) -> np.ndarray:
        if small or thorough:
            return trial(tried, 0, (0,), silent).figures
        trained[tried, 0] = trial(tried, 0, (0, 1), silent)
        return trained[tried, 0].figures

    grid = _grid(evidence, NETWORK_GRID if small or thorough else BRIEF_GRID)
    sweeps = 2 if thorough else 1
    chosen = cautious_search(figures, chosen, grid, sweeps=sweeps, progress=part(progress, 0.0, 0.5))
    networks = []
    for number in range(chosen.seeds):
        report = part(progress, *(0.5 + 0.5 * (number + k) / chosen.seeds for k in (0, 1)))
        known = trained.get((chosen, number))
        networks.append(known or trial(chosen, number, (0, 1), report))
    steps = tuple(round(float(np.mean([n.steps[stage] for n in networks]))) for stage in (0, 1))
    return replace(chosen, steps=(steps[0], steps[1])), networks


def _choose_sum(model: FusedModel, judge: Validation) -> Constants:
    """Choose the shares of the views from their validation scores, each view scored once."""
    views = model.views(judge.rows)
    sigmas = model.constants.sigmas
    switches = model.constants.switches
    grid = dict(SUM_GRID)
    if not (switches.network and switches.closed_form):
        del grid["share"]
    if model.tail is None:
        del grid["gamma"], grid["kappa"]

    def figures(constants: Constants) -> np.ndarray:
        factors = view_factors(replace(constants, sigmas=sigmas), model.evidence.degree, model.evidence.cold)
        pairs = zip(views, factors, strict=True)
        scores = sum(view * factor for view, factor in pairs if view is not None)
        return judge.ndcg(scores + constants.popular * standing(model.evidence.degree))

    return cautious_search(figures, replace(model.constants, sigmas=None), grid, sweeps=2)

"""The choice of the network's constants, by NDCG@20 of what it learns, and its training with early stop."""

from dataclasses import replace

import numpy as np

from finrec_core.model.constants import Constants, NetworkConstants
from finrec_core.model.coordinate_search import Grid, cautious_search
from finrec_core.model.network import NetworkInputs
from finrec_core.model.training import Trained, place, train
from finrec_core.model.validation import Search
from finrec_core.terms.bounds import SMALL_CELLS
from finrec_core.terms.progress import Progress, part, silent

NETWORK_GRID: Grid = {
    "weight_decay": (1e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3),
    "degree_exponent": (0.25, 0.5, 0.75),
    "dim": (16, 32, 64, 96),
    "decay": (0.0, 1000.0, 365.0, 120.0, 60.0, 30.0, 10.0),
    "power": (0.5, 0.75, 1.0),
}
BRIEF_GRID: Grid = {"degree_exponent": (0.5, 0.25), "weight_decay": (1e-4, 3e-4)}  # one try each


def choose_network(
    search: Search, constants: Constants, progress: Progress
) -> tuple[NetworkConstants, list[Trained]]:
    """Choose the network's constants, then train all seeds with early stop.

    It starts from the recency and the text power of view B. A small network is tried in many settings by
    its first stage; a large one in few, by both, and it gets one seed: averaging seeds that share their
    start was measured to add nothing there.
    """
    evidence = search.evidence
    small = search.thorough or evidence.x.shape[0] * evidence.x.shape[1] <= SMALL_CELLS
    chosen = NetworkConstants(
        decay=constants.closed_form.decay, power=constants.closed_form.power, seeds=3 if small else 1
    )
    trained: dict[tuple[NetworkConstants, int], Trained] = {}

    def trial(tried: NetworkConstants, number: int, stages: tuple[int, ...], report: Progress) -> Trained:
        return train(
            *(evidence, tried),
            seed=search.seed + number,
            inputs=NetworkInputs(evidence, tried, place(search.device)),
            validate=search.judge.ndcg,
            asked=search.judge.rows,
            stages=stages,
            progress=report,
            watch=search.watch,
        )

    def figures(tried: NetworkConstants) -> np.ndarray:
        if small:
            return trial(tried, 0, (0,), silent).figures
        trained[tried, 0] = trial(tried, 0, (0, 1), silent)
        return trained[tried, 0].figures

    grid = search.grid(NETWORK_GRID if small else BRIEF_GRID)
    sweeps = 2 if search.thorough else 1
    chosen = cautious_search(figures, chosen, grid, sweeps=sweeps, progress=part(progress, 0.0, 0.5))
    networks = []
    for number in range(chosen.seeds):
        report = part(progress, *(0.5 + 0.5 * (number + k) / chosen.seeds for k in (0, 1)))
        known = trained.get((chosen, number))
        networks.append(known or trial(chosen, number, (0, 1), report))
    steps = tuple(round(float(np.mean([n.steps[stage] for n in networks]))) for stage in (0, 1))
    return replace(chosen, steps=(steps[0], steps[1])), networks

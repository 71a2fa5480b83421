"""Fit: from a dataset, its text vectors and chosen constants to a fused model."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from finrec_core.dataset import Dataset
from finrec_core.dataset.progress import Progress, part, silent
from finrec_core.model.closed_form import solve
from finrec_core.model.constants import Constants
from finrec_core.model.evidence import Evidence
from finrec_core.model.fused import SIGMA_CELLS, SIGMA_CLIENTS, FusedModel, spread, with_network
from finrec_core.model.network import NetworkInputs
from finrec_core.model.network_view import Parameters
from finrec_core.model.training import place, train
from finrec_core.text.table import TextTable


def fit(
    dataset: Dataset,
    texts: TextTable | None,
    constants: Constants,
    *,
    seed: int,
    device: str = "cpu",
    message_passing: str | None = None,
    progress: Progress = silent,
) -> FusedModel:
    """Fit a model on all rows of `dataset`; cut dataset and texts with `take` to fit on fewer.

    Nothing is chosen here: constants and step counts come from `choose`. The spreads of the views
    are measured anew on these rows.
    `message_passing` is auto, csr or dgl, None for the setting. The same arguments give the same model on
    the same machine.

    >>> from finrec_core.model import Constants, fit
    >>> fit(bank, None, Constants(), seed=0)
    FusedModel(60 clients, 30 products, network + closed_form)
    """
    where = place(device)
    evidence = Evidence.of(
        dataset, texts, constants.switches, message_passing=message_passing, device=where.type
    )
    seeds: list[Parameters] = []
    if constants.switches.network:
        inputs = NetworkInputs(evidence, constants.network, where)
        for number in range(constants.network.seeds):
            report = part(progress, *(0.9 * (number + k) / constants.network.seeds for k in (0, 1)))
            seeds.append(
                train(
                    evidence, constants.network, seed=seed + number, inputs=inputs, progress=report
                ).parameters
            )
    progress("Solving the closed form", 0.9)
    return assemble(evidence, constants, seeds)


def assemble(evidence: Evidence, constants: Constants, seeds: Sequence[Parameters]) -> FusedModel:
    """Put the views together over their evidence and measure their spreads."""
    switches = constants.switches
    model = FusedModel(
        evidence=evidence,
        constants=replace(constants, sigmas=(1.0, 1.0, 1.0)),
        network=with_network(evidence, constants, seeds),
        closed_form=solve(evidence, constants.closed_form) if switches.closed_form else None,
        tail=solve(evidence, constants.tail, interactions=False) if has_tail(evidence, constants) else None,
        seeds=tuple(seeds),
    )
    a, b, c = (spread(view) for view in model.views(sigma_clients(evidence)))
    return replace(model, constants=replace(constants, sigmas=(a, b, c)))


def has_tail(evidence: Evidence, constants: Constants) -> bool:
    """Whether view C has anything to say: it is on, weighs something, and there are texts."""
    told = evidence.features.own.size + evidence.features.reviews.size
    return bool(constants.switches.tail and told and (constants.gamma or evidence.cold.any()))


def sigma_clients(evidence: Evidence) -> np.ndarray:
    """Return the clients whose scores measure the spreads: with a product, evenly spaced by row."""
    most = min(SIGMA_CLIENTS, max(1, SIGMA_CELLS // max(1, evidence.x.shape[1])))
    return evenly(np.flatnonzero(evidence.counts > 0), most)


def evenly(rows: np.ndarray, most: int) -> np.ndarray:
    """Return all rows, or `most` of them evenly spaced."""
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]

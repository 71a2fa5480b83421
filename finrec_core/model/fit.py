"""Fit: from a dataset, its text vectors and chosen constants to a fused model."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from finrec_core.dataset import Dataset
from finrec_core.model.constants import Constants
from finrec_core.model.evidence import Evidence
from finrec_core.model.fused import VIEWS, FusedModel, spread
from finrec_core.model.training import place
from finrec_core.model.validation import evenly
from finrec_core.model.view import Learned
from finrec_core.terms.progress import Progress, part, silent
from finrec_core.text.table import TextTable

SIGMA_CLIENTS = 2000  # clients whose scores measure a view's spread
SIGMA_CELLS = 20_000_000  # scores that do, where the catalogue is large


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
    evidence = Evidence.of(
        dataset, texts, constants.switches, message_passing=message_passing, device=place(device).type
    )
    trained = [view for view in VIEWS if view.trained and view.speaks(evidence, constants)]
    learned = {}
    for number, view in enumerate(trained):
        report = part(progress, *(0.9 * (number + k) / len(trained) for k in (0, 1)))
        learned[view.name] = view.learn(evidence, constants, seed=seed, device=device, progress=report)
    progress("Solving the closed form", 0.9)
    return assemble(evidence, constants, learned)


def assemble(evidence: Evidence, constants: Constants, learned: Mapping[str, Learned]) -> FusedModel:
    """Put the views together over their evidence and measure their spreads; `learned` is by view."""
    rows, sigmas, views = sigma_clients(evidence), [], []
    for view in VIEWS:
        spoken = view.speaks(evidence, constants)
        if spoken:
            views.append(view.of(evidence, constants, learned.get(view.name, ())))
        sigmas.append(spread(views[-1].scores(rows)) if spoken else 1.0)
    return FusedModel(evidence, replace(constants, sigmas=tuple(sigmas)), tuple(views))


def sigma_clients(evidence: Evidence) -> np.ndarray:
    """Return the clients whose scores measure the spreads: with a product, evenly spaced by row."""
    most = min(SIGMA_CLIENTS, max(1, SIGMA_CELLS // max(1, evidence.x.shape[1])))
    return evenly(np.flatnonzero(evidence.counts > 0), most)

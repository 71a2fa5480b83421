"""Item-kNN is the formula it states."""

import numpy as np
import pytest

from finrec_core.evaluation import neighbours as module
from finrec_core.evaluation.neighbours import ItemNeighbours


def by_hand(held, neighbours, shrinkage, exponent):
    weight = np.maximum(1, held.sum(axis=1)) ** -exponent
    together = held.T @ (held * weight[:, None])
    size = np.sqrt(np.diag(together))
    likeness = together / (size[:, None] * size + shrinkage + 1e-12)
    np.fill_diagonal(likeness, 0.0)
    scores = np.zeros(held.shape)
    for i in range(held.shape[1]):
        near = sorted(range(held.shape[1]), key=lambda j: (-likeness[i, j], j))[:neighbours]
        scores[:, i] = held[:, near] @ likeness[i, near]
    return scores


@pytest.mark.parametrize("block", [7, 1024])
@pytest.mark.parametrize("values", [(3, 0.0, 0.0), (5, 10.0, 0.5), (400, 2.0, 1.0)])
def test_scores_are_the_formula(task, monkeypatch, block, values):
    monkeypatch.setattr(module, "BLOCK", block)
    constants = dict(zip(module.GRIDS, values, strict=True))
    dataset = task.dataset
    rows = np.arange(len(dataset.clients))
    found = ItemNeighbours().fit(dataset, None, constants, 0).scores(rows)
    expected = by_hand(dataset.matrix().toarray(), *values)
    assert np.abs(found - expected).max() < 1e-12


def test_a_client_without_products_scores_zero(task):
    found = ItemNeighbours().fit(task.dataset, None, module.START, 0).scores(np.array([0]))
    assert not found.any()


def test_the_start_stands_on_the_grids():
    assert all(module.START[name] in grid for name, grid in module.GRIDS.items())

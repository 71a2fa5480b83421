"""LightGCN smooths and learns as published."""

import numpy as np
import pytest
import torch

from finrec_core.evaluation import lightgcn as module
from finrec_core.evaluation.lightgcn import LightGcn, _Training

CONSTANTS = {**module.SEARCHES[0][1], "dim": 8}


def vectors_by_hand(held, embeddings, layers):
    """Propagate through the full normalised adjacency of clients and products."""
    clients, products = held.shape
    whole = np.zeros((clients + products,) * 2)
    whole[:clients, clients:], whole[clients:, :clients] = held, held.T
    size = np.maximum(1, whole.sum(axis=1)) ** -0.5
    whole *= size[:, None] * size
    powers = [np.linalg.matrix_power(whole, layer) for layer in range(layers + 1)]
    return np.mean(powers, axis=0) @ np.concatenate(embeddings)


@pytest.mark.parametrize("layers", [0, 1, 3])
def test_vectors_are_the_mean_over_layers(task, layers):
    held = task.dataset.matrix()
    training = _Training(held, {**CONSTANTS, "layers": layers}, seed=1)
    found = torch.cat(training.vectors()).detach().numpy()
    expected = vectors_by_hand(held.toarray(), [one.detach().numpy() for one in training.embeddings], layers)
    assert np.abs(found - expected).max() < 1e-6


def test_the_softmax_step_leaves_the_gradient_of_loss_and_penalty(task):
    constants = {**CONSTANTS, "weight_decay": 0.3}
    training = _Training(task.dataset.matrix(), constants, seed=1)
    clients, products = training.vectors()
    rows, columns = training.rows, training.columns
    loss = -torch.log_softmax(clients @ products.T, dim=1)[rows, columns].mean()
    start = [
        one[index].square().sum(dim=1)
        for one, index in zip(training.embeddings, (rows, columns), strict=True)
    ]
    expected = torch.autograd.grad(loss + 0.15 * sum(start).mean(), training.embeddings)
    training.step()
    for one, gradient in zip(training.embeddings, expected, strict=True):
        assert torch.allclose(one.grad, gradient, atol=1e-6)


@pytest.mark.parametrize("loss", ["softmax", "bpr"])
def test_each_loss_learns(task, holdout, loss):
    constants = {**CONSTANTS, "loss": loss, "weight_decay": 1e-3, "rate": 0.05}
    untrained = LightGcn().fit(task.dataset, None, {**constants, "steps": 0}, 0)
    trained = LightGcn().fit(task.dataset, None, {**constants, "steps": 40}, 0)
    assert holdout.ndcg(trained) > 1.3 * holdout.ndcg(untrained)


def test_a_step_takes_a_batch_of_clients_where_all_are_too_many(task, monkeypatch):
    monkeypatch.setattr(module, "CELLS", 12 * len(task.dataset.products))
    training = _Training(task.dataset.matrix(), CONSTANTS, seed=1)
    rows, _ = training._batch(len(task.dataset.clients), len(task.dataset.products))
    assert 1 <= len(rows.unique()) <= 12
    training.step()
    assert all(torch.isfinite(one.grad).all() for one in training.embeddings)


def test_the_starts_stand_on_the_grids():
    for grids, start in module.SEARCHES:
        assert all(start[name] in grid for name, grid in grids.items())

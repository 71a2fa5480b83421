"""The text-only network knows products by their texts alone."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from finrec_core.evaluation import text_network as module
from finrec_core.evaluation.arm import CannotLearnError
from finrec_core.evaluation.product_texts import ProductTexts
from finrec_core.evaluation.scorer import SameForAll
from finrec_core.evaluation.text_network import START, TextNetwork

CONSTANTS = {**START, "dim": 8, "steps": 5}


def test_products_with_one_text_differ_by_their_holders_alone(task):
    """Guards against a number of a product's own: text and the count of holders must tell all."""
    holders = np.asarray(task.dataset.matrix().sum(axis=0))
    one, equal, other = 7, 9, int(np.flatnonzero(holders != holders[7])[-1])
    assert holders[one] == holders[equal]
    own, tokens = task.texts.own.copy(), task.texts.own_tokens.copy()
    own[[equal, other]], tokens[[equal, other]] = own[one], tokens[one]
    texts = replace(
        task.texts, own=own, own_tokens=tokens, review_tokens=np.zeros_like(task.texts.review_tokens)
    )
    scores = TextNetwork().fit(task.dataset, texts, CONSTANTS, 0).scores(np.arange(90))
    assert np.allclose(scores[:, one], scores[:, equal], atol=1e-5)
    gap = scores[:, other] - scores[:, one]  # one number for all clients, in step with the holders
    assert np.ptp(gap) < 1e-5
    assert 1e-3 < gap[0] / (np.log1p(holders[other]) - np.log1p(holders[one])) < 1.0
    assert np.ptp(scores[:, 8] - scores[:, one]) > 1e-2


def test_holders_alone_rank_where_texts_are_alike(task, holdout):
    held = task.dataset.matrix()
    told = ProductTexts.of(task.dataset, task.texts)
    training = module._Training(held, told, {**CONSTANTS, "weight_decay": 0.0}, 0)
    with torch.no_grad():
        for one in training.maps:
            one.zero_()
    for _ in range(3):
        training.step()
        with torch.no_grad():
            training.weight -= training.weight.grad
        training.weight.grad = None
    assert float(training.weight) > 0.1
    popular = np.asarray(held.sum(axis=0))
    assert holdout.ndcg(training.scorer()) == pytest.approx(holdout.ndcg(SameForAll(popular)))


def test_it_learns(task, holdout):
    before = TextNetwork().fit(task.dataset, task.texts, {**CONSTANTS, "steps": 0, "power": 1.0}, 0)
    after = TextNetwork().fit(task.dataset, task.texts, {**CONSTANTS, "steps": 40, "power": 1.0}, 0)
    assert holdout.ndcg(after) > holdout.ndcg(before)


def test_a_step_takes_a_batch_of_clients_where_all_are_too_many(task, monkeypatch):
    monkeypatch.setattr(module, "CELLS", 12 * len(task.dataset.products))
    scores = TextNetwork().fit(task.dataset, task.texts, CONSTANTS, 0).scores(np.arange(90))
    assert np.isfinite(scores).all()


def test_without_texts_it_says_so(task):
    with pytest.raises(CannotLearnError, match="no texts"):
        TextNetwork().choose(replace(task, texts=None))


def test_the_start_stands_on_the_grids():
    assert all(START[name] in grid for name, grid in module.GRIDS.items())


def test_the_start_is_the_ridge_regression_of_cooccurrence_on_texts(task):
    held = task.dataset.matrix()
    z = ProductTexts.of(task.dataset, task.texts).vectors(1.0)
    x = held.toarray()
    size = np.sqrt(np.maximum(1, x.sum(axis=0)))
    together = x.T @ x / (size[:, None] * size)
    np.fill_diagonal(together, 0.0)
    gram = z.T @ z
    inverse = np.linalg.inv(gram + module.SHRINK * np.trace(gram) / len(gram) * np.eye(len(gram)))
    expected = inverse @ z.T @ together @ z @ inverse
    one, other = module._ridge_start(held, z, len(gram))
    found = one @ other.T
    assert np.allclose(found / np.linalg.norm(found), expected / np.linalg.norm(expected), atol=1e-8)
    assert np.std(z @ one @ (z @ other).T) == pytest.approx(module.START_SPREAD)

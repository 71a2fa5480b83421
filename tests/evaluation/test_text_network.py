"""The text-only network knows products by their texts alone."""

from dataclasses import replace

import numpy as np
import pytest

from finrec_core.evaluation import text_network as module
from finrec_core.evaluation.arm import CannotLearnError
from finrec_core.evaluation.text_network import START, TextNetwork

CONSTANTS = {**START, "dim": 8, "steps": 5}


def test_products_with_one_text_get_one_score(task):
    own, tokens = task.texts.own.copy(), task.texts.own_tokens.copy()
    own[7], tokens[7] = own[9], tokens[9]
    texts = replace(
        task.texts, own=own, own_tokens=tokens, review_tokens=np.zeros_like(task.texts.review_tokens)
    )
    scores = TextNetwork().fit(task.dataset, texts, CONSTANTS, 0).scores(np.arange(90))
    assert np.allclose(scores[:, 7], scores[:, 9], atol=1e-6)
    assert not np.allclose(scores[:, 7], scores[:, 8], atol=1e-3)


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

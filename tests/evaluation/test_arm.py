"""A task holds training and validation rows, with the texts that belong to them."""

import numpy as np

from finrec_core.dataset import Split
from finrec_core.evaluation.arm import Task


def test_a_task_has_no_test_row(bank, split, task):
    keep = split.train | split.validation
    assert task.dataset.interactions.equals(bank.dataset.take(keep).interactions)
    assert not task.split.test.any()
    assert task.split.train.sum() == split.train.sum()
    assert task.split.validation.sum() == split.validation.sum()


def test_rows_outside_all_masks_are_left_out_too(bank, split):
    """Guards the global time cut, which puts some rows into none of the three masks."""
    nowhere = np.flatnonzero(split.train)[:5]
    train = split.train.copy()
    train[nowhere] = False
    task = Task.without_test(bank.dataset, None, Split(train, split.validation, split.test), seed=0)
    assert len(task.dataset.interactions) == train.sum() + split.validation.sum()


def test_texts_stay_beside_their_interactions(bank, split, task):
    keep = split.train | split.validation
    assert (task.texts.reviews == bank.texts.reviews[keep]).all()
    train, texts = task.training
    assert len(train.interactions) == len(texts.reviews) == split.train.sum()
    assert (texts.reviews == bank.texts.reviews[split.train]).all()


def test_validation_asks_for_positive_validation_rows(bank, split, task):
    wanted = split.validation & bank.dataset.positive[bank.dataset.pairs.of_events]
    assert task.validation.targets.nnz == wanted.sum()
    assert set(task.validation.rows) == set(bank.dataset.event_clients[wanted])

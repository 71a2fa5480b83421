"""Each change of a ground changes what it says, and nothing else."""

import numpy as np
import pytest

from finrec_core.evaluation.perturbation import Perturbation


@pytest.fixture(scope="module")
def ground(bank, split):
    return Perturbation.of(bank.dataset, bank.texts, split, seed=0)


def known(ground):
    return (ground.split.train | ground.split.validation) & ~ground.gone


def test_an_unchanged_ground_asks_what_the_comparison_asks(ground, task, holdout):
    assert ground.task.fingerprint == task.fingerprint
    assert ground.holdout.fingerprint == holdout.fingerprint


def test_shuffled_texts_are_the_same_texts_elsewhere(ground):
    texts, shuffled = ground.texts, ground.with_texts_shuffled().texts
    for before, after in ((texts.own, shuffled.own), (texts.reviews, shuffled.reviews)):
        told = np.any(before != 0, axis=1)
        assert np.array_equal(told, np.any(after != 0, axis=1))
        assert np.mean(np.all(before == after, axis=1)[told]) < 0.2
        assert np.allclose(np.sort(before, axis=0), np.sort(after, axis=0))
    assert ground.with_texts_shuffled().holdout.fingerprint == ground.holdout.fingerprint


def test_shuffled_ties_keep_their_shape(ground):
    def degrees(dataset):
        return np.bincount(dataset.tie_rows.ravel(), minlength=len(dataset.clients))

    shuffled = ground.with_ties_shuffled().dataset
    assert sorted(degrees(shuffled)) == sorted(degrees(ground.dataset))
    assert not np.array_equal(shuffled.tie_rows, ground.dataset.tie_rows)
    assert set(np.unique(shuffled.tie_rows)) == set(ground.tied)


@pytest.mark.parametrize("keep", [0, 1, 3])
def test_cut_clients_keep_so_many_products(ground, keep):
    cut = ground.with_clients_cut(0.25, keep)
    clients = cut.dataset.event_clients
    asked = np.unique(clients[cut.asked & cut.split.test])
    assert len(asked) == round(0.25 * len(ground.tied))
    assert set(asked) <= set(ground.tied)
    left = np.bincount(clients[known(cut)], minlength=len(cut.dataset.clients))
    before = np.bincount(clients[known(ground)], minlength=len(cut.dataset.clients))
    assert (left[asked] == np.minimum(keep, before[asked])).all()
    others = np.setdiff1d(np.arange(len(left)), asked)
    assert (left[others] == before[others]).all()
    assert set(cut.holdout.rows) <= set(asked)


def test_the_same_clients_are_cut_and_keep_the_same_first_product(ground):
    one, three = (ground.with_clients_cut(0.25, keep) for keep in (1, 3))
    assert np.array_equal(one.asked, three.asked)
    assert not (three.gone & ~one.gone).any()


def test_products_held_back_are_known_to_nobody(ground):
    cold, warm = ground.with_products_held_back(0.3)
    held = np.unique(cold.dataset.event_products[cold.asked])
    assert 0 < len(held) < len(cold.dataset.products)
    assert not np.isin(cold.dataset.event_products[known(cold)], held).any()
    assert set(cold.holdout.targets.indices) <= set(held)
    assert not set(warm.holdout.targets.indices) & set(held)
    assert cold.task.fingerprint == warm.task.fingerprint
    assert not cold.holdout.holders[held].any()


def test_random_products_leave_every_client_as_many(ground):
    redrawn = ground.with_random_products().dataset
    before = ground.dataset
    assert np.array_equal(redrawn.event_clients, before.event_clients)
    assert redrawn.interactions["timestamp"].equals(before.interactions["timestamp"])
    assert np.mean(redrawn.event_products == before.event_products) < 0.2
    assert redrawn.matrix("held").nnz == len(before.interactions)

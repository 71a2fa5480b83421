"""Exposure by hand: tenths, Gini, coverage, and lists that go by popularity alone."""

import numpy as np
import pytest

from finrec_core.advice.drivers import drivers
from finrec_core.advice.exposure import Exposure, gini, rank_correlations
from tests.served import served


def test_lists_by_popularity_give_all_places_to_the_first_tenth():
    holders = np.arange(200.0)[::-1]
    lists = np.tile(np.arange(20), (7, 1))
    found = Exposure.of(lists, holders, np.ones(200, dtype=bool), np.array([1.0, np.nan]))
    assert found.places == (1.0, *[0.0] * 9)
    assert found.interactions[0] == pytest.approx(holders[:20].sum() / holders.sum())
    assert found.coverage10 == 10 / 200
    assert found.coverage20 == 20 / 200
    assert found.never.tolist() == list(range(20, 200))
    assert found.gini == pytest.approx(0.95)
    assert found.rank_holders == 1.0


def test_even_lists_have_no_bias():
    lists = np.array([[(20 * u + k) % 100 for k in range(20)] for u in range(5)])
    lists[:, 10:] = -1
    lists = np.concatenate([lists, np.where(lists >= 0, lists + 10, -1)])
    found = Exposure.of(lists, np.full(100, 3.0), np.ones(100, dtype=bool), np.array([np.nan]))
    assert found.places == pytest.approx([0.1] * 10)
    assert found.gini == pytest.approx(0.0)
    assert found.gini_interactions == pytest.approx(0.0)
    assert found.coverage10 == found.coverage20 == 1.0
    assert found.rank_holders is None
    assert len(found.never) == 0


def test_what_is_not_offered_counts_nowhere():
    lists = np.array([[0, 1, -1]])
    offered = np.array([True, True, True, False])
    found = Exposure.of(lists, np.array([1.0, 2.0, 3.0, 90.0]), offered, np.zeros(0))
    assert found.offered == 3
    assert found.never.tolist() == [2]
    assert sum(found.interactions) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("values", "expected"), [([0, 0, 0], 0.0), ([1, 1], 0.0), ([0, 0, 0, 4], 0.75), ([1, 3], 0.25)]
)
def test_gini_by_hand(values, expected):
    assert gini(np.array(values, dtype=float)) == pytest.approx(expected)


def test_the_rank_correlation_looks_at_what_is_offered_alone():
    scores = np.array([[1.0, 2.0, 3.0, 0.0], [3.0, 2.0, 1.0, 9.0], [1.0, 1.0, 1.0, 1.0]])
    offered = np.array([[True, True, True, False]] * 3)
    found = rank_correlations(scores, offered, np.array([10.0, 20.0, 30.0, 99.0]))
    assert found[:2].tolist() == pytest.approx([1.0, -1.0])
    assert np.isnan(found[2])


def test_the_lists_of_a_model_are_counted_as_they_are():
    recommender = served()
    found = drivers(recommender).exposure
    clients = recommender.dataset.clients["client_id"].to_pylist()
    shown = np.zeros(len(recommender.dataset.products), dtype=int)
    for client in clients:
        for line in recommender.recommend(client, 10):
            shown[recommender.product_row(line.product)] += 1
    assert found.shown.tolist() == shown.tolist()
    assert sum(found.places) == pytest.approx(1.0)
    assert found.coverage10 == np.count_nonzero(shown) / found.offered

from datetime import UTC, datetime

import numpy as np

from finrec_core.demo.catalogue import catalogue
from finrec_core.demo.holdings import holdings
from finrec_core.demo.people import AS_OF, people
from finrec_core.demo.truth import Truth
from tests.demo.banks import bank


def held(clients=400, products=100, seed=7):
    who = people(clients, seed)
    truth = Truth.of(who, catalogue(products, seed))
    return truth, holdings(truth, who.ties["kind"].to_pylist(), seed)


def test_clients_hold_about_nine_products_some_few_and_some_none():
    dataset = bank().dataset
    counts = np.bincount(dataset.pair_clients, minlength=400)
    assert 7 <= counts.mean() <= 11
    assert counts.max() <= 30
    alone = np.ones(400, dtype=bool)
    alone[dataset.tie_rows.ravel()] = False
    assert np.count_nonzero((counts == 0) & alone) >= 1  # nothing at all
    assert np.count_nonzero((counts == 0) & ~alone) >= 3  # ties only
    assert np.count_nonzero((counts > 0) & (counts < 3)) >= 10


def test_products_have_many_few_and_in_one_case_no_holders():
    holders = np.bincount(bank().dataset.pair_products, minlength=100)
    assert np.count_nonzero(holders == 0) == 1
    assert np.count_nonzero(holders <= 5) >= 6
    assert holders.max() >= 70


def test_times_are_past_and_after_the_launch():
    dataset, truth = bank().dataset, bank().truth
    years = (dataset.days / 365.2425 + 1970).astype(int)
    assert (years >= truth.catalogue.launched[dataset.pair_products]).all()
    assert (
        dataset.days.max() < (datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=UTC)).timestamp() / 86_400
    )
    closed = truth.catalogue.closed[dataset.pair_products]
    assert years[closed].max() < AS_OF.year
    assert len(set(years.tolist())) >= 10
    weekend = (np.floor(dataset.days).astype(int) + 3) % 7 > 4
    assert 0.01 < weekend.mean() < 0.15


def test_a_client_has_one_of_a_group_and_nothing_for_another_age():
    truth, pairs = held()
    group = truth.catalogue.group[pairs.product]
    keys = pairs.client[group >= 0] * 100 + group[group >= 0]
    assert len(np.unique(keys)) == len(keys)
    ages, age = truth.catalogue.ages[pairs.product], truth.people.age[pairs.client]
    assert ((age >= ages[:, 0]) & (age <= ages[:, 1])).all()


def test_ratings_follow_the_taste():
    truth, pairs = held()
    rated = pairs.rating > 0
    assert 0.65 < rated.mean() < 0.85
    match = np.array(
        [truth.match(np.array([u]))[0, i] for u, i in zip(pairs.client, pairs.product, strict=True)]
    )
    assert match[rated & (pairs.rating >= 4)].mean() > match[rated & (pairs.rating < 3)].mean() + 0.15
    assert 0.04 < np.mean(pairs.rating[rated] < 3) < 0.15


def test_products_are_passed_on_in_households():
    """Two of a household share more products than their tastes alone explain; guards `_passed_on`."""
    truth, pairs = held(clients=3000)
    matrix = np.zeros((3000, 100), dtype=bool)
    matrix[pairs.client, pairs.product] = True
    order = np.argsort(truth.people.household, kind="stable")
    left, right = order[:-1], order[1:]
    home = truth.people.household[left] == truth.people.household[right]
    left, right = left[home], right[home]
    near = np.array([truth.neighbours(int(u), 1)[0] for u in left])  # like-minded strangers
    shared = (matrix[left] & matrix[right]).sum(axis=1).mean()
    assert shared > (matrix[left] & matrix[near]).sum(axis=1).mean()


def test_holdings_are_drawn_the_same_twice():
    first, second = held(60, 30, 1)[1], held(60, 30, 1)[1]
    assert all(
        np.array_equal(getattr(first, name), getattr(second, name))
        for name in ("client", "product", "second", "rating")
    )
    assert repr(first) == f"Holdings({len(first.client):,} pairs)"

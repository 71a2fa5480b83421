"""Popularity counts holders; recent popularity lets them fade by half."""

from datetime import UTC, datetime

import numpy as np
import pytest

from finrec_core.dataset import Dataset, Split, split_by_client
from finrec_core.evaluation.arm import Task
from finrec_core.evaluation.popularity import Popularity, RecentPopularity
from tests.planted import table


def day(number):
    return None if number is None else datetime(2024, 1, number, tzinfo=UTC)


def bank(*rows):
    """A row is (client, product, day of January, rating)."""
    clients, products, days, ratings = zip(*rows, strict=True)
    return Dataset(
        clients=table("clients", client_id=sorted(set(clients))),
        products=table("products", product_id=["p", "q", "r"]),
        interactions=table(
            "interactions",
            client_id=clients,
            product_id=products,
            timestamp=[day(number) for number in days],
            rating=ratings,
        ),
        ties=table("ties", client_id=[], other_client_id=[], kind=[]),
        rating_limit=3.0,
    )


ROWS = (("a", "p", 1, 5), ("b", "p", 11, 5), ("c", "q", 21, 5), ("b", "q", 21, 1), ("c", "r", None, 5))


def test_popularity_counts_positive_holders():
    scores = Popularity().fit(bank(*ROWS), None, {}, 0).scores(np.array([0, 2]))
    assert scores.tolist() == [[2, 1, 1], [2, 1, 1]]


def test_a_holder_weighs_half_after_one_half_life():
    scores = RecentPopularity().fit(bank(*ROWS), None, {"half_life": 10.0}, 0).scores(np.array([0]))[0]
    assert scores[:2] == pytest.approx([0.25 + 0.5, 1.0])
    assert scores[2] == pytest.approx(np.mean([0.25, 0.5, 1.0]))  # its time is not known


def test_without_a_half_life_it_is_popularity():
    scores = RecentPopularity().fit(bank(*ROWS), None, {"half_life": None}, 0).scores(np.array([0]))
    assert scores.tolist() == [[2, 1, 1]]


def test_without_times_no_half_life_is_chosen():
    dataset = bank(*((client, product, None, 5) for client in "abcd" for product in "pqr"))
    task = Task.without_test(dataset, None, split_by_client(dataset, 0), 0)
    assert RecentPopularity().choose(task) == {"half_life": None}


def test_a_new_fashion_shortens_the_half_life():
    """Everybody held p long ago and takes up q and r now, so the clients left over should get q or r."""
    old = [(f"a{k}", product, 1, 5) for k in range(30) for product in "p"]
    new = [(f"b{k}", product, 28, 5) for k in range(20) for product in "qr"]
    dataset = bank(*old, *new, *((f"c{k}", "q", 29, 5) for k in range(5)))
    train = np.arange(len(dataset.interactions)) < len(old) + len(new)
    none = np.zeros_like(train)
    task = Task.without_test(dataset, None, Split(train, ~train, none), 0)
    assert RecentPopularity().choose(task)["half_life"] is not None

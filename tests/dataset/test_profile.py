"""The profile: each figure against a small bank where it can be counted by hand."""

import json
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from finrec_core.dataset import Dataset, Profile
from finrec_core.dataset.closeness import Closeness
from finrec_core.dataset.profile import Band, bands
from tests.dataset.tables import dataset, table


def test_bands_hold_every_number_once_and_keep_gaps():
    found = bands(np.array([0, 1, 1, 3, 4, 700]), (0, 1, 2, 3, 5, 500))
    assert [(band.label, band.count) for band in found] == [
        ("0", 1),
        ("1", 2),
        ("2", 0),
        ("3 to 4", 2),
        ("5 to 499", 0),
        ("500 and more", 1),
    ]
    assert bands(np.array([], dtype=int), (0, 1)) == ()


def test_degrees_and_density_count_positive_interactions():
    bank = dataset(
        [("c1", "p1", 1, 5), ("c1", "p2", 1, 1), ("c1", "p3", 2, 5), ("c2", "p1", 3, 4)],
        clients=[{"client_id": key} for key in ("c1", "c2", "c3")],
        rating_limit=3.0,
    )
    found = Profile.of(bank)
    assert (found.interactions, found.positive) == (4, 3)
    assert found.density == pytest.approx(4 / 9)
    assert [(band.label, band.count) for band in found.by_client] == [("0", 1), ("1", 1), ("2", 1)]
    assert [(band.label, band.count) for band in found.by_product] == [("0", 1), ("1", 1), ("2", 1)]
    assert (found.products_of_client, found.holders_of_product, found.testable) == (1.0, 1.0, 0)
    assert found.ratings.low == 1
    assert found.ratings.bands == (Band(1, 1, 1), Band(4, 4, 1), Band(5, 5, 2))


def test_texts_are_counted_with_their_words_and_repetitions():
    bank = dataset(
        [("c1", "p1", 1, 5, "very good"), ("c2", "p1", 1, 5, "very good"), ("c1", "p2", 1, 5, "a\tb  c d e")],
        products=[
            {"product_id": "p1"},
            {"product_id": "p2", "name": "Same", "description": "one two three four five six"},
            {"product_id": "p3", "name": "Same"},
            {"product_id": "p4"},
        ],
    )
    found = Profile.of(bank)
    assert (found.own_texts.of, found.own_texts.told, found.own_texts.repeated) == (4, 2, 0)
    assert found.own_texts.words == 4.0  # "Same" and six more, and "Same" alone
    assert (found.reviews.of, found.reviews.told, found.reviews.repeated) == (3, 3, 2)
    assert found.reviews.words == 2.0
    assert found.products_told == 3
    assert found.same_names == 2


def test_equal_times_are_those_of_one_client():
    rows = [("c1", "p1", 1), ("c1", "p2", 1), ("c1", "p3", 2), ("c2", "p1", 1), ("c2", "p2")]
    found = Profile.of(dataset(rows)).times
    assert found.known == 4
    assert found.equal == 0.5
    assert found.dates == 1.0
    assert found.first == datetime(2024, 1, 1, tzinfo=UTC)
    assert found.last == datetime(2024, 1, 2, tzinfo=UTC)
    assert found.months == (("2024-01", 4),)
    nothing = Profile.of(dataset([("c1", "p1")])).times
    assert (nothing.known, nothing.first, nothing.months) == (0, None, ())


def test_popularity_is_flat_or_steep():
    flat = Profile.of(dataset([(f"c{k}", f"p{k}") for k in range(20)])).popularity
    assert flat.gini == pytest.approx(0, abs=1e-9)
    assert flat.top_tenth == pytest.approx(0.1)
    products = [{"product_id": f"p{k}"} for k in range(100)]
    steep = Profile.of(dataset([(f"c{k}", "p0") for k in range(20)], products=products)).popularity
    assert steep.gini == pytest.approx(0.99, abs=1e-9)
    assert steep.top_tenth == 1.0
    assert (steep.curve[0], steep.curve[-1]) == ((0.0, 0.0), (1.0, 1.0))


def twins(close, clients=60, seed=0):
    """A bank of ties between two clients each, who have the same products or any."""
    random = np.random.default_rng(seed)
    rows = {}
    for k in range(clients):
        own = random.choice(40, 6, replace=False)
        rows[k] = rows[k - 1] if close and k % 2 else own
    pairs = [(f"c{k}", f"p{product}") for k, held in rows.items() for product in held]
    return dataset(pairs, ties=[(f"c{k}", f"c{k + 1}", "friend") for k in range(0, clients, 2)])


def test_ties_of_twins_are_closer_than_chance_and_random_ones_are_not():
    close, far = (Closeness.of(twins(one)) for one in (True, False))
    assert close.pairs == far.pairs == 30
    assert close.common == 6.0
    assert close.jaccard == 1.0
    assert close.told == 1
    assert close.ratio > 3
    assert far.low < 1 < far.high
    assert far.told == 0
    assert Closeness.of(twins(True)) == close  # the same seed draws the same pairs


def test_busy_clients_are_not_taken_for_close_ones():
    # Guards: tied clients who both have nearly everything share much with anybody.
    random = np.random.default_rng(1)
    pairs = [
        (f"c{k}", f"p{p}") for k in range(80) for p in random.choice(30, 20 if k < 40 else 2, replace=False)
    ]
    ties = [(f"c{k}", f"c{k + 1}", "friend") for k in range(0, 40, 2)]
    found = Closeness.of(dataset(pairs, ties=ties))
    assert found.common > 10
    assert found.told == 0


def test_without_ties_or_products_there_is_no_closeness():
    assert Closeness.of(dataset([("c1", "p1")])) is None
    assert Closeness.of(dataset([("c1", "p1")], ties=[("c1", "c2", "friend")])) is None


def test_a_dataset_without_rows_has_a_profile_too():
    empty = Dataset(**{name: table(name, []) for name in ("clients", "products", "interactions", "ties")})
    found = Profile.of(empty)
    assert (found.density, found.popularity.curve, found.by_client) == (0.0, (), ())
    json.dumps(found.to_json(), allow_nan=False)
    assert found.limits


def test_its_json_is_plain():
    document = Profile.of(twins(True)).to_json()
    assert json.loads(json.dumps(document, allow_nan=False))["closeness"]["pairs"] == 30


def test_a_million_interactions_take_seconds():
    random = np.random.default_rng(0)
    cells = np.unique(random.integers(0, 50_000 * 2_000, 1_000_000))
    ids = [pa.array([f"{name}{k}" for k in range(count)]) for name, count in (("c", 50_000), ("p", 2_000))]
    rows = {
        "client_id": ids[0].take(pa.array(cells // 2_000)),
        "product_id": ids[1].take(pa.array(cells % 2_000)),
    }
    rows["timestamp"] = pa.array(random.integers(0, 10**15, len(cells)), pa.timestamp("us", "UTC"))
    rows["review"] = pa.array([f"a review of some words, number {k}" for k in range(len(cells))])
    rows["rating"] = pa.array(random.integers(1, 6, len(cells)).astype(float))
    small = dataset([("c0", "p0")], ties=[(f"c{k}", f"c{k + 1}", None) for k in range(0, 40_000)])

    def grown(name, columns):
        cells = pa.table(columns)
        return pa.concat_tables([getattr(small, name).slice(0, 0), cells], promote_options="default")

    bank = Dataset(
        clients=grown("clients", {"client_id": ids[0]}),
        products=grown("products", {"product_id": ids[1]}),
        interactions=grown("interactions", rows),
        ties=small.ties,
    )
    assert len(bank.pair_clients) == len(cells)
    assert Profile.of(bank).interactions == len(cells)  # 3 s on an idle core


def test_interactions_of_one_pair_and_what_was_given_up_are_counted():
    events = [
        ("a", "p", 1),
        ("a", "p", 5),
        ("a", "q", 2),
        ("a", "q", 9, None, None, "gives_up"),
        ("b", "p", 3),
    ]
    profile = Profile.of(dataset(events))
    assert (profile.interactions, profile.repeated, profile.former, profile.positive) == (5, 2, 1, 2)
    assert profile.density == 2 / 4

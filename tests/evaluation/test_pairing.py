"""The pairing of two models: known intervals, what is settled, and whose held-back products are the same."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from finrec_core.dataset import split_by_client
from finrec_core.evaluation import compare, held_back, pair
from finrec_core.evaluation.pairing import MATCHED
from finrec_core.evaluation.scorer import SameForAll


def figures(values, ids=None, metric="ndcg@20"):
    ids = [f"c{row}" for row in range(len(values))] if ids is None else ids
    return pa.table({"client_id": ids, metric: pa.array(np.asarray(values, dtype=float))})


def test_the_interval_is_that_of_the_mean_of_the_differences():
    # The bootstrap of a mean of n differences is normal with their deviation over the root of n.
    random = np.random.default_rng(1)
    base = random.random(400)
    gain = random.normal(0.02, 0.1, 400)
    found = pair(figures(base + gain), figures(base)).figure("ndcg@20")
    assert found.difference == pytest.approx(gain.mean())
    wide = 1.96 * gain.std() / 20
    assert found.ci95 == pytest.approx((gain.mean() - wide, gain.mean() + wide), abs=0.15 * wide)


def test_a_planted_improvement_is_better_one_way_and_worse_the_other():
    random = np.random.default_rng(2)
    base = random.random(300)
    better = base + random.normal(0.03, 0.05, 300)
    assert pair(figures(better), figures(base)).figure("ndcg@20").result == "better"
    assert pair(figures(base), figures(better)).figure("ndcg@20").result == "worse"


def test_an_interval_that_holds_nothing_is_not_settled():
    random = np.random.default_rng(3)
    base = random.random(300)
    same = base + random.normal(0.0, 0.1, 300)
    found = pair(figures(same), figures(base)).figure("ndcg@20")
    low, high = found.ci95
    assert low < 0 < high
    assert found.result == "not settled"
    assert pair(figures(base), figures(base)).figure("ndcg@20").result == "not settled"  # exactly 0


def test_pairing_is_what_settles_a_small_gain():
    # Guards: the same small gain for each client disappears among clients that differ widely.
    base = np.linspace(0, 1, 100)
    assert pair(figures(base + 0.01), figures(base)).figure("ndcg@20").result == "better"
    mixed = np.random.default_rng(4).permutation(base + 0.01)
    assert pair(figures(mixed), figures(base)).figure("ndcg@20").result == "not settled"


def test_clients_of_one_model_only_are_counted_and_left_out():
    found = pair(figures([1, 0, 0.5], ["a", "b", "c"]), figures([0.25, 0.75], ["c", "a"]))
    assert (found.clients, found.alone) == (2, (1, 0))
    assert found.figure("ndcg@20").a == 0.75
    assert found.figure("ndcg@20").b == 0.5
    assert found.figure("mrr") is None


@pytest.mark.parametrize(("ids", "clients"), [([], 0), (["c0"], 1)])
def test_too_few_clients_give_no_interval(ids, clients):
    found = pair(figures([0.5, 0.5]), figures([0.25] * len(ids), ids))
    assert found.clients == clients
    assert all(one.ci95 is None and one.result == "not settled" for one in found.figures)


def test_a_popular_list_is_neither_better_nor_worse():
    base = np.linspace(0, 0.5, 50)
    one, two = figures(base + 0.1, metric="popular@10"), figures(base, metric="popular@10")
    assert pair(one, two).figure("popular@10").result == "higher"
    assert pair(two, one).figure("popular@10").result == "lower"


def test_on_different_data_those_count_whose_held_back_products_are_the_same():
    ids = [f"c{row}" for row in range(MATCHED + 1)]
    asked = {key: row for row, key in enumerate(ids)}
    one, two = figures(np.ones(len(ids)), ids), figures(np.zeros(len(ids)), ids)
    found = pair(one, two, (asked, asked | {"c0": 99}))
    assert (found.basis, found.clients, found.alone) == ("matched", MATCHED, (1, 1))
    found = pair(one, two, (asked, asked | {"c0": 99, "c1": 99}))
    assert (found.basis, found.clients) == ("different", MATCHED + 1)
    # Other data or another seed, but the test came out the same for everybody.
    assert pair(one, two, (asked, dict(asked))).basis == "same"
    assert pair(one, two.slice(1), (asked, dict(asked))).basis == "matched"


def test_held_back_products_are_the_same_for_a_client_that_nothing_changed_of(bank):
    dataset = bank.dataset
    before = held_back(dataset, seed=0)
    assert before == held_back(dataset, seed=0)
    rows = dataset.interactions.to_pylist()
    changed = next(iter(before))
    last = max((row for row in rows if row["client_id"] == changed), key=lambda row: row["timestamp"])
    rows.remove(last)
    interactions = pa.Table.from_pylist(rows, schema=dataset.interactions.schema)
    after = held_back(replace(dataset, interactions=interactions), seed=0)
    assert {key for key in before if before[key] != after.get(key)} == {changed}


def test_a_test_tells_the_figures_of_each_client(bank, split, holdout):
    popular = SameForAll(holdout.holders.astype(float))
    tested = compare(bank.dataset, None, split, popular, arms=())
    table = tested.per_client
    assert table["client_id"].to_pylist() == bank.dataset.clients["client_id"].take(holdout.rows).to_pylist()
    document = tested.document["protocols"]["per-client"]["arms"]["fused"]
    for metric in set(table.column_names) - {"client_id", "popular@10"}:
        assert np.mean(table[metric].to_numpy()) == pytest.approx(document[metric]["value"])
    assert "popular@10" not in document


def test_the_popular_share_is_that_of_the_most_held_tenth(bank, split, holdout):
    # Four of forty products are the tenth; a list by popularity begins with those that a client lacks.
    most = set(np.argsort(-holdout.holders, kind="stable")[:4].tolist())
    table = compare(bank.dataset, None, split, SameForAll(holdout.holders.astype(float)), arms=()).per_client
    masked = holdout.masked
    for place, share in enumerate(table["popular@10"].to_pylist()):
        has = set(masked.indices[masked.indptr[place] : masked.indptr[place + 1]].tolist())
        assert share == pytest.approx(len(most - has) / 10)


def test_where_nobody_can_be_asked_there_are_no_figures(bank):
    few = bank.dataset.take(np.arange(len(bank.dataset.interactions)) < 2)
    tested = compare(few, None, split_by_client(few, 0), SameForAll(np.zeros(40)), arms=())
    assert tested.per_client is None

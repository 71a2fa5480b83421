"""Ranking metrics: values computed by hand, ties, masks, and agreement with ranx."""

import time

import numpy as np
import pytest
from scipy.sparse import csr_array

from finrec_core import metrics
from finrec_core.metrics import coverage, metrics_of_ranks, rank_metrics, target_ranks, top


def cells(shape, *pairs):
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    found = csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    found.sort_indices()
    return found


RANX = {"ndcg": "ndcg", "recall": "recall", "precision": "precision", "hit": "hit_rate"}


def random_case(rng, clients=40, products=30, levels=None, share=0.15):
    scores = rng.normal(size=(clients, products))
    if levels:
        scores = rng.integers(levels, size=(clients, products)).astype(float)
    kinds = rng.choice(3, p=[0.9 - share, share, 0.1], size=(clients, products))  # free, target, masked
    return scores, csr_array((kinds == 1).astype(float)), csr_array((kinds == 2).astype(float))


def by_hand(scores, masked):
    """Return each client's offered products, best first, by a full sort."""
    offered = []
    for row, mask in zip(scores, masked.toarray() > 0, strict=True):
        order = sorted(range(len(row)), key=lambda i: (-row[i], i))
        offered.append([i for i in order if not mask[i]])
    return offered


def test_values_computed_by_hand():
    scores = np.array([[0.9, 0.8, 0.7, 0.6, 0.5]])
    found = rank_metrics(scores, cells((1, 5), (0, 1), (0, 4)), cells((1, 5), (0, 0)), (1, 2, 3))
    # Product 0 is masked, so the targets 1 and 4 stand at ranks 1 and 4.
    assert found["ndcg@1"] == pytest.approx([1.0])
    assert found["ndcg@3"] == pytest.approx([1.0 / (1.0 + 1.0 / np.log2(3))])
    assert found["recall@3"] == pytest.approx([0.5])
    assert found["precision@3"] == pytest.approx([1 / 3])
    assert found["precision@2"] == pytest.approx([0.5])
    assert found["hit@3"] == pytest.approx([1.0])
    assert found["mrr"] == pytest.approx([1.0])


def test_the_ideal_is_cut_at_k():
    scores = np.array([[5.0, 4.0, 3.0, 2.0]])
    found = rank_metrics(scores, cells((1, 4), (0, 0), (0, 1), (0, 2)), None, (2,))
    assert found["ndcg@2"] == pytest.approx([1.0])
    assert found["recall@2"] == pytest.approx([2 / 3])


def test_mrr_is_not_cut():
    scores = np.arange(100, 0, -1.0)[None]
    assert rank_metrics(scores, cells((1, 100), (0, 79)), None, (5,))["mrr"] == pytest.approx([1 / 80])


def test_equal_scores_rank_by_row():
    scores = np.zeros((1, 6))
    targets, masked = cells((1, 6), (0, 2), (0, 5)), cells((1, 6), (0, 1))
    assert target_ranks(scores, targets, masked).tolist() == [2, 5]
    assert top(scores, masked, 4).tolist() == [[0, 2, 3, 4]]


@pytest.mark.parametrize("levels", [None, 2, 5])
@pytest.mark.parametrize("block", [1, 70, 4_000_000])
def test_ranks_and_lists_agree_with_a_full_sort(monkeypatch, levels, block):
    monkeypatch.setattr(metrics, "CELLS", block)
    scores, targets, masked = random_case(np.random.default_rng(4), levels=levels)
    orders = by_hand(scores, masked)
    rows = np.repeat(np.arange(targets.shape[0]), np.diff(targets.indptr))
    expected = [orders[u].index(i) + 1 for u, i in zip(rows, targets.indices, strict=True)]
    assert target_ranks(scores, targets, masked).tolist() == expected
    for k in (1, 7, 30):
        lists = [(order + [-1] * k)[:k] for order in orders]
        assert top(scores, masked, k).tolist() == lists


def ranx_metrics(targets, orders, names):
    """Return ranx's value of each metric per client, from the orders of the offered products alone.

    The definitions are the same: binary gains, discount 1 / log2(1 + rank), an ideal cut at k, recall
    over all targets, precision over k. Only ties are not: ranx sorts equal scores in no stated order,
    so it is given a strictly falling score in the order of a full sort.
    """
    ranx = pytest.importorskip("ranx", reason="ranx, which the metrics are checked against, is not installed")
    clients = [f"u{u}" for u in range(len(orders))]
    wanted = {name: {f"p{i}": 1 for i in targets[[u]].indices} for u, name in enumerate(clients)}
    ranked = {
        name: {f"p{i}": float(-place) for place, i in enumerate(order)}
        for name, order in zip(clients, orders, strict=True)
    }
    run = ranx.Run(ranked)
    ranx.evaluate(ranx.Qrels(wanted), run, list(names))
    return {name: [run.scores[name][client] for client in clients] for name in names}


@pytest.fixture(autouse=True, scope="module")
def _plain_numba():
    """Let ranx run as it is written: to compile it takes forty times as long as the few numbers here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NUMBA_DISABLE_JIT", "1")
        yield


@pytest.mark.parametrize("share", [0.15, 0.6])  # the second gives most clients more targets than k
@pytest.mark.parametrize("levels", [None, 2, 5])  # few levels: ties everywhere
def test_metrics_agree_with_ranx(levels, share):
    scores, targets, masked = random_case(np.random.default_rng(5), 60, 50, levels, share)
    keep = np.flatnonzero(np.diff(targets.indptr))
    scores, targets, masked = scores[keep], targets[keep], masked[keep]
    assert share < 0.5 or (np.diff(targets.indptr) > 20).mean() > 0.9
    ks = (1, 5, 10, 20)
    names = {f"{ours}@{k}": f"{theirs}@{k}" for ours, theirs in RANX.items() for k in ks} | {"mrr": "mrr"}
    found = rank_metrics(scores, targets, masked, ks)
    expected = ranx_metrics(targets, by_hand(scores, masked), names.values())
    assert set(found) == set(names)
    for ours, theirs in names.items():
        assert found[ours] == pytest.approx(expected[theirs], abs=1e-12), ours


def test_a_client_without_targets_has_no_figure():
    found = metrics_of_ranks(np.array([1]), np.array([1]), 2, (5,))
    assert all(np.isnan(values[0]) and np.isfinite(values[1]) for values in found.values())


def test_a_short_catalogue_still_divides_precision_by_k():
    found = rank_metrics(np.ones((1, 3)), cells((1, 3), (0, 0)), None, (10,))
    assert found["precision@10"] == pytest.approx([0.1])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_scores_must_be_finite(bad):
    with pytest.raises(ValueError, match="not a finite number"):
        target_ranks(np.array([[1.0, bad]]), cells((1, 2), (0, 0)))


def test_a_masked_target_is_an_error():
    with pytest.raises(ValueError, match="masked"):
        target_ranks(np.ones((1, 2)), cells((1, 2), (0, 0)), cells((1, 2), (0, 0)))


def test_scores_are_left_as_they_were():
    scores, targets, masked = random_case(np.random.default_rng(6))
    before = scores.copy()
    target_ranks(scores, targets, masked)
    top(scores, masked, 5)
    assert (scores == before).all()


def test_coverage_counts_products_shown_to_anybody():
    assert coverage(np.array([[0, 1], [1, -1]]), 4) == 0.5
    assert coverage(np.full((2, 2), -1), 4) == 0.0


def test_two_thousand_clients_and_three_thousand_products_take_under_a_second():
    rng = np.random.default_rng(7)
    scores = rng.normal(size=(2000, 3000))
    targets = cells((2000, 3000), *((u, int(i)) for u in range(2000) for i in rng.integers(0, 1500, 8)))
    masked = cells((2000, 3000), *((u, int(i)) for u in range(2000) for i in rng.integers(1500, 3000, 30)))
    began = time.process_time()
    rank_metrics(scores, targets, masked, (20,))
    assert time.process_time() - began < 1.0

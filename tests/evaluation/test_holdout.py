"""A holdout asks for the right products, masks the right ones, and slices as it says."""

import numpy as np
import pytest

from finrec_core.dataset import Dataset
from finrec_core.evaluation import holdout as module
from finrec_core.evaluation.holdout import Holdout, Measured
from finrec_core.evaluation.scorer import SameForAll
from tests.planted import table


@pytest.fixture
def noise(bank):
    values = np.random.default_rng(2).normal(size=(len(bank.dataset.clients), len(bank.dataset.products)))

    class Noise:
        def scores(self, rows):
            return values[rows]

    return Noise()


def small(*, ratings, known, asked):
    """Two clients and four products; a row is (client, product)."""
    pairs = [*known, *asked]
    dataset = Dataset(
        clients=table("clients", client_id=["a", "b"]),
        products=table("products", product_id=["p", "q", "r", "s"]),
        interactions=table(
            "interactions",
            client_id=["ab"[u] for u, _ in pairs],
            product_id=["pqrs"[i] for _, i in pairs],
            rating=ratings,
        ),
        ties=table("ties", client_id=[], other_client_id=[], kind=[]),
        rating_limit=3.0,
    )
    is_known = np.arange(len(pairs)) < len(known)
    return Holdout.of(dataset, is_known, ~is_known)


def test_low_rated_products_are_masked_and_never_asked_for():
    found = small(ratings=[5, 1, 5, 2, 5], known=[(0, 0), (0, 1), (1, 0)], asked=[(0, 2), (0, 3)])
    assert found.rows.tolist() == [0]
    assert found.targets.toarray().tolist() == [[0, 0, 0, 1]]
    assert found.masked.toarray().tolist() == [[1, 1, 0, 0]]
    assert found.holders.tolist() == [2, 0, 0, 0]
    assert found.held.tolist() == [1]


def test_values_by_hand():
    found = small(ratings=[5] * 4, known=[(0, 0), (1, 0)], asked=[(0, 1), (1, 3)])
    scorer = SameForAll(np.array([4.0, 3.0, 2.0, 1.0]))  # p is masked: q is first, s is third
    measured = found.measure(scorer)
    assert measured.values["all", ""]["mrr"].tolist() == [1.0, 1 / 3]
    assert found.ndcg(scorer) == pytest.approx((1.0 + 1 / np.log2(4)) / 2)
    assert measured.coverage == {"coverage@20": 0.75, "coverage@5": 0.75}
    assert "ndcg@5" in measured.values["all", ""]


def test_slices_by_client_part_the_clients(holdout, noise):
    measured = holdout.measure(noise)
    whole = measured.values["all", ""]["mrr"]
    parts = [measured.values["client", name]["mrr"] for name in module.CLIENT_SLICES]
    inside = np.isfinite(parts)
    assert (inside.sum(axis=0) == 1).all()
    assert (np.nansum(parts, axis=0) == whole).all()
    held = holdout.held[np.isfinite(measured.values["client", "3-9"]["mrr"])]
    assert held.min() >= 3
    assert held.max() <= 9


def test_slices_by_product_keep_the_whole_ranking(holdout, noise):
    measured = holdout.measure(noise)
    targets = {}
    for name, (low, high) in module.PRODUCT_SLICES.items():
        degree = holdout.holders[holdout.targets.indices]
        inside = (degree >= low) & (degree <= (high or degree.max()))
        rows = np.repeat(np.arange(len(holdout.rows)), np.diff(holdout.targets.indptr))[inside]
        asked = np.flatnonzero(np.isfinite(measured.values["product", name]["mrr"]))
        assert asked.tolist() == np.unique(rows).tolist()
        targets[name] = inside.sum()
    assert sum(targets.values()) == holdout.targets.nnz
    best = np.nanmax([measured.values["product", name]["mrr"] for name in module.PRODUCT_SLICES], axis=0)
    assert (best == measured.values["all", ""]["mrr"]).all()


def test_blocks_change_nothing(holdout, noise, monkeypatch):
    whole = holdout.measure(noise)
    monkeypatch.setattr(module, "CELLS", 7 * holdout.products)
    blocks = holdout.measure(noise)
    for key, metrics in whole.values.items():
        for metric, values in metrics.items():
            assert np.array_equal(values, blocks.values[key][metric], equal_nan=True)
    assert whole.coverage == blocks.coverage


def test_nothing_asked_has_no_figure(bank):
    none = np.zeros(len(bank.dataset.interactions), dtype=bool)
    empty = Holdout.of(bank.dataset, known=~none, asked=none)
    assert np.isnan(empty.ndcg(SameForAll(np.zeros(40))))


def test_the_mean_of_several_is_taken_client_by_client():
    key = ("all", "")
    one = Measured({key: {"mrr": np.array([1.0, np.nan])}}, {"coverage@20": 0.2})
    two = Measured({key: {"mrr": np.array([0.5, np.nan])}}, {"coverage@20": 0.4})
    found = Measured.mean([one, two])
    assert np.array_equal(found.values[key]["mrr"], [0.75, np.nan], equal_nan=True)
    assert found.coverage == {"coverage@20": pytest.approx(0.3)}

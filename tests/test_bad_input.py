"""Data of odd shape trains, is compared, says what it lacks, and never falls below popularity."""

import warnings

import numpy as np
import pytest

from finrec_core import FusedRecommender
from finrec_core.dataset import limits
from finrec_core.evaluation import evaluate
from tests.shapes import SHAPES

UNTESTABLE = ("one product each", "low ratings")


@pytest.mark.parametrize("shape", [name for name in SHAPES if name != "bank"])
def test_a_shape_is_learned_without_a_fall_below_popularity(shape):
    dataset = SHAPES[shape]()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message="Sparse CSR tensor support")
        recommender = FusedRecommender().fit(dataset)
    protocol = recommender.metrics["protocols"]["per-client"]
    assert set(limits(dataset)) <= set(protocol["notes"])
    assert np.isfinite(recommender.model.scores(np.arange(len(dataset.clients)))).all()
    first = dataset.clients["client_id"][0].as_py()
    for line in recommender.recommend(first, 3):
        explanation = recommender.explain(first, line.product)
        for lens in (explanation.client_lens, explanation.product_lens):
            assert abs(lens.base + sum(part.value for part in lens.contributions) - line.score) < 1e-6
    if shape in UNTESTABLE:
        assert protocol["arms"] == {}
    else:
        paired = {one["metric"]: one["ci95"] for one in protocol["paired"] if one["b"] == "popularity"}
        # Of few clients popularity may find nothing in a resample, which leaves NDCG without a ratio.
        low, high = paired.get("ndcg@20") or paired["mrr"]
        # Nine shapes are looked at, so one in five rounds one would lie beyond 95 % by chance: a fall is
        # what lies beyond three standard errors (the interval has 1.96 of them on each side).
        assert high + (high - low) * (3 / 1.96 - 1) / 2 >= 0


@pytest.mark.parametrize("shape", ["one product each", "low ratings", "no text"])
def test_a_comparison_of_a_shape_ends_in_sentences(shape):
    dataset = SHAPES[shape]()
    document = evaluate(dataset, None, arms=("popularity", "recent-popularity", "item-knn", "text-closed"))
    for protocol in document["protocols"].values():
        assert set(limits(dataset)) <= set(protocol["notes"])
        assert bool(protocol["arms"]) == (shape not in UNTESTABLE)

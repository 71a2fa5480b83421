"""The report has the shape of docs/command-line.md; its figures are means, intervals and paired ratios."""

import json

import numpy as np
import pytest

from finrec_core.evaluation import evaluate
from finrec_core.evaluation.holdout import Measured
from finrec_core.evaluation.report import protocol_document
from finrec_core.evaluation.scorer import SameForAll
from tests.dataset.tables import dataset


@pytest.fixture(scope="module")
def measured(holdout):
    products = holdout.products
    good = SameForAll(holdout.holders.astype(float))
    poor = SameForAll(np.random.default_rng(0).normal(size=products))
    return {"poor": holdout.measure(poor), "fused": holdout.measure(good)}


@pytest.fixture(scope="module")
def document(holdout, measured):
    return protocol_document(holdout, measured, "fused")


def test_values_are_means_inside_their_intervals(document, measured):
    for arm, one in measured.items():
        for metric, values in one.values["all", ""].items():
            figure = document["arms"][arm][metric]
            assert figure["value"] == pytest.approx(values.mean())
            assert figure["ci95"][0] <= figure["value"] <= figure["ci95"][1]
        assert document["arms"][arm]["coverage@20"] == {"value": one.coverage["coverage@20"], "ci95": None}


def test_pairs_compare_ours_with_every_other_arm(document):
    assert {(pair["a"], pair["b"]) for pair in document["paired"]} == {("fused", "poor")}
    pair = next(pair for pair in document["paired"] if pair["metric"] == "ndcg@20")
    arms = document["arms"]
    expected = arms["fused"]["ndcg@20"]["value"] / arms["poor"]["ndcg@20"]["value"] - 1
    assert pair["relative"] == pytest.approx(expected)
    assert pair["ci95"][0] < expected < pair["ci95"][1]


def test_slices_without_clients_are_left_out(document, holdout, measured):
    for kind, name in (("by_product_degree", "product"), ("by_client_degree", "client")):
        for key, one in document[kind].items():
            values = measured["fused"].values[name, key]["recall@20"]
            assert one["clients"] == np.isfinite(values).sum() > 0
            assert one["arms"]["fused"]["recall@20"]["value"] == pytest.approx(np.nanmean(values))
    assert "0" not in document["by_client_degree"]


def test_it_is_json_without_nan(document):
    json.dumps(document, allow_nan=False)


def test_a_rival_at_zero_has_no_ratio(holdout, measured):
    zero = {metric: np.zeros_like(values) for metric, values in measured["poor"].values["all", ""].items()}
    rival = type(measured["poor"])({**measured["poor"].values, ("all", ""): zero}, {})
    document = protocol_document(holdout, {"zero": rival, "fused": measured["fused"]}, "fused")
    assert document["paired"] == []


def test_nothing_measured_is_an_empty_report(holdout):
    assert protocol_document(holdout, {}, "")["arms"] == {}


def test_a_single_client_has_figures_but_no_interval_and_settles_nothing():
    pairs = [("A", "a1", 1), ("A", "a2", 2), ("A", "a3", 3), ("B", "a1", 1), ("B", "a3", 2), ("C", "a2", 1)]
    pairs += [("C", "a3", 2), ("D", "x", 1), ("E", "x", 1), ("F", "x", 1)]
    found = evaluate(dataset(pairs), None, arms=("popularity", "item-knn"), seeds=(0,))
    protocol = found["protocols"]["per-client"]
    assert protocol["clients"] == 1
    assert protocol["paired"] == []
    everywhere = [protocol["arms"]]
    for kind in ("by_product_degree", "by_client_degree"):
        everywhere += [one["arms"] for one in protocol[kind].values()]
    assert len(everywhere) == 3
    figures = [figure for arms in everywhere for arm in arms.values() for figure in arm.values()]
    assert {figure["ci95"] for figure in figures} == {None}
    assert protocol["arms"]["item-knn"]["ndcg@20"]["value"] > 0


def test_a_slice_of_one_client_has_no_interval_beside_one_of_two(holdout, measured):
    def sliced(one):
        values = {**one.values, ("product", "<=4"): {}, ("product", ">=20"): {}}
        for metric, every in one.values["all", ""].items():
            for name, clients in (("<=4", 1), (">=20", 2)):
                values["product", name][metric] = np.where(np.arange(len(every)) < clients, every, np.nan)
        return Measured(values, one.coverage)

    arms = {name: sliced(one) for name, one in measured.items()}
    slices = protocol_document(holdout, arms, "fused")["by_product_degree"]
    assert [slices[name]["clients"] for name in ("<=4", ">=20")] == [1, 2]
    assert slices["<=4"]["arms"]["fused"]["mrr"]["ci95"] is None
    assert len(slices[">=20"]["arms"]["fused"]["mrr"]["ci95"]) == 2

"""The comparison: one document, both protocols, arms that cannot learn named and left out."""

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from finrec_core.dataset import SCHEMAS
from finrec_core.evaluation import UnknownArmError, compare, evaluate
from finrec_core.evaluation.scorer import SameForAll
from tests.planted import planted

QUICK = ("ease", "popularity", "item-knn")


@pytest.fixture(scope="module")
def document(bank):
    return evaluate(bank.dataset, bank.texts, arms=QUICK, seeds=range(2))


def test_the_document_has_the_shape_that_is_documented(document):
    assert document["dataset"] == "planted"
    assert set(document["protocols"]) == {"per-client", "global-time"}
    for protocol in document["protocols"].values():
        assert list(protocol["arms"]) == ["popularity", "item-knn", "ease"]
        wanted = {
            "arms",
            "paired",
            "by_product_degree",
            "by_client_degree",
            "controls",
            "constants",
            "seconds",
        }
        assert wanted <= set(protocol)
        assert set(protocol["constants"]) == set(protocol["seconds"]) == set(protocol["arms"])
        metrics = protocol["arms"]["ease"]
        assert {"ndcg@20", "recall@20", "precision@10", "hit@10", "mrr", "coverage@20", "ndcg@5"} <= set(
            metrics
        )
    json.dumps(document, allow_nan=False)


def test_it_is_the_same_every_time(bank, document):
    again = evaluate(bank.dataset, bank.texts, arms=QUICK, seeds=range(2))
    for name, protocol in document["protocols"].items():
        for key in ("arms", "paired", "constants"):
            assert again["protocols"][name][key] == protocol[key]


def test_progress_rises_to_one(bank):
    told = []
    evaluate(bank.dataset, None, arms=QUICK, progress=lambda stage, share: told.append((stage, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert any("item-knn" in stage for stage, _ in told)


def test_without_times_there_is_no_time_cut(bank):
    columns = bank.dataset.interactions.to_pydict()
    columns["timestamp"] = [None] * len(columns["timestamp"])
    timeless = replace(bank.dataset, interactions=pa.table(columns, schema=SCHEMAS["interactions"]))
    assert set(evaluate(timeless, None, arms=("popularity",))["protocols"]) == {"per-client"}


def test_an_arm_without_its_texts_is_left_out_in_a_sentence(bank):
    document = evaluate(bank.dataset, None, arms=("popularity", "text-closed", "text-network"))
    protocol = document["protocols"]["per-client"]
    assert list(protocol["arms"]) == ["popularity"]
    left_out = [note.split(" is left out.")[0] for note in protocol["notes"] if "left out" in note]
    assert left_out == ["text-closed", "text-network"]


def test_a_bank_that_cannot_be_tested_says_so():
    small = planted(clients=20, per_client=2)
    protocol = evaluate(small.dataset, small.texts, arms=QUICK)["protocols"]["per-client"]
    assert protocol["arms"] == {}
    assert any("nothing can be tested" in note for note in protocol["notes"])


def test_an_unknown_arm_is_refused_before_any_work(bank):
    told = []
    with pytest.raises(UnknownArmError, match="knn"):
        evaluate(bank.dataset, None, arms=("knn",), progress=lambda *one: told.append(one))
    assert not told


def test_keeping_a_share_cuts_the_texts_too(bank):
    document = evaluate(bank.dataset, bank.texts, arms=("popularity", "text-closed"), keep=0.5)
    assert document["keep"] == 0.5
    whole = evaluate(bank.dataset, None, arms=("popularity",))
    value = [
        one["protocols"]["per-client"]["arms"]["popularity"]["ndcg@20"]["value"] for one in (document, whole)
    ]
    assert value[0] != value[1]


def test_compare_takes_the_model_as_it_is(bank, split, holdout):
    scorer = SameForAll(holdout.holders.astype(float))
    tested = compare(bank.dataset, bank.texts, split, scorer, constants={"share": 0.1}, seconds=2.0)
    document = tested.document
    protocol = document["protocols"]["per-client"]
    assert list(protocol["arms"]) == ["popularity", "item-knn", "ease", "fused"]
    assert protocol["arms"]["fused"] == protocol["arms"]["popularity"]  # the scorer was popularity
    assert {pair["b"] for pair in protocol["paired"]} == {"popularity", "item-knn", "ease"}
    assert protocol["constants"]["fused"] == {"share": 0.1}
    assert protocol["seconds"]["fused"] == 2.0


def test_compare_without_baselines_still_measures_the_model(bank, split, holdout):
    tested = compare(bank.dataset, None, split, SameForAll(holdout.holders.astype(float)), arms=())
    document = tested.document
    assert list(document["protocols"]["per-client"]["arms"]) == ["fused"]


def test_compare_on_a_bank_that_cannot_be_tested_does_not_fail():
    small = planted(clients=20, per_client=2).dataset
    from finrec_core.dataset import split_by_client

    tested = compare(small, None, split_by_client(small, 0), SameForAll(np.zeros(64)))
    document = tested.document
    assert document["protocols"]["per-client"]["arms"] == {}

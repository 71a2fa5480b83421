"""Controls on the planted bank: what should vanish vanishes, what should speak speaks."""

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from finrec_core.dataset import split_by_client
from finrec_core.evaluation.controls import chance, run_controls
from finrec_core.evaluation.holdout import Holdout
from finrec_core.evaluation.ledger import Ledger
from finrec_core.evaluation.model_arm import ModelArm
from finrec_core.evaluation.scorer import SameForAll
from finrec_core.model import ClosedFormConstants, Constants, NetworkConstants
from finrec_core.model.constants import ColdConstants
from tests.planted import planted, table


def settled(arm, task, progress):
    """Stand for a model's search, which has tests of its own: constants that suit the planted bank."""
    constants = Constants(
        switches=arm.switches,
        network=NetworkConstants(dim=16, text_dim=8, seeds=1, steps=(15, 8)),
        closed_form=ClosedFormConstants(ridge=20.0, tie_share=0.4),
        tail=ClosedFormConstants(ridge=1.0, ridge_degree=0.05, tie_share=0.2),
        cold=ColdConstants(level=0.5),
        share=0.3,
        gamma=0.2,
    )
    return constants.to_json()


@pytest.fixture(scope="module")
def controls(tmp_path_factory):
    bank = planted(seed=3, clients=240, products=60, per_client=8)
    alike = [np.flatnonzero(bank.client_taste == taste) for taste in range(4)]
    pairs = [(f"c{u:03}", f"c{v:03}") for rows in alike for u, v in pairwise(rows)]
    ends = dict(zip(("client_id", "other_client_id"), zip(*pairs, strict=True), strict=True))
    dataset = replace(bank.dataset, ties=table("ties", **ends))
    split = split_by_client(dataset, 0)
    ledger = Ledger(tmp_path_factory.mktemp("ledger"))
    told = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ModelArm, "choose", settled)
        found = run_controls(
            *(dataset, bank.texts, split),
            counted=bank.texts,
            seeds=(0,),
            ledger=ledger,
            progress=lambda stage, share: told.append((stage, share)),
        )
    return found, told


def figure(control, arm, metric="ndcg@20"):
    return control["arms"][arm][metric]["value"]


def test_every_control_says_what_was_done(controls):
    found, told = controls
    assert list(found) == [
        "counted words",
        "shuffled texts",
        "shuffled ties",
        "clients cut to 0",
        "clients cut to 1",
        "clients cut to 3",
        "new products",
        "other products",
        "random products",
    ]
    assert all(one["description"].endswith(".") and one["clients"] > 0 for one in found.values())
    json.dumps(found, allow_nan=False)
    shares = [share for _, share in told]
    assert shares == sorted(shares)


def test_tf_idf_stands_beside_the_language_model(controls):
    control = controls[0]["counted words"]
    assert list(control["arms"]) == ["fused (no texts)", "fused (tf-idf)", "fused"]
    assert figure(control, "fused (tf-idf)") == figure(control, "fused")  # they were given the same texts


def test_shuffled_texts_lose_what_texts_gain(controls):
    control = controls[0]["shuffled texts"]
    gain = figure(control, "fused") - figure(control, "fused (no texts)")
    left = figure(control, "fused (texts shuffled)") - figure(control, "fused (no texts)")
    assert gain > 0.01
    assert left < 0.5 * gain
    assert {pair["a"] for pair in control["paired"]} == {"fused (texts shuffled)"}


def test_ties_speak_for_clients_that_have_nothing(controls):
    control = controls[0]["clients cut to 0"]
    assert figure(control, "fused") > 1.3 * figure(control, "fused (no ties)")
    assert set(control["arms"]) == {"popularity", "graph-sum", "fused (no ties)", "fused"}


def test_new_products_are_found_by_their_texts_alone(controls):
    new, others = controls[0]["new products"], controls[0]["other products"]
    assert figure(new, "fused", "recall@20") > 2 * figure(new, "graph-sum", "recall@20")
    assert figure(new, "fused", "recall@20") > figure(new, "fused (no cold start)", "recall@20")
    assert figure(others, "fused") > 0.95 * figure(others, "fused (no cold start)")


def test_random_products_score_at_chance(controls):
    """Guards against a leak anywhere on the way: test rows that are known would lift this."""
    control = controls[0]["random products"]
    for arm in ("fused", "popularity"):
        low, high = control["arms"][arm]["ndcg@20"]["ci95"]
        assert low - 0.03 < figure(control, "chance") < high + 0.03


def test_without_texts_and_ties_their_controls_are_left_out(bank, split, monkeypatch):
    monkeypatch.setattr(ModelArm, "choose", settled)
    bare = replace(bank.dataset, ties=bank.dataset.ties.slice(0, 0))
    found = run_controls(bare, None, split, seeds=(0,))
    assert list(found) == ["new products", "other products", "random products"]
    assert "text-closed" not in found["new products"]["arms"]


def test_chance_is_what_random_orders_reach(bank, split):
    holdout = Holdout.of(bank.dataset, known=split.train | split.validation, asked=split.test)
    random = np.random.default_rng(0)
    drawn = [holdout.ndcg(SameForAll(random.normal(size=holdout.products))) for _ in range(400)]
    assert chance(holdout) == pytest.approx(np.mean(drawn), abs=3 * np.std(drawn) / 20)

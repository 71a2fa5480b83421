"""Several encoders in one comparison: who stands how often, under which name, with which texts."""

import json
from dataclasses import replace

import numpy as np
import pytest

from finrec_core.dataset import split_by_client, split_by_time
from finrec_core.evaluation import ARMS, evaluate
from finrec_core.evaluation.comparison import Readings

NAMES = ("popularity", "ease", "text-closed", "fused")


def test_which_arms_read_text():
    reading = {name for name, arm in ARMS.items() if arm.reads_text}
    assert reading == {"text-closed", "text-network", "fused-network", "fused"}


def test_an_arm_that_reads_text_stands_once_for_each_encoder(bank, split):
    texts = {"plain": lambda *_: bank.texts, "tf-idf": lambda *_: bank.texts}
    readings = Readings.of(texts, bank.dataset, split)
    entrants = [(name, encoder) for name, _, encoder in readings.entrants([ARMS[name] for name in NAMES])]
    assert entrants == [
        ("popularity", "plain"),
        ("ease", "plain"),
        ("text-closed (plain)", "plain"),
        ("text-closed (tf-idf)", "tf-idf"),
        ("fused (plain)", "plain"),
        ("fused (tf-idf)", "tf-idf"),
    ]
    assert readings.name("fused") == "fused (plain)"


@pytest.mark.parametrize("texts", [None, {}, {"one": lambda *_: None}])
def test_one_encoder_or_none_keeps_plain_names(bank, split, texts):
    readings = Readings.of(texts, bank.dataset, split)
    assert [name for name, *_ in readings.entrants([ARMS["ease"], ARMS["fused"]])] == ["ease", "fused"]
    assert readings.first is None


def test_each_split_is_read_with_its_own_training_rows(bank):
    asked = []

    def read(dataset, train, progress):
        asked.append((len(dataset.interactions), train))
        progress("Reading texts", 1.0)
        return bank.texts if len(train) == len(bank.dataset.interactions) else None

    told = []
    evaluate(
        bank.dataset,
        {"one": read},
        arms=("popularity", "text-closed"),
        progress=lambda _stage, share: told.append(share),
    )
    expected = [split_by_client(bank.dataset, 0).train, split_by_time(bank.dataset, 0).train]
    assert all(np.array_equal(train, one) for (_, train), one in zip(asked, expected, strict=True))
    assert told == sorted(told)
    evaluate(bank.dataset, {"one": read}, arms=("text-closed",), keep=0.5)
    assert asked[2][0] == len(asked[2][1]) < len(bank.dataset.interactions)
    evaluate(bank.dataset, {"one": read}, arms=("popularity",))
    assert len(asked) == 4  # nobody reads, so nothing is read


def test_one_table_holds_all_encoders_and_compares_ours_with_the_others(bank):
    noise = np.random.default_rng(0)
    blind = replace(
        bank.texts,
        own=noise.normal(size=bank.texts.own.shape),
        reviews=noise.normal(size=bank.texts.reviews.shape),
    )
    texts = {"blind": lambda *_: blind, "told": lambda *_: bank.texts}
    document = evaluate(bank.dataset, texts, arms=("ease", "text-closed"))
    protocol = document["protocols"]["per-client"]
    assert list(protocol["arms"]) == ["ease", "text-closed (blind)", "text-closed (told)"]
    figures = {name: arm["ndcg@20"]["value"] for name, arm in protocol["arms"].items()}
    assert figures["text-closed (told)"] > 1.2 * figures["text-closed (blind)"]
    json.dumps(document, allow_nan=False)

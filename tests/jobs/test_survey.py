"""What a dataset holds to learn from, and how much of it was read before."""

import pytest

from finrec_core.intake import from_frames
from finrec_core.jobs.survey import Survey
from finrec_core.text import Encoder, EncoderError, VectorCache, encode


def bank(reviews):
    rows = range(len(reviews))
    return from_frames(
        {
            "client_id": [f"c{row}" for row in rows],
            "product_id": [f"p{row % 2}" for row in rows],
            "review": reviews,
        },
        products={"product_id": ["p0", "p1"], "name": ["Fund", "Card"]},
    )


@pytest.fixture(scope="module")
def encoder(language_model):
    return Encoder(language_model)


def test_only_what_the_encoder_has_not_read_is_counted(encoder, tmp_path):
    cache = VectorCache(tmp_path)
    first = bank(["a good fund", "slow card", None, "a good fund"])
    before = Survey.of(first, encoder.source, tmp_path)
    assert (before.texts, before.known) == (4, 0)  # two names and two reviews
    assert before.tokens > 0
    table = encode(first, encoder, cache)
    assert table.read > 0
    after = Survey.of(first, encoder.source, tmp_path)
    assert (after.texts, after.known, after.tokens) == (4, 4, 0)
    more = Survey.of(bank(["a good fund", "slow card", "brand new words"]), encoder.source, tmp_path)
    assert (more.texts, more.known) == (5, 4)
    assert more.tokens == pytest.approx(encode(bank(["x", "brand new words"]), encoder).read, abs=3)
    assert more.weights > 10_000_000


def test_tf_idf_reads_all_anew_and_needs_no_model(tmp_path):
    found = Survey.of(bank(["good", "bad"]), "tf-idf", tmp_path)
    assert (found.texts, found.known, found.tokens, found.weights) == (4, 0, 0, 0)


def test_what_the_data_lacks_is_said(tmp_path):
    found = Survey.of(bank([None, None]), "tf-idf", tmp_path)
    assert found.lacks("ties") == "There are no ties in this data."
    assert found.lacks("reviews") == "There are no reviews in this data."
    assert found.lacks("recency") == "There are no dates in this data."
    assert found.lacks("text") == found.lacks("network") == ""


def test_an_encoder_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(EncoderError, match="is not on this machine"):
        Survey.of(bank(["good"]), "no/such-model", tmp_path)

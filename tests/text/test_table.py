import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from finrec_core.dataset import SCHEMAS, Dataset
from finrec_core.terms.progress import Progress, silent
from finrec_core.text import Encoder, Pooled, TextTable, VectorCache, encode, table


class Counting:
    """An encoder of two numbers, length and first letter, which notes what it was asked to read."""

    name, dim = "counting", 2

    def __init__(self) -> None:
        self.read: list[str] = []

    def pool(self, texts: Sequence[str], progress: Progress = silent) -> Pooled:
        progress("Reading texts", 0.0)
        self.read += texts
        vectors = [[len(text), ord(text[0])] if text else [0, 0] for text in texts]
        progress("Reading texts", 1.0)
        return Pooled(
            np.array(vectors, np.float32).reshape(-1, 2),
            np.array([len(text.split()) for text in texts], np.int32),
        )


def made(reviews: Sequence[str | None]) -> Dataset:
    """Return a dataset of three products, one without text, and one client for each review."""
    clients = [f"c{row}" for row in range(len(reviews))]
    tables = {
        "clients": {"client_id": clients},
        "products": {
            "product_id": ["p0", "p1", "p2"],
            "name": ["Fund", "Card", None],
            "category": ["fund", None, None],
        },
        "interactions": {
            "client_id": clients,
            "product_id": [f"p{row % 3}" for row in range(len(reviews))],
            "review": reviews,
        },
        "ties": {},
    }
    return Dataset(
        **{
            key: pa.table(
                {
                    field.name: columns.get(field.name, [None] * len(next(iter(columns.values()), [])))
                    for field in SCHEMAS[key]
                },
                schema=SCHEMAS[key],
            )
            for key, columns in tables.items()
        }
    )


REVIEWS = ["good", None, "very good", "good", "", "bad one"]


def test_rows_are_those_of_the_dataset() -> None:
    texts = encode(made(REVIEWS), Counting())
    np.testing.assert_array_equal(texts.own, [[9, ord("F")], [4, ord("C")], [0, 0]])
    assert texts.own_tokens.tolist() == [2, 1, 0]
    np.testing.assert_array_equal(texts.reviews[:, 0], [4, 0, 9, 4, 0, 7])
    assert texts.review_tokens.tolist() == [1, 0, 2, 1, 0, 2]
    assert texts.reviews.dtype == np.float32
    assert repr(texts) == "TextTable(3 products, 6 reviews, 2-d)"


def test_equal_texts_are_read_once_and_empty_ones_never() -> None:
    encoder = Counting()
    encode(made(REVIEWS), encoder)
    assert sorted(encoder.read) == ["Card", "Fund\nfund", "bad one", "good", "very good"]


def test_only_what_is_new_is_encoded_after_an_append(tmp_path: Path) -> None:
    cache, encoder = VectorCache(tmp_path), Counting()
    first = encode(made(REVIEWS), encoder, cache)
    encoder.read.clear()
    again = encode(made(REVIEWS), encoder, VectorCache(tmp_path))
    assert encoder.read == []
    np.testing.assert_array_equal(first.own, again.own)
    np.testing.assert_array_equal(first.reviews, again.reviews)
    np.testing.assert_array_equal(first.review_tokens, again.review_tokens)
    longer = encode(made([*REVIEWS, "brand new", "good"]), encoder, cache)
    assert encoder.read == ["brand new"]
    np.testing.assert_array_equal(longer.reviews[:6], first.reviews)
    assert longer.reviews[6:, 0].tolist() == [9, 4]


def test_a_damaged_cache_changes_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    encoder = Counting()
    first = encode(made(REVIEWS), encoder, VectorCache(tmp_path))
    for shard in tmp_path.glob("*/*.safetensors"):
        shard.write_bytes(shard.read_bytes()[:-1])
    encoder.read.clear()
    again = encode(made(REVIEWS), encoder, VectorCache(tmp_path))
    assert len(encoder.read) == 5
    np.testing.assert_array_equal(first.reviews, again.reviews)
    assert "damaged" in caplog.text


def test_a_cancelled_call_keeps_whole_stretches_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "_STRETCH", 2)
    encoder, cache = Counting(), VectorCache(tmp_path)
    heard: list[float] = []

    def cancel(_: str, share: float) -> None:
        heard.append(share)
        if share >= 0.8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encode(made(REVIEWS), encoder, cache, cancel)
    assert heard == sorted(heard)
    read = encoder.read.copy()
    encoder.read.clear()
    encode(made(REVIEWS), encoder, cache)
    assert len(encoder.read) == 5 - 2  # one stretch was stored, the second was cancelled at its end
    assert set(read) | set(encoder.read) == {"Card", "Fund\nfund", "bad one", "good", "very good"}


def test_a_cache_that_cannot_be_written_costs_only_the_next_time(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "vectors").write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        texts = encode(made(REVIEWS), Counting(), VectorCache(tmp_path / "vectors"))
    assert texts.review_tokens.tolist() == [1, 0, 2, 1, 0, 2]
    assert "could not be stored" in caplog.text


def test_take_follows_the_dataset() -> None:
    dataset, keep = made(REVIEWS), np.array([True, False, True, False, False, True])
    texts = encode(dataset, Counting()).take(keep)
    expected = encode(dataset.take(keep), Counting())
    np.testing.assert_array_equal(texts.reviews, expected.reviews)
    np.testing.assert_array_equal(texts.review_tokens, expected.review_tokens)
    np.testing.assert_array_equal(texts.own, expected.own)


def test_a_review_held_back_reaches_no_other_row(folders: dict[str, Path]) -> None:
    """The canary: one review changes, all other vectors keep their values."""
    encoder = Encoder(str(folders["bert"]), precision="float32")
    reviews = ["the card is great", "a safe fund", "expensive loan", "easy"]
    before = encode(made(reviews), encoder)
    after = encode(made([*reviews[:3], "canary canary the branch did not answer"]), encoder)
    np.testing.assert_allclose(before.reviews[:3], after.reviews[:3], atol=1e-5)
    np.testing.assert_allclose(before.own, after.own, atol=1e-5)
    assert np.abs(before.reviews[3] - after.reviews[3]).max() > 0.1


def test_a_dataset_without_text_has_zero_vectors() -> None:
    encoder = Counting()
    empty = Dataset(**{key: schema.empty_table() for key, schema in SCHEMAS.items()})
    texts = encode(empty, encoder)
    assert texts.own.shape == texts.reviews.shape == (0, 2)
    assert encoder.read == []


def test_shapes_are_checked() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        TextTable(np.zeros((3, 2)), np.zeros(3), np.zeros((4, 5)), np.zeros(4))
    with pytest.raises(ValueError, match="do not fit"):
        TextTable(np.zeros((3, 2)), np.zeros(3), np.zeros((4, 2)), np.zeros(5))
    with pytest.raises(ValueError, match="do not fit"):
        Pooled(np.zeros((3, 2)), np.zeros(2))

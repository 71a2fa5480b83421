"""TF-IDF as an encoder: exact figures, words that add up, files that say when they are broken."""

import json
import math
import re

import numpy as np
import pytest

from finrec_core.text import EncoderError, TfIdf, shares
from finrec_core.text.tf_idf import FILES

TEXTS = [
    "a card for the children, a gift card",
    "the fund has low cost",
    "low cost fund for the long run",
    "",
    "gift, gift, gift!",
]


@pytest.fixture(scope="module")
def fitted():
    return TfIdf.fit(TEXTS)


def tf_idf(texts, vocabulary):
    """The matrix as the definition has it, from which the fit must have its projection."""
    told = [re.findall(r"\w+", text.lower()) for text in texts if text]
    spread = [sum(word in text for text in told) for word in vocabulary]
    idf = np.array([math.log((1 + len(told)) / (1 + number)) + 1 for number in spread])
    return np.array([[text.count(word) for word in vocabulary] for text in told]) * idf, idf


def test_similarities_are_those_of_plain_tf_idf(fitted):
    vocabulary = sorted({word for text in TEXTS for word in re.findall(r"\w+", text)})
    matrix, _ = tf_idf(TEXTS, vocabulary)
    plain = matrix / np.array([len(text.split()) for text in TEXTS if text])[:, None]
    vectors = fitted.pool([text for text in TEXTS if text]).vectors
    assert fitted.dim == 4  # as many as there are texts: nothing is lost
    np.testing.assert_allclose(vectors @ vectors.T, plain @ plain.T, atol=1e-5)


def test_the_projection_is_that_of_a_full_decomposition():
    rng = np.random.default_rng(0)
    words = [f"w{number:03}" for number in range(120)]
    texts = [" ".join(rng.choice(words[10 * taste :][:40], size=25)) for taste in range(9) for _ in range(60)]
    found = TfIdf.fit(texts)
    matrix, idf = tf_idf(texts, words)
    _, _, right = np.linalg.svd(matrix / np.linalg.norm(matrix, axis=1, keepdims=True))
    states = np.array([found.states(word).states[0] for word in words]) / idf[:, None]
    agreement = np.abs((states[:, :8] * right[:8].T).sum(axis=0))
    np.testing.assert_allclose(agreement, 1.0, atol=1e-4)
    assert found.name == TfIdf.fit(texts).name
    assert found.name != TfIdf.fit(texts[1:]).name


def test_a_vector_is_the_plain_mean_of_the_words_and_they_add_up(fitted):
    text = "A gift card, unheard of; the FUND of long funds https://gift.card/fund"
    tokens, pooled = fitted.states(text), fitted.pool([text, "", "?!"])
    assert [text[low:high] for low, high in tokens.spans] == re.findall(r"\w+", text.partition("http")[0])
    np.testing.assert_allclose(tokens.states.mean(axis=0), pooled.vectors[0], atol=1e-6)
    assert pooled.tokens.tolist() == [10, 0, 0]
    assert not pooled.vectors[1:].any()
    centre, direction = pooled.vectors[0] / 2, np.arange(1.0, fitted.dim + 1)
    stored = float((pooled.vectors[0] - centre).astype(np.float64) @ direction)
    split = shares(text, tokens, centre, direction, weight=1.0, stored=stored)
    assert split.values.sum() == pytest.approx(stored, abs=1e-12)
    assert split.word_error < 1e-6


def test_an_unknown_word_is_a_word_token_with_the_zero_state(fitted):
    tokens = fitted.states("gift zanzibar")
    assert tokens.states[0].any()
    assert not tokens.states[1].any()
    pooled = fitted.pool(["gift zanzibar", "gift"])
    assert pooled.tokens.tolist() == [2, 1]
    np.testing.assert_allclose(pooled.vectors[0], pooled.vectors[1] / 2, atol=1e-6)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Für ÖL, na-ïve 3.5%", ["Für", "ÖL", "na", "ïve", "3", "5"]),
        ("fu\u0308r", ["fu\u0308r"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("مرحبا بك", ["مرحبا", "بك"]),
        ("你好 world", ["你", "好", "world"]),
        ("👍 \ud800 …", []),
    ],
)
def test_words_of_any_language(fitted, text, words):
    assert [text[low:high] for low, high in fitted.states(text).spans] == words


def test_one_word_is_the_same_however_it_is_written():
    found = TfIdf.fit(["für Kinder", "ein Fonds"])
    each = [found.states(text).states for text in ("für", "FÜR", "fu\u0308r")]
    assert each[0].any()
    assert np.array_equal(each[0], each[1])
    assert np.array_equal(each[0], each[2])


@pytest.mark.parametrize("texts", [[], ["", "?"]])
def test_nothing_to_learn_from_gives_zero_vectors(texts):
    found = TfIdf.fit(texts)
    pooled = found.pool(["a gift"])
    assert pooled.tokens.tolist() == [2]
    assert not pooled.vectors.any()


def test_of_too_many_words_those_in_most_texts_stay(monkeypatch):
    monkeypatch.setattr("finrec_core.text.tf_idf.MOST_WORDS", 2)
    found = TfIdf.fit(["fund gift", "fund gift gift card", "fund card gift"])
    assert [found.states(word).states.any() for word in ("fund", "gift", "card")] == [True, True, False]


def test_what_is_saved_reads_the_same(fitted, tmp_path):
    fitted.save(tmp_path)
    again = TfIdf.load(tmp_path)
    assert (again.name, again.dim) == (fitted.name, fitted.dim)
    assert np.array_equal(again.pool(TEXTS).vectors, fitted.pool(TEXTS).vectors)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("content", [b"\x00\x01 not this", b'{"name": 3, "words": 4}', None])
def test_a_broken_file_is_one_sentence(fitted, tmp_path, file, content):
    fitted.save(tmp_path)
    (tmp_path / file).write_bytes(content) if content else (tmp_path / file).unlink()
    with pytest.raises(EncoderError, match=re.escape(file)) as caught:
        TfIdf.load(tmp_path)
    assert "\n" not in str(caught.value)


def test_files_of_two_fits_do_not_mix(fitted, tmp_path):
    fitted.save(tmp_path)
    values = json.loads((tmp_path / FILES[1]).read_text("utf-8"))
    values["words"][0] = "else"
    (tmp_path / FILES[1]).write_text(json.dumps(values), "utf-8")
    with pytest.raises(EncoderError, match="does not fit"):
        TfIdf.load(tmp_path)

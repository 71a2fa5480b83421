import numpy as np
import pytest

from finrec_core.explain.account import account
from finrec_core.explain.lenses import product_lens
from finrec_core.explain.pair import Pair
from finrec_core.text import TokenStates
from tests.planted import DIM


def states(text):
    """Give each word of a text its own made-up state, the same for the same text."""
    rng = np.random.default_rng(len(text))
    words = text.split()
    starts = np.cumsum([0, *(len(word) + 1 for word in words[:-1])])
    spans = np.array([[s, s + len(w)] for s, w in zip(starts, words, strict=True)], dtype=np.int32)
    return TokenStates(rng.normal(size=(len(words), DIM)).astype(np.float32), spans.reshape(-1, 2))


def test_words_add_up_to_what_goes_through_text(planted_bank, planted_model):
    pair = Pair(planted_model, 12, 20)
    explanation = account(pair, planted_bank.dataset, rank=1, words=6, states=states)
    opened = 0
    for lens in (explanation.client_lens, explanation.product_lens):
        for contribution in lens.contributions:
            if contribution.words:
                assert abs(sum(word.value for word in contribution.words) - contribution.text_value) <= 1e-6
                opened += any(word.end - word.start < 8 for word in contribution.words)
            else:
                assert contribution.text_value == 0 or contribution.kind in (
                    "tie",
                    "client",
                    "product",
                    "learned",
                )
        assert abs(lens.error) <= 1e-6 * max(1, abs(lens.score))
    assert opened >= 6


def test_a_gap_between_stored_and_encoded_states_is_reported(planted_bank, planted_model):
    explanation = account(Pair(planted_model, 12, 20), planted_bank.dataset, rank=1, words=3, states=states)
    assert max(contribution.word_error for contribution in explanation.product_lens.contributions) > 0.01


def test_without_words_no_text_is_encoded(planted_bank, planted_model):
    def refuse(text):
        raise AssertionError(text)

    explanation = account(Pair(planted_model, 12, 20), planted_bank.dataset, rank=1, states=refuse)
    assert not any(contribution.words for contribution in explanation.client_lens.contributions)


def test_words_without_an_encoder_are_refused(planted_bank, planted_model):
    with pytest.raises(ValueError, match="needs an encoder"):
        account(Pair(planted_model, 12, 20), planted_bank.dataset, rank=1, words=1)


def test_a_client_for_whom_nothing_speaks_is_explained_as_popularity(planted_bank, planted_model):
    explanation = account(Pair(planted_model, 0, 20), planted_bank.dataset, rank=3)
    assert explanation.branch == "popularity"
    assert explanation.client_lens.contributions == ()
    assert explanation.client_lens.base == explanation.score == np.log1p(planted_model.evidence.degree[20])


def test_ties_are_the_reasons_of_a_client_that_has_only_ties(planted_bank, planted_model):
    explanation = account(Pair(planted_model, 1, 20), planted_bank.dataset, rank=3)
    assert explanation.branch == "fused"
    assert {contribution.kind for contribution in explanation.client_lens.contributions} == {"tie"}


def test_clients_of_the_same_planted_taste_speak_louder(planted_bank, planted_model):
    values, same = [], []
    for u in range(2, 60):
        for i in np.flatnonzero(planted_bank.product_taste == planted_bank.client_taste[u])[:4]:
            for reason in product_lens(Pair(planted_model, u, int(i))).contributions:
                if reason.kind == "client":
                    values.append(reason.value)
                    same.append(planted_bank.client_taste[reason.row] == planted_bank.client_taste[u])
    values, same = np.array(values), np.array(same)
    above = values[same][:, None] > values[~same][None, :]
    assert above.mean() > 0.7  # chance is .5

import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from finrec_core.demo.holdings import holdings
from finrec_core.demo.reviews import reviews
from finrec_core.demo.voices import ADVISERS
from tests.demo.banks import bank


@pytest.fixture(scope="module")
def written():
    dataset = bank().dataset
    return [
        (client, product, rating, text)
        for client, product, rating, text in zip(
            dataset.event_clients,
            dataset.event_products,
            dataset.interactions["rating"].to_pylist(),
            dataset.review_texts,
            strict=True,
        )
        if text
    ]


def sentences(text):
    return [part.strip().lower() for part in re.split(r"(?<=[.!?:])\s+|\n", text) if part.strip()]


def test_two_in_five_interactions_have_a_review_of_three_to_eighty_words(written):
    assert 0.38 < len(written) / len(bank().dataset.interactions) < 0.5
    lengths = np.array([len(text.split()) for *_, text in written])
    assert lengths.max() <= 95
    assert 15 < lengths.mean() < 30
    assert np.mean(lengths <= 4) > 0.04
    assert np.mean(lengths >= 40) > 0.07


def test_sentences_are_seldom_said_twice(written):
    every = [sentence for *_, text in written for sentence in sentences(text)]
    long = [sentence for sentence in every if len(sentence.split()) >= 5]
    assert len(set(long)) > 0.95 * len(long)
    assert len(set(every)) > 0.85 * len(every)
    assert Counter(long).most_common(1)[0][1] <= 5
    texts = [text for *_, text in written]
    assert len(set(texts)) > 0.97 * len(texts)


def test_the_reviews_of_a_product_and_of_a_client_do_not_repeat_themselves(written):
    for end in (0, 1):
        groups = {}
        for row in written:
            long = [sentence for sentence in sentences(row[3]) if len(sentence.split()) >= 5]
            groups.setdefault(row[end], []).extend(long)
        repeats = sum(len(said) - len(set(said)) for said in groups.values())
        assert repeats <= 0.015 * sum(map(len, groups.values()))


def test_reviews_do_not_open_alike_in_a_row(written):
    openings = [text.lower().split() for *_, text in written]
    assert sum(one[0] == other[0] for one, other in pairwise(openings)) <= 0.01 * len(openings)
    assert Counter(tuple(words[:2]) for words in openings).most_common(1)[0][1] < 0.03 * len(openings)


def test_no_slot_or_brace_is_left_open(written):
    assert not [text for *_, text in written if set(text) & set("{}|<>@") or "  " in text]


def test_writers_differ_in_manner(written):
    texts = [text for *_, text in written]
    assert 0.03 < np.mean([text == text.lower() for text in texts]) < 0.25
    assert 0.02 < np.mean(["!" in text for text in texts]) < 0.25
    assert 0.15 < np.mean([bool(re.search(r"n't|'s |'m ", text)) for text in texts]) < 0.6


def test_a_review_names_an_adviser_of_the_branch(written):
    who = bank().truth.people
    every = {name for names in ADVISERS for name in names}
    for client, _, _, text in written:
        named = {name for name in every if name in text}
        assert named <= set(ADVISERS[who.branch[client]])


def test_words_carry_the_planted_taste(written):
    """Reviews of products that serve a taste use its words far more often than others do."""
    truth = bank().truth
    for column, taste in enumerate(truth.tastes):
        pattern = re.compile(r"\b(" + "|".join(truth.words[taste]) + r")", re.IGNORECASE)
        serves = truth.product_tastes[:, column] > 0.7
        lacks = truth.product_tastes[:, column] == 0
        own = [bool(pattern.search(text)) for _, product, _, text in written if serves[product]]
        other = [bool(pattern.search(text)) for _, product, _, text in written if lacks[product]]
        assert np.mean(own) > 1.5 * np.mean(other), taste


def test_texts_of_a_product_lie_near_those_of_its_taste(written):
    """Plain word counts find a product of the same taste, also for products that few have."""
    dataset, truth = bank().dataset, bank().truth
    texts = [text.lower() for text in dataset.product_texts]
    for _, product, _, text in written:
        texts[product] += " " + text.lower()
    counts = [Counter(set(re.findall(r"[a-z]{4,}", text))) for text in texts]
    spread = Counter(word for count in counts for word in count)
    vocabulary = sorted(word for word, number in spread.items() if 2 <= number <= 40)
    table = np.array([[np.log(100 / spread[word]) * count[word] for word in vocabulary] for count in counts])
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    likeness = table @ table.T
    np.fill_diagonal(likeness, -1)
    nearest = likeness.argsort(axis=1)[:, -3:]
    agree = truth.product_tastes @ truth.product_tastes.T
    found = np.take_along_axis(agree, nearest, axis=1).mean(axis=1)
    rare = np.bincount(dataset.pair_products, minlength=100) <= 10
    assert found.mean() > 1.8 * agree.mean()
    assert found[rare].mean() > 1.5 * agree[rare].mean()


def test_low_ratings_complain(written):
    sour = re.compile(
        r"never again|disappoint|cancel|no reply|nobody|not |n't |no |lost|fee|weeks|only|half", re.IGNORECASE
    )
    low = [bool(sour.search(text)) for *_, rating, text in written if rating and rating < 3]
    high = [bool(sour.search(text)) for *_, rating, text in written if rating == 5]
    assert len(low) > 80
    assert np.mean(low) > np.mean(high)
    joy = re.compile(r"recommend|happy|super|perfect|great!|thumbs up|five stars", re.IGNORECASE)
    assert np.mean([bool(joy.search(text)) for *_, rating, text in written if rating and rating < 3]) < 0.08


def test_reviews_are_written_the_same_twice():
    truth = bank().truth
    kinds = truth.people.ties["kind"].to_pylist()
    held = holdings(truth, kinds, seed=7)
    told = reviews(truth, held, seed=7)
    assert list(told.texts) == bank().dataset.interactions["review"].to_pylist()
    assert reviews(truth, held, seed=8).texts != told.texts

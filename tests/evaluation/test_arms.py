"""One contract for every arm, held by one planted bank; and nothing of a test row reaches a choice."""

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from finrec_core.dataset import SCHEMAS
from finrec_core.evaluation.arm import Task
from finrec_core.evaluation.arms import ARMS, UnknownArmError, arms_named

NAMES = (
    *("popularity", "recent-popularity", "item-knn", "ease", "edlae", "lightgcn"),
    *("text-closed", "text-network", "graph-network", "graph-sum", "fused-network", "fused"),
)
LEARNING = [name for name in NAMES if "popularity" not in name]


@pytest.fixture(scope="module")
def chosen(task):
    """Each arm's constants, chosen on first use."""
    found = {}

    def choose(name):
        if name not in found:
            found[name] = ARMS[name].choose(task, lambda stage, share: None)
        return found[name]

    return choose


@pytest.fixture(scope="module")
def fitted(task, chosen):
    """Each arm fitted on training and validation rows, on first use."""
    found = {}

    def fit(name):
        if name not in found:
            constants = chosen(name)
            found[name] = ARMS[name].fit(task.dataset, task.texts, constants, 0, lambda stage, share: None)
        return found[name]

    return fit


def test_the_arms_are_those_that_are_documented():
    assert tuple(ARMS) == NAMES
    assert all(arm.name == name for name, arm in ARMS.items())


def test_an_unknown_arm_is_named_with_the_known_ones():
    with pytest.raises(UnknownArmError, match='no arm "eas"; there are popularity, '):
        arms_named(("ease", "eas"))
    assert [arm.name for arm in arms_named(("fused", "ease", "ease"))] == ["ease", "fused"]


@pytest.mark.parametrize("name", NAMES)
def test_scores_are_finite_and_stand_by_client_row(task, fitted, name):
    rows = np.array([5, 0, 1])
    scores = fitted(name).scores(rows)
    assert scores.shape == (3, len(task.dataset.products))
    assert np.isfinite(scores).all()
    assert np.allclose(fitted(name).scores(rows[:1])[0], scores[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_constants_are_json_and_say_all_that_a_fit_needs(task, chosen, fitted, name):
    read = json.loads(json.dumps(chosen(name)))
    again = ARMS[name].fit(task.dataset, task.texts, read, 0, lambda stage, share: None)
    rows = np.arange(len(task.dataset.clients))
    assert np.abs(again.scores(rows) - fitted(name).scores(rows)).max() <= 1e-6


@pytest.mark.parametrize("name", NAMES)
def test_only_a_seeded_arm_depends_on_its_seed(task, chosen, fitted, name):
    other = ARMS[name].fit(task.dataset, task.texts, chosen(name), 5, lambda stage, share: None)
    rows = np.arange(2, 20)
    same = np.allclose(other.scores(rows), fitted(name).scores(rows), atol=1e-9)
    assert same != ARMS[name].seeded


@pytest.mark.parametrize("name", LEARNING)
def test_an_arm_that_learns_finds_the_planted_tastes(bank, holdout, fitted, name):
    assert holdout.ndcg(fitted(name)) > 1.3 * holdout.ndcg(fitted("popularity"))
    scores = fitted(name).scores(np.arange(2, 90))
    liked = scores[bank.client_taste[2:90, None] == bank.product_taste]
    other = scores[bank.client_taste[2:90, None] != bank.product_taste]
    assert np.median(liked) > np.quantile(other, 0.6)


@pytest.mark.parametrize("name", ["popularity", "recent-popularity"])
def test_popularity_cannot_tell_clients_apart(fitted, name):
    scores = fitted(name).scores(np.arange(20))
    assert (scores == scores[0]).all()


def test_text_alone_loses_its_gain_on_shuffled_texts(task, holdout, chosen, fitted):
    """The learned map is left out: the texts of forty products serve it as ids, whoever they belong to."""
    name = "text-closed"
    order = np.random.default_rng(0).permutation(len(task.dataset.products))
    reviews = np.random.default_rng(1).permutation(len(task.dataset.interactions))
    shuffled = replace(
        task.texts,
        own=task.texts.own[order],
        own_tokens=task.texts.own_tokens[order],
        reviews=task.texts.reviews[reviews],
        review_tokens=task.texts.review_tokens[reviews],
    )
    lost = ARMS[name].fit(task.dataset, shuffled, chosen(name), 0, lambda stage, share: None)
    assert holdout.ndcg(lost) < 0.8 * holdout.ndcg(fitted(name))


@pytest.mark.parametrize("name", NAMES)
def test_poisoned_test_rows_change_no_choice(bank, split, chosen, name):
    """Guards the split: other products, times, ratings and texts in the test rows must not be seen."""
    dataset, rows = bank.dataset, np.flatnonzero(split.test)
    free = dataset.matrix("held").toarray() == 0
    columns = dataset.interactions.to_pydict()
    for row in rows:
        client = dataset.event_clients[row]
        product = np.flatnonzero(free[client])[-1]
        free[client, product] = False
        columns["product_id"][row] = dataset.products["product_id"][product].as_py()
        columns["timestamp"][row] = None
        columns["rating"][row] = 5.0
        columns["review"][row] = "poison"
    poisoned = replace(dataset, interactions=pa.table(columns, schema=SCHEMAS["interactions"]))
    assert poisoned.content_hash != dataset.content_hash
    reviews, tokens = bank.texts.reviews.copy(), bank.texts.review_tokens.copy()
    reviews[rows], tokens[rows] = 1e6, 1000
    texts = replace(bank.texts, reviews=reviews, review_tokens=tokens)
    blind = Task.without_test(poisoned, texts, split, seed=0)
    assert ARMS[name].choose(blind, lambda stage, share: None) == chosen(name)

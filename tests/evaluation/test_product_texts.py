"""A product's vector is made of the texts that are visible, and of nothing else."""

import numpy as np
import pytest

from finrec_core.evaluation.arm import CannotLearnError
from finrec_core.evaluation.product_texts import ProductTexts
from finrec_core.text.table import TextTable
from tests.planted import planted


@pytest.fixture
def told(task):
    return ProductTexts.of(task.dataset, task.texts)


def test_all_visible_is_all(task, told):
    edges = task.dataset.matrix().nnz
    assert np.allclose(told.vectors(0.75), told.vectors(0.75, np.ones(edges, dtype=bool)), atol=1e-12)


def test_a_hidden_edge_takes_its_review_along(task, told):
    """Guards against the leak: the review of an edge must not help to predict that edge."""
    matrix = task.dataset.matrix()
    edge = int(told.edges[told.edges >= 0][0])
    product = matrix.indices[edge]
    visible = np.ones(matrix.nnz, dtype=bool)
    visible[edge] = False
    changed = np.any(told.vectors(1.0) != told.vectors(1.0, visible), axis=1)
    assert np.flatnonzero(changed).tolist() == [product]
    told.features.reviews[told.edges == edge] = 1e6
    factors = told.features.review_power(1.0)
    shown = told.vectors(1.0, visible)[product, -len(factors) :] / factors
    assert np.abs(shown).max() < 1e3


def test_reviews_of_low_rated_products_stay_visible(task, told):
    hidden = told.vectors(1.0, np.zeros(task.dataset.matrix().nnz, dtype=bool))
    low = told.features.review_products[told.edges < 0]
    assert len(low)
    width = told.features.own.shape[1]
    assert np.unique(low).tolist() == np.flatnonzero(hidden[:, width:].any(axis=1)).tolist()


def test_without_a_word_there_is_nothing_to_learn(task):
    with pytest.raises(CannotLearnError, match="no texts"):
        ProductTexts.of(task.dataset, None)


def test_every_direction_of_the_texts_is_kept():
    """Guards against the model's cut: a text arm must see all that the encoder tells apart."""
    bank = planted(seed=3, clients=40, products=220, per_client=8)
    own = np.random.default_rng(0).normal(size=(220, 210)).astype(np.float32)
    none = np.zeros((len(bank.dataset.interactions), 210), np.float32)
    texts = TextTable(own, np.ones(220, np.int32), none, np.zeros(len(none), np.int32))
    assert ProductTexts.of(bank.dataset, texts).vectors(1.0).shape == (220, 210)

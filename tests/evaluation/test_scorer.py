"""The three forms of a scorer give (rows, products) from client rows."""

import numpy as np
from scipy.sparse import csr_array

from finrec_core.evaluation.scorer import DotProducts, ProductSums, SameForAll

HELD = csr_array(np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]))
WEIGHTS = np.array([[0.0, 2.0], [3.0, 0.0]])
ROWS = np.array([1, 2])


def test_the_same_for_all():
    assert SameForAll(np.array([1.0, 2.0])).scores(ROWS).tolist() == [[1.0, 2.0], [1.0, 2.0]]


def test_sums_over_what_a_client_has_dense_and_sparse():
    for weights in (WEIGHTS, csr_array(WEIGHTS)):
        scores = ProductSums(HELD, weights).scores(ROWS)
        assert isinstance(scores, np.ndarray)
        assert scores.tolist() == [[3.0, 2.0], [0.0, 0.0]]


def test_dot_products():
    scorer = DotProducts(np.array([[1.0], [2.0], [3.0]]), np.array([[1.0], [-1.0]]))
    assert scorer.scores(ROWS).tolist() == [[2.0, -2.0], [3.0, -3.0]]

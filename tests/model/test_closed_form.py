from dataclasses import replace

import numpy as np
import pytest

from finrec_core.model import ClosedFormConstants, Switches
from finrec_core.model.closed_form import profiles, solve
from finrec_core.model.evidence import Evidence


@pytest.fixture(scope="module")
def evidence(bank):
    return Evidence.of(bank.dataset, bank.texts, Switches())


@pytest.fixture(scope="module")
def view(evidence):
    return solve(evidence, ClosedFormConstants(ridge=10.0, score_exponent=0.3))


def test_scores_are_the_sum_of_the_formula(evidence, view):
    p = profiles(evidence, view.constants).toarray()
    P, d = view.inverse.matrix, evidence.holders
    i, u = 7, 12
    expected = d[i] ** 0.3 * sum(-p[u, j] * P[j, i] / P[i, i] for j in range(len(P)) if j != i)
    assert abs(view.scores(profiles(evidence, view.constants))[u, i] - expected) < 1e-12


def test_inverse_belongs_to_the_gram_of_the_formula(evidence, view):
    X, F = evidence.x.toarray(), view.text * view.factors
    r = np.maximum(1, X.sum(axis=1)) ** -view.constants.loss_exponent
    L = view.constants.ridge + view.constants.ridge_degree * evidence.degree
    G = X.T @ (r[:, None] * X) + F @ F.T
    assert np.abs(view.inverse.matrix @ (G + np.diag(L)) - np.eye(len(G))).max() < 1e-10


def test_duality_of_the_product_lens(evidence, view):
    """docs/explanations.md, "Product lens", (E4) and (E5).

    s = d^e / (L P) [sum r (p P x') + (p P F) F'] + d^e p_ui (1 - 1 / (L P))
    """
    X, F = evidence.x.toarray(), view.text * view.factors
    p = profiles(evidence, replace(view.constants, tie_share=0.4)).toarray()[1]
    scores = view.scores(profiles(evidence, replace(view.constants, tie_share=0.4)))[1]
    pP = p @ view.inverse.matrix
    for i in range(X.shape[1]):
        column = X.T @ (view.row_weights * X[:, i]) + F @ F[i]
        dual = view.lift[i] / (view.ridge[i] * view.inverse.matrix[i, i])
        assert abs(dual * (pP @ column) + (view.lift[i] - dual) * p[i] - scores[i]) < 1e-12


def test_tail_knows_no_clients(evidence):
    tail = solve(evidence, ClosedFormConstants(ridge=1.0), interactions=False)
    assert not tail.row_weights.any()
    assert np.abs(tail.inverse.matrix[1] - np.eye(len(tail.inverse.matrix))[1] / tail.ridge[1]).max() < 1e-12


def test_fast_solution_is_close(evidence, view):
    fast = solve(evidence, view.constants, fast=True)
    assert np.abs(fast.inverse.matrix - view.inverse.matrix).max() < 1e-5 * np.abs(view.inverse.matrix).max()


def test_a_ridge_of_nothing_says_so(evidence):
    with pytest.raises(FloatingPointError, match="raise the ridge"):
        solve(evidence, ClosedFormConstants(ridge=-1e3, ridge_degree=0.0))

"""The ridge arms solve the regressions they state."""

import numpy as np
import pytest

from finrec_core.evaluation import ridge as module
from finrec_core.evaluation.arm import CannotLearnError
from finrec_core.evaluation.product_texts import ProductTexts
from finrec_core.evaluation.ridge import Ease, Ridge, TextClosed, product_weights


def regressions(rows, penalty):
    """Regress every product on all others, one at a time."""
    products = rows.shape[1]
    found = np.zeros((products, products))
    for i in range(products):
        others = np.flatnonzero(np.arange(products) != i)
        gram = rows[:, others].T @ rows[:, others] + np.diag(penalty[others])
        found[others, i] = np.linalg.solve(gram, rows[:, others].T @ rows[:, i])
    return found


def test_weights_are_the_ridge_regressions():
    rng = np.random.default_rng(0)
    rows, penalty = rng.normal(size=(30, 9)), rng.uniform(1, 20, size=9)
    assert np.abs(product_weights(rows, penalty) - regressions(rows, penalty)).max() < 1e-12


def test_a_penalty_that_cannot_be_solved_is_said_in_a_sentence():
    with pytest.raises(CannotLearnError, match="ridge penalty is too small"):
        product_weights(np.ones((3, 4)), np.zeros(4))


def test_edlae_is_its_formula(task):
    held = task.dataset.matrix().toarray()
    d = held.sum(axis=0)
    constants = {"ridge": 8.0, "ridge_degree": 2.0, "score_exponent": -0.3, "loss_exponent": 0.5}
    r = np.maximum(1, held.sum(axis=1)) ** -0.5
    P = np.linalg.inv((held * r[:, None]).T @ held + np.diag(8.0 + 2.0 * d))
    B = -P / np.diag(P)
    np.fill_diagonal(B, 0.0)
    expected = (held @ B) * np.maximum(1, d) ** -0.3
    found = Ridge().fit(task.dataset, None, constants, 0).scores(np.arange(len(held)))
    assert np.abs(found - expected).max() < 1e-12


def test_ease_agrees_with_cornac(task):
    cornac = pytest.importorskip("cornac")
    dataset = task.dataset.take(task.dataset.positive[task.dataset.pairs.of_events])
    ids = zip(
        dataset.interactions["client_id"].to_pylist(),
        dataset.interactions["product_id"].to_pylist(),
        [1.0] * len(dataset.interactions),
        strict=True,
    )
    theirs = cornac.data.Dataset.from_uir(list(ids))
    model = cornac.models.EASE(lamb=32.0, posB=False, verbose=False).fit(theirs)
    ours = Ease().fit(task.dataset, None, {**Ease.start, "ridge": 32.0}, 0)
    for client in ("c005", "c040"):
        scores = ours.scores(np.array([dataset.client_rows[client]]))[0]
        products = [dataset.product_rows[key] for key in theirs.item_ids]
        expected = model.score(theirs.uid_map[client])
        assert scores[products] == pytest.approx(np.ravel(expected), abs=1e-5)


def test_text_closed_knows_no_interaction_between_products(task):
    """Its weights come from texts alone; only a client's own products enter the score."""
    constants = TextClosed.start
    told = ProductTexts.of(task.dataset, task.texts).vectors(constants["power"])
    weights = product_weights(told.T, np.full(len(told), constants["ridge"]))
    expected = task.dataset.matrix().toarray() @ weights
    found = TextClosed().fit(task.dataset, task.texts, constants, 0).scores(np.arange(90))
    assert np.abs(found - expected).max() < 1e-10


def test_without_texts_there_is_no_text_arm(task):
    with pytest.raises(CannotLearnError, match="no texts"):
        TextClosed().fit(task.dataset, None, TextClosed.start, 0)


def test_a_large_catalogue_is_refused_in_a_sentence(task, monkeypatch):
    monkeypatch.setattr(module, "MOST_PRODUCTS", 10)
    with pytest.raises(CannotLearnError, match="edlae is left out above 10 products"):
        Ridge().fit(task.dataset, None, Ridge.start, 0)


@pytest.mark.parametrize("arm", [Ease, Ridge, TextClosed])
def test_the_start_stands_on_the_grids(arm):
    assert all(arm.start[name] in grid for name, grid in arm.grids.items())

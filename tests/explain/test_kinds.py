"""Kinds of evidence in many scores at once, against the lenses of each pair and against the scores."""

from collections import defaultdict

import numpy as np
import pytest

from finrec_core.explain.kinds import CLIENT_KINDS, PRODUCT_KINDS, Cells
from finrec_core.explain.lenses import client_lens, product_lens
from finrec_core.explain.opening import through_text
from finrec_core.explain.pair import Pair
from finrec_core.model import Switches, blocks, fit, inverse
from finrec_core.model.view import View


@pytest.fixture(scope="module", params=["dense", "low rank", "blocks"])
def fitted(request, planted_bank, planted_model):
    """The planted model in each form that its solved weights may be kept in."""
    if request.param == "dense":
        return planted_model
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inverse, "MOST_PRODUCTS", 10)
        patch.setattr(inverse, "MOST_RANK", 1000 if request.param == "low rank" else 30)
        patch.setattr(blocks, "MEMBERS", 16)
        patch.setattr(blocks, "AROUND", 40)
        return fit(planted_bank.dataset, planted_bank.texts, planted_model.constants, seed=4)


def some(model, count=150):
    """Seeded cells of clients and products that these do not have, the extremes among them."""
    open_ = (model.evidence.held.toarray() == 0) & ~model.silent[:, None]
    clients, products = np.nonzero(open_)
    chosen = np.random.default_rng(3).choice(len(clients), count, replace=False)
    extremes = [(1, 5), (1, 0), (7, 0), (7, 1), (1, 1)]  # ties only, nobody holds it, no text
    extremes = [cell for cell in extremes if open_[cell]]
    return np.r_[clients[chosen], [u for u, _ in extremes]], np.r_[products[chosen], [i for _, i in extremes]]


def one_by_one(model, lens, clients, products):
    features, base = model.evidence.features, []
    kinds, told = (defaultdict(lambda: np.zeros(len(clients))) for _ in range(2))
    for place, (u, i) in enumerate(zip(clients.tolist(), products.tolist(), strict=True)):
        found = lens(Pair(model, u, i))
        base.append(found.base)
        for reason in found.contributions:
            kinds[reason.kind][place] += reason.value
            told[reason.kind][place] += through_text(reason, features)
    return np.array(base), kinds, told


def test_the_kinds_are_those_of_the_lenses_and_add_up(fitted):
    clients, products = some(fitted)
    scores = fitted.scores(np.arange(fitted.evidence.x.shape[0]))[clients, products]
    found = Cells(fitted, clients, products)
    for lens, one, kinds in (
        (client_lens, found.client, CLIENT_KINDS),
        (product_lens, found.product, PRODUCT_KINDS),
    ):
        assert tuple(one.kinds) == kinds
        assert one.error(scores) < 1e-9
        base, told_by, told = one_by_one(fitted, lens, clients, products)
        np.testing.assert_allclose(one.base, base, atol=1e-9)
        np.testing.assert_allclose(one.text, sum(told.values()), atol=1e-9)
        for kind in kinds:
            assert np.abs(told_by[kind]).max() > 1e-3, kind  # every kind is at work here
            np.testing.assert_allclose(one.kinds[kind], told_by[kind], atol=1e-9)
            np.testing.assert_allclose(one.told.get(kind, 0.0), told[kind], atol=1e-9)


def test_an_error_is_seen(planted_model):
    clients, products = some(planted_model, 20)
    scores = planted_model.scores(np.arange(planted_model.evidence.x.shape[0]))[clients, products]
    scores[3] += 1e-3
    assert Cells(planted_model, clients, products).client.error(scores) == pytest.approx(1e-3)


def test_the_direction_of_a_products_text_is_that_of_its_cells_together(planted_model):
    clients, products = some(planted_model)
    weights = np.random.default_rng(1).normal(size=len(clients))
    found = Cells(planted_model, clients, products).directions(weights)
    each = np.zeros_like(found)
    for u, i, weight in zip(clients.tolist(), products.tolist(), weights, strict=True):
        reasons = product_lens(Pair(planted_model, u, i)).contributions
        each[i] += next((weight * reason.text.values for reason in reasons if reason.text), 0.0)
    told = np.flatnonzero(np.abs(each).sum(axis=1))
    assert len(told) > 20
    np.testing.assert_allclose(found[told], each[told], atol=1e-12)


def test_each_view_takes_many_scores_apart_as_one_by_one(fitted):
    clients, products = some(fitted)
    for view in fitted.views:
        many, each = view.totals(clients, products), View.totals(view, clients, products)
        for name, values in vars(each).items():
            np.testing.assert_allclose(getattr(many, name), values, atol=1e-9, err_msg=f"{view.name} {name}")


def test_a_model_without_ties_or_text_has_none_of_them_at_all(planted_bank, planted_model):
    constants = planted_model.constants
    for switches in (Switches(ties=False), Switches(text=False)):
        model = fit(
            planted_bank.dataset,
            planted_bank.texts if switches.text else None,
            type(constants)(**{**vars(constants), "switches": switches}),
            seed=4,
        )
        clients, products = some(model)
        found = Cells(model, clients, products)
        if switches.ties:
            assert not np.any(found.client.text)
            assert not any(np.any(found.product.kinds[kind]) for kind in ("review", "description"))
            assert np.any(found.client.kinds["tie"])
        else:
            assert not np.any(found.client.kinds["tie"])
            assert not np.any(found.product.kinds["tie"])
            assert np.any(found.client.text)

"""A fourth view from outside, put into the one list of views, and everything that is asked of the others."""

import json
from dataclasses import replace

import numpy as np
import pytest

from finrec_core import FusedRecommender
from finrec_core.dataset.split import split_by_client
from finrec_core.explain.account import account
from finrec_core.explain.kinds import CLIENT_KINDS, PRODUCT_KINDS, Cells
from finrec_core.explain.lenses import client_lens, product_lens
from finrec_core.explain.opening import through_text
from finrec_core.explain.pair import Pair
from finrec_core.explain.rescoring import rescore, rescored
from finrec_core.explain.smallest import _effects, smallest
from finrec_core.explain.what_if import offered, rank_of, what_if
from finrec_core.forgetting import without_client
from finrec_core.model import Constants, choose, files, fit
from finrec_core.model.edit import Edit
from finrec_core.model.fused import VIEWS
from finrec_core.model.query import Query
from finrec_core.model.view import View
from finrec_core.run_folder import StoredRun
from tests.explain.common_view import WORDS, CommonConstants, CommonView
from tests.explain.test_account import states
from tests.explain.test_lenses import pairs
from tests.served import served

EXACT = 1e-9
EXTREMES = [(1, 5), (1, 0), (7, 0), (7, 1), (1, 1)]  # ties only, nobody holds it, no text


@pytest.fixture(scope="module")
def listed(planted_model):
    """Put the view into the list for the tests of this module, after the model of the others was fitted."""
    VIEWS.append(CommonView)
    yield
    VIEWS.remove(CommonView)


@pytest.fixture(scope="module")
def model(listed, planted_bank, planted_model):
    constants = planted_model.constants.adding("common", CommonConstants(weight=0.5, decay=120.0))
    return fit(planted_bank.dataset, planted_bank.texts, constants, seed=4)


def test_it_speaks_in_the_sum_beside_the_others(model, planted_model):
    rows = np.arange(2, 12)
    added = model.view("common").scores(rows) * model.factors[3]
    assert repr(model).endswith("network + closed_form + tail + common)")
    assert model.constants.sigmas[:3] == planted_model.constants.sigmas
    assert np.std(added) == pytest.approx(0.5, rel=0.5)
    np.testing.assert_allclose(model.scores(rows), planted_model.scores(rows) + added, atol=1e-12)


def test_both_lenses_of_every_score_add_up(model):
    scores = model.scores(np.arange(model.evidence.x.shape[0]))
    for u, i in [*pairs(model), *EXTREMES]:
        for lens in (client_lens, product_lens):
            found = lens(Pair(model, u, i))
            total = found.base + sum(reason.value for reason in found.reasons)
            assert total == pytest.approx(scores[u, i], abs=EXACT), (lens, u, i)


def test_what_is_taken_away_moves_the_score_by_its_part(model):
    checked = dict.fromkeys(("interaction", "tie", "client"), 0)
    view = model.view("common")
    for u, i in [*pairs(model, seed=1, count=15), (1, 5)]:
        score, pair = rescore(model, u, i, Edit()), Pair(model, u, i)
        sides = view.breakdown(pair.query)
        alone = dict(zip(pair.query.products.tolist(), sides.client.interactions, strict=True))
        assert view.rescore(u, i, Edit()) == pytest.approx(sides.score, abs=EXACT)
        for lens, kind, gone in (
            (client_lens, "interaction", "interactions"),
            (client_lens, "tie", "ties"),
            (product_lens, "client", "clients"),
        ):
            for reason in lens(pair).reasons:
                if reason.kind == kind:
                    left = rescore(model, u, i, Edit.of(**{gone: [reason.row]}))
                    assert score - left == pytest.approx(reason.value, abs=EXACT), (u, i, reason)
                    checked[kind] += 1
        for j, value in alone.items():
            assert sides.score - view.rescore(u, i, Edit.of([j])) == pytest.approx(value, abs=EXACT)
    assert min(checked.values()) > 10


def test_edited_evidence_is_explained_exactly_too(model, planted_bank):
    rng = np.random.default_rng(3)
    for u, i in pairs(model, seed=3, count=20):
        whole = Query(model.evidence, u, i)
        free = np.setdiff1d(np.arange(64), model.evidence.held[[u]].indices)
        edit = Edit.of(
            rng.permutation(whole.products)[:2].tolist(),
            rng.permutation(whole.ties[0])[:1].tolist(),
            rng.permutation(whole.holders)[:2].tolist(),
            rng.permutation(free)[:2].tolist(),
        )
        before = account(Pair(model, u, i), planted_bank.dataset, rank=None)
        found = what_if(model, planted_bank.dataset, before, edit)
        assert found.score == pytest.approx(rescore(model, u, i, edit), abs=EXACT)
        assert abs(found.error) < EXACT
        assert abs(found.after.client_lens.error) < EXACT
        assert abs(found.after.product_lens.error) < EXACT


def test_its_texts_split_into_words_exactly(model, planted_bank, planted_model):
    explanation = account(Pair(model, 12, 20), planted_bank.dataset, rank=1, words=6, states=states)
    without = account(Pair(planted_model, 12, 20), planted_bank.dataset, rank=1)
    for name in ("client", "product"):
        parts = explanation.lens(name).parts
        assert any(word.end - word.start < 8 for part in parts for word in part.words)  # one is opened
        for part in parts:
            assert sum(word.value for word in part.words) == pytest.approx(part.text_value, abs=1e-6)
        others = {(part.kind, part.id): part.text_value for part in without.lens(name).parts}
        moved = [abs(part.text_value - others[part.kind, part.id]) for part in parts]
        assert max(moved) > 1e-3
    query = Query(model.evidence, 12, 20)
    found, vectors = model.view("common").breakdown(query), model.evidence.features.vectors
    told = WORDS * found.profile @ vectors @ vectors[20]
    assert found.product.text @ vectors[20] == pytest.approx(told, abs=EXACT)
    split = sum((found.client.directions * vectors[query.products]).sum(axis=1))
    assert split == pytest.approx(WORDS * found.own @ vectors @ vectors[20], abs=EXACT)


def test_its_kinds_in_bulk_are_those_of_the_lenses(model):
    open_ = (model.evidence.held.toarray() == 0) & ~model.silent[:, None]
    clients, products = np.nonzero(open_)
    some = np.random.default_rng(3).choice(len(clients), 60, replace=False)
    clients, products = clients[some], products[some]
    found = Cells(model, clients, products)
    for lens, many, kinds in (
        (client_lens, found.client, CLIENT_KINDS),
        (product_lens, found.product, PRODUCT_KINDS),
    ):
        sums = [lens(Pair(model, u, i)) for u, i in zip(clients.tolist(), products.tolist(), strict=True)]
        np.testing.assert_allclose(many.base, [one.base for one in sums], atol=EXACT)
        for kind in kinds:
            each = [sum(r.value for r in one.reasons if r.kind == kind) for one in sums]
            np.testing.assert_allclose(many.kinds[kind], each, atol=EXACT, err_msg=kind)
        told = [sum(through_text(r, model.evidence.features) for r in one.reasons) for one in sums]
        np.testing.assert_allclose(many.text, told, atol=EXACT)
    for name, values in vars(model.view("common").totals(clients, products)).items():
        assert np.abs(values).max() > 1e-3, f"{name} is at work here"


def test_its_effects_are_the_parts_of_the_client_lens(model, planted_bank):
    for view in model.views:  # those of the others are written out, and the same
        query, columns = (
            Query(model.evidence, 9, 20),
            np.setdiff1d(np.arange(64), model.evidence.held[[9]].indices),
        )
        each = View.effects(view, query, columns)
        assert view.effects(query, columns) == pytest.approx(each, abs=EXACT)
    u, columns = 9, np.setdiff1d(np.arange(64), model.evidence.held[[9]].indices)
    query = Query(model.evidence, u, int(columns[3]))
    found = _effects(model, query, columns)[:, 3]
    values = [reason.value for reason in client_lens(Pair(model, u, int(columns[3]))).reasons]
    assert found == pytest.approx(values, abs=EXACT)
    mask = offered(model, planted_bank.dataset, u)
    first = int(np.argmax(np.where(mask, rescored(model, u, Edit()), -np.inf)))
    before = account(Pair(model, u, first), planted_bank.dataset, rank=1)
    least = smallest(model, planted_bank.dataset, before, 3)
    rows = [planted_bank.dataset.product_rows[p.id] for p in least.parts if p.kind == "interaction"]
    ties = [planted_bank.dataset.client_rows[p.id] for p in least.parts if p.kind == "tie"]
    left = rescored(model, u, Edit.of(rows, ties))
    assert least.outcome == "found"
    assert rank_of(left, mask, first) == least.rank_after > 3


def test_it_is_saved_and_loaded(model, planted_bank, tmp_path):
    files.save(model, tmp_path)
    constants = Constants.from_json(json.loads(json.dumps(model.constants.to_json())))
    assert constants == model.constants
    assert constants.of("common", CommonConstants()) == CommonConstants(weight=0.5, decay=120.0)
    again = files.load(tmp_path, planted_bank.dataset, constants)
    rows = np.arange(80)
    assert np.array_equal(again.scores(rows), model.scores(rows))
    assert np.array_equal(again.view("common").bias, model.view("common").bias)


def test_a_constant_that_it_does_not_know_is_refused(model, planted_bank, tmp_path):
    files.save(model, tmp_path)
    wrong = replace(model.constants, added=(("common", (("warmth", 1.0),)),))
    with pytest.raises(files.ModelFileError, match="does not fit"):
        files.load(tmp_path, planted_bank.dataset, wrong)


def test_a_run_folder_holds_it_and_a_client_can_be_erased(listed, model, planted_bank, tmp_path):
    recommender = served(planted_bank)
    recommender._model = model
    recommender.save(tmp_path / "run")
    again = FusedRecommender.load(tmp_path / "run")
    assert again.model.view("common") is not None
    for client in ("c009", "c012"):
        product = again.recommend(client, 1)[0].product
        assert again.explain(client, product) == recommender.explain(client, product)
    stored = StoredRun("r", 0, "", False, planted_bank.dataset, model, {}, {}, ())
    left = without_client(stored, "c009").model
    found = product_lens(Pair(left, 11, 20))
    score = left.scores(np.array([11]))[0, 20]
    assert left.view("common") is not None
    assert found.base + sum(reason.value for reason in found.reasons) == pytest.approx(score, abs=EXACT)


def test_a_model_stored_before_it_was_listed_loads_without_it(listed, planted_model, planted_bank, tmp_path):
    files.save(planted_model, tmp_path)
    again = files.load(tmp_path, planted_bank.dataset, planted_model.constants)
    rows = np.arange(80)
    assert again.view("common") is None
    assert np.array_equal(again.scores(rows), planted_model.scores(rows))


def test_its_weight_is_chosen_with_the_others(listed, planted_bank, planted_model):
    switches = replace(planted_model.constants.switches, network=False)  # it is quick without
    split = split_by_client(planted_bank.dataset, 0)
    chosen = choose(planted_bank.dataset, planted_bank.texts, split, switches=switches, seed=0).constants
    assert chosen.of("common", CommonConstants()).weight in CommonView.own_grid["weight"]
    assert "common" in chosen.to_json()["added"]


def test_without_it_nothing_tells_of_it(planted_model):
    assert "added" not in planted_model.constants.to_json()

"""Every part of both lenses against the score and against a recomputation by other code."""

from dataclasses import replace

import numpy as np
import pytest

from finrec_core.explain.lenses import client_lens, product_lens
from finrec_core.explain.pair import Pair
from finrec_core.explain.rescoring import rescore, rescored
from finrec_core.model import Switches, blocks, fit, inverse
from finrec_core.model.edit import Edit
from finrec_core.model.query import Query


@pytest.fixture(scope="module", params=["dense", "low rank", "blocks"])
def planted_model(request, planted_bank, planted_model):
    """The planted model in each form that its solved weights may be kept in."""
    if request.param == "dense":
        return planted_model
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inverse, "MOST_PRODUCTS", 10)
        patch.setattr(inverse, "MOST_RANK", 1000 if request.param == "low rank" else 30)
        patch.setattr(blocks, "MEMBERS", 16)
        patch.setattr(blocks, "AROUND", 40)
        return fit(planted_bank.dataset, planted_bank.texts, planted_model.constants, seed=4)


def pairs(model, seed=0, count=40):
    """Seeded pairs, a third of them of a client and a product it has."""
    rng = np.random.default_rng(seed)
    clients, products = model.evidence.x.shape
    for number in range(count):
        u, i = int(rng.integers(1, clients)), int(rng.integers(products))
        held = model.evidence.x[[u]].indices
        if number % 3 == 0 and len(held):
            i = int(rng.choice(held))
        yield u, i


def total(lens):
    return lens.base + sum(reason.value for reason in lens.contributions)


def close(a, b, score):
    return abs(a - b) <= 1e-6 * max(1.0, abs(score))


EXTREMES = [(1, 5), (1, 0), (7, 0), (7, 1), (1, 1)]  # ties only, nobody holds it, no text


@pytest.mark.parametrize("lens", [client_lens, product_lens])
def test_base_and_parts_are_the_score(planted_model, lens):
    rows = planted_model.scores(np.arange(planted_model.evidence.x.shape[0]))
    for u, i in [*pairs(planted_model), *EXTREMES]:
        assert close(total(lens(Pair(planted_model, u, i))), rows[u, i], rows[u, i]), (u, i)


def test_taking_an_interaction_or_a_tie_away_moves_the_score_by_its_part(planted_model):
    checked = {"interaction": 0, "tie": 0}
    for u, i in [*pairs(planted_model, seed=1, count=20), (1, 5)]:
        score = rescore(planted_model, u, i, Edit())
        for reason in client_lens(Pair(planted_model, u, i)).contributions:
            edit = Edit.of(**{"interactions" if reason.kind == "interaction" else "ties": [reason.row]})
            assert close(score - rescore(planted_model, u, i, edit), reason.value, score)
            checked[reason.kind] += 1
    assert min(checked.values()) > 5


def test_taking_a_similar_client_away_moves_the_score_by_its_part(planted_model):
    checked = 0
    for u, i in pairs(planted_model, seed=2, count=20):
        score = rescore(planted_model, u, i, Edit())
        for reason in product_lens(Pair(planted_model, u, i)).contributions:
            if reason.kind == "client":
                left = rescore(planted_model, u, i, Edit.of(clients=[reason.row]))
                assert close(score - left, reason.value, score)
                checked += 1
    assert checked > 50


def test_edited_evidence_is_explained_exactly_too(planted_model):
    rng = np.random.default_rng(3)
    for u, i in pairs(planted_model, seed=3, count=30):
        whole = Query(planted_model.evidence, u, i)
        edit = Edit.of(
            rng.permutation(whole.products)[:2].tolist(),
            rng.permutation(whole.ties[0])[:1].tolist(),
            rng.permutation(whole.holders)[:2].tolist(),
        )
        pair = Pair(planted_model, u, i, edit)
        score = rescore(planted_model, u, i, edit)
        assert close(pair.score(), score, score)
        assert close(total(client_lens(pair)), score, score)
        assert close(total(product_lens(pair)), score, score)


def test_all_scores_of_an_edited_client_equal_single_ones(planted_model):
    u = 9
    edit = Edit.of(interactions=planted_model.evidence.x[[u]].indices[:2].tolist())
    scores = rescored(planted_model, u, edit)
    held = set(planted_model.evidence.x[[u]].indices.tolist())
    for i in range(planted_model.evidence.x.shape[1]):
        if i not in held:
            assert close(scores[i], rescore(planted_model, u, i, edit), scores[i])


def test_a_product_the_client_has_is_scored_without_the_link_between_them(planted_model):
    """Guards docs/explanations.md: the score of a held product must not be raised by holding it."""
    evidence = planted_model.evidence
    u = int(np.argmax(evidence.counts))
    i = int(evidence.x[[u]].indices[0])
    pair = Pair(planted_model, u, i)
    assert pair.query.held
    assert i not in pair.query.products
    assert u not in pair.query.holders
    kinds = {(reason.kind, reason.row) for reason in client_lens(pair).contributions}
    assert ("interaction", i) not in kinds


def test_text_of_the_closed_form_is_what_its_text_factors_carry(planted_model):
    """Guards the split of a weight into identity and text: -P_ji L_j = (G_x + F F')_j P_:i."""
    view = planted_model.view("closed_form")
    found = view.breakdown(Query(planted_model.evidence, 12, 20))
    place, j = next((n, j) for n, j in enumerate(found.query.products.tolist()) if found.weights[j])
    text = float(planted_model.evidence.features.vectors[j] @ found.client.directions[place])
    X = planted_model.evidence.x.toarray()
    gram = X.T @ (view.form.row_weights[:, None] * X)
    identity = found.own[j] * found.scale / view.form.ridge[j] * (gram[j] @ found.column)
    assert abs(text + identity - found.client.interactions[place]) < 1e-12
    assert abs(text) > 1e-6


def test_tail_parts_are_all_text(planted_model):
    found = planted_model.view("tail").breakdown(Query(planted_model.evidence, 12, 20))
    vectors = planted_model.evidence.features.vectors[found.query.products]
    told = (found.client.directions * vectors).sum(axis=1)
    assert np.abs(told - found.client.interactions).max() < 1e-12
    assert np.abs(told).max() > 1e-6


@pytest.mark.parametrize(
    "off", [{"network": False}, {"closed_form": False, "tail": False}, {"text": False}, {"ties": False}]
)
def test_every_ablation_is_explained_exactly(planted_bank, planted_model, off):
    constants = replace(planted_model.constants, switches=replace(Switches(), **off))
    model = fit(planted_bank.dataset, planted_bank.texts, constants, seed=0)
    for u, i in pairs(model, seed=5, count=10):
        score = rescore(model, u, i, Edit())
        assert close(total(client_lens(Pair(model, u, i))), score, score)
        assert close(total(product_lens(Pair(model, u, i))), score, score)

"""What-if: the score of edited evidence, against the parts, the formula and a rank counted by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from finrec_core.explain.account import account
from finrec_core.explain.lenses import client_lens, product_lens
from finrec_core.explain.pair import Pair
from finrec_core.explain.points import PointScale
from finrec_core.explain.rescoring import rescore, rescored
from finrec_core.explain.what_if import offered, rank_of, shown_after, what_if
from finrec_core.model.edit import Edit
from finrec_core.model.query import Query
from tests.explain.edits import PLACES, SCALE, VALUES, left_out, lens_of

EXACT = 1e-9


def some_pairs(model, seed, count):
    """Seeded pairs of a client with products and ties, and a product it lacks."""
    rng = np.random.default_rng(seed)
    x = model.evidence.x
    tied = np.flatnonzero((model.evidence.connections > 0) & (model.evidence.counts > 2))
    for u in rng.choice(tied, count):
        lacked = np.setdiff1d(np.arange(x.shape[1]), x[[int(u)]].indices)
        yield int(u), int(rng.choice(lacked))


def explained(model, dataset, u, i):
    rank = rank_of(rescored(model, u, Edit()), offered(model, dataset, u), i)
    return account(Pair(model, u, i), dataset, rank=rank)


def by_formula(model, u, i, added):
    """Score of a pair whose client has some products more, written out from the formulas of docs/model.md."""
    evidence, network = model.evidence, model.view("network").state
    n = max(1.0, evidence.counts[u])
    start, end = evidence.x.indptr[u], evidence.x.indptr[u + 1]
    h = sum(
        n**-0.5
        * evidence.recency(network.constants.decay)[place]
        * network.messages[evidence.x.indices[place]]
        for place in range(start, end)
    )
    h = h + sum(n**-0.5 * network.messages[j] for j in added)
    k2 = network.constants.tie_half
    row = evidence.ties[[u]]
    for v, share in zip(row.indices, row.data, strict=True):
        h = (
            h
            + network.beta * k2 / (k2 + evidence.counts[u]) * share * (network.has[[v]] @ network.messages)[0]
        )
    score = model.factors[0][i] * (h @ network.targets[i] + network.bias[i])
    for name, factor in (("closed_form", model.factors[1]), ("tail", model.factors[2])):
        view = model.view(name).form
        profile = np.zeros(len(view.ridge))
        own = slice(start, end)
        profile[evidence.x.indices[own]] = evidence.recency(view.constants.decay)[own]
        profile[list(added)] = 1.0
        for v, share in zip(row.indices, row.data, strict=True):
            profile[evidence.x[[v]].indices] += (
                view.constants.tie_share * 5.0 / (5.0 + evidence.counts[u]) * share
            )
        inverse = view.inverse.times(csr_array(np.eye(len(profile))))
        weights = -inverse[:, i] / inverse[i, i]
        weights[i] = 0.0
        score += factor[i] * view.lift[i] * (profile @ weights)
    return score + model.cold.level[i] + model.leaning[i]


def test_leaving_out_takes_its_part_from_the_score_in_each_lens(planted_model, planted_bank):
    for u, i in some_pairs(planted_model, 0, 12):
        before = explained(planted_model, planted_bank.dataset, u, i)
        for reason in client_lens(Pair(planted_model, u, i)).contributions:
            kind = "interactions" if reason.kind == "interaction" else "ties"
            found = what_if(planted_model, planted_bank.dataset, before, Edit.of(**{kind: [reason.row]}))
            assert found.score == pytest.approx(before.score - reason.value, abs=EXACT)
            assert abs(found.error) < EXACT
            assert [contribution.kind for contribution in found.gone("client")] == [reason.kind]
            assert found.together == 0.0
        for reason in product_lens(Pair(planted_model, u, i)).contributions:
            if reason.kind == "client":
                found = what_if(planted_model, planted_bank.dataset, before, Edit.of(clients=[reason.row]))
                assert found.score == pytest.approx(before.score - reason.value, abs=EXACT)
                assert [contribution.kind for contribution in found.gone("product")] == ["client"]
                assert abs(found.after.product_lens.error) < EXACT


def test_added_products_count_as_taken_on_the_newest_date(planted_model, planted_bank):
    rng = np.random.default_rng(1)
    dataset = planted_bank.dataset
    for u, i in some_pairs(planted_model, 2, 12):
        held = planted_model.evidence.held[[u]].indices
        free = np.setdiff1d(np.arange(len(dataset.products)), [*held, i])
        added = rng.choice(free, 3, replace=False).tolist()
        before = explained(planted_model, dataset, u, i)
        found = what_if(planted_model, dataset, before, Edit.of(added=added))
        assert found.score == pytest.approx(by_formula(planted_model, u, i, added), abs=EXACT)
        assert abs(found.error) < EXACT
        new = {contribution.id for contribution in found.after.client_lens.contributions} - {
            p.id for p in before.client_lens.contributions
        }
        assert new == set(found.added) == {f"p{j:03}" for j in added}
        scores = rescored(planted_model, u, Edit.of(added=added))
        better = [
            j
            for j in np.setdiff1d(np.arange(len(scores)), [*held, *added, i])
            if scores[j] > found.score or (scores[j] == found.score and j < i)
        ]
        assert found.after.rank == len(better) + 1, "what was added leaves the list"


def test_all_scores_of_an_edited_client_equal_single_ones(planted_model):
    for u, i in some_pairs(planted_model, 3, 6):
        x, ties = planted_model.evidence.x, planted_model.evidence.ties
        edit = Edit.of(x[[u]].indices[:2].tolist(), ties[[u]].indices[:1].tolist(), added=[i])
        scores = rescored(planted_model, u, edit)
        for j in np.setdiff1d(np.arange(x.shape[1]), [*x[[u]].indices, i]).tolist():
            assert scores[j] == pytest.approx(rescore(planted_model, u, j, edit), abs=EXACT)
            assert scores[j] == pytest.approx(Pair(planted_model, u, j, edit).score(), abs=EXACT)


def test_both_sides_at_once_differ_from_the_sum_of_parts_by_together(planted_model, planted_bank):
    largest = 0.0
    for u, i in some_pairs(planted_model, 4, 12):
        before = explained(planted_model, planted_bank.dataset, u, i)
        query = Query(planted_model.evidence, u, i)
        if not len(query.holders):
            continue
        edit = Edit.of(query.products[:2].tolist(), clients=query.holders[:3].tolist())
        found = what_if(planted_model, planted_bank.dataset, before, edit)
        contributions = sum(contribution.value for contribution in found.left_out)
        assert found.score == pytest.approx(before.score - contributions + found.together, abs=EXACT)
        assert found.score == pytest.approx(rescore(planted_model, u, i, edit), abs=EXACT)
        largest = max(largest, abs(found.together))
    assert largest > 1e-4


def test_removed_products_do_not_come_back_and_a_held_one_has_no_rank(planted_model, planted_bank):
    dataset = planted_bank.dataset
    u, _ = next(some_pairs(planted_model, 5, 1))
    held = planted_model.evidence.x[[u]].indices.tolist()
    assert not offered(planted_model, dataset, u, Edit.of(held))[held].any()
    before = explained(planted_model, dataset, u, held[0])
    found = what_if(planted_model, dataset, before, Edit.of([held[1]]))
    assert found.before.rank is None
    assert found.after.rank is None
    assert found.score != before.score


def test_a_client_without_anything_stays_on_its_popularity_list(planted_model, planted_bank):
    dataset = planted_bank.dataset
    best = int(np.argmax(planted_model.popularity))
    second = int(np.argsort(-planted_model.popularity, kind="stable")[1])
    found = what_if(
        planted_model, dataset, explained(planted_model, dataset, 0, second), Edit.of(added=[best])
    )
    assert (found.score, found.before.rank, found.after.rank) == (found.before.score, 2, 1)


def test_a_product_cannot_be_left_out_and_added():
    with pytest.raises(ValueError, match="at once"):
        Edit.of([3], added=[3])


@settings(max_examples=300, deadline=None)
@given(VALUES, PLACES, st.floats(-30, 30))
def test_the_bars_after_a_change_add_up_to_less_than_a_point_from_the_score(values, gone, base):
    found, view = left_out(lens_of(values, base), {f"p{k}" for k in gone})
    after = shown_after(found, view, SCALE, "client")
    assert abs(after.total - found.score) < 1
    assert {contribution.exact.id for contribution in after.contributions} == {
        contribution.id for contribution in found.after.client_lens.contributions
    }


def test_what_stays_keeps_the_number_that_is_shown_for_it():
    found, view = left_out(lens_of([28.4, 23.4, 22.4, 5.8]), {"p0", "p2"})
    after = shown_after(found, view, SCALE, "client")
    numbers = {row.exact.id: row.points for row in view.rows}
    assert (view.start, view.total) == (10, 90)
    assert {row.exact.id: row.points for row in after.rows} == {key: numbers[key] for key in ("p1", "p3")}
    assert after.total == view.total - numbers["p0"] - numbers["p2"]


def test_what_is_added_is_rounded_anew():
    found, view = left_out(lens_of([28.4, 23.4]), set())
    more = lens_of([28.4, 23.4, 9.9])
    added = replace(found, after=replace(found.after, client_lens=more), score=more.score, added=("p2",))
    assert [row.points for row in shown_after(added, view, SCALE, "client").rows] == [29, 23, 10]
    assert shown_after(added, view, PointScale(1.0, 1.0), "client") is None

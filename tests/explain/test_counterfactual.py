"""The smallest change, against every set of removals rescored one by one."""

from itertools import combinations

import numpy as np
import pytest

from finrec_core.explain import counterfactual as module
from finrec_core.explain.account import account
from finrec_core.explain.counterfactual import counterfactual
from finrec_core.explain.explanation import Explanation, Lens
from finrec_core.explain.pair import Pair
from finrec_core.explain.rescoring import rescored
from finrec_core.explain.what_if import offered, rank_of
from finrec_core.model.edit import Edit
from finrec_core.model.query import Query


def explained(model, dataset, u, i):
    return account(Pair(model, u, i), dataset, rank=None)


def listed(model, dataset, u):
    """Return the products of a client's list, best first."""
    mask, scores = offered(model, dataset, u), rescored(model, u, Edit())
    order = np.argsort(-scores, kind="stable")
    return order[mask[order]]


def rank_without(model, dataset, u, i, chosen):
    edit = Edit.of(
        [row for kind, row in chosen if kind == "interaction"], [row for kind, row in chosen if kind == "tie"]
    )
    return rank_of(rescored(model, u, edit), offered(model, dataset, u), i)


def by_exhaustion(model, dataset, u, i, top):
    """Return the fewest removals after which the product is not in the top, None where none do."""
    query = Query(model.evidence, u, i)
    pieces = [("interaction", int(j)) for j in query.products] + [("tie", int(v)) for v in query.ties[0]]
    for size in range(1, len(pieces) + 1):
        for chosen in combinations(pieces, size):
            if rank_without(model, dataset, u, i, chosen) > top:
                return size
    return None


def rows_of(dataset, found):
    tables = {"interaction": dataset.product_rows, "tie": dataset.client_rows}
    return [
        (contribution.kind, tables[contribution.kind][contribution.id])
        for contribution in found.contributions
    ]


def test_no_smaller_set_does_it(planted_model, planted_bank):
    dataset, rng, outcomes = planted_bank.dataset, np.random.default_rng(5), []
    for u in rng.permutation(np.arange(1, 80))[:25].tolist():
        for top in (3, 10):
            i = int(listed(planted_model, dataset, u)[rng.integers(top)])
            found = counterfactual(planted_model, dataset, explained(planted_model, dataset, u, i), top)
            size = by_exhaustion(planted_model, dataset, u, i, top)
            assert (found.outcome, len(found.contributions)) == (
                ("none", 0) if size is None else ("found", size)
            )
            outcomes.append(size)
            if size:
                assert found.exact
                assert found.rank <= top < found.rank_after
                assert found.rank_after == rank_without(planted_model, dataset, u, i, rows_of(dataset, found))
    assert {1, 2, 3} <= set(outcomes)


def test_effects_are_the_parts_of_the_client_lens(planted_model):
    for u in (1, 9, 12, 20):
        query = Query(planted_model.evidence, u, -1)
        columns = np.setdiff1d(np.arange(64), planted_model.evidence.held[[u]].indices)
        effects = module._effects(planted_model, query, columns)
        edits = [Edit.of([int(j)]) for j in query.products] + [Edit.of(ties=[int(v)]) for v in query.ties[0]]
        whole = rescored(planted_model, u, Edit())
        for effect, edit in zip(effects, edits, strict=True):
            assert effect == pytest.approx((whole - rescored(planted_model, u, edit))[columns], abs=1e-9)


def test_of_a_large_catalogue_only_the_nearest_are_read_and_no_more_is_claimed(
    planted_model, planted_bank, monkeypatch
):
    dataset = planted_bank.dataset
    i = int(listed(planted_model, dataset, 9)[0])
    explanation = explained(planted_model, dataset, 9, i)
    exact = counterfactual(planted_model, dataset, explanation, 3)
    monkeypatch.setattr(module, "CELLS", 60)
    found = counterfactual(planted_model, dataset, explanation, 3)
    assert exact.exact
    assert not found.exact
    assert found.rank_after > 3
    assert len(found.contributions) >= len(exact.contributions)


def test_what_can_be_said_without_a_search(planted_model, planted_bank):
    dataset = planted_bank.dataset
    order = listed(planted_model, dataset, 9)
    held = int(planted_model.evidence.x[[9]].indices[0])
    cases = {
        "popularity": (0, int(listed(planted_model, dataset, 0)[0]), 10),
        "no rank": (9, held, 10),
        "outside": (9, int(order[10]), 10),
        "short list": (9, int(order[0]), len(order)),
    }
    for outcome, (u, i, top) in cases.items():
        found = counterfactual(planted_model, dataset, explained(planted_model, dataset, u, i), top)
        assert (found.outcome, found.contributions) == (outcome, ())
    with pytest.raises(ValueError, match="one place"):
        counterfactual(planted_model, dataset, explained(planted_model, dataset, 9, held), 0)


def test_an_explanation_of_another_rank_is_not_trusted(planted_model, planted_bank):
    """The rank is counted anew: an explanation may come from an edited list."""
    dataset = planted_bank.dataset
    i = int(listed(planted_model, dataset, 9)[0])
    lens = Lens(0.0, (), 0.0)
    stale = Explanation("c009", f"p{i:03}", 40, 0.0, lens, lens)
    assert counterfactual(planted_model, dataset, stale, 10).rank == 1

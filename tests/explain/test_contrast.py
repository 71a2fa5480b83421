"""The contrast: one exact sum of differences, and numbers that add up as shown."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finrec_core.explain.account import account
from finrec_core.explain.contrast import Contrast
from finrec_core.explain.explanation import Explanation
from finrec_core.explain.pair import Pair
from finrec_core.explain.points import PointScale
from tests.explain.contrasts import SCALE, SIDES, contrast, explanation


def test_a_flat_list_has_no_points():
    assert contrast([("green", 2.0)], [("green", 2.0)]).shown(PointScale(1.0, 1.0)) is None


def test_what_cannot_be_compared():
    one = explanation("alpine", [])
    with pytest.raises(ValueError, match="with itself"):
        Contrast.of(one, one)
    with pytest.raises(ValueError, match="one client"):
        Contrast.of(one, Explanation("erik", "loan", 1, 10.0, one.client_lens, one.client_lens))


def test_the_sum_is_exact_for_any_two_products(planted_model, planted_bank):
    dataset, rng = planted_bank.dataset, np.random.default_rng(7)
    clients, products = planted_model.evidence.x.shape
    scores = planted_model.scores(np.arange(clients))
    pairs = [rng.integers([clients, products, products]).tolist() for _ in range(60)]
    pairs += [(0, 3, 4), (1, 0, 1), (9, *planted_model.evidence.x[[9]].indices[:2].tolist())]
    for u, i, k in pairs:
        if i == k:
            continue
        one, two = (account(Pair(planted_model, u, p), dataset, rank=1) for p in (i, k))
        found = Contrast.of(one, two)
        assert found.lens.score == pytest.approx(scores[u, i] - scores[u, k], abs=1e-9)
        assert abs(found.lens.error) < 1e-9
        evidence = {
            (contribution.kind, contribution.id)
            for contribution in one.client_lens.contributions + two.client_lens.contributions
        }
        assert len(found.lens.contributions) == len(evidence), (
            "the same evidence on both sides is one difference"
        )
        for contribution in found.lens.contributions:
            values = [
                sum(
                    p.value
                    for p in lens.contributions
                    if (p.kind, p.id) == (contribution.kind, contribution.id)
                )
                for lens in (one.client_lens, two.client_lens)
            ]
            assert contribution.value == pytest.approx(values[0] - values[1], abs=1e-12)


@settings(max_examples=300, deadline=None)
@given(one=SIDES, other=SIDES, bases=st.tuples(st.floats(-50, 50), st.floats(-50, 50)))
def test_what_is_shown_adds_up_agrees_with_the_totals_and_flips_no_sign(one, other, bases):
    found = contrast(list(one.items()), list(other.items()), bases=bases)
    view = found.shown(SCALE)
    assert view.total == SCALE.whole(found.scores[0]) - SCALE.whole(found.scores[1])
    assert view.start + sum(row.points for row in view.rows) + view.tail_points == view.total
    for contribution in view.contributions:
        assert contribution.points * contribution.exact.value >= 0

"""The words of a what-if: what is gone and added, and numbers that are those of the bars beside them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finrec_core.explain.explanation import Contribution, Explanation, Lens
from finrec_core.explain.points import PointScale
from finrec_core.explain.what_if import WhatIf, shown_after
from finrec_core.narrative.labels import Labels
from finrec_core.narrative.people import Other, Tie
from finrec_core.narrative.what_if import sentence
from tests.explain.edits import PLACES, SCALE, VALUES, left_out, lens_of

LABELS = Labels(
    "Marta",
    "Climate Fund",
    "climate",
    products={"short": "Short Bond Fund", "loan": "Home Loan", "new": "New Plan"},
    ties={"erik": Tie("household", 1, 1), "ann": Tie("friend", 1, 1)},
    others={"ilse": Other(1, "private", 4)},
)
SHORT, LOAN, ERIK, ILSE = (
    Contribution("interaction", "short", "", 27.0),
    Contribution("interaction", "loan", "", -5.0),
    Contribution("tie", "erik", "", 13.0),
    Contribution("client", "ilse", "", 8.0),
)


def changed(*gone, score=65.0, ranks=(2, 6), added=(), together=0.0, branch="fused"):
    lens = Lens(0.0, tuple(contribution for contribution in gone if contribution.kind != "client"), 92.0)
    other = Lens(0.0, tuple(contribution for contribution in gone if contribution.kind == "client"), 92.0)
    none = Lens(score, (), score)
    return WhatIf(
        Explanation("marta", "climate", ranks[0], 92.0, lens, other, branch),
        Explanation("marta", "climate", ranks[1], score, none, none, branch),
        score,
        together,
        added,
    )


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (changed(SHORT), "Without Short Bond Fund: 65 points instead of 92, rank 6th instead of 2nd."),
        (
            changed(SHORT, LOAN, ERIK),
            "Without Short Bond Fund, Home Loan and what a member of the household has: 65 points instead of "
            "92, rank 6th instead of 2nd.",
        ),
        (changed(ILSE, ranks=(2, 2)), "Without Client 1: 65 points instead of 92, rank 2nd as before."),
        (
            changed(score=91.6, ranks=(2, 1), added=("new",)),
            "With New Plan: 92 points as before, rank 1st instead of 2nd.",
        ),
        (
            changed(SHORT, score=-3.0, ranks=(None, None), added=("new",)),
            "Without Short Bond Fund, and with New Plan: −3 points instead of 92.",
        ),
        (
            changed(*[SHORT] * 5, ERIK),
            "Without 5 products and 1 connection: 65 points instead of 92, rank 6th instead of 2nd.",
        ),
        (
            changed(SHORT, ILSE, together=2.0),
            "Without Short Bond Fund and Client 1: 65 points instead of 92, rank 6th instead of 2nd. Taken "
            "on both sides at once, together +2 beside the sum of the parts.",
        ),
        (
            changed(score=92.0, ranks=(2, 1), added=("new",), branch="popularity"),
            "With New Plan: 92 points as before, rank 1st instead of 2nd. This is a popularity list: what "
            "the client has does not move its scores.",
        ),
    ],
)
def test_the_sentence(found, text):
    assert sentence(found, SCALE, LABELS) == text


def test_a_flat_list_has_no_points():
    assert sentence(changed(SHORT, ranks=(2, 3)), PointScale(1.0, 1.0), LABELS) == (
        "Without Short Bond Fund: no points, as all products score the same, rank 3rd instead of 2nd."
    )


@settings(max_examples=300, deadline=None)
@given(VALUES, PLACES, st.floats(-30, 30))
def test_the_sentence_says_the_total_of_the_bars_after_a_change(values, gone, base):
    found, view = left_out(lens_of(values, base), {f"p{k}" for k in gone})
    after = shown_after(found, view, SCALE, "client")
    assert f": {after.total:,}".replace("-", "−") in sentence(found, SCALE, LABELS, after.total)

"""The words of a contrast: English that holds, with the numbers of the bars."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finrec_core.explain.points import PointScale
from finrec_core.narrative.contrast import sentence
from finrec_core.narrative.labels import Labels
from finrec_core.narrative.people import Tie
from tests.explain.contrasts import NAMES, SCALE, SIDES, contrast

OTHER = "Harbour Loan"
LABELS = Labels(
    "Marta",
    "Alpine Fund",
    "alpine",
    products=NAMES,
    ties={
        "erik": Tie("household", 1, 1),
        "ann": Tie("friend", 1, 2),
        "bo": Tie("friend", 2, 2),
    },
)


def said(found, scale=SCALE):
    return sentence(found, found.shown(scale), LABELS, OTHER)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            contrast(
                [("green", 20.0), ("erik", 9.0), ("card", 2.0)],
                [("green", 6.0), ("erik", 3.0), ("card", 5.0)],
                bases=(16.0, 10.0),
            ),
            "Alpine Fund stands before Harbour Loan by 23 points: Green Bond (+14) and what a member of "
            "the household has (+6) speak more for it. Travel Card (−3) speaks less for it. Their starting "
            "points differ by +6.",
        ),
        (
            contrast([("green", 2.0)], [("green", 22.0)], ranks=(5, 2)),
            "Alpine Fund stands behind Harbour Loan by 20 points: Green Bond (−20) speaks less for it.",
        ),
        (
            contrast([("green", 2.4)], [("green", 2.0)]),
            "Alpine Fund stands just before Harbour Loan, by less than a point. No single difference weighs "
            "a whole point.",
        ),
        (
            contrast([("green", 2.0)], [("green", 2.0)]),
            "Alpine Fund and Harbour Loan score the same. No single difference weighs a whole point.",
        ),
        (
            contrast([], [], bases=(30.0, 29.0)),
            "Alpine Fund stands before Harbour Loan by 1 point. Their starting points differ by +1.",
        ),
        (
            contrast([("card", 9.0)], [("card", 1.0), ("green", 4.0)], ranks=(2, None), has=(False, True)),
            "Marta has Harbour Loan already: it is scored without that. Alpine Fund scores 4 points more "
            "than Harbour Loan: Travel Card (+8) speaks more for it. Green Bond (−4) speaks less for it.",
        ),
        (
            contrast([("ann", 40.0), ("green", 9.0), ("bo", 3.0)], []),
            "Alpine Fund stands before Harbour Loan by 52 points: what a friend has (+40) and Green Bond "
            "(+9) speak more for it.",
        ),
        (
            contrast([("ann", 40.0), ("bo", 9.0)], [("erik", 5.0)]),
            "Alpine Fund stands before Harbour Loan by 44 points: what a friend (+40) and another friend "
            "(+9) have speaks more for it. What a member of the household has (−5) speaks less for it.",
        ),
        (
            contrast([], [], bases=(30.0, 10.0), branch="popularity"),
            "Alpine Fund stands before Harbour Loan by 20 points. This is a popularity list: the number of "
            "clients that have each decides.",
        ),
    ],
)
def test_the_sentence(found, text):
    assert said(found) == text


def test_many_small_differences_speak_together():
    one = [(f"p{k}", 0.4) for k in range(30)]
    assert said(contrast(one, [])) == (
        "Alpine Fund stands before Harbour Loan by 12 points. 30 products together speak more for it (+12)."
    )


def test_a_flat_list_sets_nothing_apart():
    found = contrast([("green", 2.0)], [("green", 2.0)])
    assert "so nothing sets them apart" in said(found, PointScale(1.0, 1.0))


@settings(max_examples=300, deadline=None)
@given(one=SIDES, other=SIDES, bases=st.tuples(st.floats(-50, 50), st.floats(-50, 50)))
def test_the_sentence_agrees_with_the_differences_shown(one, other, bases):
    found = contrast(list(one.items()), list(other.items()), bases=bases)
    view = found.shown(SCALE)
    text = said(found)
    assert text.endswith(".")
    assert not re.search(r"  | ,|\.\.|,\.|\( |-|: \.|: [A-Z]\w* points", text), text
    numbers = {float(n.replace("−", "-").replace(",", "")) for n in re.findall(r"\(([+−][\d.,]+)\)", text)}
    allowed = {contribution.points for contribution in view.contributions} | {
        group.points for group in view.groups
    }
    assert numbers <= allowed
    if found.lens.score > 0 and view.total:
        assert f"stands before Harbour Loan by {view.total} point" in text

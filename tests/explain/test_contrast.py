"""The contrast: one exact sum of differences, numbers that add up as shown, and English that holds."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finrec_core.explain.account import account
from finrec_core.explain.contrast import Contrast, sentence
from finrec_core.explain.explanation import Contribution, Explanation, Lens
from finrec_core.explain.labels import Labels
from finrec_core.explain.pair import Pair
from finrec_core.explain.people import Tie
from finrec_core.explain.points import PointScale

SCALE = PointScale(0.0, 100.0)  # a score is its points
OTHER = "Harbour Loan"
NAMES = {"green": "Green Bond", "card": "Travel Card", "short": "Short Bond"}
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


def explanation(product, contributions, base=10.0, rank=2, *, has=False, branch="fused"):
    made = tuple(
        Contribution("tie" if key in LABELS.ties else "interaction", key, "", value)
        for key, value in contributions
    )
    made = tuple(sorted(made, key=lambda contribution: -abs(contribution.value)))
    lens = Lens(base, made, base + math.fsum(contribution.value for contribution in made))
    return Explanation("marta", product, rank, lens.score, lens, lens, branch, has)


def contrast(one, other, *, bases=(10.0, 10.0), ranks=(2, 5), has=(False, False), branch="fused"):
    return Contrast.of(
        explanation("alpine", one, bases[0], ranks[0], has=has[0], branch=branch),
        explanation("loan", other, bases[1], ranks[1], has=has[1], branch=branch),
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
    assert found.shown(PointScale(1.0, 1.0)) is None
    assert "so nothing sets them apart" in said(found, PointScale(1.0, 1.0))


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


keys = st.sampled_from([*NAMES, *LABELS.ties, *(f"p{k}" for k in range(12))])
sides = st.dictionaries(keys, st.one_of(st.floats(-3, 3), st.floats(-60, 60)), max_size=16)


@settings(max_examples=300, deadline=None)
@given(one=sides, other=sides, bases=st.tuples(st.floats(-50, 50), st.floats(-50, 50)))
def test_what_is_shown_adds_up_agrees_with_the_totals_and_flips_no_sign(one, other, bases):
    found = contrast(list(one.items()), list(other.items()), bases=bases)
    view = found.shown(SCALE)
    assert view.total == SCALE.whole(found.scores[0]) - SCALE.whole(found.scores[1])
    assert view.start + sum(row.points for row in view.rows) + view.tail_points == view.total
    for contribution in view.contributions:
        assert contribution.points * contribution.exact.value >= 0
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

"""Points: one scale for a list, and numbers that add up as printed."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from finrec_core.explain.explanation import Contribution, Lens
from finrec_core.explain.points import PointScale, Shown, ShownContribution, ShownGroup, shown

HUNDREDTHS = PointScale(0.0, 1.0)  # a score of 0.34 is 34 points


def lens_of(base, values, kinds=("interaction",)):
    contributions = [
        Contribution(kinds[k % len(kinds)], f"p{k}", f"Product {k}", value) for k, value in enumerate(values)
    ]
    contributions.sort(key=lambda contribution: -abs(contribution.value))
    return Lens(base=base, contributions=tuple(contributions), score=base + math.fsum(values))


def numbers(view):
    return [view.start, *(row.points for row in view.rows), view.tail_points, view.total]


def test_the_mean_is_0_and_the_strongest_100():
    scale = PointScale.of(np.array([1.0, 2.0, 6.0]))
    assert (scale.points(3.0), scale.points(6.0), scale.points(1.0)) == (0.0, 100.0, pytest.approx(-200 / 3))
    assert scale.whole(3.0 + 3 * 0.925) == 93, "halves are rounded up, not to even"
    assert scale.factor == pytest.approx(100 / 3)


@pytest.mark.parametrize("scores", [[], [2.0], [0.1] * 3, [-7.0] * 5, [1.0, 1.0 + 1e-12]])
def test_equal_scores_have_ranks_only(scores):
    scale = PointScale.of(np.array(scores))
    assert scale.flat
    assert scale.points(5.0) == 0.0
    assert shown(lens_of(0.1, [0.2]), scale) is None


@pytest.mark.parametrize("scores", [[1.0, np.nan], [1.0, -np.inf]])
def test_a_scale_needs_finite_scores(scores):
    with pytest.raises(ValueError, match="finite"):
        PointScale.of(np.array(scores))


def test_the_mock_card():
    view = shown(lens_of(0.11, [0.34, 0.27, 0.13, 0.09, 0.04, 0.01, -0.02, -0.05]), HUNDREDTHS)
    assert numbers(view) == [11, 34, 27, 13, 9, -5, 4, -2, 1, 0, 92]
    assert view.rest == ()


def test_largest_fractions_get_the_points_that_rounding_down_left_over():
    # 10.4 + 3.4 + 2.4 = 16.2: rounding each alone would give 15.
    view = shown(lens_of(0.104, [0.034, 0.0239]), HUNDREDTHS)
    assert numbers(view) == [11, 3, 2, 0, 16]


def test_parts_under_half_a_point_are_in_the_tail_with_one_decimal():
    view = shown(lens_of(0.5, [0.1, 0.0049, 0.0031, -0.0012, 0.0]), HUNDREDTHS)
    assert numbers(view) == [50, 10, 1, 61]
    assert [contribution.points for contribution in view.rest] == [0.7, 0.4, -0.1, 0.0]


def test_a_negative_start_and_total():
    view = shown(lens_of(-0.4, [0.1, -0.05]), HUNDREDTHS)
    assert numbers(view) == [-40, 10, -5, 0, -35]


def test_one_part_and_no_parts():
    assert numbers(shown(lens_of(0.2, [0.3]), HUNDREDTHS)) == [20, 30, 0, 50]
    assert numbers(shown(lens_of(0.2, []), HUNDREDTHS)) == [20, 0, 20]


def test_all_equal_parts():
    view = shown(lens_of(0.0, [0.013] * 12), HUNDREDTHS)
    assert len(view.rows) == 9
    assert view.total == 16
    assert {row.points for row in view.rows} <= {1, 2}
    assert {contribution.points for contribution in view.rest} <= {0.9, 1.0, 1.1, 1.2, 1.3, 1.4}


def test_five_thousand_small_parts():
    values = np.random.default_rng(3).normal(0, 0.001, 5000)
    view = shown(lens_of(0.1, values.tolist()), HUNDREDTHS)
    assert len(view.contributions) == 5000
    assert len(view.rows) <= 9
    assert view.total == HUNDREDTHS.whole(0.1 + values.sum())


def test_the_tail_is_grouped_by_kind():
    view = shown(lens_of(0.0, [0.2, 0.1] + [0.004] * 30, ("client", "review", "client")), HUNDREDTHS, most=2)
    assert [(group.kind, group.count, group.points) for group in view.groups] == [
        ("client", 20, 8),
        ("review", 10, 4),
    ]
    assert (view.start, view.tail_points, view.total) == (0, 12, 42)


def test_a_row_is_never_zero():
    # Two rows of half a point cannot both be shown as 1 beside a start of exactly 3 and a total of 4.
    view = shown(lens_of(0.03, [0.005, 0.005]), HUNDREDTHS)
    assert numbers(view) == [3, 1, 0, 4]
    assert [contribution.points for contribution in view.rest] == [0.0]


def test_shown_numbers_that_do_not_add_up_are_refused():
    contribution = Contribution("learned", "p", "", 0.1)
    with pytest.raises(ValueError, match="do not add up to their total"):
        Shown(start=1, rows=(), rest=(), groups=(), total=2)
    with pytest.raises(ValueError, match="smaller reasons"):
        Shown(
            start=1,
            rows=(),
            rest=(ShownContribution(contribution, 0.4),),
            groups=(ShownGroup("learned", 1, 1),),
            total=2,
        )


def test_repr_tells_sizes():
    assert repr(shown(lens_of(0.2, [0.3, 0.001]), HUNDREDTHS)) == "Shown(20 + 1 rows + 1 smaller = 50 points)"


values = st.one_of(
    st.floats(-0.02, 0.02), st.floats(-2.0, 2.0), st.integers(-400, 400).map(lambda n: n / 400), st.just(0.0)
)


@settings(max_examples=400, deadline=None)
@given(
    base=st.floats(-3.0, 3.0),
    contributions=st.lists(values, max_size=40),
    span=st.floats(0.05, 20.0),
    most=st.integers(0, 12),
    kinds=st.lists(st.sampled_from(["client", "review", "product"]), min_size=1, max_size=3),
)
@example(base=0.03, contributions=[0.005, 0.005, 0.003, -0.003], span=1.0, most=9, kinds=["client"])
@example(base=0.0, contributions=[0.003], span=1.0, most=9, kinds=["client"])
@example(base=0.007, contributions=[0.003], span=1.0, most=9, kinds=["client"])
@example(
    base=0.0, contributions=[0.003, 0.003, -0.003], span=1.0, most=9, kinds=["client", "review", "product"]
)
def test_what_is_shown_adds_up_and_keeps_every_sign(base, contributions, span, most, kinds):
    lens, scale = lens_of(base, contributions, kinds), PointScale(0.05, 0.05 + span)
    view = shown(lens, scale, most)
    exact = {contribution.id: contribution.value * scale.factor for contribution in lens.contributions}
    assert sorted(contribution.exact.id for contribution in view.contributions) == sorted(exact)
    assert view.total == scale.whole(lens.score)
    assert view.start + sum(row.points for row in view.rows) + view.tail_points == view.total
    assert abs(view.start - scale.points(base)) < 1 + 1e-6
    assert len(view.rows) <= most
    for group in view.groups:
        members = [contribution for contribution in view.rest if contribution.exact.kind == group.kind]
        assert len(members) == group.count > 0
        assert sum(round(10 * contribution.points) for contribution in members) == 10 * group.points
        assert (
            abs(group.points - math.fsum(exact[contribution.exact.id] for contribution in members)) < 1 + 1e-6
        )
    assert sum(group.points for group in view.groups) == view.tail_points
    assert sum(group.count for group in view.groups) == len(view.rest)
    for contribution in view.contributions:
        assert contribution.points * exact[contribution.exact.id] >= 0
        assert abs(contribution.points - exact[contribution.exact.id]) < 1 + 1e-6
    for row in view.rows:
        assert row.points != 0
        assert abs(exact[row.exact.id]) >= 0.5
    sizes = [abs(row.points) for row in view.rows]
    assert all(a >= b - 1 for a, b in itertools.pairwise(sizes))

"""The curve of a training."""

import pytest

from finrec_core.views.charts import curve
from finrec_core.views.charts.theme import LIGHT

CHECKS = [(0, 0.05), (10, 0.2), (20, 0.25), (30, 0.25), (40, 0.24)]


def test_the_first_of_the_best_checks_is_marked():
    assert curve.best(CHECKS) == (20, 0.25)
    figure = curve.curve(CHECKS, LIGHT, second=30)
    assert figure.data[0].y == (0.05, 0.2, 0.25, 0.25, 0.24)
    assert (figure.data[1].x, figure.data[1].y) == ((20,), (0.25,))
    assert [note.text for note in figure.layout.annotations] == ["second stage", "<b>0.250</b>"]
    assert figure.layout.shapes[0].x0 == 30


def test_one_check_and_none():
    assert curve.curve(CHECKS[:1], LIGHT).data[0].mode == "markers"
    assert curve.curve([], LIGHT, second=5).layout.annotations == ()
    assert curve.alternative([]) == "No checks yet."


@pytest.mark.parametrize("check", [(0, 0.21), (0, 0.0), (25, 0.97)])
def test_one_check_has_steps_from_0_and_figures_around_it(check):
    axes = curve.curve([check], LIGHT).layout
    low, high = axes.xaxis.range
    assert -1 < low <= 0 <= check[0] <= high
    assert high >= 10
    low, high = axes.yaxis.range
    assert -0.01 < low < check[1] < high < low + 0.2


def test_the_axes_hold_every_check_and_ticks_that_can_be_told_apart():
    close = ([(0, 0.361), (10, 0.37)], ".3f"), ([(0, 0.361), (10, 0.362)], ".4f")
    for checks, ticks in ((CHECKS, ".2f"), *close):
        axes = curve.curve(checks, LIGHT).layout
        for axis, values in zip((axes.xaxis, axes.yaxis), zip(*checks, strict=True), strict=True):
            assert axis.range[0] < min(values) <= max(values) < axis.range[1]
        assert axes.yaxis.tickformat == ticks


def test_the_curve_in_words():
    assert curve.alternative(CHECKS) == (
        "NDCG@20 on held-back interactions: 0.050 at step 0, best 0.250 at step 20 of 40."
    )

"""The waterfall: each bar begins where the one before it ended, and a name is text whatever it holds."""

import re
from xml.etree import ElementTree

import pytest

from finrec_core.explain.points import shown
from finrec_core.views.charts import bars
from finrec_core.views.charts.bars import DIFFERENCE
from finrec_core.views.charts.theme import DARK, LIGHT
from finrec_core.views.charts.waterfall import waterfall
from tests.views.conftest import HOSTILE

BAR = re.compile(r"left:(?P<left>[\d.]+)%;width:max\((?P<width>[\d.]+)%,1px\)")


def extents(drawing: str) -> list[tuple[float, float]]:
    """Return where each bar begins and how long it is, in percent."""
    return [(float(one["left"]), float(one["width"])) for one in BAR.finditer(drawing)]


def texts(drawing: str) -> list[str]:
    return [one.text for one in ElementTree.fromstring(drawing).iter("div") if one.text]


def test_bars_run_from_the_start_to_the_total(explanation, scale, labels):
    view = shown(explanation.client_lens, scale)
    drawing = waterfall(view, labels, LIGHT)
    found, rows = extents(drawing), bars.rows(view, labels, LIGHT, (), bars.SCORE)
    unit = found[-1][1] / 92
    assert found[0] == (0, pytest.approx(12 * unit, abs=0.1))
    for (left, width), row in zip(found, rows, strict=True):
        low, high = sorted((row.low, row.high))
        assert left == pytest.approx(low * unit, abs=0.1)
        assert width == pytest.approx((high - low) * unit, abs=0.1)
    said = texts(drawing)
    assert [one for one in said if one in {row.value for row in rows}] == [row.value for row in rows]
    assert said[-2:] == ["Total", "92"]


def test_it_is_named_by_the_sum_in_words_and_each_row_by_its_whole_name(explanation, scale, labels):
    view = shown(explanation.client_lens, scale)
    root = ElementTree.fromstring(waterfall(view, labels, DARK))
    assert root.get("aria-label") == bars.alternative(view, labels)
    titles = [one.get("title") for one in root]
    assert titles[:2] == ["Starting point: 12", "Nordlys Green Savings Plan: +34"]


def test_what_is_left_out_is_an_outline_and_a_difference_has_its_signs(explanation, scale, labels):
    view = shown(explanation.client_lens, scale)
    drawing = waterfall(view, labels, LIGHT, left_out=view.rows[:1], titles=DIFFERENCE)
    assert f"background:rgba(0,0,0,0);box-shadow:inset 0 0 0 1px {LIGHT.muted}" in drawing
    assert texts(drawing)[-1] == "+92"


def test_the_weaker_reasons_fold_into_one_bar_and_the_sum_stays(explanation, scale, labels):
    view = shown(explanation.client_lens, scale)
    found = bars.rows(view, labels, LIGHT, (), bars.SCORE, most=1)
    assert [row.kind for row in found] == ["start", "part", "rest", "total"]
    assert found[2].name.startswith(f"{len(view.rows) - 1 + len(view.rest)} smaller reason")
    assert found[1].low == view.start
    assert found[2].low + float(found[2].value.replace("−", "-")) == view.total == found[3].high
    assert len(extents(waterfall(view, labels, LIGHT, most=1))) == 4


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_is_text_whatever_it_holds(explanation, scale, labels, text, hostile):
    drawing = waterfall(shown(explanation.client_lens, scale), hostile(text), LIGHT)
    assert {one.tag for one in ElementTree.fromstring(drawing).iter()} == {"div"}

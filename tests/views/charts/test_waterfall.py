"""The waterfall: each bar begins where the one before it ended, and a name is text whatever it holds."""

from xml.etree import ElementTree

import pytest

from finrec_core.explain.points import shown
from finrec_core.views.charts import bars
from finrec_core.views.charts.bars import DIFFERENCE
from finrec_core.views.charts.theme import DARK, LIGHT
from finrec_core.views.charts.waterfall import NAMES, waterfall
from tests.views.conftest import HOSTILE

SVG = "{http://www.w3.org/2000/svg}"


def rectangles(drawing: str) -> list[tuple[float, float]]:
    """Return where each bar begins and how long it is."""
    found = ElementTree.fromstring(drawing).iter(f"{SVG}rect")
    return [(float(one.get("x", "")), float(one.get("width", ""))) for one in found]


def texts(drawing: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(drawing).iter(f"{SVG}text")]


def test_bars_run_from_the_start_to_the_total(explanation, scale, labels):
    view = shown(explanation.client_lens, scale)
    drawing = waterfall(view, labels, LIGHT)
    found, rows = rectangles(drawing), bars.rows(view, labels, LIGHT, (), bars.SCORE)
    unit = found[-1][1] / 92
    assert found[0] == (pytest.approx(NAMES), pytest.approx(12 * unit, abs=0.1))
    for (left, width), row in zip(found, rows, strict=True):
        low, high = sorted((row.low, row.high))
        assert left == pytest.approx(NAMES + low * unit, abs=0.1)
        assert width == pytest.approx(max((high - low) * unit, 0.5), abs=0.1)
    said = texts(drawing)
    assert [one for one in said if one in {row.value for row in rows}] == [row.value for row in rows]
    assert said[-2:] == ["Total", "92"]


def test_it_is_named_by_the_sum_in_words_and_each_row_by_its_whole_name(explanation, scale, labels):
    view = shown(explanation.client_lens, scale)
    root = ElementTree.fromstring(waterfall(view, labels, DARK))
    assert root.get("aria-label") == bars.alternative(view, labels)
    titles = [one.text for one in root.iter(f"{SVG}title")]
    assert titles[:2] == ["Starting point: 12", "Nordlys Green Savings Plan: +34"]


def test_what_is_left_out_is_an_outline_and_a_difference_has_its_signs(explanation, scale, labels):
    view = shown(explanation.client_lens, scale)
    drawing = waterfall(view, labels, LIGHT, left_out=view.rows[:1], titles=DIFFERENCE)
    assert 'fill="rgba(0,0,0,0)" stroke=' in drawing
    assert texts(drawing)[-1] == "+92"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_is_text_whatever_it_holds(explanation, scale, labels, text, hostile):
    drawing = waterfall(shown(explanation.client_lens, scale), hostile(text), LIGHT)
    tags = {one.tag.removeprefix(SVG) for one in ElementTree.fromstring(drawing).iter()}
    assert tags == {"svg", "g", "title", "path", "text", "rect"}

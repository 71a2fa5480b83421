import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finrec_core.views.charts.svg import NAMES, VALUES, WIDTH, Step, bars
from tests.views.conftest import HOSTILE

SVG = "{http://www.w3.org/2000/svg}"


def steps(start: int, *parts: int, title: str = "A product") -> list[Step]:
    total = start + sum(parts)
    return [
        Step("Starting point", start, "start"),
        *(Step(title, points) for points in parts),
        Step("Total", total, "total"),
    ]


def rectangles(drawing: str) -> list[tuple[float, float]]:
    """Return where each bar begins and how long it is."""
    found = ElementTree.fromstring(drawing).iter(f"{SVG}rect")
    return [(float(one.get("x", "")), float(one.get("width", ""))) for one in found]


def test_each_bar_begins_where_the_one_before_it_ended() -> None:
    start, up, down, total = rectangles(bars(steps(10, 30, -20), "The reasons"))
    unit = up[1] / 30
    assert start == (NAMES, pytest.approx(10 * unit, abs=0.1))
    assert up[0] == pytest.approx(NAMES + 10 * unit, abs=0.1)
    assert down == (pytest.approx(NAMES + 20 * unit, abs=0.1), pytest.approx(20 * unit, abs=0.1))
    assert total == (NAMES, pytest.approx(20 * unit, abs=0.1))


def test_the_numbers_are_written_with_their_signs_and_a_true_minus() -> None:
    drawing = bars(steps(-11, 34, -5, 0), "The reasons")
    values = re.findall(r">([+−\d]+)</text>", drawing)
    assert values == ["−11", "+34", "−5", "0", "18"]
    assert "<title>The reasons</title>" in drawing
    assert "Starting point −11, A product +34, A product −5, A product 0, Total 18." in drawing


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_is_text_whatever_it_holds(text: str) -> None:
    drawing = bars(steps(1, 2, title=text), text)
    tags = {one.tag.removeprefix(SVG) for one in ElementTree.fromstring(drawing).iter()}
    assert tags == {"svg", "title", "desc", "path", "text", "rect"}


def test_bars_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        bars([Step("Starting point", 1, "start"), Step("Total", 2, "total")], "x")


@given(st.integers(-300, 300), st.lists(st.integers(-300, 300), max_size=12))
def test_no_bar_leaves_the_drawing(start: int, parts: list[int]) -> None:
    for left, width in rectangles(bars(steps(start, *parts), "x")):
        assert left >= NAMES - 0.2
        assert width >= 0
        assert left + width <= WIDTH - VALUES + 0.2

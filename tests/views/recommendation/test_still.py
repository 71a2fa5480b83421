"""The still: what pyvis draws in its frame, as one piece of the page that loads and runs nothing."""

import re
from xml.etree import ElementTree

import pytest

from finrec_core.explain.points import shown
from finrec_core.views.charts.theme import DARK, LIGHT
from finrec_core.views.recommendation.picture import picture
from tests.views.conftest import HOSTILE

UNITS = re.compile(r"(left|top|width|height):calc\(([\d.]+) \* var\(--u\)\)")


@pytest.fixture
def made(explanation, scale, subgraph):
    def make(labels, lens="client", theme=LIGHT):
        view = shown(explanation.lens(lens), scale)
        return picture(explanation, view, labels, lens, theme, subgraph=subgraph)

    return make


@pytest.mark.parametrize("lens", ["client", "product"])
def test_it_shows_every_box_and_every_line_of_the_table(made, labels, lens):
    found = made(labels, lens)
    root = ElementTree.fromstring(found.html)
    assert root.get("aria-label") == found.text
    titles = [one.get("title") for one in root[0]]
    assert len(titles) == len(found.layout.drawn.links) + len(found.layout.drawn.nodes)
    for line in found.table.to_dict("records"):
        assert f"{line['From']} – {line['To']}: {line['Line']} {line['Points']}".rstrip() in titles


def test_nothing_leaves_it_and_it_is_small(made, labels):
    found = made(labels, theme=DARK)
    boxes = [one for one in ElementTree.fromstring(found.html)[0] if len(one)]
    assert len(boxes) == len(found.layout.drawn.nodes)
    for one in boxes:
        at = {name: float(value) for name, value in UNITS.findall(one.get("style", ""))}
        assert at["left"] >= 0
        assert at["top"] >= 0
        assert at["left"] + at["width"] <= found.layout.width
        assert at["top"] + at["height"] <= found.layout.height
    assert len(found.html) * 50 < len(found.url)


def test_its_colours_are_those_of_the_screen(made, labels):
    assert LIGHT.accent in made(labels).html
    assert DARK.accent in made(labels, theme=DARK).html


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_is_text_whatever_it_holds(made, hostile, text):
    drawing = made(hostile(text)).html
    assert {one.tag for one in ElementTree.fromstring(drawing).iter()} <= {"div", "span", "br"}

"""The still: what pyvis draws in its frame, as one piece of the page that loads and runs nothing."""

from xml.etree import ElementTree

import pytest

from finrec_core.explain.points import shown
from finrec_core.views.charts.theme import DARK, LIGHT
from finrec_core.views.recommendation.picture import picture
from tests.views.conftest import HOSTILE

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def made(explanation, scale, subgraph):
    def make(labels, lens="client", theme=LIGHT):
        view = shown(explanation.lens(lens), scale)
        return picture(explanation, view, labels, lens, theme, subgraph=subgraph)

    return make


@pytest.mark.parametrize("lens", ["client", "product"])
def test_it_shows_every_box_and_every_line_of_the_table(made, labels, lens):
    found = made(labels, lens)
    root = ElementTree.fromstring(found.svg)
    assert root.get("aria-label") == found.text
    paths = list(root.iter(f"{SVG}path"))
    assert len(paths) == len(found.layout.drawn.links)
    assert len(list(root.iter(f"{SVG}rect"))) == len(found.layout.drawn.nodes)
    titles = [one.text for one in root.iter(f"{SVG}title")]
    for line in found.table.to_dict("records"):
        assert f"{line['From']} – {line['To']}: {line['Line']} {line['Points']}".rstrip() in titles


def test_nothing_leaves_it_and_it_is_small(made, labels):
    found = made(labels, theme=DARK)
    _, _, wide, high = map(float, ElementTree.fromstring(found.svg).get("viewBox", "").split())
    for one in ElementTree.fromstring(found.svg).iter(f"{SVG}rect"):
        x, y, width, height = (float(one.get(name, "")) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert y >= 0
        assert x + width <= wide
        assert y + height <= high
    assert len(found.svg) * 50 < len(found.url)


def test_its_colours_are_those_of_the_screen(made, labels):
    assert LIGHT.accent in made(labels).svg
    assert DARK.accent in made(labels, theme=DARK).svg


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_is_text_whatever_it_holds(made, hostile, text):
    drawing = made(hostile(text)).svg
    tags = {one.tag.removeprefix(SVG) for one in ElementTree.fromstring(drawing).iter()}
    assert tags == {"svg", "g", "title", "path", "text", "rect"}

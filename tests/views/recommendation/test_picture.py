"""The picture: nothing in a name runs, nothing leaves the machine, and it is drawn."""

import base64
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from finrec_core.explain.points import shown
from finrec_core.views.charts.theme import DARK, LIGHT, font_face
from finrec_core.views.recommendation import drawing
from finrec_core.views.recommendation import picture as picture_module
from finrec_core.views.recommendation.picture import picture
from tests.views.conftest import HOSTILE


@pytest.fixture
def page(browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 560, "height": 700})
    opened.set_default_timeout(60_000)
    yield opened
    opened.close()


@pytest.fixture
def made(explanation, scale, subgraph):
    def make(labels, lens="client", theme=LIGHT, **more):
        view = shown(explanation.lens(lens), scale)
        return picture(explanation, view, labels, lens, theme, subgraph=subgraph, **more)

    return make


def document(found):
    assert found.url.startswith("data:text/html;charset=utf-8;base64,")
    return base64.b64decode(found.url.partition(",")[2]).decode()


def test_the_document_loads_nothing(made, labels):
    text = document(made(labels))
    assert not re.search(r"""(?:src|href)\s*=\s*["']?\s*(?:https?:)?//""", text)
    assert "bootstrap" not in text
    assert "default-src 'none'" in text
    assert "<center>" not in text


def test_its_scripts_are_the_same_for_every_picture(made, labels):
    """A policy names them by hash, so what differs must be data."""
    for lens in ("client", "product"):
        text = document(made(labels, lens))
        scripts = re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL)
        assert [body for kind, body in scripts if not kind] == list(drawing.SCRIPTS)
        assert [kind for kind, _ in scripts if kind] == [' type="application/json" id="drawn"']
        assert all(drawing.hashed(one) in text for one in drawing.SCRIPTS)
        assert "unsafe-inline" not in re.search(r"script-src ([^;]*)", text)[1]


def test_the_font_of_the_screen_is_inside(made, labels):
    assert font_face().startswith("@font-face{font-family:'Source Sans';src:url(data:font/woff2;base64,")
    assert font_face() in document(made(labels))


def test_without_streamlits_font_the_picture_takes_the_systems(made, labels, monkeypatch):
    monkeypatch.setattr(picture_module, "font_face", lambda: "")
    assert "@font-face" not in document(made(labels)).split("<body")[0].split("vis-network")[0]


@pytest.mark.parametrize("lens", ["client", "product"])
def test_no_other_client_is_in_what_the_browser_gets(made, labels, lens):
    found = made(labels, lens, more=True)
    assert "secret" not in document(found)
    assert "secret" not in found.text + found.table.to_csv()


def test_the_table_holds_every_line(made, labels):
    table = made(labels).table
    assert table.columns.tolist() == ["From", "Line", "To", "Points"]
    assert table.to_dict("records")[0] == {
        "From": "Marta Lindqvist",
        "Line": "has",
        "To": "Nordlys Green Savings Plan",
        "Points": "+34",
    }
    assert ["Nordlys Green Savings Plan", "has it too", "Client 1", ""] in table.to_numpy().tolist()


def test_the_picture_in_words(made, labels):
    assert made(labels, "client").text.startswith(
        "Marta Lindqvist and Nordlys Climate Bond Fund are linked by Nordlys Green Savings Plan (+34), "
        "Alpine Short Bond Fund (+27), Household member (+13) and Meridian World Index Fund (+9). "
    )
    assert made(labels, "product").text.endswith("Client 3 has products in common that are not listed.")


def test_lines_of_a_usual_picture_do_not_cross(made, labels):
    assert [made(labels, lens).crossings for lens in ("client", "product")] == [0, 0]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_is_text_in_the_document(made, hostile, text):
    for lens in ("client", "product"):
        found = document(made(hostile(text), lens, more=True))
        for tag in ("<script>window.broken", "<img src=x", "</script><script>window", "<a href"):
            assert tag not in found
        assert "popup.innerHTML" not in found


@pytest.mark.browser
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_picture_is_drawn_without_errors_or_requests(made, labels, page, theme):
    errors, requests = [], []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: requests.append(request.url))
    found = made(labels, theme=theme)
    page.set_content(f'<iframe src="{found.url}" width="540" height="{found.height}"></iframe>')
    frame = page.frames[1]
    frame.wait_for_selector("canvas")
    frame.wait_for_function("typeof network !== 'undefined' && network.getScale() !== 1")
    assert frame.evaluate("document.fonts.check(\"13px 'Source Sans'\") && document.fonts.size") == 1
    assert frame.evaluate("self.origin") == "null"
    assert frame.locator("[role=img]").get_attribute("aria-label") == found.text
    boxes = frame.evaluate("network.body.nodeIndices.map(id => network.getBoundingBox(id))")
    corners = frame.evaluate(
        "[network.DOMtoCanvas({x: 0, y: 0}), network.DOMtoCanvas({x: innerWidth, y: innerHeight})]"
    )
    assert all(corners[0]["x"] <= box["left"] and box["right"] <= corners[1]["x"] for box in boxes)
    assert all(corners[0]["y"] <= box["top"] and box["bottom"] <= corners[1]["y"] for box in boxes)
    assert errors == []
    assert [url[:60] for url in requests if not url.startswith("data:")] == []


@pytest.mark.browser
def test_no_name_runs_in_the_browser(made, hostile, page):
    """Guards pyvis' two ways to run a name: the document's script, and a tooltip set as HTML."""
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    found = made(hostile(" ".join(HOSTILE[:4])), "product", more=True)
    page.set_content(f'<iframe src="{found.url}" width="540" height="{found.height}"></iframe>')
    frame = page.frames[1]
    frame.wait_for_selector("canvas")
    frame.wait_for_function("typeof network !== 'undefined' && network.getScale() !== 1")
    for node in ("client", "near0", "product"):
        place = frame.evaluate("id => network.canvasToDOM(network.getPositions([id])[id])", node)
        page.mouse.move(5, 690)
        page.mouse.move(8 + place["x"], 8 + place["y"], steps=4)
        frame.wait_for_selector(".vis-tooltip", state="visible")
        assert frame.locator(".vis-tooltip *").count() == 0, "a tooltip holds text and no elements"
        assert "<script>" in frame.locator(".vis-tooltip").inner_text()
    assert frame.evaluate("window.broken") is None
    assert page.evaluate("window.broken") is None

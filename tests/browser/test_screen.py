"""One screen and one change: what stands in view, and that card, evidence and picture never disagree."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import open_part, wait_for_app_run
from tests.browser.test_desk import PATIENCE, opened

pytestmark = pytest.mark.browser
HEADER, ROW = 36, 42  # pixels of the ranked table
SCREEN = 900  # pixels
MAIN = "document.querySelector('[data-testid=stMain]')"
PARTS = ("Evidence", "Words", "Compare", "Examine", "Portfolio", "Record")
# Notes every 50 ms what can be seen of a choice: its title, its bars, its picture, and how far one scrolled.
FILM = """() => {
    const seen = (place) => [...document.querySelectorAll(place)]
        .filter(one => one.checkVisibility({visibilityProperty: true, opacityProperty: true}));
    const named = (place) => seen(place).map(one => one.getAttribute('aria-label'));
    window.film = [];
    window.camera = setInterval(() => window.film.push({
        title: seen('.st-key-card h3').map(one => one.innerText),
        bars: named('.st-key-bars [role=img]'),
        picture: named('.st-key-picture [role=img]'),
        table: !!document.querySelector('[class*=st-key-ranked-] canvas').sameAsBefore,
        scrolled: document.querySelector('[data-testid=stMain]').scrollTop,
    }), 50);
    document.querySelector('[class*=st-key-ranked-] canvas').sameAsBefore = true;
}"""


def pick(page: Page, row: int) -> None:
    """Click a row of the ranked table, the first is 0."""
    box = page.locator("[class*='st-key-ranked-'] [data-testid=stDataFrameResizable]").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 150, box["y"] + HEADER + ROW * (row + 0.5))


def title(page: Page) -> str:
    return page.locator(".st-key-card h3:visible").inner_text()


def drawn(page: Page) -> tuple[str, str, str]:
    """Return title, bars and picture in words, as they stand."""
    bars = page.locator(".st-key-bars [role=img]:visible").get_attribute("aria-label")
    picture = page.locator(".st-key-picture [role=img]:visible").get_attribute("aria-label")
    return title(page), bars or "", picture or ""


def test_a_click_shows_title_bars_and_picture_of_one_product_at_any_moment(
    trained_address: str, page: Page
) -> None:
    opened(page, trained_address, "recommendations?client=C00002")
    before = drawn(page)
    for row in (2, 4, 2):
        page.evaluate(FILM)
        pick(page, row)
        expect(page.locator(".st-key-card h3:visible")).not_to_have_text(before[0], timeout=PATIENCE)
        wait_for_app_run(page)
        after = drawn(page)
        film = page.evaluate("(clearInterval(window.camera), window.film)")
        assert {*map(str, film)}
        for shot in film:
            shown = {name: shot[name] for name in ("title", "bars", "picture")}
            wholes = [dict(zip(shown, ([one] for one in whole), strict=True)) for whole in (before, after)]
            assert shown in [*wholes, {"title": [], "bars": [], "picture": []}]
            assert shot["table"], "the table is not mounted anew"
            assert shot["scrolled"] == 0
        assert before != after
        before = after


def test_a_choice_is_one_step_of_the_history_and_every_part_follows_back_and_forward(
    trained_address: str, page: Page
) -> None:
    opened(page, trained_address, "recommendations?client=C00002")
    steps, seen = page.evaluate("history.length"), [drawn(page)]
    for row in (1, 3):
        pick(page, row)
        expect(page.locator(".st-key-card h3:visible")).not_to_have_text(seen[-1][0], timeout=PATIENCE)
        wait_for_app_run(page)
        seen.append(drawn(page))
    assert page.evaluate("history.length") <= steps + 2
    for go, then in ((page.go_back, seen[1]), (page.go_back, seen[0]), (page.go_forward, seen[1])):
        go()
        expect(page.locator(".st-key-card h3:visible")).to_have_text(then[0], timeout=PATIENCE)
        wait_for_app_run(page)
        assert drawn(page) == then
        expect(page.get_by_text("Selected:")).to_contain_text(then[0])
        marked = page.locator("[class*=st-key-ranked-] canvas tr[aria-selected=true]")
        expect(marked).to_contain_text(then[0])


def test_what_decides_stands_in_view_and_no_part_makes_the_page_long(
    trained_address: str, page: Page
) -> None:
    page.set_viewport_size({"width": 1280, "height": SCREEN})
    opened(page, trained_address, "recommendations?client=C00002")
    table = "[class*=st-key-ranked-] [data-testid=stDataFrameResizable]"
    actions = [f".st-key-decide-{kind} button" for kind in ("accept", "reject", "later")]
    for place in ("h1", table, ".st-key-verdict", ".st-key-bars [role=img]", ".st-key-leave-out", *actions):
        box = page.locator(place).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= SCREEN, place
    for part in PARTS:
        open_part(page, part)
        assert page.evaluate(f"{MAIN}.scrollHeight") <= 2.5 * SCREEN, part


def test_on_a_narrow_screen_the_list_stands_before_the_card_and_that_before_the_parts(
    trained_address: str, page: Page
) -> None:
    page.set_viewport_size({"width": 768, "height": 1000})
    opened(page, trained_address, "recommendations?client=C00002")
    places = (".st-key-strip", "[class*=st-key-ranked-]", ".st-key-card", ".st-key-part", ".st-key-below")
    boxes = [page.locator(place).first.bounding_box() for place in places]
    tops = [box["y"] for box in boxes if box is not None]
    assert len(tops) == len(places)
    assert tops == sorted(tops)
    assert page.evaluate(f"{MAIN}.scrollWidth <= {MAIN}.clientWidth + 1")

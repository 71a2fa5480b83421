"""Suitability in Chromium: the filter row at both widths, the fold, and rules that are saved."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import desk
from tests.browser.server import serve, wait_for_app_run
from tests.pages.test_suitability import CLIENT, dataset

pytestmark = pytest.mark.browser
PATIENCE = 90_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a desk of its own, whose rules may change."""
    data: Path = tmp_path_factory.mktemp("suitability")
    desk.trained(data, dataset())
    with serve(data) as address:
        yield address


def opened(page: Page, address: str) -> None:
    page.goto(f"{address}/?client={CLIENT}")
    expect(page.locator(".st-key-strip")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)


def shown(page: Page) -> int:
    """Return how many products the list says that it shows."""
    said = page.get_by_test_id("stCaptionContainer").filter(has_text=re.compile(r"^\s*\d+ of \d+\s*$"))
    return int(said.inner_text().split()[0])


@pytest.mark.parametrize("width", [768, 1280])
def test_the_filter_row_is_one_row(address: str, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, address)
    row = page.locator(".st-key-filters")
    parts = [row.locator(f".st-key-{key}") for key in ("categories", "verdict-filter", "hide-held")]
    boxes = [part.bounding_box() for part in parts]
    whole = row.bounding_box()
    assert whole is not None
    for box in boxes:
        assert box is not None
        assert whole["y"] <= box["y"]
        assert box["y"] + box["height"] <= whole["y"] + 48  # one line of controls
        assert box["x"] + box["width"] <= whole["x"] + whole["width"] + 1


def test_filters_and_the_fold_change_the_list_and_no_more(address: str, page: Page) -> None:
    opened(page, address)
    whole = shown(page)
    fold = page.locator(".st-key-fold button")
    more = int(re.findall(r"(\d+) more rank", fold.inner_text())[0])
    fold.click()
    expect(fold).to_contain_text("fold away", timeout=PATIENCE)
    wait_for_app_run(page)
    assert shown(page) == whole + more
    page.locator(".st-key-verdict-filter button").click()
    page.locator(".st-key-verdicts").get_by_text("Check", exact=True).click()
    expect(page.locator(".st-key-verdict-filter button")).to_contain_text("Check", timeout=PATIENCE)
    wait_for_app_run(page)
    expect(page.locator(".st-key-fold")).to_have_count(0)
    page.keyboard.press("Escape")
    page.locator(".st-key-categories button").click()
    for name in ("Loans", "Insurance"):
        page.locator(".st-key-shelves").get_by_text(name, exact=True).click()
        wait_for_app_run(page)
    expect(page.locator(".st-key-categories button")).to_contain_text("2 categories", timeout=PATIENCE)
    expect(page).to_have_url(re.compile(f"client={CLIENT}"))


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 768)])
def test_the_page_rules_is_accessible_and_fits(address: str, page: Page, width: int, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/rules")
    expect(page.get_by_role("heading", name="Rules", exact=True)).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth + 1")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_rules_are_saved_with_a_reason_and_count_at_once(address: str, page: Page) -> None:
    opened(page, address)
    fold = page.locator(".st-key-fold")
    expect(fold).to_be_visible(timeout=PATIENCE)
    page.goto(f"{address}/rules")
    change = page.locator(".st-key-change")
    expect(change).to_contain_text("No verdict changes", timeout=PATIENCE)
    page.get_by_text("Risk class against risk tolerance").click()
    expect(change).to_contain_text(re.compile(r"[\d,]+ verdicts change: of \d+ clients"), timeout=PATIENCE)
    change.get_by_role("button", name="Save as version 1").click()
    expect(change).to_contain_text("Say why", timeout=PATIENCE)
    change.locator("input").fill("Risk is asked in person")
    change.locator("input").press("Enter")
    wait_for_app_run(page)
    change.get_by_role("button", name="Save as version 1").click()
    expect(page.get_by_text("Version 1 in force")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="What version 1 says")).to_be_visible()
    expect(change).to_contain_text("Nothing is changed yet")

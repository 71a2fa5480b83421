"""Compare with, what if and examine in a browser: what a click changes, and what it leaves alone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.server import open_part, wait_for_app_run
from tests.browser.test_desk import PATIENCE, opened

pytestmark = pytest.mark.browser


def test_leaving_out_draws_an_outline_and_says_points_and_rank(trained_address: str, page: Page) -> None:
    opened(page, trained_address, "?client=C00002")
    pills = page.locator(".st-key-without-client button")
    expect(page.get_by_text("off", exact=True)).to_have_count(0)
    pills.first.click()
    said = page.locator(".st-key-what-if")
    expect(said).to_contain_text(re.compile(r"Without .+ points (instead of|as before)"), timeout=PATIENCE)
    expect(page.locator(".st-key-bars").get_by_text("off", exact=True)).to_have_count(1)
    page.locator(".st-key-reset button").click()
    expect(said).to_have_count(0, timeout=PATIENCE)
    expect(page.locator(".st-key-bars").get_by_text("off", exact=True)).to_have_count(0)


def test_another_product_is_found_and_set_beside_the_chosen_one(trained_address: str, page: Page) -> None:
    opened(page, trained_address, "?client=C00002")
    open_part(page, "Compare")
    page.locator(".st-key-compare-with input").press_sequentially("p02", delay=40)
    match = page.locator(".st-key-compare-with-matches button").first
    expect(match).to_be_visible(timeout=PATIENCE)
    name = match.inner_text().splitlines()[0]
    match.click()
    beside = page.locator(".st-key-below")
    expect(page.locator(".st-key-compare-with-matches")).to_have_count(0, timeout=PATIENCE)
    expect(beside.get_by_role("table").first).to_contain_text(name[:12])
    expect(beside).to_contain_text(re.compile(r"stands (just )?(before|behind)|scores .+ than"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_of_it_open_is_accessible_and_fits(trained_address: str, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 768, "height": 1000})
    opened(page, trained_address, "?client=C00002")
    page.locator(".st-key-without-client button").first.click()
    expect(page.locator(".st-key-what-if")).to_be_visible(timeout=PATIENCE)
    open_part(page, "Examine")
    expect(page.get_by_text(re.compile("top ten:"))).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth + 1")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []

"""The desk by keyboard alone in Chromium: from the search to a recorded decision."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import wait_for_app_run
from tests.browser.test_decisions import accessible

pytestmark = pytest.mark.browser
DIALOG = "[role=dialog]"
MOST = 12  # strokes besides typed text


def test_from_the_search_to_a_recorded_decision(page: Page, trained_address: str) -> None:
    page.goto(trained_address)
    wait_for_app_run(page)
    strokes: list[str] = []

    def press(key: str) -> None:
        strokes.append(key)
        page.keyboard.press(key)

    press("Control+k")
    expect(page.get_by_label("Search clients, products, pages and decisions")).to_be_focused()
    page.keyboard.type("C00031")
    press("Enter")  # before the matches are there
    expect(page.locator(".st-key-strip")).to_be_visible(timeout=30_000)  # the model is loaded first
    expect(page.locator(DIALOG)).to_have_count(0)
    assert "client=C00031" in page.url
    wait_for_app_run(page)
    first = page.url
    press("ArrowDown")
    page.wait_for_function(
        "first => location.href !== first && location.href.includes('product=')", arg=first
    )
    wait_for_app_run(page)
    press("2")
    expect(page.locator(".st-key-reason-reject")).to_be_visible()
    wait_for_app_run(page)
    press("1")
    wait_for_app_run(page)
    press("Enter")
    expect(page.get_by_text("Rejected: ").locator("visible=true")).to_have_count(1)
    assert len(strokes) <= MOST


def test_the_search_and_the_sheet_are_open_to_everybody(page: Page, trained_address: str) -> None:
    page.goto(trained_address)
    wait_for_app_run(page)
    page.keyboard.press("/")
    field = page.get_by_label("Search clients, products, pages and decisions")
    expect(field).to_be_focused()
    page.keyboard.type("C0000")
    expect(page.get_by_text("Enter takes the first")).to_be_visible()
    wait_for_app_run(page)
    accessible(page)
    page.keyboard.type("/?1")  # signs in the field stay signs
    expect(field).to_have_value("C0000/?1")
    page.keyboard.press("Escape")
    expect(page.locator(DIALOG)).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_role("table")).to_contain_text("this sheet")
    wait_for_app_run(page)
    accessible(page)


def test_the_keys_can_be_switched_off_but_for_the_search(page: Page, trained_address: str) -> None:
    page.goto(trained_address)
    wait_for_app_run(page)
    page.keyboard.press("?")
    page.get_by_text("Hear the keys of one letter or sign").click()
    expect(page.locator(DIALOG)).to_have_count(0)
    expect(page.locator("[data-keys=off]")).to_have_count(1)
    wait_for_app_run(page)
    page.keyboard.press("?")
    page.keyboard.press("/")
    page.wait_for_timeout(600)
    expect(page.locator(DIALOG)).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.get_by_label("Search clients, products, pages and decisions")).to_be_focused()

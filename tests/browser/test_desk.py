"""What only a browser shows of a desk that has a model: links, search, layout and what it asks for."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.server import open_part, wait_for_app_run

pytestmark = pytest.mark.browser
PATIENCE = 90_000


def opened(page: Page, address: str, path: str) -> None:
    page.goto(f"{address}/{path}")
    expect(page.locator(".st-key-strip")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)


def test_a_link_shows_a_colleague_the_same_screen(trained_address: str, page: Page) -> None:
    opened(page, trained_address, "?client=C00002&product=P002&lens=product")
    expect(page.get_by_role("heading", name="What speaks for this product")).to_have_count(0)
    open_part(page, "Words")
    expect(page.get_by_role("heading", name="Reviews behind it")).to_be_visible(timeout=PATIENCE)
    page.locator(".st-key-card").get_by_text("What this client has").click()
    wait_for_app_run(page)
    for part in ("client=C00002", "product=P002", "lens=client", r"run=\d{8}-"):
        expect(page).to_have_url(re.compile(part))


def test_a_client_is_found_while_typing(trained_address: str, page: Page) -> None:
    opened(page, trained_address, "?client=C00002")
    before = page.get_by_role("heading", level=1).inner_text()
    page.locator(".st-key-find input").press_sequentially("c00012", delay=40)
    expect(page.locator(".st-key-matches button")).to_have_count(1, timeout=PATIENCE)
    page.locator(".st-key-matches button").click()
    expect(page).to_have_url(re.compile("client=C00012"), timeout=PATIENCE)
    expect(page.locator(".st-key-matches")).to_have_count(0, timeout=PATIENCE)
    expect(page.locator(".st-key-find input")).to_have_value("")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(before, timeout=PATIENCE)


def test_a_file_that_cannot_be_read_says_so(trained_address: str, page: Page) -> None:
    page.goto(f"{trained_address}/data")
    field = page.get_by_test_id("stFileUploaderDropzoneInput")
    field.set_input_files({"name": "photo.csv", "mimeType": "text/csv", "buffer": b"\x89PNG\r\n\x1a\n"})
    expect(page.get_by_text("this is a PNG picture")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Nothing was saved.")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 768)])
def test_the_desk_is_accessible_and_fits(trained_address: str, page: Page, width: int, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, trained_address, "?client=C00002&lens=product")
    open_part(page, "Words")
    expect(page.get_by_role("heading", name="Reviews behind it")).to_be_visible(timeout=PATIENCE)
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth + 1")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []

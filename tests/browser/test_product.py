"""The page of a product in a browser: found, read, and one click to a client for whom it stands highest."""

import re
from pathlib import Path

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.server import wait_for_app_run

pytestmark = pytest.mark.browser
PATIENCE = 90_000


def opened(page: Page, address: str, query: str) -> None:
    page.goto(f"{address}/product?{query}")
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)


def standing(page: Page) -> Locator:
    heading = page.get_by_role("heading", name="For whom it stands highest")
    expect(heading).to_be_visible(timeout=PATIENCE)
    table = page.locator("[class*='st-key-standing-']")
    expect(table).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    return table


def test_a_product_is_found_while_typing(trained_address: str, page: Page) -> None:
    opened(page, trained_address, "product=P002")
    page.locator(".st-key-find-product input").press_sequentially("p013", delay=40)
    expect(page.locator(".st-key-find-product-matches button")).to_have_count(1, timeout=PATIENCE)
    page.locator(".st-key-find-product-matches button").click()
    expect(page).to_have_url(re.compile("product=P013"), timeout=PATIENCE)
    expect(page.locator(".st-key-find-product-matches")).to_have_count(0, timeout=PATIENCE)
    expect(page.get_by_text("Number P013")).to_be_visible(timeout=PATIENCE)


def test_a_similar_product_opens_and_says_why(trained_address: str, page: Page) -> None:
    opened(page, trained_address, "product=P002")
    box = page.locator(".st-key-similar")
    expect(
        box.get_by_text(re.compile("Both speak of|clients who have it have this too")).first
    ).to_be_visible()
    first = box.locator("button").first
    name = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name, timeout=PATIENCE)


def test_one_click_opens_the_client_with_that_product(trained_address: str, page: Page) -> None:
    opened(page, trained_address, "product=P002")
    table = standing(page)
    table.scroll_into_view_if_needed()
    box = table.locator("canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 140, box["y"] + 70)  # the client in the first row
    expect(page.locator(".st-key-strip")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    expect(page).to_have_url(re.compile(r"client=C0\d+"))
    expect(page).to_have_url(re.compile("product=P002"))


def test_the_whole_list_goes_into_files(trained_address: str, page: Page, tmp_path: Path) -> None:
    opened(page, trained_address, "product=P002")
    standing(page)
    tables = []
    for label, read in (("CSV", pa_csv.read_csv), ("Parquet", pq.read_table)):
        with page.expect_download(timeout=PATIENCE) as waiting:
            page.locator(f".st-key-export-{label} button").click()
        waiting.value.save_as(tmp_path / label)
        tables.append(read(tmp_path / label))
    assert tables[0].column_names == tables[1].column_names
    assert tables[0]["client"].to_pylist() == tables[1]["client"].to_pylist()
    assert tables[1]["rank"].to_pylist() == sorted(tables[1]["rank"].to_pylist())
    assert 30 < len(tables[1]) < 60


def test_an_unknown_product_says_so_and_offers_others(trained_address: str, page: Page) -> None:
    opened(page, trained_address, "product=P9999")
    expect(page.get_by_text("There is no product")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="Which product?")).to_be_visible()
    expect(page.locator("[class*='st-key-find-product-P'] button")).to_have_count(12)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 768)])
def test_the_page_is_accessible_and_fits(trained_address: str, page: Page, width: int, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, trained_address, "product=P002")
    standing(page)
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth + 1")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []

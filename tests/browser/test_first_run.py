"""From an empty store through the demo bank to a shaded review, in Chromium."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import PATIENCE, load_demo_bank, open_part, serve, wait_for_app_run
from tests.terms.test_privacy import open_to_others

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900), pytest.mark.usefixtures("reading")]


def test_from_an_empty_store_to_a_shaded_review(address: str, page: Page, folder: Path) -> None:
    load_demo_bank(page, address, patience=600)
    expect(page).to_have_url(re.compile(r"client=C\d+"))
    card = page.locator(".st-key-card")
    shown = card.locator("h3:visible")  # of the two sides of the card
    first = shown.inner_text()

    # A click into the third row opens the third product; the URL names it.
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 160, box["y"] + 42 * 3 + 21)
    expect(shown).not_to_have_text(first, timeout=30_000)
    expect(card).to_contain_text("3rd of")
    expect(page).to_have_url(re.compile(r"product=P\d+"))
    wait_for_app_run(page)

    # The picture is drawn; to be explored it opens in a frame that cannot reach the page.
    expect(page.locator(".st-key-picture [role=img]")).to_be_visible()
    page.get_by_text("Explore the picture").click()
    frame = page.frame_locator("[data-testid='stIFrame']")
    expect(frame.locator("canvas")).to_be_visible(timeout=30_000)
    reach = "() => { try { return window.parent.document.title } catch (error) { return error.name } }"
    assert page.frames[-1].evaluate(reach) == "SecurityError"

    # The other lens: similar clients, and a review with words shaded, signed and adding up.
    card.get_by_text("What speaks for this product").click()
    wait_for_app_run(page)
    open_part(page, "Words")
    expect(page.get_by_role("heading", name="Reviews behind it")).to_be_visible(timeout=30_000)
    expect(page).to_have_url(re.compile("lens=product"))
    wait_for_app_run(page)
    review = page.get_by_test_id("stHtml").filter(has=page.locator("span[style*='border-bottom']")).first
    expect(review).to_be_visible()
    styles = review.locator("span").evaluate_all("all => all.map(one => one.style.borderBottomStyle)")
    assert set(styles) <= {"solid", "dashed"}
    assert styles
    assert re.search(r"[+−]\d", review.locator("sup").first.inner_text())

    # After an import, a training and a decision nobody but the desk's user can read any of it.
    page.locator(".st-key-decide-reject button").click()
    reasons = page.locator(".st-key-reason-reject")
    expect(reasons).to_be_visible(timeout=30_000)
    wait_for_app_run(page)
    reasons.get_by_text("Cost", exact=True).click()
    page.locator(".st-key-record-reject button").click()
    expect(page.get_by_text("Rejected: ").locator("visible=true")).to_have_count(1, timeout=30_000)
    wait_for_app_run(page)
    assert {"finrec.duckdb", "runs", "vectors"} <= {path.name for path in folder.iterdir()}
    assert [path for path in open_to_others(folder) if path != "server.txt"] == []  # which the test made


def test_a_link_may_be_the_first_that_a_fresh_server_sees(tmp_path: Path, page: Page) -> None:
    """Guards "Page not found" over the page that a bookmark opens after a restart of the desk."""
    with serve(tmp_path) as address:
        page.goto(f"{address}/data")
        expect(page.get_by_role("heading", name="Data", exact=True)).to_be_visible(timeout=PATIENCE)
        wait_for_app_run(page)
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page).to_have_url(re.compile(r"/data$"))

"""What drives the model, what advisers make of it, and its card, in a browser."""

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.server import wait_for_app_run
from tests.hostile import BROKEN

pytestmark = pytest.mark.browser
PATIENCE = 120_000
BANKS = ("trained_address", "hostile_address")


def opened(page: Page, address: str, view: str) -> None:
    page.goto(f"{address}/models?view={view.replace(' ', '+')}")
    expect(page.locator(".st-key-headline")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)


def whole(page: Page) -> None:
    """See that nothing runs over the side, nothing hostile ran, and everybody can read it."""
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth + 1")
    assert page.evaluate(f"{BROKEN} === undefined")
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize("bank", BANKS)
def test_what_drives_it(request: pytest.FixtureRequest, page: Page, bank: str) -> None:
    opened(page, request.getfixturevalue(bank), "What drives it")
    expect(page.get_by_text("Of all that reasons add and take").first).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("the largest gap is").first).to_be_visible()
    page.locator(".st-key-read-words button").click()
    expect(page.get_by_text("A word's value is its share").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".st-key-tenths")).to_be_visible()
    page.get_by_role("radio", name="What speaks for products", exact=True).click()
    wait_for_app_run(page)
    expect(page.get_by_text("similar clients").first).to_be_visible()
    page.get_by_role("radio", name="By products", exact=True).click()
    wait_for_app_run(page)
    expect(page.locator(".st-key-groups-dots")).to_be_visible(timeout=PATIENCE)
    whole(page)


@pytest.mark.parametrize("bank", BANKS)
def test_the_card_downloads_as_a_page_and_as_json(
    request: pytest.FixtureRequest, page: Page, bank: str, tmp_path: Path
) -> None:
    opened(page, request.getfixturevalue(bank), "What drives it")
    expect(page.get_by_text("Of all that reasons add and take").first).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Model card").click()
    for ending in ("html", "json"):
        with page.expect_download() as waiting:
            page.locator(f"[class*=st-key-card-{ending}] button").click()
        assert waiting.value.suggested_filename.endswith(ending)
        waiting.value.save_as(tmp_path / f"card.{ending}")
    document = json.loads((tmp_path / "card.json").read_text("utf-8"))
    assert document["drivers"]["lenses"]["client"]["error"] < 1e-9
    assert document["practice"] is not None
    assert document["tests"][0]["arms"]
    page.set_content((tmp_path / "card.html").read_text("utf-8"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Model card")
    for said in document["failings"]:
        expect(page.get_by_text(said, exact=True)).to_have_count(1)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    assert page.evaluate(f"{BROKEN} === undefined")


def test_what_advisers_make_of_it(trained_address: str, page: Page) -> None:
    opened(page, trained_address, "In practice")
    empty = page.get_by_text("Nothing that stands was decided on these lists yet.")
    expect(empty.or_(page.get_by_text("Accept rate").first).first).to_be_visible(timeout=PATIENCE)
    whole(page)

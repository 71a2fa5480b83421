"""Models: two compared, one published with a reason, rolled back, pinned and removed, in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from finrec_core.demo.bank import demo_bank
from finrec_core.store import Store
from tests import desk
from tests.browser import server
from tests.browser.server import PATIENCE, wait_for_app_run

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OLDER = "20260228-081500-000"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = desk.trained(tmp_path_factory.mktemp("two"), demo_bank(60, 30, 1).dataset)
    with Store(folder / "finrec.duckdb", runs_folder=folder / "runs") as store:
        desk.again(store, OLDER, in_use=False)
    return folder


@pytest.fixture(scope="module")
def served(data: Path) -> Iterator[str]:
    with server.serve(data) as address:
        yield address


def all_models(page: Page, address: str) -> None:
    page.goto(f"{address}/models?view=All+models")
    expect(page.get_by_text("Compare two models")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)


def choose_second(page: Page) -> None:
    """Choose the second model of the table."""
    page.locator("[class*=st-key-trainings-]").click(position={"x": 16, "y": 88})
    wait_for_app_run(page)


def confirmed(page: Page, label: str, reason: str) -> None:
    """Give a reason in the dialog that is open, and confirm."""
    box = page.get_by_role("dialog")
    yes = box.locator(f".st-key-yes-{label.replace(' ', '-')} button")
    yes.click()
    expect(box).to_contain_text("Say why", timeout=PATIENCE)
    box.get_by_role("textbox", name="Reason").fill(reason)
    page.keyboard.press("Enter")
    yes.click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
    wait_for_app_run(page)


def test_two_models_are_compared_and_one_clients_lists_side_by_side(served: str, page: Page) -> None:
    all_models(page, served)
    # The second is a copy of the first: nothing is settled, and no rank moves.
    expect(page.get_by_role("region", name="Figures of both models")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("First 10: 10 of 10 in common")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("textbox", name="On client").fill("C00003")
    page.keyboard.press("Enter")
    wait_for_app_run(page)
    expect(page.get_by_role("region", name="The client's first products")).to_be_visible()


def test_a_model_is_published_with_a_reason_and_rolled_back(served: str, page: Page) -> None:
    all_models(page, served)
    choose_second(page)
    page.locator("[class*=st-key-publish-2] button").click()
    expect(page.get_by_role("dialog")).to_contain_text("not settled", timeout=PATIENCE)
    confirmed(page, "Publish", "The committee asked for it")
    headline = page.locator(".st-key-headline")
    expect(headline).to_contain_text("Model of 28 Feb", timeout=PATIENCE)
    expect(headline).to_contain_text("The committee asked for it")
    page.locator(".st-key-roll-back button").click()
    confirmed(page, "Roll back", "Advisers missed a fund")
    expect(headline).to_contain_text("Model of 1 Mar", timeout=PATIENCE)
    expect(headline).to_contain_text("Advisers missed a fund")


def test_a_pinned_model_stays_and_a_free_one_can_be_removed(served: str, page: Page, data: Path) -> None:
    all_models(page, served)
    choose_second(page)
    remove = page.locator("[class*=st-key-remove-run-]").get_by_test_id("stBaseButton-secondary").first
    page.locator("[class*=st-key-pin-]").get_by_test_id("stBaseButton-secondary").first.click()
    expect(page.locator("[class*=st-key-pin-]")).to_contain_text("Take the pin off", timeout=PATIENCE)
    expect(remove).to_be_disabled()
    page.locator("[class*=st-key-pin-]").get_by_test_id("stBaseButton-secondary").first.click()
    expect(remove).to_be_enabled(timeout=PATIENCE)
    wait_for_app_run(page)
    remove.click()
    expect(page.get_by_role("dialog")).to_contain_text("the history stays", timeout=PATIENCE)
    page.locator(".st-key-remove-model-yes button").click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
    expect(page.get_by_text("Once two models are trained")).to_be_visible(timeout=PATIENCE)
    assert not (data / "runs" / OLDER).exists()

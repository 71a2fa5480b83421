"""Deciding in Chromium: on the card, in the log and on Today, by mouse and by keyboard."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from finrec_core.advice import Rules, Suitability, Verdict
from finrec_core.demo.bank import demo_bank
from tests.browser.server import wait_for_app_run

pytestmark = pytest.mark.browser
PATIENCE = 90_000


def card(page: Page, address: str, client: str, product: str = "") -> None:
    """Open the card of a client's product, of its best one where none is named."""
    page.goto(f"{address}/?client={client}" + (f"&product={product}" if product else ""))
    expect(page.locator(".st-key-strip")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)


def judged(like: Callable[[Verdict], bool]) -> tuple[str, str]:
    """Return a client and a product whose verdict is like that, and which no other test decides on."""
    dataset = demo_bank(60, 30, 1).dataset
    rules, today = Rules.proposed(dataset), datetime.now(UTC).date()
    for client in dataset.clients["client_id"].to_pylist()[20:]:
        suits = Suitability.of(dataset, client, rules, today)
        mine = dataset.pair_products[dataset.pair_clients == dataset.client_rows[client]]
        for row, product in enumerate(dataset.products["product_id"].to_pylist()):
            if row not in mine and dataset.available[row] and suits and like(suits.verdict(row)):
                return client, product
    raise AssertionError("the demo bank has no such pair")


def key(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-{name}")


def press(page: Page, name: str) -> None:
    key(page, name).locator("button").first.click()
    wait_for_app_run(page)


def choose(page: Page, name: str, label: str) -> None:
    key(page, name).get_by_role("radio", name=label).or_(
        key(page, name).get_by_role("button", name=label)
    ).first.click()


def accessible(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth + 1")


def test_a_product_is_rejected_hidden_and_the_decision_withdrawn(trained_address: str, page: Page) -> None:
    dataset = demo_bank(60, 30, 1).dataset
    mine = dataset.pair_products[dataset.pair_clients == dataset.client_rows["C00004"]]
    row = next(row for row in range(30) if row not in mine and dataset.available[row])
    product = dataset.products["product_id"][row].as_py()
    card(page, trained_address, "C00004", product)
    for action in ("accept", "reject", "later"):  # equal weight
        button = key(page, f"decide-{action}").locator("button")
        assert button.get_attribute("data-testid") == "stBaseButton-secondary"
    press(page, "decide-reject")
    press(page, "record-reject")
    expect(page.get_by_text("Choose a reason.")).to_be_visible()
    choose(page, "reason-reject", "Cost")
    key(page, "note-reject").locator("textarea").fill("Asked twice, <b>no</b>")
    press(page, "record-reject")
    expect(page.get_by_text("Rejected: ").locator("visible=true")).to_have_count(
        1
    )  # and the next product is open
    expect(page).not_to_have_url(re.compile(f"product={product}(&|$)"))
    page.go_back()
    wait_for_app_run(page)
    expect(key(page, "recorded")).to_contain_text(re.compile(r"Rejected .* recorded as no\. \d+"))
    expect(key(page, "recorded")).to_contain_text("Asked twice, <b>no</b>")
    expect(key(page, "rejected")).to_contain_text("1 rejected product hidden: show")
    press(page, "rejected")
    expect(key(page, "rejected")).to_contain_text("hide again")
    press(page, "follow-withdraw")
    choose(page, "reason-withdraw", "Recorded by mistake")
    press(page, "record-withdraw")
    expect(key(page, "decide-accept")).to_be_visible()
    expect(key(page, "rejected")).to_have_count(0)


def test_an_accepted_product_waits_for_the_answer_of_the_client(trained_address: str, page: Page) -> None:
    card(page, trained_address, *judged(lambda verdict: verdict.kind == "fits"))
    press(page, "decide-accept")
    choose(page, "reason-accept", "Meets a stated need")
    key(page, "note-accept").locator("textarea").fill("As agreed")
    press(page, "record-accept")
    expect(key(page, "recorded")).to_contain_text("Waits for the client's answer")
    press(page, "follow-answer")
    choose(page, "reason-answer", "Took it")
    press(page, "record-answer")
    expect(key(page, "recorded")).to_contain_text("Client took it")


def test_an_investment_with_a_missing_fact_cannot_be_accepted(trained_address: str, page: Page) -> None:
    found = judged(lambda verdict: verdict.rule_set == "investment" and verdict.missing)
    card(page, trained_address, *found)
    press(page, "decide-accept")
    expect(key(page, "decide")).to_contain_text("cannot be accepted while a fact is missing or old")
    expect(key(page, "record-accept")).to_have_count(0)
    press(page, "cancel-decision")
    expect(key(page, "decide")).not_to_contain_text("cannot be accepted")


def test_what_does_not_fit_is_justified_and_marked(trained_address: str, page: Page) -> None:
    found = judged(lambda verdict: verdict.kind == "does not fit" and not verdict.missing)
    card(page, trained_address, *found)
    press(page, "decide-accept")
    expect(key(page, "decide")).to_contain_text("recorded as an override")
    choose(page, "reason-accept", "The client asked for it")
    press(page, "record-accept")
    expect(page.get_by_text("say in the note why")).to_be_visible()
    key(page, "note-accept").locator("textarea").fill("The client insists.")
    press(page, "record-accept")
    expect(key(page, "recorded")).to_contain_text("Override")


def test_what_is_put_off_until_today_stands_on_today(trained_address: str, page: Page) -> None:
    card(page, trained_address, "C00005")
    press(page, "decide-later")
    choose(page, "reason-later", "Talk to the client first")
    key(page, "due").get_by_role("spinbutton").first.click()
    today = page.evaluate("new Date().toLocaleDateString('en-CA')")
    page.keyboard.type(today.replace("-", ""))
    press(page, "record-later")
    expect(key(page, "recorded")).to_contain_text("Due today")
    page.goto(trained_address)
    expect(page.get_by_role("heading", name="Today")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    due = page.locator("[class*='st-key-task-due-'] button").first
    due.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/recommendations\?.*client=C00005"), timeout=PATIENCE)
    expect(key(page, "recorded")).to_contain_text("Due today")
    press(page, "decide-reject")
    choose(page, "reason-reject", "No need for it")
    press(page, "record-reject")
    expect(page.get_by_text("Rejected: ").locator("visible=true")).to_have_count(1)


def test_the_log_is_checked_and_exported(trained_address: str, page: Page, tmp_path: Path) -> None:
    card(page, trained_address, "C00007")
    press(page, "decide-later")
    choose(page, "reason-later", "Ask a specialist")
    key(page, "note-later").locator("textarea").fill("=1+1")
    press(page, "record-later")
    page.goto(f"{trained_address}/decisions")
    expect(page.get_by_role("heading", name="Decisions", exact=True)).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    press(page, "verify")
    expect(page.get_by_text("Every entry is as it was written")).to_be_visible()
    head = key(page, "chain").locator("code").first.inner_text().strip()
    assert re.fullmatch("[0-9a-f]{64}", head)
    for ending in ("csv", "json"):
        with page.expect_download() as download:
            page.get_by_role("button", name=ending.upper(), exact=True).click()
        download.value.save_as(tmp_path / f"log.{ending}")
        assert head in (tmp_path / f"log.{ending}").read_text("utf-8")
    assert ",'=1+1," in (tmp_path / "log.csv").read_text("utf-8")
    document = json.loads((tmp_path / "log.json").read_text("utf-8"))
    assert document["log_hash"] == document["decisions"][0]["hash"] == head
    assert document["decisions"][0]["content"]["snapshot"]["client"] == "C00007"

    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    for _ in range(3):  # a table that was drawn a moment ago can miss the first click
        table.click(position={"x": 420, "y": 52})  # the client in the first row
        wait_for_app_run(page)
        if page.get_by_text("What was shown").count():
            break
    expect(page.get_by_text("What was shown")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    if page.locator("textarea.gdg-input").count():  # a second click opened the cell, in the table's own field
        page.keyboard.press("Escape")
    accessible(page)
    press(page, "open-card")
    expect(page).to_have_url(re.compile(r"/recommendations\?.*client=C00007"), timeout=PATIENCE)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 768)])
def test_the_pages_are_accessible_and_fit(trained_address: str, page: Page, width: int, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    card(page, trained_address, "C00008")
    press(page, "decide-later" if scheme == "light" else "decide-reject")
    accessible(page)
    for path, heading in (("", "Today"), ("decisions", "Decisions")):
        page.goto(f"{trained_address}/{path}")
        expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=PATIENCE)
        wait_for_app_run(page)
        accessible(page)

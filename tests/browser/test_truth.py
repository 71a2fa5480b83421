"""What rows mean, from the upload to a right recommendation in Chromium: sales, zeros, joins, histories."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import server
from tests.browser.server import PATIENCE, wait_for_app_run
from tests.browser.test_data import opened, save, upload

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
PRODUCTS = [f"F{number}" for number in range(8)]
Through = Callable[..., str]


def has(client: int, product: int) -> bool:
    """Return whether a client of one of two tastes has a product: four of its own taste but one."""
    return client % 2 == product % 2 and client % 8 != product


HOLDINGS = [
    (client, product) for client in range(24) for product in range(len(PRODUCTS)) if has(client, product)
]


@pytest.fixture
def through(tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch) -> Iterator[Through]:
    """Lend a function that saves files over an empty store, trains on them, and returns the desk's address.

    It answers each doubt by `decide` before it saves.
    """
    monkeypatch.setenv("FINREC_ENCODER", "tf-idf")
    with server.serve(tmp_path) as address:

        def go(files: dict[str, str], decide: Callable[[Locator], None]) -> str:
            opened(page, address)
            upload(page, {name: text.encode() for name, text in files.items()})
            decide(page.locator(".st-key-import"))
            save(page, 1)
            page.get_by_text("Train a model on it").first.click()
            expect(page.locator(".st-key-start button")).to_be_visible(timeout=PATIENCE)
            wait_for_app_run(page)
            page.locator(".st-key-start button").click()
            expect(page.locator(".st-key-result")).to_be_visible(timeout=PATIENCE)
            wait_for_app_run(page)
            return address

        yield go


def desk(page: Page, address: str, **asked: str) -> Locator:
    """Show the desk of a client, and return the part that says all."""
    page.goto(f"{address}/?{'&'.join(f'{key}={value}' for key, value in asked.items())}")
    expect(page.locator(".st-key-strip")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    return page.get_by_test_id("stMain")


def holdings(page: Page) -> str:
    """Return what the desk lists as held and as formerly held."""
    page.locator(".st-key-products button").click()
    shown = page.get_by_test_id("stPopoverBody")
    expect(shown).to_be_visible(timeout=PATIENCE)
    said = shown.inner_text()
    page.keyboard.press("Escape")
    return said


def offered(page: Page) -> int:
    """Return how many products the list holds."""
    said = page.get_by_test_id("stCaptionContainer").filter(has_text=re.compile(r"^\s*\d+ of \d+\s*$"))
    return int(said.inner_text().split()[2])


def test_what_was_sold_may_be_recommended_and_is_no_holding(page: Page, through: Through) -> None:
    rows = ["customerID,ISIN,transactionType,timestamp,units"]
    rows += [f"{client:03d},F{product},Buy,2024-01-{1 + client:02d},100" for client, product in HOLDINGS]
    rows += ["002,F0,Sell,2024-06-03,100"]

    def decide(shown: Locator) -> None:
        expect(shown.get_by_role("heading", name="To decide first: 1 question")).to_be_visible()
        expect(shown.locator("[class*=st-key-doubt-]")).to_contain_text('"Sell" (1)')
        expect(shown.locator("[class*=st-key-save-] button")).to_contain_text('reading "Sell" as "gives up"')

    address = through({"transactions.csv": "\n".join(rows)}, decide)
    said = desk(page, address, client="002", product="F0").inner_text()
    assert re.search(r"\d(st|nd|rd|th) of 6", said)  # of F0, F2 and the four of the other taste
    assert "Has it already" not in said
    assert not re.search(r"\b(has|have) (the )?F0\b", said)
    assert "Has 2 products" in said
    listed = holdings(page)
    now, former = listed.split("Formerly held")
    assert "F0, until June 2024" in former
    assert {"F4", "F6"} == set(re.findall(r"F\d", now))
    assert now.count("since January 2024") == 2
    assert not re.search(
        r"\b(has|have) (the )?F0\b", desk(page, address, client="002", product="F2").inner_text()
    )


def test_a_product_a_column_is_read_and_zeros_are_no_holdings(page: Page, through: Through) -> None:
    rows = [",".join(["ID", "sex", *PRODUCTS])]
    for client in range(24):
        cells = [str(int(has(client, product))) for product in range(len(PRODUCTS))]
        rows.append(",".join([f"{client:03d}", "F" if client % 3 else "M", *cells]))

    def decide(shown: Locator) -> None:
        doubt = shown.locator("[class*=st-key-doubt-]")
        expect(doubt).to_contain_text("a row for each client and a column for each product: 8 columns")
        expect(shown.locator("[class*=st-key-save-] button")).to_contain_text('all 8 values as "product"')

    address = through({"Train.csv": "\n".join(rows)}, decide)
    said = desk(page, address, client="002").inner_text()
    assert "Has 3 products" in said
    assert offered(page) == 5
    assert set(re.findall(r"F\d", holdings(page))) == {"F0", "F4", "F6"}
    assert page.locator(".st-key-card h3").inner_text() == "F2"  # what its taste has and it has not


def test_a_join_that_fails_is_decided_and_of_two_profiles_the_newest_decides(
    page: Page, through: Through
) -> None:
    rows = ["client_id,ticker", *(f"{client:03d},F{product}.DE" for client, product in HOLDINGS)]
    funds = ["ticker,name,risk_class", *(f"{name},The fund {name},6" for name in PRODUCTS)]
    people = ["client_id,risk_tolerance,horizon_years,profile_date"]
    people += [f"{client:03d},2,10,2024-05-01" for client in range(24)]
    people += [f"{client:03d},7,10,2019-05-01" for client in range(24)]  # older, and below

    def decide(shown: Locator) -> None:
        doubt = shown.locator("[class*=st-key-doubt-]")
        expect(doubt).to_have_count(1)  # a history asks nothing
        expect(doubt).to_contain_text("None of the 8 products of holdings.csv is in products.csv")
        expect(doubt).to_contain_text("Needs your answer")
        first = doubt.bounding_box()
        read = shown.get_by_role("heading", name="What each file is").bounding_box()
        assert first is not None
        assert read is not None
        assert first["y"] < read["y"]
        expect(shown).to_contain_text("a client's profile of a day")
        expect(shown.locator("[class*=st-key-save-] button")).to_be_disabled()
        doubt.get_by_text("join", exact=True).click()
        wait_for_app_run(page)
        shown.locator("[class*=st-key-use-] button").click()
        expect(shown.get_by_role("heading", name="What you said")).to_be_visible(timeout=PATIENCE)
        wait_for_app_run(page)

    files = {"holdings.csv": rows, "products.csv": funds, "clients.csv": people}
    address = through({name: "\n".join(lines) for name, lines in files.items()}, decide)
    said = desk(page, address, client="002").inner_text()
    assert "Has 3 products" in said
    assert "2 of 7" in said
    card = page.locator(".st-key-card")
    assert card.locator("h3").inner_text() == "The fund F2"
    assert re.search(r"1st of 5\b", card.inner_text())  # each product once, not once under each spelling
    assert "Does not fit" in page.locator(".st-key-verdict").inner_text()
    assert set(re.findall(r"The fund F\d", holdings(page))) == {f"The fund F{k}" for k in (0, 4, 6)}

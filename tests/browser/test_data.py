"""Data: an upload from its questions to its versions, compared, profiled, removed and erased from."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import server
from tests.browser.server import PATIENCE, wait_for_app_run
from tests.intake import published

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
HEAD = "customer_no;ISIN;trade_date;stars;comment"
ROWS = [
    f"C{row % 20:03d};F{row % 8};{row % 28 + 1:02d}.03.2025;{row % 5 + 1};Zürich wählt {row % 3}"
    for row in range(120)
]
WRONG = ["C001;;01.03.2025;5;x", "=1+1;F1;01.03.2025;five;x;y", "C002;F1"]
FUNDS = "isin,fund_name\n" + "".join(f"F{row},Fund {row}\n" for row in range(8))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def desk(data: Path) -> Iterator[str]:
    with server.serve(data) as address:
        yield address


def opened(page: Page, address: str) -> None:
    page.goto(f"{address}/data")
    wait_for_app_run(page)


def upload(page: Page, files: dict[str, bytes]) -> None:
    page.locator("input[type=file]").set_input_files(
        [
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
            for name, content in files.items()
        ]
    )
    expect(page.locator(".st-key-import")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)


def choose(page: Page, key: str, option: str) -> None:
    page.locator(f"[class*=st-key-{key}] input").first.click()
    page.get_by_role("option", name=option, exact=True).click()
    wait_for_app_run(page)


def figure(page: Page, title: str) -> str:
    shown = page.get_by_test_id("stMetric").filter(has_text=title)
    return shown.get_by_test_id("stMetricValue").inner_text()


def save(page: Page, version: int) -> None:
    page.locator("[class*=st-key-save-] button").click()
    expect(page.get_by_text(re.compile(rf"version {version}, is saved"))).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)


def test_files_of_a_bank_are_asked_about_shown_reported_and_saved(
    desk: str, page: Page, tmp_path: Path
) -> None:
    opened(page, desk)
    lines = "\n".join([HEAD, *ROWS, *WRONG]).encode("cp1252")
    upload(page, {"holdings.csv": lines, "funds.csv": FUNDS.encode()})
    # The encoding is asked for, with the line as each one reads it.
    expect(page.get_by_text("is not UTF-8")).to_be_visible()
    page.locator("[class*=st-key-encoding-] input").click()
    expect(page.get_by_role("option").first).to_contain_text("Zürich wählt")
    page.get_by_role("option").filter(has_text="Windows-1252").click()
    expect(page.get_by_text("Import of 2 files")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    assert [figure(page, title) for title in ("Rows read", "Rejected")] == ["131", "3"]
    for heading in ("What each file is", "What was mended and what was not", "How to keep it"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    page.get_by_role("button", name="Change").first.click()
    for title in ("How columns are read", "First rows"):
        expect(page.get_by_text(title)).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    expect(page.get_by_text("dates in")).to_contain_text("day-first")
    # All rejected rows as a file, in which no cell can run.
    with page.expect_download() as waiting:
        page.get_by_role("button", name="All 3 as CSV").click()
    waiting.value.save_as(tmp_path / "rejected.csv")
    report = (tmp_path / "rejected.csv").read_text("utf-8-sig")
    assert "Too many columns" in report
    assert not re.search(r'(^|,)"?[=+@]', report, re.MULTILINE)

    # Discarding leaves nothing, saving all of it.
    page.locator("[class*=st-key-discard-] button").click()
    expect(page.get_by_text("Nothing is stored yet")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    good = "\n".join([HEAD, *ROWS]).encode()
    upload(page, {"holdings.csv": good, "funds.csv": FUNDS.encode()})
    page.get_by_role("textbox", name="Name").fill("Lake bank")
    page.keyboard.press("Enter")
    wait_for_app_run(page)
    save(page, 1)


@pytest.mark.parametrize("name", ["amazon_2018", "movielens_1m"])
def test_a_published_data_set_goes_in_without_editing(desk: str, page: Page, name: str) -> None:
    opened(page, desk)
    upload(page, dict(getattr(published, name)()))
    while page.get_by_text("is not UTF-8").count():  # an answer, not an edit
        page.get_by_test_id("stSelectbox").first.locator("input").click()
        page.get_by_role("option").filter(has_text="Latin-1").click()
        wait_for_app_run(page)
    expect(page.get_by_text("Not saved yet")).to_be_visible(timeout=PATIENCE)
    assert int(figure(page, "Rows read")) > 0
    assert figure(page, "Rejected") == "0"
    page.locator("[class*=st-key-discard-] button").click()
    wait_for_app_run(page)


def test_more_rows_are_appended_compared_and_drawn(desk: str, page: Page) -> None:
    opened(page, desk)
    more = "\n".join([HEAD, *(f"C9{row};F1;0{row + 1}.04.2025;5;" for row in range(5))])
    upload(page, {"april.csv": more.encode()})
    # All days are below 13, so the order is asked for.
    page.get_by_role("radio", name="Day first", exact=True).click()
    expect(page.get_by_text("Not saved yet")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    page.get_by_role("radio", name="Append", exact=True).click()
    wait_for_app_run(page)
    expect(page.get_by_text("Against version 1 of Lake bank.")).to_be_visible(timeout=PATIENCE)
    # The five clients are created; the product is in the bank already.
    page.get_by_text("Row by row: 5 repairs").click()
    expect(page.get_by_role("button", name="All 5 as CSV")).to_be_visible(timeout=PATIENCE)
    save(page, 2)
    page.get_by_role("radio", name="Compare", exact=True).click()
    wait_for_app_run(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="All 10 as CSV").click()
    rows = Path(waiting.value.path()).read_text("utf-8-sig").splitlines()[1:]
    assert sum(row.startswith("interactions,added,C9") for row in rows) == 5
    assert sum(row.startswith("clients,added,C9") for row in rows) == 5
    page.get_by_role("radio", name="Profile", exact=True).click()
    expect(page.get_by_text("What this data can and cannot carry")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    assert page.get_by_test_id("stPlotlyChart").count() >= 4
    expect(page.get_by_text(re.compile("guess", re.IGNORECASE)).first).to_be_visible()


def test_a_clients_data_is_erased_and_a_version_removed_with_what_hangs_on_it_named(
    desk: str, page: Page
) -> None:
    opened(page, desk)
    page.locator(".st-key-erase button").click()
    page.get_by_role("textbox", name="Client").fill("C003")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text(
        "The log holds no decision about the client", timeout=PATIENCE
    )
    erase = page.locator(".st-key-erase-yes button")
    expect(erase).to_be_disabled()
    page.get_by_role("textbox", name="Reason, for the record").fill("The client asked for it")
    page.keyboard.press("Tab")
    page.get_by_role("textbox", name=re.compile("Type C003 to confirm")).fill("C003")
    page.keyboard.press("Enter")
    expect(erase).to_be_enabled(timeout=PATIENCE)
    erase.click()
    expect(page.locator(".st-key-erased")).to_contain_text("was erased from 2 versions", timeout=PATIENCE)
    wait_for_app_run(page)
    expect(page.get_by_text("A client's data erased")).to_be_visible()

    # The older version, which the newer came from.
    page.locator(".st-key-versions").click(position={"x": 16, "y": 88})
    expect(page.get_by_text("Lake bank, version 1", exact=False).first).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    page.locator(".st-key-remove button").click()
    expect(page.get_by_role("dialog")).to_contain_text("later versions that came from it: 2")
    page.locator(".st-key-remove-yes button").click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
    wait_for_app_run(page)
    expect(page.get_by_text("Lake bank, version 1", exact=False)).to_have_count(0)
    expect(page.get_by_text("Lake bank, version 2", exact=False).first).to_be_visible()

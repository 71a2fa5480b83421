"""An import as a conversation in Chromium: doubts, files, places, a child that can be cancelled."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import server
from tests.browser.server import PATIENCE, wait_for_app_run
from tests.browser.test_data import opened, save, upload
from tests.conftest import real_case

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
HEAD = "client_id,product_id,rating\n"
GOOD = "".join(f"c{row % 9},p{row % 5},{row % 5 + 1}\n" for row in range(18))
WRONG = "c1,,5\n,p1,4\n"
HOSTILE = "<img src=x onerror=alert(1)>**a**:material/home:.csv"
LONG = b"client_id,product_id,review\n" + b"".join(
    b'c%d,p%d,"%s"\n' % (row % 20_000, row, b'said so ""and so"" ' * 12) for row in range(120_000)
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def desk(data: Path) -> Iterator[str]:
    with server.serve(data) as address:
        yield address


def spools(data: Path) -> list[Path]:
    return [one for one in (data / "imports").iterdir() if one.is_dir()]


def test_a_doubt_comes_first_and_saving_names_what_it_decides(desk: str, page: Page, data: Path) -> None:
    opened(page, desk)
    upload(page, {"holdings.csv": (HEAD + GOOD + WRONG).encode()})
    expect(page.get_by_role("heading", name="To decide first: 1 question")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    save_button = page.locator("[class*=st-key-save-] button")
    expect(save_button).to_have_text(re.compile('Save, taking "leave them out" for holdings.csv'))
    # The doubt stands above what was read.
    doubt = page.locator("[class*=st-key-doubt-]").bounding_box()
    read = page.get_by_role("heading", name="What each file is").bounding_box()
    assert doubt is not None
    assert read is not None
    assert doubt["y"] < read["y"]
    # A changed answer is used before anything can be saved.
    page.get_by_text("do not import", exact=True).click()
    expect(save_button).to_be_disabled(timeout=PATIENCE)
    page.locator("[class*=st-key-use-] button").click()
    expect(page.get_by_role("heading", name="What you said")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    expect(save_button).to_be_disabled()
    page.locator("[class*=st-key-answered-] button").click()
    expect(page.get_by_role("heading", name="To decide first: 1 question")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    expect(save_button).to_be_enabled()
    save(page, 1)
    assert spools(data) == []


def test_a_long_reading_is_shown_and_can_be_cancelled_and_begun_again(
    desk: str, page: Page, data: Path
) -> None:
    opened(page, desk)
    page.locator("input[type=file]").set_input_files(
        [{"name": "long.csv", "mimeType": "text/csv", "buffer": LONG}]
    )
    bar = page.locator(".st-key-reading")
    expect(bar).to_contain_text("%", timeout=PATIENCE)
    page.locator(".st-key-cancel-reading button").click()
    expect(page.get_by_text("The reading of the files was stopped.")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    expect(bar).to_have_count(0)
    page.locator(".st-key-again button").click()
    expect(page.get_by_text("long.csv: 120,000 interactions")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    # Another session has none of it.
    other = page.context.new_page()
    opened(other, desk)
    expect(other.locator(".st-key-import")).to_have_count(0)
    upload(other, {"small.csv": (HEAD + GOOD).encode()})
    expect(other.get_by_text("small.csv: 18 interactions")).to_be_visible(timeout=PATIENCE)
    assert len(spools(data)) == 2
    page.locator("[class*=st-key-discard-] button").click()
    expect(page.locator(".st-key-import")).to_have_count(0, timeout=PATIENCE)
    assert len(spools(data)) == 1


def test_names_of_files_and_values_are_shown_as_they_are(desk: str, page: Page) -> None:
    opened(page, desk)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    upload(page, {HOSTILE: (HEAD + GOOD + "<b>c</b>,,5\n" * 3).encode()})
    shown = page.locator(".st-key-import")
    expect(shown).to_contain_text(HOSTILE, timeout=PATIENCE)
    wait_for_app_run(page)
    assert shown.locator("img[src='x']").count() == 0
    assert shown.locator("b").count() == 0
    assert asked == []
    page.locator("[class*=st-key-discard-] button").click()


@pytest.mark.parametrize(("case", "width"), [("sold-counts-as-held", 768), ("isin-against-ticker", 1280)])
def test_a_real_case_fits_the_page(desk: str, page: Page, case: str, width: int) -> None:
    files = {file.name: file.read_bytes() for file in real_case(case).glob("*.csv")}
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, desk)
    upload(page, files)
    expect(page.get_by_role("heading", name="What each file is")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    page.get_by_role("button", name="Change").last.click()
    expect(page.get_by_text("How columns are read")).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("[class*=st-key-discard-] button").click()
    wait_for_app_run(page)

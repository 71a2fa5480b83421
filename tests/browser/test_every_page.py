"""Every page of the desk, on a bank of the usual kind and on one whose every text is hostile."""

import re
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from finrec_core.dataset import Dataset
from finrec_core.demo.bank import demo_bank
from finrec_core.views.recommendation.story import STEPS
from pages.recommendations.parts import PARTS
from tests.browser.server import open_part, wait_for_app_run
from tests.conftest import REPOSITORY
from tests.hostile import BROKEN, NAME, TEXTS, hostile_bank

pytestmark = pytest.mark.browser
PATIENCE = 90_000
FIRST_RUN = "start"  # gone once there is a model
HOME = "today"  # the page without a path
NAMED = re.findall(r'url_path="(\w+)"', (REPOSITORY / "app.py").read_text("utf-8"))
PATHS = sorted({*NAMED} - {FIRST_RUN})
BANKS = {"demo": lambda: demo_bank(60, 30, 1).dataset, "hostile": hostile_bank}


@pytest.fixture(scope="module", params=BANKS)
def desk(request: pytest.FixtureRequest) -> tuple[str, Dataset]:
    """Return the address of a desk and the data behind it."""
    address = "trained_address" if request.param == "demo" else "hostile_address"
    return request.getfixturevalue(address), BANKS[request.param]()


def opened(page: Page, address: str, dataset: Dataset, path: str, lens: str = "client") -> None:
    """Open a page with a client and a product of the data chosen."""
    client, product = (
        quote(getattr(dataset, table)[key][1].as_py(), safe="")
        for table, key in (("clients", "client_id"), ("products", "product_id"))
    )
    page.goto(f"{address}/{'' if path == HOME else path}?client={client}&product={product}&lens={lens}")
    expect(page.locator("[data-testid=stMain] h1").first).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)


def serious(page: Page) -> list[tuple[str, str]]:
    found = Axe().run(page).response["violations"]
    return [
        (one["id"], node["html"][:200])
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_whole_and_accessible(
    desk: tuple[str, Dataset], page: Page, path: str, scheme: str
) -> None:
    address, dataset = desk
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 768 if scheme == "dark" else 1280, "height": 900})
    opened(page, address, dataset, path, "product" if scheme == "dark" else "client")
    expect(page.get_by_text("Page not found")).to_have_count(0)
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth + 1")
    assert serious(page) == []
    assert page.evaluate(f"{BROKEN} === undefined")


def test_there_are_pages() -> None:
    """Guards the pattern that reads them from app.py."""
    assert {"recommendations", "decisions", "product", "rules", "models", HOME} <= set(PATHS)
    assert len(NAMED) == len({*NAMED}) == len(list((REPOSITORY / "pages").glob("*/page.py")))


def test_a_hostile_desk_is_clicked_through(hostile_address: str, page: Page) -> None:
    dataset, said = hostile_bank(), []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))

    def harmless() -> None:
        wait_for_app_run(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        main = "document.querySelector('[data-testid=stMain]')"
        assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth + 1")
        assert page.evaluate(f"{BROKEN} === undefined")
        assert (
            page.locator(
                "[data-testid=stMain] img[src='x'], [data-testid=stMain] a[href^=javascript]"
            ).count()
            == 0
        )

    opened(page, hostile_address, dataset, "recommendations")
    for part in PARTS:
        open_part(page, part)
        harmless()
    page.keyboard.press("ArrowDown")
    harmless()
    page.locator(".st-key-card").get_by_text("What speaks for this product").click()
    harmless()
    page.locator(".st-key-reminders button").first.click()
    page.get_by_label("Note on this client").fill(TEXTS[1] + TEXTS[4])
    page.get_by_role("button", name="Keep").click()
    harmless()
    page.keyboard.press("Escape")
    page.locator(".st-key-decide-accept button").first.click()
    harmless()
    page.locator(".st-key-note-accept textarea").fill(TEXTS[0] + NAME)
    page.locator(".st-key-reason-accept button").first.click()
    harmless()
    page.locator("[class*=st-key-record-accept] button").first.click()
    harmless()
    page.goto(hostile_address)
    expect(page.get_by_role("heading", name="To do")).to_be_visible(timeout=PATIENCE)
    harmless()
    page.locator("[class*=st-key-task-answer-] button").first.click()
    expect(page.locator(".st-key-strip")).to_be_visible(timeout=PATIENCE)
    harmless()
    for step in range(1, len(STEPS) + 1):
        page.goto(f"{hostile_address}/story?step={step}")
        expect(page.locator("[data-testid=stMain] h1").first).to_be_visible(timeout=PATIENCE)
        harmless()
    page.keyboard.press("Control+k")
    page.get_by_label("Search clients, products, pages and decisions").fill("<script>")
    expect(page.locator("[data-found-for]")).to_have_attribute("data-found-for", "<script>", timeout=PATIENCE)
    harmless()
    assert said == []

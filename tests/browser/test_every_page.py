"""Every page of the desk, on a bank of the usual kind and on one whose every text is hostile."""

import re
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from finrec_core.dataset import Dataset
from finrec_core.demo.bank import demo_bank
from tests.browser.server import wait_for_app_run
from tests.conftest import REPOSITORY
from tests.hostile import BROKEN, hostile_bank

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

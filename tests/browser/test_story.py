"""The story in a browser: its steps by keyboard, what it says in each of them, and that it reads well."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from finrec_core.demo.bank import demo_bank
from finrec_core.views.recommendation.story import STEPS
from tests import desk
from tests.browser import server
from tests.browser.conftest import SIZE
from tests.browser.server import wait_for_app_run

pytestmark = pytest.mark.browser
PATIENCE = 90_000
TITLES = (
    r"^This client has \d+ products? and",
    r"raises? it, .+ lowers? it\. Together: −?\d+ points\.$",
    r"^(The words of one text raise its score by|No text raises)",
    r"similar clients? (ha(s|ve) it|speaks)",
    r"^Take .+ away, and the score (is|stays)",
    r"^(Why not .+\?|There is no alternative)",
    r"^How good is it\?",
    r"^(Nothing is decided yet|The (product|decision) is)",
)
PICTURES = {2: "sum", 4: "alike", 5: "proof", 6: "alternative", 7: "good"}  # the steps that have one
COUNTED = ("no", "one", "two", "three", "four", "five", "six", "seven")


def opened(page: Page, address: str, query: str) -> None:
    page.goto(f"{address}/story?{query}")
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)


def test_the_arrow_keys_turn_the_steps(trained_address: str, page: Page) -> None:
    opened(page, trained_address, "client=C00002")
    for number, title in enumerate(TITLES, start=1):
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(title), timeout=PATIENCE)
        wait_for_app_run(page)
        if number > 1:
            expect(page).to_have_url(re.compile(f"step={number}"))
        if number < len(STEPS):
            page.keyboard.press("ArrowRight")
    expect(page.locator(".st-key-next button")).to_be_disabled()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(TITLES[-2]), timeout=PATIENCE)


def test_a_link_opens_the_same_step_and_an_unknown_one_says_so(trained_address: str, page: Page) -> None:
    opened(page, trained_address, "client=C00002&step=5")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(TITLES[4]), timeout=PATIENCE)
    opened(page, trained_address, "client=C00002&step=9")
    expect(page.get_by_text("There is no step “9”; there are 8.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(TITLES[0]))


def test_nobody_is_named(trained_address: str, page: Page) -> None:
    opened(page, trained_address, "client=C00002")
    name = None
    for step in range(1, len(STEPS) + 1):
        wait_for_app_run(page)
        main = page.get_by_test_id("stMain").inner_text()
        name = name or client_name(page, trained_address)
        assert name not in main, f"step {step}"
        assert name.split()[-1] not in main, f"step {step}"
        if step < len(STEPS):
            page.goto(f"{trained_address}/story?client=C00002&step={step + 1}")
            expect(page.get_by_role("heading", level=1)).to_have_text(
                re.compile(TITLES[step]), timeout=PATIENCE
            )


@pytest.fixture(scope="module")
def long_names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a desk whose products have names of 86 characters."""
    data, bank = tmp_path_factory.mktemp("long"), demo_bank(60, 30, 1).dataset
    tail = " with Monthly Distribution, Currency Hedge and Capital Protection until Maturity"
    products = bank.products.to_pylist()
    for row in products:
        row["name"] = f"{row['name']}{tail}"[:86]
    table = pa.Table.from_pylist(products, schema=bank.products.schema)
    desk.trained(data, replace(bank, products=table))
    with server.serve(data) as address:
        yield address


@pytest.mark.parametrize("bank", ["trained_address", "long_names"])
def test_one_number_goes_through_all_steps_and_all_bars_fit(
    request: pytest.FixtureRequest, page: Page, bank: str
) -> None:
    opened(page, request.getfixturevalue(bank), "client=C00003")
    numbers = set()
    for number, title in enumerate(TITLES, start=1):
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(title), timeout=PATIENCE)
        wait_for_app_run(page)
        score = page.locator(".st-key-score")
        assert seen(score)
        found = re.search(r"(−?[\d,]+) points?, ", score.inner_text())
        assert found
        numbers.add(found[1])
        if number in PICTURES and (number != 7 or page.locator(".st-key-good").count()):
            figure = page.locator(f".st-key-{PICTURES[number]} .js-plotly-plot")
            expect(figure.locator(".point").first).to_be_attached(timeout=PATIENCE)
            assert seen(figure), f"step {number}"
        if number in (2, 4, 6):
            assert figure.locator(".annotation-text").last.text_content() == found[1]
        main = page.get_by_test_id("stMain").inner_text()
        assert not re.search(r"NDCG|\de[-−]\d|\d\.\d{3}", main), f"step {number}"
        page.keyboard.press("ArrowRight")
    assert len(numbers) == 1


def test_the_headline_counts_the_bars_drawn(trained_address: str, page: Page) -> None:
    for client in ("C00002", "C00005"):
        opened(page, trained_address, f"client={client}&step=2")
        expect(page.locator(".st-key-sum .point").first).to_be_attached(timeout=PATIENCE)
        title = page.get_by_role("heading", level=1).inner_text()
        signs = [text[:1] for text in page.locator(".st-key-sum .annotation-text").all_text_contents()[1:-1]]
        said = re.match(r"(\w+) bars? raises? it, (\w+) lowers? it", title)
        assert said
        assert COUNTED.index(said[1].lower()) == signs.count("+")
        assert COUNTED.index(said[2].replace("none", "no")) == signs.count("−")


def seen(locator: Locator) -> bool:
    """Return whether all of something is on the screen without scrolling."""
    box = locator.bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= SIZE["height"]


def client_name(page: Page, address: str) -> str:
    """Return what the desk calls the client, read in a page of its own."""
    other = page.context.new_page()
    other.goto(f"{address}/?client=C00002")
    title = other.get_by_role("heading", level=1)
    expect(title).to_be_visible(timeout=PATIENCE)
    name = title.inner_text()
    other.close()
    assert name
    assert name != "C00002"
    return name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_step_is_accessible_and_fits(trained_address: str, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 768, "height": 900})
    opened(page, trained_address, "client=C00002")
    for title in TITLES:
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(title), timeout=PATIENCE)
        wait_for_app_run(page)
        main = "document.querySelector('[data-testid=stMain]')"
        assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth + 1")
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
        page.keyboard.press("ArrowRight")

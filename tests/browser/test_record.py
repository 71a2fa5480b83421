"""What only a browser shows of the record: how many pages it prints on, and that it reads well."""

import re
from datetime import UTC, datetime
from html import escape

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from finrec_core.advice.decision import LONGEST_NOTE, decide
from finrec_core.advice.snapshot import Line, ShownReason, Snapshot
from finrec_core.advice.suitability import Check, Verdict
from finrec_core.store import LogRow
from finrec_core.views.recommendation.record import Record
from tests.advice.made import NOW, TODAY, snapshot
from tests.browser.server import open_part, wait_for_app_run

pytestmark = pytest.mark.browser
PATIENCE = 90_000
LONG = "Nordlys Global Impact Fund of Funds with Monthly Distribution and Currency Hedge, Class A " * 4
NAME = LONG[:90]  # what a snapshot keeps of a name of 300 characters
WIDE = "x" * 300


def full(name: str) -> Snapshot:
    """Return a snapshot with as much in it as there can be, of a client with 5,000 interactions."""
    reasons = [ShownReason("interaction", name, 20 - k) for k in range(9)]
    reasons.append(ShownReason("interaction", "4,991 other products", -30, 4991))
    reasons.append(ShownReason("tie", "120 connections", -36, 120))
    checks = [
        Check(f"rule {k}", "passed", "at most 24 months old", "31 Dec 2025", "Passed.") for k in range(6)
    ]
    facts = (("Segment", name), ("Branch", name), *((f"Fact {k}", "Recommended") for k in range(5)))
    total = 11 + sum(reason.points for reason in reasons)
    return snapshot(
        client=WIDE, client_name=name, client_facts=facts, product=WIDE, product_name=name, category=WIDE,
        product_facts=facts, dataset=name, reasons=tuple(reasons), total=total, points=total, risk_class=6,
        verdict=Verdict.of("investment", tuple(checks)),
        alternatives=tuple(Line(k, f"p{k}", name, name, 90 - k, "fits") for k in range(1, 4)),
    )  # fmt: skip


def decided(shown: Snapshot, note: str) -> LogRow:
    decision = decide("reject", shown, reason="cost", note=note, today=TODAY)
    return LogRow(7, "id7", NOW, "ana", "reject", "c1", "p1", "r1", decision.content, "e" * 64, "f" * 64)


def made(shown: Snapshot, note: str = "") -> str:
    row = decided(shown, note) if note else None
    return Record(shown, "Ana Keller", "a" * 64, datetime(2026, 3, 10, 16, tzinfo=UTC), row).html()


def pages(page: Page, html: str) -> int:
    page.set_content(html)
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize(
    "note", ["", "She asked twice.", "A long note of the adviser. " * (LONGEST_NOTE // 28)]
)
@pytest.mark.parametrize("name", ["Marta", NAME, "成長株式ファンド" * 11])
def test_it_prints_on_two_pages_at_most(page: Page, name: str, note: str) -> None:
    assert pages(page, made(full(name), note)) <= 2


@pytest.mark.parametrize("note", ["A long note of the adviser. " * n for n in (1, 20, 40, 60, 70)])
def test_no_signature_stands_alone(page: Page, note: str) -> None:
    """What is signed stands on the page of the signatures: adviser, model, data, rules and time."""
    page.set_content(made(full(NAME), note))
    page.emulate_media(media="print")
    end = page.locator(".end")
    assert end.evaluate("it => getComputedStyle(it).breakInside") == "avoid"
    assert end.locator("dl").count() == end.locator(".sign").count() == 1
    height = end.bounding_box()["height"]
    assert height < 600, "it fits a page, so it is never cut in two"


def test_an_everyday_record_is_one_page(page: Page) -> None:
    assert pages(page, made(snapshot(), "She asked twice.")) == 1


@pytest.mark.parametrize("width", [360, 1280])
def test_it_passes_axe_and_fits_any_width(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.set_content(made(full(NAME), "She asked twice."))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = (
        Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "best-practice"]}).response["violations"]
    )
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_nothing_in_it_runs(page: Page) -> None:
    hostile = '</title><script>window.broken=1</script><img src=x onerror="window.broken=1">'
    page.set_content(made(full(hostile), hostile))
    assert page.evaluate("window.broken") is None
    assert page.locator("script, img").count() == 0


def test_the_card_gives_the_record_of_what_it_shows(trained_address: str, page: Page) -> None:
    """Guards the button, which stays in its place from card to card: its file must not."""
    page.goto(f"{trained_address}/")
    wait_for_app_run(page)
    page.goto(f"{trained_address}/recommendations?client=C00002")
    for row in (2, 1):
        title = page.locator(".st-key-card h3").first
        expect(title).to_be_visible(timeout=PATIENCE)
        wait_for_app_run(page)
        name = title.inner_text()
        open_part(page, "Record")
        with page.expect_download(timeout=PATIENCE) as waiting:
            page.locator(".st-key-record button").click()
        html = waiting.value.path().read_text("utf-8")
        assert "<h1>Recommendation record</h1>" in html
        assert escape(name) in html
        assert "<script" not in html
        table = page.locator("[class*='st-key-ranked-'] [data-testid=stDataFrameResizable]")
        page.locator(".st-key-strip").scroll_into_view_if_needed()  # the button lies far below
        box = table.bounding_box()
        page.mouse.click(box["x"] + 150, box["y"] + 36 + 42 * (row + 0.5))
        expect(title).not_to_have_text(name, timeout=PATIENCE)

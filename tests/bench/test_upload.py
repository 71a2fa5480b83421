"""An upload of two million rows in the desk: seconds until it is read and saved, and the peak of its memory.

What it printed is kept in tests/bench/results/growth.md.
"""

import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import expect

from finrec_core.dataset import write_csv
from tests.bench.grown import grown
from tests.browser import server

PEAK_GB = 4.0
PATIENCE = 300_000  # milliseconds

pytestmark = [pytest.mark.bench, pytest.mark.browser, pytest.mark.timeout(1800)]


def peak(address: str) -> float:
    """Return the most memory in GB that the process behind an address has had."""
    port = f"--server.port={urlsplit(address).port}"
    server = next(one for one in psutil.process_iter(["cmdline"]) if port in (one.info["cmdline"] or ()))
    lines = Path(f"/proc/{server.pid}/status").read_text().splitlines()  # psutil knows no peak on Linux
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024 / 1e9


def test_two_million_rows_go_in_through_the_desk(
    tmp_path: Path, chromium: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    files = tmp_path / "files"
    write_csv(grown(164_000, 5_000, reviewed=0.5), files)
    with (
        server.serve(tmp_path) as address,
        server.chromium(chromium) as browser,
        server.page_of(browser) as (page, _),
    ):
        page.goto(f"{address}/data")
        server.wait_for_app_run(page)
        start = time.monotonic()
        page.locator("input[type=file]").set_input_files(sorted(files.iterdir()))
        expect(page.get_by_text("Accepted as they are")).to_be_visible(timeout=PATIENCE)
        read = time.monotonic() - start
        server.wait_for_app_run(page)
        reading, start = peak(address), time.monotonic()
        page.locator("[class*=st-key-save-] button").click()
        expect(page.get_by_text("is saved")).to_be_visible(timeout=PATIENCE)
        saved = time.monotonic() - start
        saving = peak(address)
    megabytes = sum(file.stat().st_size for file in files.iterdir()) / 1e6
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{megabytes:.0f} MB: read by the child after {read:.0f} s, "
            f"saved in {saved:.0f} s; peak {reading:.2f} GB reading, {saving:.2f} GB saving"
        )
    assert saving < PEAK_GB

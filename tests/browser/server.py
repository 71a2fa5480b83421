"""The desk as a server of its own for a test, and Chromium in front of it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

from tests import tied

REPOSITORY = Path(__file__).resolve().parents[2]
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Nothing leaves the machine. Looking at each request instead would keep Chromium from keeping files.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
)
FLAGS = {
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "server.address": "127.0.0.1",
    "browser.gatherUsageStats": "false",
    "global.developmentMode": "false",
}
READY = "[data-testid='stApp'][data-test-connection-state='CONNECTED']"
IDLE = "[data-testid='stApp'][data-test-script-state='notRunning']"
POLICY = "Content Security Policy"
PATIENCE = 120_000  # milliseconds; a page that has a model to load on a busy machine takes some


@contextmanager
def serve(data: Path, secrets: Callable[[str], Path] | None = None) -> Iterator[str]:
    """Run the desk on a free port over an own data folder, and yield its address.

    `secrets` writes the file of secrets for that address, for a desk at which people sign in.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    flags = [f"--{name}={value}" for name, value in (FLAGS | {"server.port": str(port)}).items()]
    if secrets is not None:
        flags.append(f"--secrets.files={secrets(f'http://127.0.0.1:{port}')}")
    log = data / "server.txt"
    with log.open("wb") as out:
        server = tied.start(
            [sys.executable, "-m", "pages.frame.server", *flags],
            cwd=REPOSITORY,
            env=os.environ | {"FINREC_DATA": str(data)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        end = time.monotonic() + 300
        while True:
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(log.read_text("utf-8"))
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as answer:
                    if answer.read() == b"ok":
                        break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextmanager
def chromium(executable: str | None) -> Iterator[Browser]:
    """Start headless Chromium; None lets Playwright take its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM))
        yield browser
        browser.close()


@contextmanager
def page_of(browser: Browser, **context: object) -> Iterator[tuple[Page, list[str]]]:
    """Open a page in a window of its own; yield it with what it tried outside, as `watched` has it."""
    window = browser.new_context(**context)
    with watched(window) as outside:
        yield window.new_page(), outside
    window.close()


@contextmanager
def watched(window: BrowserContext) -> Iterator[list[str]]:
    """Yield a list of what the pages of a window try that must not be; nothing of it gets through.

    It holds the addresses of requests that would leave the machine, and what Chromium says where the policy
    of a page forbids something.
    """
    outside: list[str] = []

    def asked(request: Request) -> None:
        address = urlsplit(request.url)
        if address.hostname not in ("127.0.0.1", "localhost") and address.scheme not in ("data", "blob"):
            outside.append(request.url)

    def said(message: ConsoleMessage) -> None:
        if POLICY in message.text:
            outside.append(message.text)

    window.set_default_timeout(PATIENCE)
    window.on("request", asked)
    window.on("console", said)
    yield outside
    window.remove_listener("request", asked)
    window.remove_listener("console", said)


def forget(window: BrowserContext) -> None:
    """Close the pages of a window, with all that they remember but the files that it has fetched."""
    for page in window.pages:
        if page.url.startswith("http"):
            page.evaluate("localStorage.clear()")
        page.close()
    window.clear_cookies()


def wait_for_app_run(page: Page) -> None:
    """Wait until the page has stopped working on the last step, and see that it did not fail.

    After Streamlit's own helper: a step is sent a moment late, so a page that looks idle at once may
    not have begun. Polling parts make it busy again, so check changed content beside this.
    """
    page.wait_for_timeout(210)
    page.wait_for_selector(READY, state="attached")
    page.wait_for_selector(IDLE, state="attached")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=PATIENCE)
    expect(page.locator("[data-stale='true']")).to_have_count(0, timeout=PATIENCE)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    page.wait_for_timeout(100)


def open_part(page: Page, name: str) -> None:
    """Open a part below the card, and wait until it is there."""
    page.locator(".st-key-part button").filter(has_text=name).click()
    page.mouse.move(0, 0)  # what the pointer rests on has colours of its own
    wait_for_app_run(page)


def load_demo_bank(page: Page, address: str, patience: float = 400) -> None:
    """Go from an empty store to the desk: one click, then wait for the training."""
    page.goto(address)
    wait_for_app_run(page)
    page.locator(".st-key-demo button").click()
    expect(page.locator(".st-key-training")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".st-key-strip")).to_be_visible(timeout=1000 * patience)
    wait_for_app_run(page)

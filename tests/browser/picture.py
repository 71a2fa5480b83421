"""README's picture, made from the app itself: `python -m tests.browser.picture FILE`."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.server import chromium, load_demo_bank, page_of, serve, wait_for_app_run


def take(file: Path) -> None:
    """Load the demo bank into an empty desk and take a picture of its first recommendation."""
    system = next(filter(None, (shutil.which(name) for name in ("chromium", "google-chrome"))), None)
    size = {"width": 1280, "height": 900}
    with (
        tempfile.TemporaryDirectory() as data,
        serve(Path(data)) as address,
        chromium(system) as browser,
        page_of(browser, viewport=size, color_scheme="light") as (page, outside),
    ):
        load_demo_bank(page, address)
        expect(page.locator(".st-key-picture [role=img]")).to_be_visible()
        height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight + 60")
        page.set_viewport_size({"width": 1280, "height": height})
        page.mouse.move(0, 0)  # no table shows its tools
        wait_for_app_run(page)
        page.wait_for_timeout(1000)  # figures settle into their new room
        page.screenshot(path=file)
    if outside:
        raise RuntimeError(f"the desk asked for {', '.join(outside)}")


if __name__ == "__main__":
    os.environ.setdefault("FINREC_USER", "Ana Lind")  # the desk would ask for a name first
    take(Path(sys.argv[1]))

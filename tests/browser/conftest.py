"""A server with an empty store for each module, and a page in front of it that must not go outside."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from finrec_core.dataset import Dataset
from finrec_core.demo.bank import demo_bank
from finrec_core.settings import settings
from tests import desk
from tests.browser import server
from tests.hostile import hostile_bank

SIZE = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def reading(language_model: str) -> Iterator[None]:
    """Let the desks of a module read texts by a language model."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FINREC_ENCODER", language_model)
        settings.cache_clear()
        yield
    settings.cache_clear()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of a desk."""
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Return the address of a desk whose store is empty."""
    with server.serve(folder) as address:
        yield address


@pytest.fixture(scope="session")
def trained_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a desk that has a small demo bank and a model."""
    data = tmp_path_factory.mktemp("trained")
    desk.trained(data, demo_bank(60, 30, 1).dataset)
    with server.serve(data) as address:
        yield address


@pytest.fixture(scope="session")
def hostile_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a desk whose data is hostile in every text."""
    data, bank = tmp_path_factory.mktemp("hostile"), hostile_bank()
    desk.trained(data, bank)
    with server.serve(data) as address:
        yield address
    assert written(data / "server.txt", bank) == []


def written(log: Path, bank: Dataset) -> list[str]:
    """Return the names and texts of a bank that stand in a server's log, as they are or as JSON has them."""
    lines = log.read_text("utf-8")
    texts = {
        text
        for table, column in (("clients", "name"), ("products", "name"), ("interactions", "review"))
        for text in getattr(bank, table)[column].to_pylist()
        if text and len(text) > 5
    }
    assert texts
    assert "A step was taken." in lines
    return [text for text in texts if text in lines or json.dumps(text)[1:-1] in lines]


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """Return a window, opened once for all tests, so that the files of the desk are fetched once."""
    window = browser.new_context(viewport=SIZE)
    yield window
    window.close()


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    """Return a page that remembers nothing; the test fails if anything on it asked another machine."""
    with server.watched(window) as outside:
        yield window.new_page()
        server.forget(window)
        assert outside == []

"""A server with an empty store for each module, and a page in front of it that must not go outside."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser import server


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a desk whose store is empty."""
    with server.serve(tmp_path_factory.mktemp("desk")) as address:
        yield address


@pytest.fixture
def page(chromium: str | None) -> Iterator[Page]:
    """Return a page; the test fails if anything on it asked another machine."""
    size = {"width": 1280, "height": 900}
    with server.chromium(chromium, viewport=size) as (page, outside):
        yield page
        assert outside == []

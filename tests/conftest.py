"""What every test gets: no network, no writing beside the code, and the real data where it lies."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from finrec_core.settings import Settings, settings
from pages.frame import switch

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from finrec_core.recommender import FusedRecommender
    from tests.desk import Open

# No timing is asserted: a busy machine is no fault of the code.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

REPOSITORY = Path(__file__).resolve().parent.parent
REAL_DATA = REPOSITORY.parent / "shared" / "data"
REAL_CASES = REPOSITORY.parent / "shared" / "cases"
LOCAL = ("127.", "::1", "localhost")

for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
    os.environ.setdefault(variable, "1")


@pytest.fixture(scope="session", autouse=True)
def _data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep store, runs and vectors of all tests, and of the processes they start, in one new folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FINREC_DATA", str(tmp_path_factory.mktemp("data")))
        patch.setenv("FINREC_USER", "Ada Tester")  # who works on every desk that a test opens
        patch.setenv("FINREC_ENCODER", "tf-idf")  # a language model is read where a test is about it
        settings.cache_clear()  # what was read while the tests were found
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_server() -> None:
    """Let app.py run in this process, where no server guards it."""
    switch.turn_on()


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Fail a test that reaches for another machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOCAL):
            pytest.fail(f"a test reached for {address[0]}: tests run offline.")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session")
def language_model() -> str:
    """Return the name of the language model that a desk reads texts by where nothing else is named."""
    return str(Settings.model_fields["encoder"].default)


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator["Open"]:
    """Return a function that opens the desk over the test's folder `data`; see `tests.desk.opened`."""
    from tests import desk

    with desk.opened(tmp_path / "data") as start:
        yield start


@pytest.fixture(scope="session")
def recommender() -> "FusedRecommender":
    """Return a recommender over the planted bank, not to be changed."""
    from tests.served import served

    return served()


@pytest.fixture(scope="session")
def given_up() -> "FusedRecommender":
    """Return a recommender over a bank in which two clients gave products up, not to be changed."""
    from tests.served import gave_up

    return gave_up()


@pytest.fixture(scope="session")
def gone(given_up: "FusedRecommender") -> str:
    """Return the product that `tests.served.LEAVER` gave up."""
    from tests.served import LEAVER

    pairs = given_up.dataset.pairs
    mine = pairs.former & (pairs.clients == given_up.client_row(LEAVER))
    (row,) = pairs.products[mine].tolist()
    return given_up.dataset.products["product_id"][row].as_py()


@pytest.fixture(params=["gift_cards", "stocknet", "lastfm"])
def real_data(request: pytest.FixtureRequest) -> Path:
    """Return the folder of each real data set in turn; skips where they are absent."""
    return real_folder(request.param)


def real_folder(name: str) -> Path:
    """Return the folder of one real data set, or skip the test that asks for it."""
    folder = REAL_DATA / name
    if not folder.is_dir():
        pytest.skip(f"the real data set {name} does not lie beside this repository")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str | None:
    """Return the path of the system's Chromium; None lets Playwright take its own."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path and "/snap/" not in path), None)


@pytest.fixture(scope="session")
def browser(chromium: str | None) -> Iterator["Browser"]:
    """Return a browser, started once for all tests; each opens a page of its own in it."""
    from tests.browser import server  # what needs no browser loads nothing of one

    with server.chromium(chromium) as browser:
        yield browser


def real_case(name: str) -> Path:
    """Return the folder of one input as banks really write them, or skip the test that asks for it."""
    folder = REAL_CASES / name
    if not folder.is_dir():
        pytest.skip(f"the real input {name} does not lie beside this repository")
    return folder

"""The desk without a browser over a small bank with profiles, for the tests of its pages."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from finrec_core.demo.bank import demo_bank
from finrec_core.settings import settings
from tests import desk
from tests.pages.deciding import CLIENT, HOSTILE, OLD

APP = Path(__file__).resolve().parents[2] / "app.py"
Open = Callable[..., AppTest]


def today() -> date:
    return datetime.now(UTC).date()


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with a model; one client's profile is of today, another's is old."""
    bank = demo_bank(60, 30, 1).dataset
    clients = bank.clients.to_pylist()
    for row in clients:
        row["profile_date"] = date(2001, 1, 1) if row["client_id"] == OLD else today()
        row["risk_tolerance"], row["horizon_years"] = 3, 10.0
        row["knowledge"], row["loss_capacity"] = "informed", "limited"
        if row["client_id"] == CLIENT:
            row["name"] = HOSTILE
    folder = tmp_path_factory.mktemp("trained")
    table = pa.Table.from_pylist(clients, schema=bank.clients.schema)
    desk.trained(folder, replace(bank, clients=table))
    return folder


@pytest.fixture
def open_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trained: Path) -> Iterator[Open]:
    """Return a function that opens a page of the desk over a copy of the data folder."""
    data = tmp_path / "data"
    shutil.copytree(trained, data)
    monkeypatch.setenv("FINREC_DATA", str(data))
    settings.cache_clear()

    def start(page: str = "recommendations", **query: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=120)
        app.run()
        for name, value in query.items():
            app.query_params[name] = value
        app.switch_page(f"pages/{page}/page.py").run()
        assert not app.exception
        return app

    yield start
    st.cache_resource.clear()  # closes the store
    settings.cache_clear()

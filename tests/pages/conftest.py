"""The desk without a browser over a small bank with profiles, for the tests of its pages."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from finrec_core.demo.bank import demo_bank
from tests import desk
from tests.desk import Open
from tests.pages.deciding import CLIENT, HOSTILE, OLD


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
    table = pa.Table.from_pylist(clients, schema=bank.clients.schema)
    return desk.trained(tmp_path_factory.mktemp("trained"), replace(bank, clients=table))


@pytest.fixture
def open_page(open_desk: Open, tmp_path: Path, trained: Path) -> Open:
    """Return a function that opens a page of Advise over a copy of the data folder."""
    shutil.copytree(trained, tmp_path / "data")

    def start(page: str = "recommendations", **query: str) -> AppTest:
        return open_desk(f"pages/{page}/page.py", **query)

    return start

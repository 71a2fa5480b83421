"""Small datasets and an open store for the tests of the store."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from finrec_core.dataset import SCHEMAS, Dataset
from finrec_core.store import RunRow, Store

# What text from outside can hold: quotes, markup, SQL, a null sign, line breaks, other scripts.
HOSTILE = 'Robert\'); DROP TABLE clients;-- <b>"x"</b>\u0000\r\n\U0001f4b6 Łódź'


def table(name, rows):
    """Return a table of the schema from rows that name only the columns they fill."""
    schema = SCHEMAS[name]
    return pa.table(
        {field.name: pa.array([row.get(field.name) for row in rows], field.type) for field in schema}
    )


def make_bank(name="demo", clients=3):
    """Return a dataset with hostile text, unknown values, a low rating, times and a tie."""
    moment = datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=UTC)
    parts = {
        "clients": table(
            "clients",
            [
                {
                    "client_id": f"c{row}",
                    "name": HOSTILE if row == 0 else f"Client {row}",
                    "segment": "private",
                    "risk_tolerance": row % 7 + 1,
                    "horizon_years": 2.5,
                    "knowledge": "basic",
                    "loss_capacity": "full",
                    "profile_date": date(1970, 1, 1),
                }
                for row in reversed(range(clients))
            ],
        ),
        "products": table(
            "products",
            [
                {
                    "product_id": "p1",
                    "name": "Savings",
                    "risk_class": 1,
                    "available": True,
                    "valid_from": date(2024, 2, 29),
                },
                {"product_id": "p0", "description": HOSTILE, "ongoing_cost_pct": 0.1, "available": False},
            ],
        ),
        "interactions": table(
            "interactions",
            [
                {
                    "client_id": "c1",
                    "product_id": "p1",
                    "timestamp": moment,
                    "action": "takes",
                    "amount": -1234.5,
                    "rating": 5.0,
                    "review": HOSTILE,
                },
                {"client_id": "c0", "product_id": "p1", "rating": 1.0},
                {"client_id": "c0", "product_id": "p0", "review": "a\nb"},
            ],
        ),
        "ties": table("ties", [{"client_id": "c0", "other_client_id": "c1", "kind": "household"}]),
    }
    return Dataset(**parts, name=name, verb="bought", rating_limit=3.0)


def make_run(run="20260101-000000-000", **changes):
    values = {
        "run": run,
        "dataset": "demo",
        "version": 1,
        "content_hash": "ab",
        "created": datetime(2026, 1, 1, 12, 30, 0, 5, tzinfo=UTC),
        "seconds": 12.5,
        "encoder": "small",
        "seed": 7,
        "metrics": {"ndcg@20": 0.25, "none": None},
        "constants": {"share": 0.2, "steps": [60, 0]},
        "user": "ana",
    }
    return RunRow(**values | changes)


@pytest.fixture
def bank():
    return make_bank()


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "finrec.duckdb") as store:
        yield store


@pytest.fixture
def run_folder(store):
    """Make the folder of a run, as the recommender would."""

    def make(run="20260101-000000-000"):
        folder = store.runs_folder / run
        folder.mkdir(parents=True)
        (folder / "run.json").write_text("{}")
        return folder

    return make

"""The sealing of old logs: what stood in the clear is sealed, and what did not fit before does not after."""

import json
from datetime import datetime
from hashlib import sha256

import duckdb
import pytest

from finrec_core.store import Store, sealing
from finrec_core.store.keys import Keyring
from finrec_core.store.migrations import MIGRATIONS, migrate
from finrec_core.store.sealing import COLUMNS

WHEN = datetime(2026, 1, 2, 3, 4, 5, 6)
BEFORE = [step.__name__ for step in MIGRATIONS].index("seal_logs")


def old_store(file, count=10):
    """Write a store as it was before rows were sealed; each row holds its client's name."""
    with duckdb.connect(file) as old:
        migrate(old, file, Keyring(file), MIGRATIONS[:BEFORE])
        rows, previous = [], "0" * 64
        for place in range(1, count + 1):
            content = {
                "decision": {"reason": "risk", "client_name": f"Ann {place % 3}"},
                "snapshot": {"rank": 1},
            }
            text = json.dumps(content, sort_keys=True, separators=(",", ":"))
            about = [
                place,
                f"id{place}",
                "2026-01-02T03:04:05.000006",
                "ana",
                "reject",
                f"c{place % 3}",
                "p",
                "r",
            ]
            row = json.dumps({"row": [*about, text, previous]}, ensure_ascii=False, separators=(",", ":"))
            own = sha256(row.encode()).hexdigest()
            rows.append([*about[:2], WHEN, *about[3:], text, previous, own])
            previous = own
        for log in ("decisions", "shown"):
            marks = ", ".join("?" * 11)
            old.executemany(f"INSERT INTO {log} ({COLUMNS}) VALUES ({marks})", rows)


def test_old_rows_are_sealed_page_by_page_when_the_store_is_first_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(sealing, "PAGE", 4)
    file = tmp_path / "finrec.duckdb"
    old_store(file)
    with Store(file) as store:
        assert store.verify() == ()
        row = store.decision("id5")
        assert row.content == {
            "decision": {"reason": "risk", "client_name": "Ann 2"},
            "snapshot": {"rank": 1},
        }
        assert "Ann" not in row.stored
        assert len(store.shown()) == 10
        assert set(store.decision_ranks().values()) == {1}
    assert len(list((tmp_path / "keys" / "clients").iterdir())) == 3


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (
            "UPDATE decisions SET content = replace(content, 'Ann', 'Bob') WHERE sequence = 3",
            "row 3 was changed",
        ),
        ("UPDATE decisions SET content = 'no JSON' WHERE sequence = 3", "row 3 was changed"),
        ("DELETE FROM decisions WHERE sequence = 4", "row 4 is missing"),
        ("UPDATE decisions SET previous = repeat('a', 64) WHERE sequence = 2", "row 2 does not follow"),
    ],
)
def test_what_was_altered_before_shows_after_the_sealing_too(tmp_path, statement, fault):
    file = tmp_path / "finrec.duckdb"
    old_store(file, count=6)
    with duckdb.connect(file) as old:
        old.execute(statement)
    with Store(file) as store:
        (said,) = store.verify()
    assert said.startswith(f"decisions: {fault}")

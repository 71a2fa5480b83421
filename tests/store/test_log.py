"""The logs: rows only appended, and any later change noticed."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from finrec_core.store import Store, StoreError
from tests.store.conftest import HOSTILE

CONTENT = {
    "rank": 1,
    "points": 92,
    "score": 0.1,
    "product": HOSTILE,
    "parts": [{"label": "a", "value": -0.5}],
}


def decide(store, number, client="c1"):
    return store.add_decision(
        kind="accepted", client=client, product="p1", run="r1", content=CONTENT | {"rank": number}, user="ana"
    )


def change(store, statement):
    with store._connection.writing() as cursor:
        cursor.execute(statement)


def test_a_row_comes_back_as_it_was_written(tmp_path):
    with Store(tmp_path / "s.duckdb") as store:
        written = decide(store, 1)
        assert abs(written.created - datetime.now(UTC)) < timedelta(minutes=1)
    with Store(tmp_path / "s.duckdb") as store:
        assert store.decisions() == [written]
        assert store.verify() == ()
    assert written.content == CONTENT
    assert (written.sequence, written.kind, written.user, written.previous) == (
        1,
        "accepted",
        "ana",
        "0" * 64,
    )


def test_the_hash_can_be_computed_by_anybody(store):
    # The recipe, written out anew: canonical JSON of the other fields in order, the time as ISO text and the
    # content as it is stored, sealed: so nobody needs a key to check the chain.
    row = decide(store, 1)
    fields = [
        row.sequence, row.id, row.created.replace(tzinfo=None).isoformat(timespec="microseconds"), row.user,
        row.kind, row.client, row.product, row.run,
        row.stored, row.previous,
    ]  # fmt: skip
    text = json.dumps({"row": fields}, ensure_ascii=False, separators=(",", ":"))
    assert row.hash == sha256(text.encode()).hexdigest()


def test_each_row_carries_the_hash_of_the_row_before(store):
    rows = [decide(store, number) for number in range(5)]
    assert [row.previous for row in rows[1:]] == [row.hash for row in rows[:-1]]
    assert [row.sequence for row in store.decisions()] == [5, 4, 3, 2, 1]
    assert store.verify() == ()


def test_the_two_logs_are_chains_of_their_own(store):
    decide(store, 1)
    shown = store.log_shown(client="c1", run="r1", content={"products": ["p1", "p2"]}, user="ana")
    assert (shown.sequence, shown.previous, shown.kind, shown.product) == (1, "0" * 64, "list", "")
    assert store.shown("c1") == [shown]
    assert store.shown("c2") == []


def test_rows_of_one_client_and_the_newest_of_all(store):
    for number in range(6):
        decide(store, number, client=f"c{number % 2}")
    assert [row.sequence for row in store.decisions("c1")] == [6, 4, 2]
    assert [row.sequence for row in store.decisions(limit=2)] == [6, 5]


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (
            "UPDATE decisions SET content = replace(content, 'open', 'Open') WHERE sequence = 2",
            "row 2 was changed",
        ),
        ("UPDATE decisions SET client = 'c9' WHERE sequence = 3", "row 3 was changed"),
        (
            "UPDATE decisions SET created = created + INTERVAL 1 MICROSECOND WHERE sequence = 1",
            "row 1 was changed",
        ),
        ("DELETE FROM decisions WHERE sequence = 2", "row 2 is missing"),
        ("DELETE FROM decisions WHERE sequence = 1", "row 1 is missing"),
        ("UPDATE decisions SET hash = repeat('a', 64) WHERE sequence = 2", "row 2 was changed"),
        ("UPDATE decisions SET previous = repeat('a', 64) WHERE sequence = 3", "row 3 does not follow"),
    ],
)
def test_a_later_change_shows(store, statement, fault):
    for number in range(4):
        decide(store, number)
    store.log_shown(client="c1", run="r1", content={})
    change(store, statement)
    assert store.verify() == (f"decisions: {fault}" + store.verify()[0].removeprefix(f"decisions: {fault}"),)


def test_a_row_written_anew_with_a_fitting_hash_shows_at_the_next_one(store):
    from finrec_core.store import log

    for number in range(3):
        decide(store, number)
    with store._connection.writing() as cursor:
        row = list(cursor.execute(f"SELECT {log.COLUMNS} FROM decisions WHERE sequence = 2").fetchall()[0])
        row[8] = "{}"
        cursor.execute(
            "UPDATE decisions SET content = ?, hash = ? WHERE sequence = 2", ["{}", log._hash(row[:-1])]
        )
    assert store.verify() == ("decisions: row 3 does not follow the row before it.",)


def test_a_chain_longer_than_a_page(store, monkeypatch):
    from finrec_core.store import log

    monkeypatch.setattr(log, "PAGE", 3)
    for number in range(9):
        decide(store, number)
    assert store.verify() == ()
    change(store, "DELETE FROM decisions WHERE sequence = 7")
    assert store.verify() == ("decisions: row 7 is missing.",)


def test_values_that_json_does_not_know_are_refused(store):
    for bad in (float("inf"), object(), {1, 2}):
        with pytest.raises(StoreError, match="cannot keep these values"):
            store.log_shown(client="c", run="r", content={"value": bad})
    assert store.shown() == []

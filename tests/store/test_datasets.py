"""Versions of datasets: added whole, read back cell by cell, never mixed up."""

import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pyarrow as pa
import pytest

from finrec_core.dataset import SCHEMAS, TABLES, Dataset
from finrec_core.dataset.report import REPORT
from finrec_core.store import Landing, Store, StoreError, parse_label
from tests.store.conftest import HOSTILE, make_bank


def reports(rows, reason):
    return pa.table(
        {
            "file": ["interactions.csv"] * rows,
            "line": list(range(rows, 0, -1)),
            "column": ["rating"] * rows,
            "value": [HOSTILE] * rows,
            "reason": [reason] * rows,
        },
        schema=REPORT,
    )


def test_every_cell_comes_back_in_its_row(store, bank):
    version = store.add_dataset(bank)
    back = store.dataset()
    for table in TABLES:
        assert getattr(back, table).equals(getattr(bank, table)), table
    assert (back.name, back.verb, back.rating_limit) == ("demo", "bought", 3.0)
    assert back.content_hash == bank.content_hash == version.content_hash


def test_the_order_of_rows_is_the_one_they_were_added_in_not_the_one_they_lie_in(store, bank):
    # Guards: row numbers are the indices of every model.
    store.add_dataset(bank)
    with store._connection.writing() as cursor:
        cursor.execute("UPDATE clients SET place = 2 - place")
    ids = bank.clients["client_id"].to_pylist()
    assert store.dataset().clients["client_id"].to_pylist() == ids[::-1]


def test_a_version_tells_what_it_is(store, bank):
    before = datetime.now(UTC)
    version = store.add_dataset(
        bank, rejects=reports(2, "bad"), repairs=reports(3, "cut"), source="a.csv", user="ana"
    )
    assert before <= version.created <= before + timedelta(seconds=30)
    assert replace(version, created=before, content_hash="") == type(version)(
        name="demo", version=1, content_hash="", parent=None, verb="bought", rating_limit=3.0,
        created=before, user="ana", source="a.csv", clients=3, products=2, interactions=3, ties=1,
        rejected=2, repaired=3,
    )  # fmt: skip
    assert store.datasets() == [version]
    assert (
        store.version()
        == store.version("demo")
        == store.version("demo@1")
        == store.version("demo", 1)
        == version
    )


def test_a_dataset_without_rows_and_settings_comes_back(store):
    empty = Dataset(**{table: SCHEMAS[table].empty_table() for table in TABLES}, name="nothing")
    store.add_dataset(empty)
    assert store.dataset().content_hash == empty.content_hash
    assert store.dataset().rating_limit is None


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kathmandu"])
def test_times_do_not_move_with_the_zone_of_the_machine(tmp_path, bank, zone, monkeypatch):
    # Guards: a time bound or cast through the session's zone is stored hours off.
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        with Store(tmp_path / "s.duckdb") as store:
            created = store.add_dataset(bank).created
            assert store.dataset().interactions["timestamp"].equals(bank.interactions["timestamp"])
            assert store.version().created == created
            assert abs(created - datetime.now(UTC)) < timedelta(minutes=1)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_an_import_brings_its_reports(store, bank):
    intake = SimpleNamespace(dataset=bank, rejects=reports(2, "bad"), repairs=reports(1, "cut"), kept={})
    version = store.add_dataset(intake, source="folder")
    rejects, repairs = store.report("demo", 1)
    assert rejects.equals(intake.rejects)
    assert repairs.equals(intake.repairs)
    assert (version.rejected, version.repaired) == (2, 1)


def test_whether_amounts_count_pieces_is_kept(store, bank):
    assert store.add_dataset(bank).amounts_count is True
    money = replace(bank, amounts_count=False)
    assert store.add_dataset(money).amounts_count is False
    assert store.dataset().amounts_count is False
    assert store.dataset().content_hash == money.content_hash
    assert store.dataset("demo", 1).amounts_count is True


ANSWERS = {
    "actions:May.csv:side": {"B": "takes", HOSTILE: "neither"},
    "files": [{"columns": ["side", "who"], "table": None, "uses": {"who": "client_id"}}],
    "day_first": True,
}


def test_what_was_said_of_the_files_is_kept_with_the_version(store, bank):
    intake = SimpleNamespace(dataset=bank, rejects=reports(0, ""), repairs=reports(0, ""), kept=ANSWERS)
    version = store.add_dataset(intake)
    assert version.answers == store.version().answers == store.datasets()[0].answers == ANSWERS
    assert version.to_json()["answers"] == ANSWERS
    assert store.add_dataset(bank).answers == {}
    assert store.add_dataset(bank, answers={"zeros:held.csv:units": "held"}).answers == {
        "zeros:held.csv:units": "held"
    }
    assert store.version("demo", 1).answers == ANSWERS  # each version has its own


def test_a_landing_stores_what_was_said(store, bank):
    intake = SimpleNamespace(dataset=bank, rejects=reports(0, ""), repairs=reports(0, ""), kept=ANSWERS)
    landing = Landing.of(store, intake)
    assert landing.store_in(store, source="May.csv", user="ana").answers == ANSWERS


def test_an_import_without_a_dataset_is_refused(store):
    nothing = SimpleNamespace(dataset=None, rejects=reports(1, "bad"), repairs=reports(0, ""), kept={})
    with pytest.raises(StoreError, match="nothing to store"):
        store.add_dataset(nothing)
    assert store.datasets() == []


def test_versions_of_a_name_count_up_and_name_their_parent(store):
    store.add_dataset(make_bank(clients=2))
    store.add_dataset(make_bank("other"))
    third = store.add_dataset(make_bank(clients=4))
    assert [(v.label, v.parent) for v in store.datasets()] == [
        ("demo@2", 1),
        ("other@1", None),
        ("demo@1", None),
    ]
    assert store.version() == store.version("demo") == third
    assert len(store.dataset("demo", 1).clients) == 2
    assert len(store.dataset("demo@2").clients) == 4
    assert len(store.dataset("other").clients) == 3


def test_a_removed_version_is_gone_and_its_number_is_not_given_again(store):
    store.add_dataset(make_bank())
    second = store.add_dataset(make_bank(clients=5), rejects=reports(4, "bad"))
    assert store.remove_dataset("demo", 2) == second
    assert [v.label for v in store.datasets()] == ["demo@1"]
    assert len(store.dataset().clients) == 3
    with pytest.raises(StoreError, match=r'no dataset "demo@2"; it holds demo@1'):
        store.dataset("demo", 2)
    third = store.add_dataset(make_bank())
    assert (third.version, third.parent) == (3, 1)


def test_a_snapshot_is_what_a_training_loads(store, bank, tmp_path):
    store.add_dataset(bank)
    assert store.snapshot("demo", None, tmp_path / "run" / "dataset").label == "demo@1"
    assert Dataset.load(tmp_path / "run" / "dataset").content_hash == bank.content_hash


def test_an_empty_store_says_what_to_do(store):
    with pytest.raises(StoreError, match="no dataset yet: import files or load the demo bank"):
        store.dataset()
    assert store.datasets() == []


def test_an_unknown_name_is_answered_with_the_names_there_are(store, bank):
    store.add_dataset(bank)
    with pytest.raises(StoreError, match=r'no dataset "dmeo"; it holds demo@1\.'):
        store.version("dmeo")
    with pytest.raises(StoreError, match="NAME@VERSION"):
        store.version("demo@latest")


@pytest.mark.parametrize("name", ["", "a@1", "two\nlines", "x" * 201])
def test_a_name_that_could_not_be_typed_is_refused_and_nothing_is_stored(store, name):
    with pytest.raises(StoreError, match="cannot be called"):
        store.add_dataset(make_bank(name))
    assert store.datasets() == []


@pytest.mark.parametrize(("label", "parts"), [("demo", ("demo", None)), ("my bank@12", ("my bank", 12))])
def test_labels(label, parts):
    assert parse_label(label) == parts


@pytest.mark.parametrize("label", ["demo@", "demo@0", "demo@x", "a@b@1", "demo@-1", "demo@1.5"])
def test_labels_that_are_none(label):
    with pytest.raises(StoreError, match="NAME@VERSION"):
        parse_label(label)


def test_a_failure_half_way_leaves_nothing(store, bank, monkeypatch):
    from finrec_core.store import datasets

    insert = datasets._insert

    def failing(cursor, key, table, rows):
        insert(cursor, key, table, rows)
        if table == "ties":
            raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(datasets, "_insert", failing)
        with pytest.raises(RuntimeError, match="disk"):
            store.add_dataset(bank)
    assert store.datasets() == []
    assert store.add_dataset(bank).version == 1
    assert len(store.dataset().clients) == 3


def test_rows_hold_no_folder(store, bank):
    # A row must mean the same when the store is copied to another machine.
    store.add_dataset(bank, source="clients.csv")
    with store._connection.reading() as cursor:
        for (table,) in cursor.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            for row in cursor.execute(f"SELECT CAST(t AS VARCHAR) FROM {table} AS t").fetchall():
                assert os.fspath(store.file.parent) not in row[0], table

"""Tests of the backup: what was packed comes back, and a damaged archive changes nothing."""

import zipfile
from datetime import UTC, datetime

import pytest

from finrec_core.store import RunRow, Store, StoreError, backup
from tests.store.conftest import make_bank


@pytest.fixture
def packed(tmp_path):
    """Return an archive of a store with a dataset, a run with its folder and a decision, and its hashes."""
    with Store(tmp_path / "old" / "finrec.duckdb") as store:
        version = store.add_dataset(make_bank())
        folder = store.runs_folder / "run-1"
        (folder / "dataset").mkdir(parents=True)
        (folder / "run.json").write_text("{}")
        (folder / "dataset" / "clients.parquet").write_bytes(b"rows")
        store.add_run(
            RunRow(
                "run-1", version.name, 1, version.content_hash, datetime(2026, 3, 1, tzinfo=UTC), 1.0, "x", 0
            )
        )
        store.add_decision(kind="accept", client="c1", product="p1", run="run-1", content={"decision": {}})
        heads = store.heads()
        assert backup.write(store, tmp_path / "kept.zip") == 1
        store.add_dataset(make_bank("later"))  # the store goes on after a backup
    return tmp_path / "kept.zip", version.content_hash, heads


def test_what_was_packed_comes_back(packed, tmp_path):
    archive, content_hash, heads = packed
    place = tmp_path / "new" / "finrec.duckdb"
    found = backup.restore(archive, place, tmp_path / "new" / "runs")
    assert (found.runs, found.aside) == (1, None)
    with Store(place) as store:
        assert [one.label for one in store.datasets()] == ["demo@1"]
        assert store.dataset("demo").content_hash == content_hash
        assert store.heads() == heads
        assert not store.verify()
        assert store.active_run().run == "run-1"
        folder = store.run_folder("run-1")
    assert (folder / "dataset" / "clients.parquet").read_bytes() == b"rows"
    assert not list(place.parent.glob(".restore-*"))


def test_a_store_that_is_there_is_kept(packed, tmp_path):
    archive, *_ = packed
    place, runs = tmp_path / "old" / "finrec.duckdb", tmp_path / "old" / "runs"
    (runs / "run-1" / "run.json").write_text('{"mine": 1}')
    with pytest.raises(StoreError, match="is a store already"):
        backup.restore(archive, place, runs)
    found = backup.restore(archive, place, runs, replace=True)
    assert found.runs == 0
    assert (runs / "run-1" / "run.json").read_text() == '{"mine": 1}'
    with Store(found.aside) as before, Store(place) as now:
        assert {one.name for one in before.datasets()} == {"demo", "later"}
        assert {one.name for one in now.datasets()} == {"demo"}


def test_an_open_store_is_not_replaced(packed, tmp_path):
    archive, *_ = packed
    place = tmp_path / "old" / "finrec.duckdb"
    with Store(place), pytest.raises(StoreError, match="already open"):
        backup.restore(archive, place, tmp_path / "old" / "runs", replace=True)


def _cut(archive):
    archive.write_bytes(archive.read_bytes()[:-200])


def _flipped(archive):
    content = bytearray(archive.read_bytes())
    content[400] ^= 0xFF
    archive.write_bytes(content)


def _climbing(archive):
    with zipfile.ZipFile(archive, "a") as out:
        out.writestr("runs/../../../climbed.txt", "x")


def _other(archive):
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("letter.txt", "x")


@pytest.mark.parametrize("damage", [_cut, _flipped, _climbing, _other])
def test_a_damaged_backup_is_a_sentence_and_changes_nothing(packed, tmp_path, damage):
    archive, *_ = packed
    damage(archive)
    place = tmp_path / "old" / "finrec.duckdb"
    before = place.read_bytes()
    with pytest.raises(StoreError, match=r"kept\.zip"):
        backup.restore(archive, place, tmp_path / "old" / "runs", replace=True)
    assert place.read_bytes() == before
    assert not list(tmp_path.rglob("climbed.txt"))
    assert not list(place.parent.glob("*.before-*"))


def test_whatever_byte_of_the_packed_store_is_wrong_it_is_a_sentence(packed, tmp_path):
    archive, *_ = packed
    whole = archive.read_bytes()
    for at in range(200, 3000, 40):  # deflate fails in other ways than a wrong checksum at some of them
        archive.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        with pytest.raises(StoreError, match=r"kept\.zip"):
            backup.restore(archive, tmp_path / "new" / "finrec.duckdb", tmp_path / "new" / "runs")
    assert not (tmp_path / "new" / "finrec.duckdb").exists()

"""Tests of the backup: what was packed comes back, and a damaged archive changes nothing."""

import zipfile
import zlib
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from finrec_core.store import RunRow, Store, StoreError, backup
from finrec_core.terms import lock
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


def test_no_folder_is_swapped_while_it_is_packed(packed, tmp_path, monkeypatch):
    seen = []

    def swapping(*_):
        with lock.take(tmp_path / "old" / "runs" / lock.SWAPS) as held:
            seen.append(held)

    with Store(tmp_path / "old" / "finrec.duckdb") as store:
        backup.write(store, tmp_path / "again.zip", swapping)
        assert seen
        assert not any(seen)
        monkeypatch.setattr(backup, "PATIENCE", 0.0)
        with lock.take(store.runs_folder / lock.SWAPS) as mine:
            assert mine is not None
            with pytest.raises(StoreError, match="is being erased"):
                backup.write(store, tmp_path / "none.zip")
    assert not list(tmp_path.glob("*none*"))


def test_a_store_that_is_there_is_kept(packed, tmp_path):
    archive, *_ = packed
    place, runs = tmp_path / "old" / "finrec.duckdb", tmp_path / "old" / "runs"
    (runs / "run-1" / "run.json").write_text('{"mine": 1}')
    with pytest.raises(StoreError, match="is a store already"):
        backup.restore(archive, place, runs)
    found = backup.restore(archive, place, runs, replace=True)
    assert found.runs == 0
    (aside,) = runs.parent.glob("runs.before-*")  # the store that is back knows another
    assert (aside / "run-1" / "run.json").read_text() == '{"mine": 1}'
    with Store(found.aside) as before, Store(place) as now:
        assert {one.name for one in before.datasets()} == {"demo", "later"}
        assert {one.name for one in now.datasets()} == {"demo"}
        assert now.run_folder("run-1").name == "run-1"


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


def _rows(text):
    out = pa.BufferOutputStream()
    pq.write_table(pa.table({"client_id": [text]}), out)
    return out.getvalue().to_pybytes()


@pytest.fixture
def erased_since(tmp_path):
    """Return a store and its backup, after which it erased two: one of the store, one of a run alone."""
    file = tmp_path / "desk" / "finrec.duckdb"
    with Store(file) as store:
        store.add_dataset(make_bank())
        shown = {"decision": {"note": "in debt"}, "snapshot": {"rank": 1}}
        for client in ("c0", "c1"):
            store.add_decision(kind="accept", client=client, product="p1", run="r", content=shown)
        folder = store.runs_folder / "run-1"
        (folder / "dataset").mkdir(parents=True)
        (folder / "run.json").write_text("{}")
        (folder / "dataset" / "clients.parquet").write_bytes(_rows("gone"))
        when = datetime(2026, 3, 1, tzinfo=UTC)
        store.add_run(RunRow("run-1", "demo", 1, "ab", when, 1.0, "x", 0))
        backup.write(store, tmp_path / "older.zip")
        store.erase_client("c1", reason="asked")
        store.erase_client("gone", reason="asked", elsewhere=True)
    return file, tmp_path / "older.zip"


def held(file):
    with Store(file) as store:
        assert store.verify() == ()
        readable = [row.client for row in store.decisions() if not row.lost]
        return sorted(store.dataset().client_rows), readable, sorted(one.client for one in store.erasures())


def test_who_was_erased_since_a_backup_is_erased_when_it_comes_back(erased_since):
    file, archive = erased_since
    assert held(file) == (["c0", "c2"], ["c0"], ["c1", "gone"])
    assert backup.restore(archive, file, file.parent / "runs", replace=True).erased == 2
    assert held(file) == (["c0", "c2"], ["c0"], ["c1", "gone"])
    with Store(file) as store:
        again = next(one for one in store.erasures() if one.client == "gone")
    assert "a backup brought it back" in again.reason
    assert again.finished is None  # the folder of the run still holds it, and is next
    assert backup.restore(archive, file, file.parent / "runs", replace=True).erased == 2
    assert held(file) == (["c0", "c2"], ["c0"], ["c1", "gone"])


def test_a_newer_backup_tells_of_the_erasures_where_the_ledger_was_never_seen(erased_since, tmp_path):
    file, older = erased_since
    with Store(file) as store:
        backup.write(store, tmp_path / "newer.zip", secrets=tmp_path / "safe.zip")
    place = tmp_path / "elsewhere" / "finrec.duckdb"
    assert backup.restore(tmp_path / "newer.zip", place, place.parent / "runs").erased == 0
    assert backup.restore(older, place, place.parent / "runs", replace=True).erased == 2
    # The older keys came along: those of the erased client are destroyed again.
    assert held(place) == (["c0", "c2"], ["c0"], ["c1", "gone"])


def test_the_keys_are_kept_apart_and_without_them_nothing_shown_is_read(erased_since, tmp_path):
    file, _ = erased_since
    with Store(file) as store:
        backup.write(store, tmp_path / "b.zip", secrets=tmp_path / "k.zip")
        with pytest.raises(StoreError, match="the keys belong apart"):
            backup.write(store, tmp_path / "b.zip", secrets=tmp_path / "b.zip")
    key = next((file.parent / "keys" / "clients").iterdir()).read_bytes()
    with zipfile.ZipFile(tmp_path / "b.zip") as packed:
        assert not any(key in packed.read(name) for name in packed.namelist())
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "b.zip", tmp_path / "k.zip")} == {0o600}
    place = tmp_path / "bare" / "finrec.duckdb"
    backup.restore(tmp_path / "b.zip", place, place.parent / "runs")
    assert held(place)[1] == []
    secrets = tmp_path / "k.zip"
    found = backup.restore(tmp_path / "b.zip", place, place.parent / "runs", replace=True, secrets=secrets)
    assert found.keys == 1
    assert held(place)[1] == ["c0"]


def _newer(archive):
    with zipfile.ZipFile(archive, "a") as out:
        out.writestr("something-new.json", "{}")


def _newer_ledger(archive):
    with zipfile.ZipFile(archive) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(archive, "w") as out:
        for name, content in (members | {"erased.json": b'{"format": 99, "erased": []}'}).items():
            out.writestr(name, content)


def _no_store(archive):
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("finrec.duckdb", b"no database")


def _doubled(archive):
    with zipfile.ZipFile(archive, "a") as out, pytest.warns(UserWarning, match="Duplicate"):
        out.writestr("finrec.duckdb", b"another")


def _bad_keys(archive):
    backup.keys_of(archive).write_bytes(b"rubbish")


def _foreign_keys(archive):
    with zipfile.ZipFile(backup.keys_of(archive), "w") as out:
        out.writestr("../climbed.txt", "x")


@pytest.mark.parametrize("damage", [_newer, _newer_ledger, _no_store, _doubled, _bad_keys, _foreign_keys])
def test_a_backup_of_another_kind_is_a_sentence_and_nothing_is_half_restored(packed, tmp_path, damage):
    archive, *_ = packed
    damage(archive)
    place = tmp_path / "new" / "finrec.duckdb"
    with pytest.raises(StoreError) as caught:
        backup.restore(archive, place, tmp_path / "new" / "runs")
    assert "\n" not in str(caught.value)
    left = [path.name for path in place.parent.rglob("*") if path.is_file()]
    assert left == ["finrec.duckdb.owner"]


def test_a_disk_that_fills_half_way_takes_back_what_was_restored(packed, tmp_path, monkeypatch):
    archive, *_ = packed

    def full(_file):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_make_room", full)
    place = tmp_path / "new" / "finrec.duckdb"
    with pytest.raises(StoreError, match="No space left"):
        backup.restore(archive, place, tmp_path / "new" / "runs")
    left = [path.name for path in place.parent.rglob("*") if path.is_file()]
    assert left == ["finrec.duckdb.owner"]


def unpacked(archive):
    """Return the store that an archive holds, None where it cannot be unpacked."""
    try:
        with zipfile.ZipFile(archive) as held:
            return held.read("finrec.duckdb")
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError):
        return None


def test_whatever_byte_of_the_packed_store_is_wrong_it_is_a_sentence(packed, tmp_path):
    archive, *_ = packed
    whole = archive.read_bytes()
    store = unpacked(archive)
    assert store is not None
    wrong = 0
    for at in range(200, 3000, 40):  # deflate fails in other ways than a wrong checksum at some of them
        archive.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        if unpacked(archive) == store:  # it tells from where the same zeros are copied, say
            continue
        wrong += 1
        with pytest.raises(StoreError, match=r"kept\.zip"):
            backup.restore(archive, tmp_path / "new" / "finrec.duckdb", tmp_path / "new" / "runs")
    assert wrong > 60
    assert not (tmp_path / "new" / "finrec.duckdb").exists()

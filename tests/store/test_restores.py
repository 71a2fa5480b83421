"""Restores: an older store that came back says so and fits its anchors; a cut passes for none."""

import shutil

import pytest

from finrec_core.store import Store, StoreError, anchor, backup, chain, keys, restores
from finrec_core.store.signature import SigningKey
from tests.store.forgery import change, filled, rewrite, write


@pytest.fixture
def desk(tmp_path):
    """Return the file of a store, closed: backed up, written to, anchored and written to once more."""
    file = tmp_path / "desk" / "s.duckdb"
    with filled(file) as store:
        store.anchor()
        backup.write(store, tmp_path / "older.zip")
        write(store, 10)
        store.add_rules({"later": 1}, user="cora")
        store.anchor()
        write(store, 11)  # not anchored: the store that makes room knows it
    return file


def restore(file, name, **named):
    return backup.restore(file.parent.parent / name, file, file.parent / "runs", replace=True, **named)


def checked(file, anchors=None):
    with Store(file) as store:
        return store.verification(anchors)


def test_an_older_backup_fits_its_anchors_and_says_what_was_lost(desk, tmp_path):
    kept_elsewhere = shutil.copy(desk.parent / "anchors.jsonl", tmp_path / "kept.jsonl")
    found = restore(desk, "older.zip", user="ana")
    told = "by ana: rows of links"
    assert told in found.lost
    assert "were lost (2 of decisions, 1 of rules)" in found.lost
    for anchors in (None, kept_elsewhere):
        seen = checked(desk, anchors)
        assert seen.faults == ()
        assert any(told in remark and "older.zip" in remark for remark in seen.remarks)
    with Store(desk) as store:
        for number in range(3):  # past the place of the last anchor, and anchored all the way
            write(store, number)
            store.anchor()
            assert store.verification(kept_elsewhere).faults == ()
        change(store, "UPDATE decisions SET client = 'x' WHERE sequence = 5")
        rewrite(store)
        assert any("decisions: row 5 was altered" in fault for fault in store.verify())


def test_what_the_backup_holds_is_still_compared_with_the_anchors_of_before(desk):
    restore(desk, "older.zip")
    with Store(desk) as store:
        change(store, "UPDATE rules SET user_name = 'nobody' WHERE version = 1")
        rewrite(store)
        assert any("rules: row 1 was altered" in fault for fault in store.verify())


def test_a_newer_backup_can_follow_an_older_one(desk, tmp_path):
    with Store(desk) as store:
        backup.write(store, tmp_path / "newer.zip")
    for name in ("older.zip", "newer.zip", "older.zip"):
        restore(desk, name)
        with Store(desk) as store:
            assert store.verify() == ()
            write(store)
            store.anchor()
            assert store.verify() == (), name
            assert len(store.verification().remarks) == 1


def test_on_another_machine_there_are_no_anchors_to_miss(desk, tmp_path):
    place = tmp_path / "elsewhere" / "s.duckdb"
    found = backup.restore(tmp_path / "older.zip", place, place.parent / "runs")
    assert "no row is known to be lost" in found.lost
    assert checked(place).faults == ()
    with Store(place) as store:
        store.anchor()
        store.anchors_file.unlink()
        assert any("not in this file any more" in fault for fault in store.verify())


def forge(store, key=None):
    """Cut the last decision and put in a restore that would explain it, signed by nobody or by a key."""
    change(store, "DELETE FROM decisions WHERE sequence > 4", "DELETE FROM rules WHERE version > 2")
    rewrite(store)
    with store._connection.writing() as cursor:
        cursor.execute("DELETE FROM chain WHERE sequence > (SELECT max(sequence) - 3 FROM chain)")
        cursor.execute("DELETE FROM chain WHERE about = 'restores'")
        restores.note(
            cursor,
            store.file.with_name("never-made.zip"),
            "nobody",
            key=key or SigningKey(keys.folder(store.file.with_name("other") / "s.duckdb")),
            before=store.file.with_name("none"),
            file=anchor.read(store.anchors_file),
        )


def test_a_cut_does_not_pass_for_a_restore_without_the_signing_key(desk):
    with Store(desk) as store:
        forge(store)
        faults = store.verify()
        assert "restores: row 1 is not signed by the key of this desk." in faults
        assert any("decisions: row 5 was cut" in fault for fault in faults)


def test_with_the_key_it_is_named_by_who_and_when(desk):
    with Store(desk) as store:
        forge(store, SigningKey(keys.folder(store.file)))
        (said,) = [one for one in store.verification().remarks if "never-made.zip" in one]
    assert "by nobody" in said
    assert "were lost" in said


def test_a_row_of_a_restore_that_was_altered_is_told_and_excuses_nothing(desk):
    restore(desk, "older.zip")
    with Store(desk) as store:
        change(store, "UPDATE restores SET user_name = 'x'")
        rewrite(store)
        faults = store.verify()
        assert any("restores: row 1 is not signed" in fault for fault in faults)
        assert any("were anchored" in fault or "written anew" in fault for fault in faults)


def test_a_run_that_is_newer_than_the_store_lies_aside_and_the_backups_serves(desk):
    (desk.parent / "runs" / "b" / "run.json").write_text('{"erased": ["later"]}')
    found = restore(desk, "older.zip")
    assert found.replaced == ("b",)
    with Store(desk) as store:
        assert store.run_folder("b").name == "b"
    (aside,) = desk.parent.glob("runs.before-*")
    assert "later" in (aside / "b" / "run.json").read_text()


def test_a_disk_that_fills_puts_the_folders_back(desk, monkeypatch):
    header = desk.parent / "runs" / "b" / "run.json"
    header.write_text('{"erased": ["later"]}')

    def full(_file):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_make_room", full)
    with pytest.raises(StoreError, match="No space left"):
        restore(desk, "older.zip")
    assert "later" in header.read_text()


def test_chains_of_before_restores_were_kept_begin_without_them(tmp_path):
    with filled(tmp_path / "s.duckdb") as store, store._connection.reading() as cursor:
        assert restores.TABLE in chain.RECORD
        assert [*chain.digests(cursor, restores.TABLE)] == []

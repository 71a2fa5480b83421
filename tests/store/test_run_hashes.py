"""The hashes of runs: what serves, what does not any more, and what an erasure and an older store leave."""

import json
import shutil
from hashlib import sha256

import pytest

from finrec_core.store import Store, StoreError, run_hashes
from finrec_core.terms import manifest
from tests.store.conftest import make_bank, make_run


def edit(folder, text='{"edited": true}'):
    (folder / "run.json").write_text(text)


@pytest.fixture
def used(store, run_folder):
    """A store in which a, b and c were in use, in this order."""
    for name in "abc":
        run_folder(name)
        store.add_run(make_run(name))
        store.publish(name)
    return store


def test_a_run_that_was_edited_is_not_lent_and_not_published(used):
    edit(used.runs_folder / "c")
    for lend in (lambda: used.run_folder("c"), lambda: used.publish("c")):
        with pytest.raises(
            StoreError, match=r"Run c is not what was trained: its run\.json was changed since"
        ):
            lend()
    assert any("Run c is not what was trained" in fault for fault in used.verify())


def test_steps_back_pass_over_runs_that_are_not_whole(used):
    edit(used.runs_folder / "b")
    shutil.rmtree(used.runs_folder / "c")
    assert [row.run for row in used.runs_before()] == ["a"]
    assert used.roll_back().run == "a"


def erasing(store):
    store.add_dataset(make_bank())
    return store.erase_client("c2", reason="asked for").id


def test_an_erasure_notes_the_new_hash_and_the_old_folder_serves_no_more(used, tmp_path):
    key = erasing(used)
    before = shutil.copytree(used.runs_folder / "c", tmp_path / "before")
    exchange(used, key)
    used.finish_erasure(key, ["c", "a list that no run is"], whole=True)
    assert used.run_folder("c").name == "c"
    assert used.verify() == ()
    shutil.rmtree(used.runs_folder / "c")
    shutil.copytree(before, used.runs_folder / "c")  # the one that holds the client still
    with pytest.raises(StoreError, match="not what was trained"):
        used.run_folder("c")


def exchange(store, key, text='{"edited": true}', *, before=None, put=None):
    """Let a draft with this `run.json` take the place of the folder of c, as an erasure does."""
    folder = store.runs_folder / "c"
    store.exchange_run(
        "c",
        put or (lambda: edit(folder, text)),
        erasures=[key],
        before=before or manifest.digest(folder / "run.json"),
        after=sha256(text.encode()).hexdigest(),
    )


class Killed(BaseException):
    pass


def kill():
    raise Killed


def test_until_an_erasure_is_finished_the_folder_may_be_either(used):
    """Guards a sudden end between the note and the draft's taking the folder's place."""
    key = erasing(used)
    old = (used.runs_folder / "c" / "run.json").read_text()
    for again in range(3):  # each draft may be another one: its files are made anew
        with pytest.raises(Killed):
            exchange(used, key, f'{{"edited": {again}}}', put=kill)
        assert used.run_folder("c").name == "c"
    exchange(used, key)
    assert used.run_folder("c").name == "c"
    edit(used.runs_folder / "c", "forged")
    with pytest.raises(StoreError, match="not what was trained"):
        used.run_folder("c")
    edit(used.runs_folder / "c")
    used.finish_erasure(key, ["c"], whole=False)
    assert used.run_folder("c").name == "c"
    edit(used.runs_folder / "c", old)
    with pytest.raises(StoreError, match="not what was trained"):
        used.run_folder("c")


def test_a_draft_of_a_folder_that_was_changed_takes_its_place_and_serves_no_more_than_that(used):
    """Guards an erasure that would make a forged folder good."""
    key = erasing(used)
    edit(used.runs_folder / "c", "forged")
    exchange(used, key)
    used.finish_erasure(key, ["c"], whole=True)
    with pytest.raises(StoreError, match="not what was trained"):
        used.run_folder("c")


def test_a_run_whose_exchange_nobody_told_of_is_noted_when_all_are_done(used):
    """Guards a sudden end after a folder was put in place and before that was noted; no `run.json` counts
    for saying that it is an erasure's."""
    key = erasing(used)
    moment = used.erasures()[0].created.isoformat(timespec="seconds")
    exchange(used, key)
    edit(used.runs_folder / "b", json.dumps({"erased": [moment]}))
    used.finish_erasure(key, [], whole=True)
    assert used.run_folder("c").name == "c"
    assert used.erasures()[0].runs == ("c",)
    with pytest.raises(StoreError, match="not what was trained"):
        used.run_folder("b")


def test_a_run_is_lent_by_a_state_of_the_store_that_is_older_than_its_folder(used, monkeypatch):
    """Guards the moment between reading what the store keeps and reading the folder."""
    key = erasing(used)
    accepted, calls = run_hashes.accepted, []

    def meanwhile(cursor, run):
        found = accepted(cursor, run)
        calls.append(run)
        if len(calls) == 1:
            exchange(used, key)
        return found

    monkeypatch.setattr(run_hashes, "accepted", meanwhile)
    assert used.run_folder("c").name == "c"
    assert len(calls) > 1


def older(store):
    """Leave a store as a finrec without hashes of runs would have."""
    with store._connection.writing() as cursor:
        cursor.execute("DELETE FROM run_hashes")


def test_runs_of_before_get_their_hashes_at_the_next_opening_and_say_so(tmp_path):
    folder = tmp_path / "runs" / "a"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text('{"seed": 7}')
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "log.txt").write_text("what happened")
    with Store(tmp_path / "s.duckdb") as store:
        store.add_run(make_run("a"))
        older(store)
    with Store(tmp_path / "s.duckdb") as store:
        header = json.loads((folder / "run.json").read_text())
        assert header["seed"] == 7
        assert list(header["files"]) == ["model.safetensors"]
        assert header["files_listed"]
        with store._connection.reading() as cursor:
            reasons = cursor.execute("SELECT reason FROM run_hashes").fetchall()
        assert reasons == [(run_hashes.ADOPTED,)]
        assert store.run_folder("a") == folder
        (folder / "model.safetensors").write_bytes(b"Weights")
        assert any("model.safetensors of run a is not what was trained" in one for one in store.verify())


def test_a_run_of_before_that_cannot_be_written_waits_for_its_hash(tmp_path, monkeypatch):
    folder = tmp_path / "runs" / "a"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{}")
    with Store(tmp_path / "s.duckdb") as store:
        store.add_run(make_run("a"))
        older(store)

    def refuse(_):
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(run_hashes, "_list_files", refuse)
        with (
            Store(tmp_path / "s.duckdb") as store,
            pytest.raises(StoreError, match="make its folder writable"),
        ):
            store.run_folder("a")
    with Store(tmp_path / "s.duckdb") as store:
        assert store.run_folder("a") == folder

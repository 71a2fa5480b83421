"""Erasing to the end: the store, then every folder, whatever runs or dies meanwhile."""

import json
from dataclasses import replace

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from finrec_core import erasure as folders
from finrec_core import jobs, run_folder
from finrec_core.dataset import Dataset
from finrec_core.jobs import process, queue, slot
from finrec_core.store import Store, StoreError, erasures, run_hashes
from finrec_core.terms import manifest
from tests import desk

pytestmark = pytest.mark.usefixtures("at_once")


def whole(store, client, **said):
    """Erase a client to the end and return the record."""
    begun = jobs.erase(store, client, reason="asked", **said)
    jobs.finish_erasures(store)
    return next(one for one in store.erasures() if one.id == begun.id)


@pytest.fixture
def data(tmp_path, recommender):
    """A data folder with a model in use, and a draft that a cancelled training left."""
    desk.placed(tmp_path, recommender)
    (tmp_path / "runs" / desk.RUN / "result.json").write_text("{}")
    left = tmp_path / "runs" / "20260302-000000-000"
    recommender.dataset.save(left / "dataset")
    (left / "job.json").write_text("{}")
    (left / "cancelled").write_text("")
    return tmp_path


@pytest.fixture
def client(recommender):
    return recommender.dataset.interactions["client_id"][0].as_py()


def held_by(data, client):
    return [folder.name for folder in jobs.runs_with(data / "runs", client)]


def test_store_and_all_folders_are_without_the_client(data, client):
    with Store(data / "finrec.duckdb") as store:
        assert held_by(data, client) == [desk.RUN, "20260302-000000-000"]
        assert jobs.erase(store, client, reason="asked", user="ana").finished is None
        (job,) = jobs.jobs(store.runs_folder, "erase")
        stages = [json.loads(line)["stage"] for line in (job.folder / "progress.jsonl").open()]
        assert len([stage for stage in stages if "Erasing from run" in stage]) == 2
        assert stages[-1] == "Erased"
        assert [one.client for one in jobs.settle_erasures(store)] == [client]
        (erasure,) = store.erasures()
        assert erasure.finished is not None
        assert sorted(erasure.runs) == [desk.RUN, "20260302-000000-000"]
        assert not job.folder.exists()  # its order named the client
        assert store.active_run().run == desk.RUN
        assert not store.active_run().missing
        assert jobs.finish_erasures(store) == []
    assert held_by(data, client) == []


def test_while_a_job_runs_its_folder_waits_and_the_model_does_not(data, client):
    with Store(data / "finrec.duckdb") as store:
        with slot.take(store.runs_folder) as held:
            assert held is not None
            erasure = whole(store, client)
            assert erasure.finished is None
            assert erasure.runs == (desk.RUN,)
            assert held_by(data, client) == ["20260302-000000-000"]
        assert [one.id for one in jobs.finish_erasures(store)] == [erasure.id]
        assert store.erasures()[0].finished is not None
    assert held_by(data, client) == []


class Killed(BaseException):
    """A sudden end."""


def kill(*_, **__):
    raise Killed


def serves(store):
    """Return whether the model in use is what was trained, and can be loaded."""
    folder = store.run_folder(desk.RUN)
    return run_folder.load(folder).run == desk.RUN and not store.verify()


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        *((folders, name) for name in ("prepare", "erase")),  # in the child
        (run_hashes, "note"),  # before the draft is announced
        (folders, "put"),  # announced, and not yet in place
        (erasures, "finish"),  # in place, and not noted
    ],
)
def test_a_sudden_end_after_the_store_is_made_up_for_and_the_model_serves_on(
    data, client, owner, name, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, kill)
        with Store(data / "finrec.duckdb") as store, pytest.raises(Killed):
            whole(store, client)
    with Store(data / "finrec.duckdb") as store:
        assert store.traces(client) == []
        assert store.erasures()[0].finished is None
        assert serves(store)
        monkeypatch.setattr("finrec_core.jobs.erasure._attempts", {})  # as in a new process
        jobs.finish_erasures(store)
        assert store.erasures()[0].finished is not None
        assert desk.RUN in store.erasures()[0].runs
        assert serves(store)
    assert held_by(data, client) == []
    assert not [path for path in (data / "runs").rglob("*") if "forgetting" in path.name]


def test_at_no_step_of_an_erasure_the_model_stops_to_serve(data, client, monkeypatch):
    steps = []

    def watched(owner, name):
        act = getattr(owner, name)

        def seen(*arguments, **named):
            steps.append((name, serves(store)))
            made = act(*arguments, **named)
            steps.append((name, serves(store)))
            return made

        monkeypatch.setattr(owner, name, seen)

    with Store(data / "finrec.duckdb") as store:
        watched(folders, "prepare")
        watched(folders, "put")
        watched(store, "finish_erasure")
        whole(store, client)
    assert {name for name, _ in steps} == {"prepare", "put", "finish_erasure"}
    assert all(served for _, served in steps), steps


def forged_folder(data):
    """Write into the folder of the model itself, its list and the erasure's mark with it."""
    run = data / "runs" / desk.RUN
    weights = run / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    header = run_folder.header(run)
    values = header | {"files": manifest.manifest(run), "erased": ["2026-03-01T00:00:00+00:00"]}
    (run / "run.json").write_text(json.dumps(values))


def forged_draft(data):
    """Write another model into the draft, with a result that fits it."""
    (job,) = jobs.jobs(data / "runs", "erase")
    draft = job.folder / "drafts" / desk.RUN
    header = run_folder.header(draft)
    (draft / "run.json").write_text(json.dumps(header | {"seed": 99}))
    result = json.loads((job.folder / "result.json").read_text())
    result["drafts"][desk.RUN]["after"] = manifest.digest(draft / "run.json")
    (job.folder / "result.json").write_text(json.dumps(result))


def test_a_folder_forged_during_an_erasure_is_refused_then_and_afterwards(data, client):
    with Store(data / "finrec.duckdb") as store:
        jobs.erase(store, client, reason="asked")
        forged_folder(data)
        with pytest.raises(StoreError, match="not what was trained"):
            store.run_folder(desk.RUN)
        jobs.finish_erasures(store)
        assert serves(store)  # the draft was made before
    assert held_by(data, client) == []


def test_a_folder_forged_before_an_erasure_is_not_made_good_by_it(data, client):
    forged_folder(data)
    with Store(data / "finrec.duckdb") as store:
        assert whole(store, client).finished is not None
        with pytest.raises(StoreError, match="not what was trained"):
            store.run_folder(desk.RUN)
    assert held_by(data, client) == []


def test_a_forged_draft_goes_and_is_made_anew(data, client):
    with Store(data / "finrec.duckdb") as store:
        jobs.erase(store, client, reason="asked")
        forged_draft(data)
        jobs.finish_erasures(store)
        jobs.finish_erasures(store)
        assert store.erasures()[0].finished is not None
        assert serves(store)
        assert run_folder.header(store.run_folder(desk.RUN))["seed"] != 99


def test_a_real_child_is_told_the_secret_by_a_pipe(data, client, monkeypatch):
    monkeypatch.setattr(queue, "spawn", process.spawn)
    with Store(data / "finrec.duckdb") as store:
        whole(store, client)
        assert store.erasures()[0].finished is not None
        assert serves(store)


def test_a_full_disk_leaves_it_open_and_the_next_call_ends_it(data, client, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with Store(data / "finrec.duckdb") as store:
        with monkeypatch.context() as patch:
            patch.setattr(folders, "erase", full)
            patch.setattr(folders, "prepare", full)
            assert whole(store, client).finished is None
        assert Dataset.load(data / "runs" / desk.RUN / "dataset").client_rows[client] >= 0
        jobs.finish_erasures(store)  # at once again there is no use in it
        assert store.erasures()[0].finished is None
        monkeypatch.setattr("finrec_core.jobs.erasure.AGAIN", 0.0)
        jobs.finish_erasures(store)
        assert store.erasures()[0].finished is not None


def test_a_client_that_only_a_run_still_holds_can_be_erased(data, client):
    with Store(data / "finrec.duckdb") as store:
        store.remove_dataset(store.version().name)
        erasure = whole(store, client)
        assert erasure.traces == ()
        assert desk.RUN in erasure.runs
        with pytest.raises(StoreError, match="nobody"):
            jobs.erase(store, "nobody", reason="asked")


def test_two_clients_of_one_run_can_be_erased_one_after_the_other(data, recommender):
    first, second = recommender.dataset.clients["client_id"].to_pylist()[:2]
    with Store(data / "finrec.duckdb") as store:
        for one in (first, second):
            assert whole(store, one).finished is not None
        assert [replace(one, runs=()).client for one in store.erasures()] == [second, first]
    assert held_by(data, first) == held_by(data, second) == []


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_file_of_lists_says_how_many_rows_are_left(data, client, ending):
    folder = data / "runs" / "20260303-000000-000"
    folder.mkdir()
    rows = pa.table({"client_id": [client, client, "other"], "product_id": ["a", "b", "c"]})
    write = pacsv.write_csv if ending == "csv" else pq.write_table
    write(rows, folder / f"lists.{ending}")
    (folder / "job.json").write_text('{"kind": "batch"}')
    (folder / "result.json").write_text(f'{{"file": "lists.{ending}", "rows": 3, "clients": 2}}')
    with Store(data / "finrec.duckdb") as store:
        whole(store, client)
    _, about = jobs.Job(folder).listing()
    assert (about["rows"], about["clients"]) == (1, 1)

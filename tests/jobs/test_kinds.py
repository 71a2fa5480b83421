"""Comparisons and lists in real child processes, on a small bank with a trained model."""

import json
import os
import signal

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from finrec_core import jobs
from finrec_core.advice import Rules
from finrec_core.demo.bank import demo_bank
from finrec_core.jobs import Comparing, Listing, Training
from finrec_core.jobs.process import Process
from finrec_core.store import Store
from tests import desk
from tests.cli.conftest import done
from tests.jobs.conftest import ended


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return desk.trained(tmp_path_factory.mktemp("bank"), demo_bank(60, 20, 1).dataset)


@pytest.fixture
def store(data):
    with Store(data / "finrec.duckdb") as store:
        yield store


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_lists_from_the_desk_are_those_of_the_command_line(store, data, tmp_path, until, form):
    rules = Rules.proposed(store.dataset())
    strict = Rules(dict.fromkeys(rules.sets, "insurance")).to_json()
    store.add_rules(strict, reason="a test")
    asked = Listing(model=desk.RUN, k=3, reasons=True, suitable=True, format=form, rules=strict)
    job = jobs.enqueue(store, asked, user="ana")
    state = until(lambda: ended(job), 120)
    assert (state.status, state.kind) == ("finished", "batch"), state
    file, about = job.listing()
    assert file.name == f"lists.{form}"
    assert about["bytes"] == file.stat().st_size
    store.close()
    other = tmp_path / f"lists.{form}"
    command = ("recommend", "--all-clients", "-k", 3, "--reasons", "--suitable", "--store", store.file)
    answer = done(*command, "--output", other)
    for counted in ("rows", "clients", "without"):
        assert answer[counted] == about[counted], counted
    if form == "csv":
        assert file.read_bytes() == other.read_bytes()
        rows = pa_csv.read_csv(file).to_pylist()
    else:
        assert pq.read_table(file).equals(pq.read_table(other))
        rows = pq.read_table(file).to_pylist()
    assert len(rows) == about["rows"]
    assert all(row["reason"].endswith(".") for row in rows)
    assert "does not fit" not in {row["verdict"] for row in rows}
    assert jobs.jobs(store.runs_folder, "train")
    job.remove()
    assert not file.exists()


def test_lists_with_a_model_that_is_gone_fail_with_a_sentence(store, until, monkeypatch):
    job = jobs.enqueue(store, Listing(model=desk.RUN))
    job.cancel()
    until(lambda: ended(job))
    broken = jobs.Job(store.runs_folder / "20300101-000000-000")
    broken.folder.mkdir()
    order = json.loads((job.folder / "job.json").read_text()) | {"model": "nowhere"}
    (broken.folder / "job.json").write_text(json.dumps(order))
    (broken.folder / "queued").touch()
    jobs.advance(store.runs_folder, 10.0)  # unless it was started already
    state = until(lambda: ended(broken), 60)
    assert state.status == "failed"
    assert "run.json" in state.message
    assert state.advice == "Choose another model, or train again."
    broken.remove()


def test_a_killed_comparison_goes_on_where_it_was(store, until):
    asked = Comparing(encoder="tf-idf", arms=("popularity", "ease", "lightgcn"))
    first = jobs.enqueue(store, asked, user="ana")
    ledger = store.file.parent  # the child's own folder is that of the settings
    until(lambda: "ease" in first.state().stage or "lightgcn" in first.state().stage or ended(first), 120)
    if (process := Process.load(first.folder)).alive:
        os.killpg(process.pid, signal.SIGKILL)
    assert until(lambda: ended(first)).status in ("failed", "finished")
    again = jobs.enqueue(store, asked)
    assert until(lambda: ended(again), 120).status == "finished", again.state()
    assert not (again.folder / "dataset").exists()
    jobs.collect(store)
    kept = store.latest_comparison("Demo bank", 1)
    assert set(kept.document["protocols"]["per-client"]["arms"]) >= {"popularity", "ease", "lightgcn"}
    assert ledger.is_dir()
    lines = [json.loads(line) for line in (again.folder / "progress.jsonl").read_text().splitlines()]
    assert lines[-1]["share"] == 1.0


def test_an_arm_that_does_not_exist_is_one_sentence(store, until):
    job = jobs.enqueue(store, Comparing(encoder="tf-idf", arms=("magic",)))
    state = until(lambda: ended(job), 60)
    assert state.message.startswith('There is no arm "magic"')


def test_what_a_model_may_not_use_reaches_it(store, until):
    asked = Training(seed=1, encoder="tf-idf", compare=False, switches={"network": False, "ties": False})
    job = jobs.enqueue(store, asked)
    assert until(lambda: ended(job), 120).status == "finished", job.state()
    row = next(row for row in jobs.collect(store) if row.run == job.run)
    assert row.constants["switches"]["ties"] is row.constants["switches"]["network"] is False
    assert row.constants["switches"]["text"] is True
    assert job.curve() is None  # no network learned

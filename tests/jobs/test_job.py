"""Trainings in real child processes: finished, failed, killed, cancelled, orphaned."""

import os
import signal
import subprocess
import sys
import textwrap
from hashlib import sha256
from pathlib import Path

import psutil
import pytest

from finrec_core import jobs
from finrec_core.dataset import Dataset
from finrec_core.jobs import JobError, process, record, slot
from finrec_core.jobs.process import Process
from finrec_core.store import Store, StoreError
from tests import tied
from tests.store.conftest import make_bank

ROOT = Path(__file__).parents[2]


def ended(job):
    state = job.state()
    return state if state.status != "running" else None


def content(store):
    """Return a hash over every row of every table."""
    digest = sha256()
    with store._connection.reading() as cursor:
        for (table,) in cursor.execute(
            "SELECT table_name FROM duckdb_tables() ORDER BY table_name"
        ).fetchall():
            digest.update(table.encode())
            for row in cursor.execute(
                f"SELECT CAST(t AS VARCHAR) AS row FROM {table} AS t ORDER BY row"
            ).fetchall():
                digest.update(row[0].encode())
    return digest.hexdigest()


def underway(job):
    """Whether the training has come so far that a kill hits it in the middle."""
    state = job.state()
    assert state.status == "running", state.message
    return state if state.share > 0.005 else None


def test_a_training_runs_finishes_and_becomes_the_active_model(store, fake, until):
    job = jobs.start(store, "demo", encoder="quick", seed=3, user="ana")
    assert jobs.current(store.runs_folder) == job
    state = until(lambda: ended(job))
    assert (state.status, state.share, state.message, state.seconds_left) == ("finished", 1.0, "", None)
    assert "fitting Dataset('demo'" in state.log_tail
    assert jobs.current(store.runs_folder) is None
    (row,) = jobs.collect(store)
    assert row == store.active_run()
    assert (row.run, row.label, row.encoder, row.seed, row.user) == (job.run, "demo@1", "quick", 3, "ana")
    assert row.content_hash == make_bank().content_hash
    assert row.metrics == {"ndcg@20": {"value": 0.25, "ci95": [None, 0.5]}, "rows": [1, None]}
    assert row.constants == {"share": 0.2, "steps": [60, 0], "sigma": None}
    assert 0 < row.seconds < 60
    assert jobs.collect(store) == []
    assert record.read(job.folder / "run.json") == {"run": job.run}
    assert Dataset.load(job.folder / "dataset").content_hash == row.content_hash


def test_a_second_model_waits_to_be_published(store, fake, until):
    first = jobs.start(store, encoder="quick")
    until(lambda: ended(first))
    jobs.collect(store)
    second = jobs.start(store, encoder="quick")
    until(lambda: ended(second))
    assert [row.run for row in jobs.collect(store)] == [second.run]
    assert store.active_run().run == first.run
    assert first.run < second.run  # names sort by time
    assert [job.run for job in jobs.jobs(store.runs_folder)] == [second.run, first.run]


def test_one_training_at_a_time(store, fake, until):
    job = jobs.start(store, encoder="slow")
    with pytest.raises(JobError, match=rf"already running \({job.run}\): wait for it, or cancel it first"):
        jobs.start(store, encoder="quick")
    until(lambda: underway(job))
    assert job.cancel().status == "cancelled"
    assert jobs.start(store, encoder="quick").run > job.run


def test_cancelling_ends_the_whole_training_and_stores_nothing(store, fake, until):
    before = content(store)
    job = jobs.start(store, encoder="slow")
    state = until(lambda: underway(job))
    assert state.stage == "training the network"
    pid = Process.load(job.folder).pid
    assert job.cancel().status == "cancelled"
    assert job.state().message == "The training was cancelled."
    assert job.cancel().status == "cancelled"
    until(lambda: not psutil.pid_exists(pid))  # not even a zombie
    assert jobs.collect(store) == []
    assert jobs.sweep(store.runs_folder) == []
    assert content(store) == before


def test_a_killed_training_leaves_the_store_unchanged(store, fake, until):
    # Issue 2: "a killed training child leaves the store unchanged".
    before = content(store)
    job = jobs.start(store, encoder="slow")
    until(lambda: underway(job))
    pid = Process.load(job.folder).pid
    os.kill(pid, signal.SIGKILL)
    state = until(lambda: ended(job))
    assert state.status == "failed"
    assert state.message == "The training ran out of memory or was killed from outside."
    assert state.advice.startswith("Close other programs")
    assert "\n" not in state.message
    until((job.folder / "error.txt").exists)
    assert job.state().message == state.message
    until(lambda: not psutil.pid_exists(pid))
    assert jobs.collect(store) == []
    assert content(store) == before
    assert store.dataset().content_hash == make_bank().content_hash
    with pytest.raises(JobError, match="ran out of memory"):
        job.result()
    assert jobs.start(store, encoder="quick").run > job.run


@pytest.mark.parametrize(
    ("way", "sentence"),
    [
        ("value", "The dataset has no client with 3 products."),
        ("disk", "The training could not use a file ([Errno 28] No space left on device)."),
        (
            "crash",
            "The training failed (TypeError: unsupported operand type(s) for +: 'float' and 'NoneType')",
        ),
        ("memory", "The training ran out of memory"),
        ("abort", "The training was stopped from outside by signal 6"),
    ],
)
def test_a_failing_training_says_why_in_one_sentence(store, fake, until, way, sentence):
    before = content(store)
    job = jobs.start(store, encoder=way)
    state = until(lambda: ended(job))
    assert state.status == "failed"
    assert state.message.startswith(sentence)
    assert "\n" not in state.message
    assert content(store) == before


def test_a_failure_stays_until_it_is_dismissed(store, fake, until):
    job = jobs.start(store, encoder="value")
    until(lambda: ended(job))
    later = jobs.start(store, encoder="quick")
    until(lambda: ended(later))
    assert jobs.failed(store.runs_folder) == job
    job.dismiss()
    assert jobs.failed(store.runs_folder) is None
    assert job.state().status == "failed"


def test_the_threads_of_the_child_are_limited_by_the_setting(store, fake, until, monkeypatch):
    from finrec_core.settings import settings

    monkeypatch.setenv("FINREC_THREADS", "3")
    settings.cache_clear()
    try:
        job = jobs.start(store, encoder="quick")
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    until(lambda: ended(job))
    assert (job.folder / "environment").read_text() == "3"


def test_a_start_that_fails_leaves_nothing(store, fake, monkeypatch):
    with pytest.raises(StoreError, match='no dataset "nobody"'):
        jobs.start(store, "nobody")
    monkeypatch.setattr(process, "COMMAND", ("/does/not/exist",))
    with pytest.raises(JobError, match=r"cannot be started \(No such file or directory\)"):
        jobs.start(store)
    assert [path.name for path in store.runs_folder.iterdir()] == ["job.lock"]
    assert jobs.current(store.runs_folder) is None


PARENT = """
    import sys, time
    from pathlib import Path
    from finrec_core import jobs
    from finrec_core.jobs import process
    from finrec_core.store import Store

    process.COMMAND = (sys.executable, "-u", sys.argv[2])
    store = Store(Path(sys.argv[1]))
    print(jobs.start(store, encoder=sys.argv[3]).run, flush=True)
    time.sleep(60)
"""


def orphan(store, fake, way):
    """Start a training from another process, kill that process, and return the job."""
    file = store.file
    store.close()
    parent = tied.start(
        [sys.executable, "-c", textwrap.dedent(PARENT), str(file), str(fake), way],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    run = parent.stdout.readline().strip()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    return jobs.Job(store.runs_folder / run)


def test_a_training_outlives_a_killed_desk_and_is_taken_in_by_the_next(store, fake, until):
    job = orphan(store, fake, "quick")
    state = until(lambda: ended(job))
    assert state.status == "finished", state
    with Store(store.file) as again:
        assert jobs.sweep(again.runs_folder) == []
        assert [row.run for row in jobs.collect(again)] == [job.run]
        assert again.active_run().run == job.run


def test_the_next_desk_finds_cancels_and_sweeps_trainings_of_the_killed_one(store, fake, until):
    job = orphan(store, fake, "slow")
    until(lambda: underway(job))
    with Store(store.file) as again:
        assert jobs.current(again.runs_folder) == job
        with pytest.raises(JobError, match="already running"):
            jobs.start(again, encoder="quick")
        assert jobs.sweep(again.runs_folder) == []
        os.killpg(Process.load(job.folder).pid, signal.SIGKILL)
        until(lambda: ended(job))
        assert jobs.sweep(again.runs_folder) == [job]
        assert jobs.sweep(again.runs_folder) == []
        message = job.state().message
        assert message.startswith("The training ended without a word, as it does when it is killed")
        assert (job.folder / "error.txt").read_text() == message


def test_sweeping_removes_what_a_killed_start_left_unless_something_runs(store):
    draft = store.runs_folder / ".20260101-000000-000"
    (draft / "dataset").mkdir(parents=True)
    (store.runs_folder / ".keep").mkdir()
    with slot.take(store.runs_folder) as held:
        assert held is not None
        jobs.sweep(store.runs_folder)
        assert draft.exists()
    jobs.sweep(store.runs_folder)
    assert not draft.exists()
    assert (store.runs_folder / ".keep").exists()


def test_a_folder_whose_model_was_removed_is_not_taken_in(store, fake, until):
    job = jobs.start(store, encoder="quick")
    until(lambda: ended(job))
    (job.folder / "run.json").unlink()
    assert jobs.collect(store) == []
    record.write(job.folder / "result.json", {"run": job.run})
    assert job.state().status == "failed"
    assert "cannot be read: start it again" in job.state().message
    assert jobs.collect(store) == []


def test_no_runs_folder_means_no_jobs(tmp_path):
    assert list(jobs.jobs(tmp_path / "none")) == []
    assert jobs.current(tmp_path / "none") is None
    assert jobs.failed(tmp_path / "none") is None


@pytest.mark.skipif(
    not (ROOT / "finrec_core" / "recommender.py").exists(), reason="there is no recommender yet"
)
def test_the_real_recommender_killed_in_the_middle_leaves_the_store_unchanged(tmp_path, until):
    from finrec_core.demo.bank import demo_bank

    with Store(tmp_path / "finrec.duckdb") as store:
        store.add_dataset(demo_bank(clients=60, products=20).dataset)
        before = content(store)
        job = jobs.start(store)
        until(lambda: job.state().share > 0.05 or ended(job), 240)
        assert job.state().status == "running", job.state().message + job.state().log_tail
        os.kill(Process.load(job.folder).pid, signal.SIGKILL)
        assert until(lambda: ended(job)).status == "failed"
        assert jobs.collect(store) == []
        assert content(store) == before

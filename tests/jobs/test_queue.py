"""The line of jobs: one at a time, in order, kept on disk, started by whoever sees that nothing runs."""

import json
import os
import signal
import threading

import pytest

from finrec_core import jobs
from finrec_core.jobs import JobError, Listing, Training, record, slot, state
from finrec_core.jobs.process import Process
from finrec_core.store import StoreError
from tests.jobs.conftest import ended


def test_jobs_wait_in_the_order_they_came_and_each_starts_when_the_one_before_has_ended(store, fake, until):
    first = jobs.enqueue(store, Training(seed=1, encoder="slow"), user="ana")
    line = [jobs.enqueue(store, Training(seed=seed, encoder="quick"), "demo", user="ben") for seed in (2, 3)]
    assert jobs.current(store.runs_folder) == first
    assert jobs.waiting(store.runs_folder) == line
    assert [job.state().status for job in line] == ["queued", "queued"]
    assert (line[0].order["seed"], line[0].order["user"], line[0].kind) == (2, "ben", "train")
    assert jobs.failed(store.runs_folder) is None
    first.cancel()
    # No page is open: the thread that waits for the child starts the next one.
    for job in line:
        assert until(lambda job=job: ended(job)).status == "finished"
    assert jobs.waiting(store.runs_folder) == []
    assert [row.seed for row in jobs.collect(store)] == [2, 3]


def test_a_waiting_job_can_be_taken_out_of_the_line(store, fake, until):
    first = jobs.enqueue(store, Training(seed=1, encoder="slow"))
    second = jobs.enqueue(store, Training(seed=2, encoder="quick"))
    assert second.cancel().status == "cancelled"
    assert second.state().message == "The training was cancelled."
    assert jobs.waiting(store.runs_folder) == []
    first.cancel()
    until(lambda: ended(first))
    assert jobs.advance(store.runs_folder, 5.0) is None
    assert not (second.folder / "process.json").exists()


def test_the_line_outlives_a_desk_and_goes_on_when_the_next_one_looks(store, fake, until):
    with slot.take(store.runs_folder) as held:  # somebody else's job runs
        assert held is not None
        waiting = [jobs.enqueue(store, Training(seed=seed, encoder="quick")) for seed in (1, 2)]
        assert jobs.advance(store.runs_folder) is None
    assert jobs.sweep(store.runs_folder) == []  # what waits has not failed
    assert jobs.waiting(store.runs_folder) == waiting
    assert jobs.advance(store.runs_folder) == waiting[0]
    until(lambda: ended(waiting[1]))
    assert [job.state().status for job in waiting] == ["finished", "finished"]


def test_a_job_whose_starter_was_killed_waits_again(store, fake, until):
    with slot.take(store.runs_folder):
        job = jobs.enqueue(store, Training(seed=1, encoder="quick"))
    (job.folder / state.QUEUED).rename(job.folder / state.CLAIMED)
    assert job.state().status == "queued"
    assert jobs.advance(store.runs_folder) == job
    assert until(lambda: ended(job)).status == "finished"


def test_many_who_look_at_once_start_one(store, fake, until):
    with slot.take(store.runs_folder):
        line = [jobs.enqueue(store, Training(seed=seed, encoder="slow")) for seed in (1, 2, 3)]
    started = []
    threads = [
        threading.Thread(target=lambda: started.append(jobs.advance(store.runs_folder))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [job for job in started if job] == [line[0]]
    assert [job.state().status for job in line] == ["running", "queued", "queued"]
    for job in reversed(line):
        job.cancel()


def test_a_killed_job_is_failed_and_the_next_one_starts(store, fake, until):
    first = jobs.enqueue(store, Training(seed=1, encoder="slow"))
    second = jobs.enqueue(store, Training(seed=2, encoder="quick"))
    until(lambda: first.state().share > 0.005)
    os.kill(Process.load(first.folder).pid, signal.SIGKILL)
    assert until(lambda: ended(second)).status == "finished"
    assert first.state().status == "failed"
    assert jobs.failed(store.runs_folder) == first


def test_a_job_that_cannot_be_started_has_failed_and_does_not_hold_up_the_line(
    store, fake, until, monkeypatch
):
    with slot.take(store.runs_folder):
        first, second = (jobs.enqueue(store, Training(seed=seed, encoder="quick")) for seed in (1, 2))
    spawn = jobs.queue.spawn

    def once(folder, *rest):
        if folder == first.folder:
            raise FileNotFoundError(2, "No such file or directory")
        return spawn(folder, *rest)

    monkeypatch.setattr(jobs.queue, "spawn", once)
    assert jobs.advance(store.runs_folder) == second
    assert first.state().message == "The training cannot be started (No such file or directory)."
    until(lambda: ended(second))


@pytest.mark.parametrize("order", [Training(seed=1, encoder="quick"), jobs.Comparing(encoder="x", seeds=1)])
def test_a_version_from_which_a_client_was_erased_can_be_worked_on(store, order):
    client = store.dataset().clients["client_id"][0].as_py()
    store.erase_client(client, reason="asked")
    with slot.take(store.runs_folder):
        job = jobs.enqueue(store, order)
    assert job.order["source"]["erased"] == store.version().erased.isoformat()
    job.cancel()


def test_what_cannot_be_put_into_the_line_leaves_nothing(store):
    with pytest.raises(StoreError, match='no dataset "nobody"'):
        jobs.enqueue(store, Training(seed=0, encoder="quick"), "nobody")
    with pytest.raises(StoreError, match='no run "none"'):
        jobs.enqueue(store, Listing(model="none"))
    assert list(store.runs_folder.iterdir()) == []


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Training(seed=-1, encoder="x"), "A seed is a whole number from 0"),
        (lambda: Training(seed=0, encoder=" "), "Name the encoder"),
        (lambda: Listing(model="r", k=0), "A list has 1 to 1,000 products"),
        (lambda: Listing(model="r", format="xlsx"), 'parquet or csv, not "xlsx"'),
        (lambda: jobs.Comparing(encoder="x", seeds=0), "takes 1 seed or more"),
    ],
)
def test_an_order_that_cannot_be_done_is_refused(make, sentence):
    with pytest.raises(JobError, match=sentence):
        make()


def test_an_ended_job_can_be_removed_and_a_model_cannot(store, fake, until):
    failed = jobs.enqueue(store, Training(seed=1, encoder="value"))
    until(lambda: ended(failed))
    model = jobs.enqueue(store, Training(seed=1, encoder="quick"))
    with pytest.raises(JobError, match="still"):
        model.remove()
    until(lambda: ended(model))
    with pytest.raises(JobError, match="is a model"):
        model.remove()
    failed.remove()
    assert list(jobs.jobs(store.runs_folder)) == [model]


def test_of_two_who_remove_a_job_at_once_the_second_finds_it_done(store, fake, until, monkeypatch):
    failed = jobs.enqueue(store, Training(seed=1, encoder="value"))
    until(lambda: ended(failed))
    now = failed.state()
    monkeypatch.setattr(jobs.Job, "state", lambda _: now)  # as both saw it
    failed.remove()
    failed.remove()
    monkeypatch.undo()
    failed.remove()  # and a third
    assert list(jobs.jobs(store.runs_folder)) == []


def test_a_finished_comparison_is_taken_into_the_store_once(store, fake, until):
    with slot.take(store.runs_folder):
        job = jobs.enqueue(store, jobs.Comparing(encoder="quick"), user="ana")
    document = {"dataset": "demo", "keep": 1.0, "protocols": {"per-client": {"arms": {}}}}
    Process(os.getpid(), "1").save(job.folder)
    record.write(job.folder / "result.json", document)
    store.remove_dataset("demo")  # the comparison stays readable beside runs that learned from it
    jobs.collect(store)
    (job.folder / "taken-in").unlink()  # as if killed before the mark
    jobs.collect(store)
    (kept,) = store.comparisons("demo", 1)
    assert (kept.document, kept.user) == (document, "ana")
    assert json.loads((job.folder / "job.json").read_text())["kind"] == "compare"
    assert store.runs() == []


def test_a_result_that_the_store_cannot_hold_fails_alone(store, fake, until):
    """Guards a desk that no page of could be opened, for a seed beyond the store's numbers."""
    jobs_done = []
    for seed in (1, 2):
        jobs_done.append(jobs.enqueue(store, Training(seed=seed, encoder="quick")))
        assert until(lambda: ended(jobs_done[-1])).status == "finished"
    result = jobs_done[0].folder / "result.json"
    record.write(result, record.read(result) | {"seed": 2**64 - 1})
    assert [row.seed for row in jobs.collect(store)] == [2]
    state = jobs_done[0].state()
    assert (state.status, "cannot be read" in state.message) == ("failed", True)


@pytest.mark.parametrize("seed", [-1, 1.5, "7", 2**53, 2**64 - 1])
def test_a_seed_that_the_store_cannot_hold_is_refused(seed):
    with pytest.raises(JobError, match="A seed is a whole number from 0 to"):
        Training(seed=seed, encoder="quick")

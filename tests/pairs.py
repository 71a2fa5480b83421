"""Two sessions of a desk that do something at once, and what must hold then; see tests/operations.py."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest

from finrec_core import jobs, run_folder
from finrec_core.dataset import Dataset
from finrec_core.erasure import without_client
from finrec_core.jobs import child, queue, record, state
from finrec_core.jobs.process import Process
from finrec_core.recommender import FusedRecommender
from finrec_core.run_folder import RunFolderError
from finrec_core.store import RunRow, Store, StoreError
from tests import desk
from tests.operations import LEFT, LISTS, OLD, OLDER, Desk, Operation

# What a session is told in words: somebody else was first, or something is gone. Nothing else may be raised.
TOLD = (StoreError, jobs.JobError, RunFolderError)


def together(one: Desk, first: Operation, second: Operation) -> None:
    """Let two sessions do two things at the same moment, and see that what each was told holds."""
    promises, faults, barrier = [], [], Barrier(2)

    def session(operation: Operation) -> None:
        barrier.wait()
        try:
            promises.append(operation(one))
        except TOLD as error:
            one.told.append(str(error))
        except BaseException as error:  # noqa: BLE001 - the test raises it in its own thread
            faults.append(error)

    threads = [Thread(target=session, args=(operation,)) for operation in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    both = {first, second}
    for promise in promises if len(both) == 2 else promises[:1]:
        promise()
    for said in one.told:
        assert said.endswith("."), said


def settle(one: Desk) -> None:
    """Let a few page runs pass, as they do on any desk."""
    for _ in range(20):
        jobs.collect(one.store)
        jobs.settle_erasures(one.store)
        jobs.advance(one.runs)
        if not jobs.waiting(one.runs) and all(erasure.finished for erasure in one.store.erasures()):
            jobs.collect(one.store)
            return
    raise AssertionError("the desk does not come to rest")


def check(one: Desk) -> None:
    """See that a desk is whole: its store, its models, its jobs, and nothing of who was erased."""
    store = one.store
    assert store.verify() == ()
    assert not store.active_run().missing
    for row in store.runs():
        run_folder.load(store.run_folder(row.run))
    for version in store.datasets():
        assert store.dataset(version.label).content_hash == version.content_hash
    numbers = [one.sequence for one in store.activations()]
    assert numbers == [*range(len(numbers), 0, -1)]
    erased = {erasure.client for erasure in store.erasures()}
    for client in erased:
        assert store.traces(client) == []
        assert jobs.runs_with(one.runs, client) == []
    for job in jobs.jobs(one.runs):
        now = job.state()
        assert now.status in ("finished", "cancelled", "failed"), now
        assert now.status != "failed" or now.message.endswith("."), now
        if (job.folder / "dataset").is_dir():
            Dataset.load(job.folder / "dataset")
    hidden = {path.name for path in one.runs.iterdir() if path.name.startswith(".")}
    assert hidden == set(), hidden


@contextmanager
def opened(source: Path, place: Path, clients: tuple[str, ...]) -> Iterator[Desk]:
    """Lend a copy of a desk, whose jobs are done in this process when they are started."""
    shutil.copytree(source, place)
    with at_home(place, clients) as one:
        yield one


@contextmanager
def at_home(place: Path, clients: tuple[str, ...] = ()) -> Iterator[Desk]:
    """Lend a desk that stands, whose jobs are done in this process when they are started."""
    whole = run_folder.load(place / "runs" / desk.RUN)
    with Store(place / "finrec.duckdb") as store, pytest.MonkeyPatch.context() as patch:

        def spawn(folder, environment, slot, ended, secret=b""):
            Process(1, "gone").save(folder)
            try:
                child.run(folder, lambda job: Learned(whole), secret)
            except TOLD as error:
                record.write_text(folder / "error.txt", str(error))
            state.close(folder, 0)
            return Process(1, "gone")

        patch.setattr(queue, "spawn", spawn)
        patch.setattr("finrec_core.jobs.lists.work", lambda *_: {"file": "none", "rows": 0, "clients": 0})
        yield Desk(store, clients)


class Learned:
    """Stands in for a recommender that has learned from whatever data it is given, in no time."""

    def __init__(self, whole: run_folder.StoredRun) -> None:
        self.whole, self.run, self.seconds, self.tokens_read, self.metrics = whole, "", {}, 0, {}
        self.constants = SimpleNamespace(to_json=dict)

    def fit(self, dataset: Dataset, progress: object, watch: object) -> "Learned":
        for client in self.whole.dataset.clients["client_id"].to_pylist():
            if client not in dataset.client_rows:
                self.whole = without_client(self.whole, client)
        return self

    def save(self, folder: Path) -> None:
        shutil.rmtree(folder / "dataset")
        run_folder.save(replace(self.whole, run=folder.name), folder)


def made(folder: Path, recommender: FusedRecommender) -> Path:
    """Make the desk that is copied for each round."""
    desk.placed(folder, recommender)
    runs = folder / "runs"
    with Store(folder / "finrec.duckdb") as store:
        for run in (OLDER, OLD):
            recommender.run = run
            recommender.save(runs / run)
            store.publish(_row(store, run))
        store.publish(desk.RUN)
    (runs / LISTS).mkdir()
    record.write(runs / LISTS / "job.json", {"kind": "batch", "run": LISTS, "model": desk.RUN})
    rows = [
        "client_id,product_id",
        *(f"{row},p" for row in recommender.dataset.clients["client_id"].to_pylist()),
    ]
    (runs / LISTS / "lists.csv").write_text("\n".join(rows) + "\n", "utf-8-sig")
    counts = {"file": "lists.csv", "rows": len(rows) - 1, "clients": len(rows) - 1}
    record.write(runs / LISTS / "result.json", counts)
    recommender.dataset.save(runs / LEFT / "dataset")
    record.write(runs / LEFT / "job.json", {"kind": "train", "run": LEFT})
    (runs / LEFT / "cancelled").touch()
    return folder


def _row(store: Store, run: str) -> RunRow:
    """Return the row of a run that learned what the one in use did, a day or two before."""
    row = store.run(desk.RUN)
    return replace(row, run=run, created=row.created - timedelta(days=1 if run == OLD else 2), active=False)

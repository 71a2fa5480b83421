"""What a session of the desk does to the store and the folders, two of them at once, and what must hold then.

`OPERATIONS` are the steps that pages take: a test holds them to be all that write (tests/test_pairs.py). Each
returns a promise, which is checked when both have ended.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest

from finrec_core import jobs, run_folder
from finrec_core.dataset import Dataset
from finrec_core.dataset.report import REPORT
from finrec_core.erasure import without_client
from finrec_core.jobs import child, queue, record, state
from finrec_core.jobs.process import Process
from finrec_core.recommender import FusedRecommender
from finrec_core.run_folder import RunFolderError
from finrec_core.store import Landing, RunRow, Store, StoreError
from tests import desk

OLD, OLDER, LISTS = "20260228-091200-000", "20260227-091200-000", "20260226-091200-000"
LEFT = "20260225-091200-000"  # a training that was cancelled, with its snapshot
# What a session is told in words: somebody else was first, or something is gone. Nothing else may be raised.
TOLD = (StoreError, jobs.JobError, RunFolderError)
Promise = Callable[[], None]


def nothing() -> None:
    """Promise nothing."""


@dataclass
class Desk:
    """A desk with three models, a file of lists, a cancelled training, and two clients to erase."""

    store: Store
    clients: tuple[str, ...]
    told: list[str] = field(default_factory=list)

    @property
    def runs(self) -> Path:
        return self.store.runs_folder


def publish(one: Desk) -> Promise:
    row = one.store.publish(OLD, reason="a test")
    return lambda: _activated(one, row.run)


def publish_older(one: Desk) -> Promise:
    row = one.store.publish(OLDER, reason="a test")
    return lambda: _activated(one, row.run)


def roll_back(one: Desk) -> Promise:
    row = one.store.roll_back(reason="a test")
    return lambda: _activated(one, row.run)


def remove_run(one: Desk) -> Promise:
    one.store.remove_run(OLDER)
    return lambda: _gone(one.runs / OLDER)


def pin(one: Desk) -> Promise:
    one.store.pin_run(OLDER)
    return nothing


def unpin(one: Desk) -> Promise:
    one.store.unpin_run(OLDER)
    return nothing


def add_data(one: Desk) -> Promise:
    base = one.store.dataset()
    report = REPORT.empty_table()
    read = SimpleNamespace(dataset=base, rejects=report, repairs=report, kept={})
    made = Landing.of(one.store, read).store_in(one.store, source="a test", user="")
    return lambda: _same(
        one.store.dataset(made.label).content_hash, one.store.version(made.label).content_hash
    )


def remove_data(one: Desk) -> Promise:
    gone = one.store.remove_dataset(one.store.version().name, 1)
    return lambda: _true(gone.label not in {version.label for version in one.store.datasets()})


def erase(one: Desk) -> Promise:
    done = jobs.erase(one.store, one.clients[0], reason="a test")
    return lambda: _recorded(one, done.id)


def erase_other(one: Desk) -> Promise:
    done = jobs.erase(one.store, one.clients[1], reason="a test")
    return lambda: _recorded(one, done.id)


def train(one: Desk) -> Promise:
    job = jobs.enqueue(one.store, jobs.Training(seed=0, encoder="tf-idf"))
    return lambda: _true(job.state().status in ("finished", "queued", "cancelled"))


def write_lists(one: Desk) -> Promise:
    job = jobs.enqueue(one.store, jobs.Listing(model=OLD))
    return lambda: _true(job.state().status in ("finished", "queued", "cancelled", "failed"))


def cancel_all(one: Desk) -> Promise:
    for job in jobs.waiting(one.runs):
        job.cancel()
    return nothing


def remove_lists(one: Desk) -> Promise:
    with _removal():
        jobs.Job(one.runs / LISTS).remove()
    return lambda: _gone(one.runs / LISTS)


def remove_cancelled(one: Desk) -> Promise:
    with _removal():
        jobs.Job(one.runs / LEFT).remove()
    return lambda: _gone(one.runs / LEFT)


def dismiss(one: Desk) -> Promise:
    jobs.Job(one.runs / LEFT).dismiss()
    return lambda: _true((one.runs / LEFT / "dismissed").exists() or not (one.runs / LEFT).exists())


def decide(one: Desk) -> Promise:
    about = {"kind": "accept", "client": one.clients[0], "product": "p", "run": desk.RUN}
    row = one.store.add_decision(**about, content={"decision": {}})
    return lambda: _same(one.store.decision(row.id).hash, row.hash)


def show_list(one: Desk) -> Promise:
    row = one.store.log_shown(client=one.clients[0], run=desk.RUN, content={})
    return lambda: _true(row.hash in {other.hash for other in one.store.shown()})


def set_rules(one: Desk) -> Promise:
    made = one.store.add_rules({"a": 1}, reason="a test")
    return lambda: _same(one.store.rules(made.version).content, {"a": 1})


def run_page(one: Desk) -> Promise:
    """Do what every page run does."""
    jobs.collect(one.store)
    jobs.settle_erasures(one.store)
    jobs.advance(one.runs)
    return nothing


def load_model(one: Desk) -> Promise:
    FusedRecommender.load(one.store.run_folder(desk.RUN))
    return nothing


def sweep(one: Desk) -> Promise:
    jobs.sweep(one.runs)
    return nothing


OPERATIONS = (
    *(publish, publish_older, roll_back, remove_run, pin, unpin, add_data, remove_data, erase, erase_other),
    *(train, write_lists, cancel_all, remove_lists, remove_cancelled, dismiss, decide, show_list, set_rules),
    *(run_page, load_model, sweep),
)


@contextmanager
def _removal() -> Iterator[None]:
    """Let a second removal of one folder be told that there is none, as the page says it."""
    try:
        yield
    except FileNotFoundError as error:
        raise jobs.JobError(str(error)) from error


def together(one: Desk, first: Callable[[Desk], Promise], second: Callable[[Desk], Promise]) -> None:
    """Let two sessions do two things at the same moment, and see that what each was told holds."""
    promises, faults, barrier = [], [], Barrier(2)

    def session(operation: Callable[[Desk], Promise]) -> None:
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

        def spawn(folder, environment, slot, ended):
            Process(1, "gone").save(folder)
            try:
                child.run(folder, make=lambda job: Learned(whole))
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


def _activated(one: Desk, run: str) -> None:
    assert run in {activation.run for activation in one.store.activations()}


def _gone(folder: Path) -> None:
    assert not folder.exists()


def _true(held: object) -> None:
    assert held


def _same(one: object, other: object) -> None:
    assert one == other


def _recorded(one: Desk, key: str) -> None:
    assert key in {erasure.id for erasure in one.store.erasures()}

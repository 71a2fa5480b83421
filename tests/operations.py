"""The steps that a session of the desk takes which write to the store or to folders.

Each returns a promise, which is checked when all have ended. A test holds them to be all that pages do
(tests/test_pairs.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

from finrec_core import jobs
from finrec_core.dataset.report import REPORT
from finrec_core.recommender import FusedRecommender
from finrec_core.store import Landing, Store
from tests import desk

OLD, OLDER, LISTS = "20260228-091200-000", "20260227-091200-000", "20260226-091200-000"
LEFT = "20260225-091200-000"  # a training that was cancelled, with its snapshot
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


Operation = Callable[[Desk], Promise]


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
    jobs.Job(one.runs / LISTS).remove()
    return lambda: _gone(one.runs / LISTS)


def remove_cancelled(one: Desk) -> Promise:
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


def propose_rules(one: Desk) -> Promise:
    """Lay rules before somebody else, who looks at those that wait and drops them."""
    one.store.propose_rules({"a": 2}, reason="a test")
    if (waiting := one.store.rules_proposal()) is not None:
        one.store.drop_proposal(waiting.id)
    return lambda: _same(one.store.rules_proposal(), None)


def anchor(one: Desk) -> Promise:
    one.store.anchor()
    return lambda: _same(one.store.verify(), ())


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
    *(propose_rules, anchor, run_page, load_model, sweep),
)


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

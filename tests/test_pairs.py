"""Two sessions that do any two things at once leave a whole desk; tests/bench draws ten times as many."""

import ast
import inspect
import random

import pytest

from finrec_core import jobs
from finrec_core.store import Store
from tests import operations, pairs
from tests.conftest import REPOSITORY

ROUNDS = 20
# What a page calls that writes, by what it is called on; the folder of an upload is one session's own.
JOBS = ("collect", "settle_erasures", "watch", "sweep", "enqueue", "start", "erase")
JOB = ("cancel", "dismiss", "remove")
# `collect`: add_run, add_comparison; `settle_erasures`: finish_erasure; `watch` starts what `advance` does.
COVERED = {
    *("publish", "roll_back", "remove_run", "pin_run", "unpin_run", "add_dataset", "remove_dataset"),
    *("erase_client", "add_decision", "log_shown", "add_rules", "add_run", "finish_erasure", "advance"),
    *("propose_rules", "drop_proposal", "anchor"),
    *JOBS,
    *JOB,
}


def drawn(rounds, seed):
    """Return pairs of operations drawn from a seed; erasures take part in every other one."""
    draw = random.Random(seed)
    erasing = [operations.erase, operations.erase_other]
    return [
        (draw.choice(erasing if place % 2 else operations.OPERATIONS), draw.choice(operations.OPERATIONS))
        for place in range(rounds)
    ]


def writers():
    """Return the store's methods that write."""
    every = inspect.getmembers(Store, inspect.isfunction)
    return {name for name, function in every if ".writing()" in inspect.getsource(function)}


def test_what_a_page_run_writes_is_among_the_operations():
    written = writers() | {*JOBS, *JOB}
    called = set()
    for file in [REPOSITORY / "app.py", *(REPOSITORY / "pages").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in written:
                called.add(node.attr)
    assert called >= {"publish", "collect", "erase", "remove_run", "add_decision"}
    assert called <= COVERED, "tests/operations.py has no such step"
    source = inspect.getsource(operations) + inspect.getsource(pairs)
    for name in called - {
        "watch",
        "start",
        "add_dataset",
    }:  # the last by way of a landing, the demo bank's too
        assert f".{name}(" in source, name
    # Nothing of a page moves, makes or deletes a file by itself, nor calls what writes folders anew.
    for file in (REPOSITORY / "pages").rglob("*.py"):
        text = file.read_text("utf-8")
        for word in (
            "rmtree",
            "import shutil",
            "copytree",
            "copyfile",
            "import move",
            "write_text",
            "write_bytes",
            ".mkdir(",
            ".rename(",
            "finish_erasures",
        ):
            assert word not in text, (file, word)


@pytest.fixture(scope="module")
def source(tmp_path_factory, recommender):
    return pairs.made(tmp_path_factory.mktemp("pairs") / "desk", recommender)


@pytest.fixture(scope="module")
def clients(recommender):
    return tuple(dict.fromkeys(recommender.dataset.interactions["client_id"].to_pylist()))[:2]


@pytest.mark.parametrize(
    ("first", "second"), drawn(ROUNDS, 20261130), ids=lambda operation: operation.__name__
)
def test_any_two_at_once_leave_a_whole_desk(source, clients, tmp_path, first, second):
    with pairs.opened(source, tmp_path / "desk", clients) as one:
        pairs.together(one, first, second)
        pairs.settle(one)
        pairs.check(one)


def test_a_snapshot_taken_while_a_client_is_erased_is_taken_anew(source, clients, tmp_path, monkeypatch):
    """The erasure looks through the folders before the snapshot stands under its name."""
    with pairs.opened(source, tmp_path / "desk", clients) as one:
        snapshot, done = Store.snapshot, []

        def then_erased(self, *arguments):
            found = snapshot(self, *arguments)
            if not done:
                done.append(jobs.erase(self, clients[0], reason="a test"))
                jobs.finish_erasures(self)
            return found

        monkeypatch.setattr(Store, "snapshot", then_erased)
        jobs.enqueue(one.store, jobs.Training(seed=0, encoder="tf-idf")).cancel()
        monkeypatch.undo()
        assert one.store.erasures()[0].finished is not None
        pairs.check(one)

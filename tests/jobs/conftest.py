"""A store with a small dataset, and a training that is quick, slow or failing as a test asks."""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from finrec_core.jobs import child, process, queue, record
from finrec_core.jobs.process import Process
from finrec_core.store import Store
from tests.store.conftest import make_bank

SCRIPT = """
import sys
from pathlib import Path
from finrec_core.jobs import child
from tests.jobs.conftest import Fake
sys.exit(child.main(Path(sys.argv[1]), make=Fake))
"""


@dataclass
class Constants:
    share: float

    def to_json(self):
        return {"share": self.share, "steps": (60, 0), "sigma": float("nan")}


class Fake:
    """Stands in for the recommender; the name of its encoder says how it behaves."""

    def __init__(self, job):
        self.run = ""
        self.seconds, self.tokens_read = {"choose": 1.5}, 12
        self.way = Path(job["encoder"]).name
        self.constants = Constants(0.2)
        self.metrics = {"ndcg@20": {"value": 0.25, "ci95": [float("nan"), 0.5]}, "rows": [1, float("inf")]}

    def fit(self, dataset, progress, watch):
        print("fitting", dataset, flush=True)  # noqa: T201 - into log.txt
        watch(0, 0, 0.1)
        watch(0, 5, 0.2)
        for step in range(1, 1001 if self.way == "slow" else 4):
            progress("training the network", step / (1001 if self.way == "slow" else 4))
            if self.way == "slow":
                time.sleep(0.05)
        if self.way == "value":
            raise ValueError("The dataset has no client with 3 products.")
        if self.way == "disk":
            raise OSError(28, "No space left on device")
        if self.way == "crash":
            np.zeros((2, 2)) + None
        if self.way == "memory":
            np.zeros(2**50)
        if self.way == "abort":
            os.abort()
        return self

    def save(self, folder):
        (folder / "run.json").write_text(f'{{"run": "{self.run}"}}')
        (folder / "environment").write_text(os.environ["OMP_NUM_THREADS"])


def ended(job):
    """Return the state of a job that has ended, None before."""
    now = job.state()
    return now if now.status not in ("running", "queued") else None


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "finrec.duckdb") as store:
        store.add_dataset(make_bank())
        yield store


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Let `start` run `Fake` in a real child process."""
    script = tmp_path / "train.py"
    script.write_text(SCRIPT)
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-u", str(script)))
    return script


@pytest.fixture
def at_once(monkeypatch):
    """Let what takes no turn run in this process, to its end, when it is started."""

    def spawn(folder, environment, slot, ended, secret=b""):
        Process(os.getpid(), "gone").save(folder)
        try:
            child.run(folder, secret=secret)
        except OSError as error:
            record.write_text(folder / "error.txt", str(error))
        ended(folder, 0)
        return Process(0, "")

    monkeypatch.setattr(queue, "spawn", spawn)


@pytest.fixture
def until():
    """Wait for something to become true, and fail if it does not."""

    def wait(truth, seconds=60):
        end = time.monotonic() + seconds
        while not (answer := truth()):
            assert time.monotonic() < end, "it did not happen"
            time.sleep(0.02)
        return answer

    return wait

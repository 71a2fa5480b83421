"""SIGKILL at eight random moments of import, training and publishing: what was acknowledged is there.

Nothing is half, and a killed training is shown as failed. The moments are drawn from a seed.
"""

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from finrec_core import jobs
from finrec_core.dataset import write_csv
from finrec_core.demo.bank import demo_bank
from finrec_core.jobs.process import Process
from finrec_core.store import RunRow, Store
from tests import tied

ROOT = Path(__file__).parents[2]
MOMENTS = random.Random(20261125)

IMPORTING = """
    import io, json, sys
    from contextlib import redirect_stdout
    from finrec_core.cli import main

    store, files = sys.argv[1:]
    print("ready", flush=True)
    while True:
        said = io.StringIO()
        try:
            with redirect_stdout(said):
                main(["import", files, "--name", "bank", "--store", store, "--json"])
        except SystemExit as end:
            assert not end.code
        print(json.loads(said.getvalue())["dataset"], flush=True)
"""
TRAINING = """
    import sys, time
    from pathlib import Path
    from finrec_core import jobs
    from finrec_core.jobs import Training
    from finrec_core.store import Store

    store = Store(Path(sys.argv[1]))
    quick = Training(seed=0, encoder="tf-idf", compare=False, switches={"network": False})
    while True:
        job = jobs.enqueue(store, quick)
        behind = jobs.enqueue(store, quick)
        print("ready", job.run, behind.run, flush=True)
        while job.state().status != "finished":
            assert job.state().status != "failed", job.state()
            time.sleep(0.02)
        for row in jobs.collect(store):
            print(row.run, flush=True)
        behind.cancel()
"""
PUBLISHING = """
    import sys
    from pathlib import Path
    from finrec_core.store import Store

    store = Store(Path(sys.argv[1]))
    print("ready", flush=True)
    while True:
        for run in ("second", "first"):  # the first one is in use already
            print(store.publish(run, reason="a test").run, flush=True)
"""


def killed(script: str, moment: float, *arguments: object, also=lambda: None) -> list[str]:
    """Run a script, kill it `moment` seconds after its first line, and return the whole lines it wrote."""
    process = tied.start(
        [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    first = process.stdout.readline()
    assert first.startswith("ready"), "the script did not begin"
    time.sleep(moment)
    also()
    process.kill()
    rest = process.stdout.read()  # what it acknowledged lies in the pipe, whoever wrote it is gone
    process.stdout.close()
    process.wait()
    return [line for line in (first + rest).split("\n")[:-1] if line]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    write_csv(demo_bank(60, 20, 1).dataset, folder)
    return folder


@pytest.mark.parametrize("moment", [MOMENTS.uniform(0.0, 1.5) for _ in range(3)])
def test_what_an_import_acknowledged_is_there_whole(files, tmp_path, moment):
    file = tmp_path / "finrec.duckdb"
    acknowledged = killed(IMPORTING, moment, file, files)[1:]
    with Store(file) as store:
        versions = {version.label: version for version in store.datasets()}
        assert set(acknowledged) <= set(versions)
        assert len(versions) <= len(acknowledged) + 1  # one may have landed that nobody was told of
        for label, version in versions.items():
            assert store.dataset(label).content_hash == version.content_hash
        assert sorted(version.version for version in versions.values()) == [*range(1, len(versions) + 1)]


@pytest.mark.parametrize("moment", [MOMENTS.uniform(0.0, 0.6) for _ in range(2)])
def test_what_was_published_is_in_use_and_its_folder_is_there(tmp_path, moment):
    file = tmp_path / "finrec.duckdb"
    with Store(file) as store:
        for run in ("first", "second"):
            (store.runs_folder / run).mkdir(parents=True)
            (store.runs_folder / run / "run.json").write_text("{}")
            row = RunRow(
                run=run, dataset="bank", version=1, content_hash="ab", created=datetime.now(UTC),
                seconds=1.0, encoder="tf-idf", seed=0,
            )  # fmt: skip
            store.add_run(row)
    acknowledged = killed(PUBLISHING, moment, file)[1:]
    with Store(file) as store:
        active = store.active_run()
        assert not active.missing
        # The last acknowledged, or the next one that nobody was told of.
        other = {"first": "second", "second": "first"}
        last = acknowledged[-1] if acknowledged else "first"
        assert active.run in (last, other[last])
        with store._connection.reading() as cursor:
            query = "SELECT run FROM activations ORDER BY sequence"
            history = [run for (run,) in cursor.execute(query).fetchall()]
        assert history[1 : 1 + len(acknowledged)] == acknowledged
        assert len(history) <= len(acknowledged) + 2
        assert len(store.runs()) == 2


@pytest.mark.parametrize(
    ("moment", "whom"),
    [(MOMENTS.uniform(0.0, 5.0), whom) for whom in ("desk", "child", "both")],
)
def test_a_killed_training_is_failed_and_the_line_behind_it_is_intact(files, tmp_path, until, moment, whom):
    file = tmp_path / "finrec.duckdb"
    with Store(file) as store:
        store.add_dataset(demo_bank(60, 20, 1).dataset)
    runs = tmp_path / "runs"
    hit = []

    def also():
        job = jobs.current(runs)
        process = job and Process.load(job.folder)
        if whom != "desk" and process:
            os.killpg(process.pid, signal.SIGKILL)
            until(lambda: not process.alive)
            hit.append(job)
        if whom == "child":  # the desk lives on, notes it and starts the next one
            until(lambda: not hit or hit[0].state().status != "running")
            time.sleep(0.2)

    lines = killed(TRAINING, moment, file, also=also)
    acknowledged = {line for line in lines if not line.startswith("ready")}
    asked = {name for line in lines if line.startswith("ready") for name in line.split()[1:]}
    with Store(file) as store:
        assert acknowledged <= {row.run for row in store.runs()}
        jobs.sweep(runs)
        now = {job.run: job.state() for job in jobs.jobs(runs)}
        assert asked <= set(now)
        for job in hit:
            assert now[job.run].status in ("failed", "finished", "cancelled")
            if now[job.run].status == "failed":
                assert now[job.run].message.endswith(".")
                assert now[job.run].advice
                assert jobs.failed(runs) is not None
        if whom == "desk":
            assert "failed" not in {state.status for state in now.values()}

        # Whoever waited still does, or was started; the line goes on to its end.
        def still():
            jobs.advance(runs)
            return not jobs.current(runs) and not jobs.waiting(runs)

        until(still)
        jobs.collect(store)
        for row in store.runs():
            assert not row.missing
            assert (runs / row.run / "model.safetensors").is_file()
        ends = {job.state().status for job in jobs.jobs(runs)}
        assert ends <= {"finished", "failed", "cancelled"}
        assert store.dataset().content_hash == store.version().content_hash
        if whom != "child":
            assert store.active_run() is not None  # what waited was trained after all

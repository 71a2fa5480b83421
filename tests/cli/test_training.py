import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from finrec_core import jobs
from finrec_core.cli import options
from finrec_core.store import Store
from finrec_core.terms.bounds import MOST_SEED
from tests import tied
from tests.cli.conftest import Desk, done, run

# A shell that runs the tests in the background lets what they start ignore Ctrl-C.
INTERRUPTIBLE = """
import signal, sys
from finrec_core.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main(sys.argv[1:])
"""


@pytest.fixture(scope="module")
def desk(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a copy of the small bank, for what is trained here is no other module's business."""
    folder = tmp_path_factory.mktemp("training")
    shutil.copytree(desk.store.parent, folder, dirs_exist_ok=True)
    trained = desk.trained | {"folder": str(folder / "runs" / desk.run.name)}
    return replace(desk, files=folder / desk.files.name, store=folder / desk.store.name, trained=trained)


def test_the_first_training_is_the_active_model(desk: Desk) -> None:
    answer = desk.trained
    assert answer["dataset"] == "small@1"
    assert answer["active"] is True
    assert answer["seed"] == 1
    assert (desk.run / "run.json").is_file()
    assert "per-client" in answer["metrics"]["protocols"]
    with Store(desk.store) as store:
        active = store.active_run()
        assert active is not None
        assert active.run == answer["run"]


def test_runs_lists_the_training(desk: Desk) -> None:
    answer = done("runs", "--store", desk.store)
    assert desk.trained["run"] in [row["run"] for row in answer["runs"]]
    assert desk.trained["run"] in run("runs", "--store", desk.store).out


# What a training leaves, copied from one that was: trainings are slow, and one is enough here.
COPYING = """
import json, pathlib, shutil, sys
TEXTS = "tf-idf.json", "tf-idf.safetensors"
old, new = pathlib.Path({run!r}), pathlib.Path(sys.argv[1])
for name in ("run.json", "model.safetensors", *TEXTS, "ids.parquet", "metrics.json"):
    shutil.copy(old / name, new / name)
shutil.copytree(old / "dataset", new / "dataset", dirs_exist_ok=True)
result = json.loads((old / "result.json").read_text())
result |= {{"run": new.name, "created": json.loads((new / "job.json").read_text())["created"]}}
(new / "result.json").write_text(json.dumps(result))
"""


def test_a_second_training_waits_to_be_published(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first = desk.trained["run"]
    copying = COPYING.format(run=str(desk.run))
    monkeypatch.setattr(jobs.process, "COMMAND", (sys.executable, "-c", copying))
    ended = run("train", "--dataset", "small@1", "--store", desk.store)
    assert ended.code == 0, ended.err
    second = done("runs", "--store", desk.store)["runs"][0]
    assert second["active"] is False
    assert f"`python -m finrec_core runs publish {second['run']}` changes that." in ended.out
    assert "fused" in ended.out
    answer = done("runs", "publish", second["run"], "--reason", "better", "--store", desk.store)
    assert answer["active"] is True
    # The store may be named before the sub-command as well.
    assert run("runs", "--store", desk.store, "publish", first).code == 0
    assert [row["active"] for row in done("runs", "--store", desk.store)["runs"]] == [False, True]


def test_an_unknown_run_is_one_sentence(desk: Desk) -> None:
    ended = run("runs", "publish", "nonsense", "--store", desk.store)
    assert ended.code == 2
    assert ended.err.startswith('The store holds no run "nonsense" (the newest: ')


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--dataset", "large"), 'The store holds no dataset "large"; it holds small@1.'),
        (("--dataset", "small@x"), '"small@x": write a dataset as NAME or NAME@VERSION, like demo@2.'),
        (("--encoder", "no/such-model"), 'The language model "no/such-model" is not on this machine'),
    ],
)
def test_what_cannot_be_trained_is_one_sentence(desk: Desk, options: tuple[str, ...], sentence: str) -> None:
    ended = run("train", *options, "--store", desk.store, "--json")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines()[-1].startswith(sentence)


def test_a_training_that_fails_is_our_fault_and_names_its_log(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs.process, "COMMAND", (sys.executable, "-c", "raise KeyError('lost')"))
    ended = run("train", "--store", desk.store, "--json")
    assert (ended.code, ended.out) == (1, "")
    assert "KeyError: 'lost'" in ended.err
    assert ended.err.rstrip().endswith("log.txt.")


def test_a_store_that_another_process_holds_is_named(desk: Desk) -> None:
    code = (
        "import time; from finrec_core.store import Store\n"
        f"with Store({str(desk.store)!r}):\n"
        "    print('open', flush=True)\n"
        "    time.sleep(60)"
    )
    with tied.start([sys.executable, "-c", code], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        ended = run("datasets", "--store", desk.store)
        reading = run("recommend", "C00001", "--run", desk.run)
        holder.kill()
    assert ended.code == 2
    assert f"is open in process {holder.pid}" in ended.err
    assert reading.code == 0


def test_ctrl_c_cancels_the_training_and_leaves_the_store_as_it_was(desk: Desk, tmp_path: Path) -> None:
    done("import", desk.files, "--store", tmp_path)
    command = [sys.executable, "-c", INTERRUPTIBLE, "train", "--store", str(tmp_path), "--json"]
    with tied.start(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        end = time.monotonic() + 60
        while (job := jobs.current(tmp_path / "runs")) is None:
            assert time.monotonic() < end
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert err.splitlines()[-1] == "The training was cancelled; nothing was stored."
    assert job.state().status == "cancelled"
    assert done("runs", "--store", tmp_path) == {"runs": []}
    assert run("runs", "--store", tmp_path).out == "No training has finished yet.\n"


def test_what_is_left_out_and_waiting_in_line_travel_to_the_model(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    copying = COPYING.format(run=str(desk.run))
    monkeypatch.setattr(jobs.process, "COMMAND", (sys.executable, "-c", copying))
    answer = done("train", "--without", "text,ties", "--queue", "--seed", 5, "--store", desk.store)
    job = jobs.Job(Path(answer["folder"]))
    assert job.order["switches"] == {"text": False, "reviews": False, "ties": False}
    assert (job.order["seed"], job.kind) == (5, "train")
    refused = run("train", "--without", "colour", "--store", desk.store)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith('There is no "colour" to leave out; there are text, reviews, ties')


def test_with_queue_a_training_waits_for_the_job_that_runs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    copying = COPYING.format(run=str(desk.run))
    sleeping = f"import time; time.sleep(2); {copying.strip()!r}"
    monkeypatch.setattr(jobs.process, "COMMAND", (sys.executable, "-c", f"exec({sleeping!r})"))
    with Store(desk.store) as store:
        first = jobs.start(store, encoder="tf-idf")
    refused = run("train", "--store", desk.store)
    assert f"A training is already running ({first.run})" in refused.err
    monkeypatch.setattr(jobs.process, "COMMAND", (sys.executable, "-c", copying))
    ended = run("train", "--queue", "--store", desk.store)
    assert ended.code == 0, ended.err
    assert "Number 1 in line" in ended.err


def test_a_seed_beyond_the_numbers_of_the_store_is_refused_before_anything_runs(desk: Desk) -> None:
    assert options.MOST_SEED == MOST_SEED
    for seed in (2**64 - 1, MOST_SEED + 1, -1):
        ended = run("train", "--seed", seed, "--store", desk.store)
        assert ended.code == 2
        assert "--seed" in ended.err

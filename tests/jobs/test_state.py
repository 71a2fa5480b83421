"""The state read off a folder, whatever a kill left in it."""

import os
import time
from dataclasses import replace

import pytest

from finrec_core.jobs import record, state
from finrec_core.jobs.process import Process
from finrec_core.jobs.state import JobState
from tests.jobs.test_child import JOB

RESULT = {key: JOB[key] for key in ("dataset", "version", "content_hash", "created", "seed", "encoder")}


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "r1"
    folder.mkdir()
    record.write(folder / "job.json", JOB)
    return folder


def dead(folder):
    Process(os.getpid(), "1").save(folder)


def alive(folder):
    Process.of(os.getpid()).save(folder)


def test_a_new_folder_is_starting_for_a_while(folder):
    assert state.read(folder) == JobState("r1", "running", "Starting")
    os.utime(folder / "job.json", (0, time.time() - 60))
    assert state.read(folder).status == "failed"


def test_running_counts_the_time_left_down(folder):
    alive(folder)
    line = f'{{"stage": "b", "share": 0.5, "seconds": 10, "seconds_left": 10, "at": {time.time() - 4}}}\n'
    (folder / "progress.jsonl").write_text(line)
    now = state.read(folder)
    assert (now.status, now.stage, now.share) == ("running", "b", 0.5)
    assert now.seconds == pytest.approx(14, abs=0.5)
    assert now.seconds_left == pytest.approx(6, abs=0.5)


def test_a_result_counts_even_if_the_cancellation_came_too_late(folder):
    dead(folder)
    record.write(folder / "result.json", RESULT | {"seconds": 1.0})
    record.write_text(folder / "cancelled", "")
    assert state.read(folder).status == "finished"
    assert state.result(folder).run == "r1"
    assert not state.close(folder, None)


def test_a_cancelled_training_that_has_not_died_yet_still_runs(folder):
    alive(folder)
    record.write_text(folder / "cancelled", "")
    assert state.read(folder).status == "running"
    dead(folder)
    assert state.read(folder).status == "cancelled"


def test_the_childs_own_sentence_is_kept(folder):
    dead(folder)
    record.write_text(folder / "error.txt", "The dataset is too small.")
    assert replace(state.read(folder), log_tail="") == JobState(
        "r1", "failed", "Starting", message="The dataset is too small."
    )
    assert not state.close(folder, -9)


@pytest.mark.parametrize(
    ("log", "exit_code", "start"),
    [
        ("", -9, "The training ran out of memory or was killed"),
        ("", -15, "The training was stopped from outside by signal 15"),
        ("warning: slow\n", None, "The training ended without a word"),
        ("Traceback\n  line\nKeyError: 'x'\n\n", 1, "The training failed (KeyError: 'x'): log.txt of run r1"),
        ("x\ntorch.OutOfMemoryError: y\n", 1, "The training ran out of memory"),
        (
            "RuntimeError: DefaultCPUAllocator: can't allocate memory: tried 9\n",
            None,
            "The training ran out of m",
        ),
    ],
)
def test_an_end_without_a_word_gets_a_sentence(folder, log, exit_code, start):
    dead(folder)
    (folder / "log.txt").write_text(log)
    assert state.close(folder, exit_code)
    assert not state.close(folder, exit_code)
    assert state.read(folder).message.startswith(start)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "x", "started": 1}', "null"])
def test_records_that_are_none_are_no_trap(folder, text):
    for name in ("process.json", "result.json", "progress.jsonl"):
        (folder / name).write_text(text)
    os.utime(folder / "job.json", (0, 0))
    assert state.read(folder).status == "failed"
    assert state.result(folder) is None


def test_a_state_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="cannot be asleep"):
        JobState("r", "asleep")
    with pytest.raises(ValueError, match=r"running at 1\.5"):
        JobState("r", "running", share=1.5)


def test_a_job_that_starts_between_two_looks_has_not_failed(folder, monkeypatch):
    """Guards against a training shown as failed in the instant in which it leaves the line."""
    (folder / state.CLAIMED).touch()
    os.utime(folder / "job.json", (0, 0))
    look = state.waiting

    def started_meanwhile(place):
        found = look(place)
        alive(folder)
        return found

    monkeypatch.setattr(state, "waiting", started_meanwhile)
    assert state.read(folder).status == "running"
    (folder / "process.json").unlink()
    assert not state.close(folder, None)
    (folder / "process.json").unlink()
    monkeypatch.setattr(state, "running", lambda place: started_meanwhile(place) and False)
    assert state.read(folder).status == "queued"
    assert not (folder / "error.txt").exists()

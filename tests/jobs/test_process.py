"""Processes told apart by number and start, and the one slot for a training."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from finrec_core.jobs import record, slot
from finrec_core.jobs.error import JobError
from finrec_core.jobs.process import Process
from tests import tied


@pytest.fixture
def sleeper():
    child = tied.start([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    yield child
    child.kill()
    child.wait()


def test_a_process_is_known_again_and_its_number_alone_is_not_enough(sleeper, tmp_path):
    process = Process.of(sleeper.pid)
    process.save(tmp_path)
    assert Process.load(tmp_path) == process
    assert process.alive
    assert not replace(process, started=str(int(process.started) - 1)).alive
    assert not Process.of(2**22 + 1).alive


def test_a_dead_process_is_dead_before_it_is_buried(sleeper):
    process = Process.of(sleeper.pid)
    process.kill()
    assert not process.alive
    assert sleeper.poll() == -9
    process.kill()


def test_a_stranger_with_the_same_number_is_not_killed(sleeper):
    replace(Process.of(sleeper.pid), started="1").kill()
    assert sleeper.poll() is None


def test_a_process_that_does_not_end_is_one_sentence(sleeper, monkeypatch):
    monkeypatch.setattr(os, "killpg", lambda *_: None)
    with pytest.raises(JobError, match="does not end: stop it by hand"):
        Process.of(sleeper.pid).kill(patience=0.05)


def test_the_slot_is_taken_once_and_is_free_afterwards(tmp_path):
    with slot.take(tmp_path / "runs") as first, slot.take(tmp_path / "runs") as second:
        assert first is not None
        assert second is None
    with slot.take(tmp_path / "runs") as third:
        assert third is not None


def test_a_child_that_inherits_the_slot_keeps_it_until_it_ends(tmp_path):
    with slot.take(tmp_path) as held:
        child = tied.start([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[held])
    with slot.take(tmp_path) as other:
        assert other is None
    child.communicate(b"\n")
    with slot.take(tmp_path) as other:
        assert other is not None


def test_a_record_is_replaced_whole_or_not_at_all(tmp_path):
    record.write(tmp_path / "r.json", {"a": 1})
    with pytest.raises(ValueError, match="not JSON compliant"):
        record.write(tmp_path / "r.json", {"a": float("nan")})
    assert record.read(tmp_path / "r.json") == {"a": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["r.json"]
    assert record.read(tmp_path / "none") is None

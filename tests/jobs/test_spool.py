"""Uploads on the disk and their reading in real child processes: result, error, cancel and memory."""

import os
import time

import pytest

from finrec_core.intake import Intake, IntakeError
from finrec_core.jobs import Importing, JobError, Spool, outcome, sweep_spools
from finrec_core.jobs.process import Process
from finrec_core.settings import settings
from tests.jobs.conftest import ended

ROWS = b"client,product,stars\n" + b"".join(b"c%d,p%d,%d\n" % (n % 9, n % 5, n % 5 + 1) for n in range(45))
SLOW = b"client,product,review\n" + b"".join(
    b'c%d,p%d,"%s"\n' % (n, n, b'said so ""and so"" ' * 9) for n in range(150_000)
)


@pytest.fixture
def spool(tmp_path, monkeypatch):
    monkeypatch.setenv("FINREC_DATA", str(tmp_path))
    settings.cache_clear()
    spool = Spool.open(tmp_path / "imports")
    yield spool
    spool.remove()
    settings.cache_clear()


def test_files_are_read_by_a_child_and_come_back(spool, until) -> None:
    spool = spool.add("x/../../stars.csv", ROWS)
    assert [file.name for file in (spool.folder / "files").iterdir()] == ["0"]
    job = spool.read(Importing(spool.names))
    assert until(lambda: ended(job)).status == "finished"
    intake = outcome(job)
    assert isinstance(intake, Intake)
    assert (intake.rows_read, intake.files[0].name) == (45, "x/../../stars.csv")
    assert Process.load(job.folder).pid != os.getpid()
    # The same answers are not read twice; others are.
    assert spool.read(Importing(spool.names)) == job
    other = spool.read(Importing(spool.names, mapping={"stars": ""}))
    assert other != job
    assert until(lambda: ended(other)).status == "finished"
    assert outcome(other).rating_proposal is None
    spool.remove()
    assert not spool.folder.exists()


def test_a_file_that_cannot_be_read_is_its_error(spool, until) -> None:
    spool = spool.add("holdings.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    job = spool.read(Importing(spool.names))
    assert until(lambda: ended(job)).status == "finished"
    error = outcome(job)
    assert isinstance(error, IntakeError)
    assert "PNG picture" in str(error)


def test_a_file_of_the_same_name_takes_the_place_of_the_first(spool) -> None:
    spool = spool.add("a.csv", b"x").add("b.csv", b"y").add("a.csv", b"z")
    assert spool.names == ("b.csv", "a.csv")
    files = {file.name: file.read_bytes() for file in (spool.folder / "files").iterdir()}
    assert files == {"1": b"y", "2": b"z"}
    assert dict(spool.places) == {"b.csv": 1, "a.csv": 2}


def test_reading_is_ended_where_somebody_cancels_or_asks_otherwise(spool, until) -> None:
    spool = spool.add("slow.csv", SLOW)
    job = spool.read(Importing(spool.names))
    until(lambda: job.state().share > 0)
    process = Process.load(job.folder)
    assert job.cancel().status == "cancelled"
    assert not process.alive
    spool.forget(job)
    again = spool.read(Importing(spool.names))
    assert again == job
    until(lambda: again.state().share > 0)
    process = Process.load(again.folder)
    other = spool.read(Importing(spool.names, kinds={"slow.csv": ""}))
    assert not process.alive
    assert until(lambda: ended(other)).status == "finished"


def test_a_child_that_takes_too_much_memory_says_what_to_do(spool, until, monkeypatch) -> None:
    monkeypatch.setenv("FINREC_IMPORT_MEMORY", "0.02")
    spool = spool.add("slow.csv", SLOW)
    job = spool.read(Importing(spool.names))
    state = until(lambda: ended(job))
    assert state.status == "failed"
    assert "more than 0.02 GB of memory: split them" in state.message
    assert not (job.folder / "read").exists()


def test_a_killed_child_is_a_sentence(spool, until) -> None:
    spool = spool.add("slow.csv", SLOW)
    job = spool.read(Importing(spool.names))
    until(lambda: job.state().share > 0)
    Process.load(job.folder).kill()
    state = until(lambda: ended(job))
    assert state.status == "failed"
    assert state.message == "The reading of the files ran out of memory or was killed from outside."


def test_old_spools_go_and_a_new_desk_removes_all(spool, until, tmp_path) -> None:
    spool = spool.add("slow.csv", SLOW)
    job = spool.read(Importing(spool.names))
    until(lambda: job.state().share > 0)
    process = Process.load(job.folder)
    other = Spool.open(tmp_path / "imports")
    assert spool.folder.exists()
    long_ago = time.time() - 90_000
    os.utime(other.folder, (long_ago, long_ago))
    third = Spool.open(tmp_path / "imports")
    assert not other.folder.exists()
    sweep_spools(tmp_path / "imports")
    assert not process.alive
    assert not third.folder.exists()
    assert not spool.folder.exists()
    sweep_spools(tmp_path / "nowhere")


def test_nothing_to_read_is_refused(spool) -> None:
    with pytest.raises(JobError, match="one file or more"):
        spool.read(Importing(()))

"""The job: one piece of long work in a child process, known by the folder that it works in."""

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from finrec_core.jobs import order, progress, record, state
from finrec_core.jobs.error import JobError
from finrec_core.jobs.order import NOUNS, Kind
from finrec_core.jobs.process import Process
from finrec_core.jobs.progress import Curve
from finrec_core.jobs.state import JobState
from finrec_core.store import RunRow

STARTING = 2.0  # seconds that a job may take from its claim to its process


@dataclass(frozen=True)
class Job:
    """A job, known by its folder, whose name sorts by time; the folder is all there is to it."""

    folder: Path

    @property
    def run(self) -> str:
        """The folder's name; that of the run, where the job trains one."""
        return self.folder.name

    @cached_property
    def order(self) -> Mapping[str, Any]:
        """What it was asked to do, as `job.json` has it; empty where that cannot be read.

        A value of another type than an order's is left out.
        """
        return order.known(record.read(self.folder / "job.json") or {})

    @property
    def kind(self) -> Kind:
        """What it does."""
        return state.kind_of(self.folder)

    @property
    def noun(self) -> str:
        """What it does, as a sentence has it."""
        return NOUNS[self.kind]

    @property
    def created(self) -> datetime | None:
        """When it was asked for."""
        try:
            return datetime.fromisoformat(self.order["created"])
        except (KeyError, TypeError, ValueError):
            return None

    @property
    def threads(self) -> int:
        """How many threads its process gets, by the size of the work; 1 where the order names none."""
        found = self.order.get("threads")
        return found if isinstance(found, int) and found > 0 else 1

    def state(self) -> JobState:
        """Return how the job stands."""
        return state.read(self.folder)

    def curve(self) -> Curve | None:
        """Return how good the newest network of a training is, by steps; None before its first check."""
        return progress.curve(self.folder / "progress.jsonl")

    def log(self) -> bytes:
        """Return the whole log, empty where there is none."""
        try:
            return (self.folder / "log.txt").read_bytes()
        except OSError:
            return b""

    def listing(self) -> tuple[Path, dict[str, Any]] | None:
        """Return the file of lists that it made and what that holds, None where there is none."""
        if self.kind != "batch" or not state.readable(self.folder):
            return None
        found = record.read(self.folder / "result.json") or {}
        file = self.folder / Path(str(found.get("file", ""))).name
        return (file, found) if file.is_file() else None

    def cancel(self) -> JobState:
        """Take a waiting job out of the line, or end a running one; one that has ended stays as it is."""
        try:
            (self.folder / state.QUEUED).rename(self.folder / "cancelled")
        except FileNotFoundError:  # it was started, or is being started just now
            self._end()
        return self.state()

    def _end(self) -> None:
        end = time.monotonic() + STARTING
        while (process := Process.load(self.folder)) is None and time.monotonic() < end:
            if not state.waiting(self.folder):
                return
            time.sleep(0.02)
        if process is not None and process.alive:
            try:  # marked first, so that nobody reads the sudden end as a failure
                record.write_text(self.folder / "cancelled", "")
            finally:  # a full disk keeps nobody from ending it
                process.kill()

    def dismiss(self) -> None:
        """Note that its failure has been seen, so that `failed` names it no more.

        Nothing happens where another session removed it; raises `JobError` where the disk refuses.
        """
        try:
            record.write_text(self.folder / "dismissed", "")
        except OSError as error:
            if self.folder.exists():
                raise JobError(f"This cannot be noted ({error.strerror or error}).") from error

    def remove(self) -> None:
        """Remove what an ended job left; raises `JobError` where it has not ended, or is a trained model."""
        now = self.state()
        if now.status in ("queued", "running"):
            raise JobError(f"The {self.noun} is still {now.status}: cancel it first.")
        if self.kind == "train" and now.status == "finished":
            raise JobError(f"Run {self.run} is a model: remove it on the page Models.")
        gone = self.folder.with_name(f".{self.run}")  # a sweep finds it where the removal is cut off
        with suppress(FileNotFoundError):  # somebody else removes it at this moment
            self.folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def result(self) -> RunRow:
        """Return the finished training as the store keeps it; raises `JobError` if it has not finished."""
        row = state.result(self.folder)
        if row is None:
            raise JobError(self.state().message or f"The {self.noun} {self.run} has not finished.")
        return row


def jobs(runs_folder: Path, kind: Kind | None = None) -> Iterator[Job]:
    """Yield all jobs that have a folder, those of one kind where it is named, newest first."""
    if runs_folder.is_dir():
        try:
            folders = sorted(runs_folder.iterdir(), reverse=True)
        except OSError as error:
            said = f"The folder of runs {runs_folder} cannot be read ({error.strerror or error})."
            raise JobError(said) from error
        for folder in folders:
            if (folder / "job.json").is_file() and not folder.name.startswith("."):
                job = Job(folder)
                if kind is None or job.kind == kind:
                    yield job


def current(runs_folder: Path) -> Job | None:
    """Return the job that runs."""
    return next((job for job in jobs(runs_folder) if state.running(job.folder)), None)


def waiting(runs_folder: Path) -> list[Job]:
    """Return the jobs that stand in the line, the next one first."""
    return [job for job in jobs(runs_folder) if state.waiting(job.folder)][::-1]


def failed(runs_folder: Path) -> Job | None:
    """Return the newest job that failed and was not dismissed."""
    kept = (job for job in jobs(runs_folder) if not (job.folder / "dismissed").exists())
    return next((job for job in kept if job.state().status == "failed"), None)

"""The spool: uploaded files on the disk, read by a child for each set of answers, until they are saved.

A spool belongs to one session of the desk. Its folder lies in `imports`, with the files by number, for
their names are whatever somebody wrote, and a folder for each of the last readings.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from finrec_core.intake import Intake, IntakeError, load_intake
from finrec_core.intake.folder import load_error
from finrec_core.jobs import order, record, state
from finrec_core.jobs.error import JobError
from finrec_core.jobs.importing import FILES, READ
from finrec_core.jobs.job import Job
from finrec_core.jobs.order import Importing
from finrec_core.jobs.process import Process, spawn
from finrec_core.settings import settings

KEPT = 2  # readings, so that an answer can be changed and changed back
STALE = 86_400.0  # seconds after which a spool that nobody touched goes
TRIES = 20  # to remove a folder, a twentieth of a second apart
READING = "reading-"  # how the folder of a reading begins


@dataclass(frozen=True)
class Spool:
    """The files of one import; `places` has the number of each on the disk, by its name."""

    folder: Path
    places: tuple[tuple[str, int], ...] = ()

    @classmethod
    def open(cls, imports_folder: Path) -> "Spool":
        """Make an empty spool; those that nobody has touched for a day go."""
        for old in _spools(imports_folder):
            with suppress(OSError):
                if time.time() - old.stat().st_mtime > STALE:
                    cls(old).remove()
        folder = imports_folder / uuid4().hex
        (folder / FILES).mkdir(parents=True)
        return cls(folder)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files, in the order in which they came."""
        return tuple(name for name, _ in self.places)

    def add(self, name: str, content: "memoryview | bytes") -> "Spool":
        """Write a file to the disk and return the spool with it; one of the same name is replaced."""
        number = 1 + max((place for _, place in self.places), default=-1)
        try:
            with (self.folder / FILES / str(number)).open("wb") as out:
                out.write(content)
        except OSError as error:
            raise JobError(f"{name} cannot be written to the disk ({error.strerror or error}).") from error
        with suppress(KeyError, OSError):
            (self.folder / FILES / str(dict(self.places)[name])).unlink()
        places = [*((other, place) for other, place in self.places if other != name), (name, number)]
        return replace(self, places=tuple(places))

    def read(self, asked: Importing) -> Job:
        """Return the reading of the files with these answers: one that is there, else one that starts now.

        Any other that still runs is ended. Raises `JobError` where the child cannot be started.
        """
        values = order.to_json(asked) | {"places": [dict(self.places)[name] for name in asked.files]}
        with suppress(OSError):
            os.utime(self.folder)
        folder = self.folder / (READING + _digest(values))
        others = sorted(self._readings(), key=lambda one: one.stat().st_mtime, reverse=True)
        if folder in others:
            return Job(folder)
        for place, other in enumerate(others):
            if state.running(other):
                Job(other).cancel()
            if place >= KEPT - 1:
                shutil.rmtree(other, ignore_errors=True)
        try:
            folder.mkdir()
            record.write(folder / "job.json", values)
            spawn(folder, settings().child_environment(), None, _ended)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise JobError(f"The import cannot be started ({error.strerror or error}).") from error
        return Job(folder)

    def forget(self, job: Job) -> None:
        """Remove a reading, so that the next call of `read` starts it anew."""
        if state.running(job.folder):
            job.cancel()
        shutil.rmtree(job.folder, ignore_errors=True)

    def remove(self) -> None:
        """End what reads the files, and remove them with all that was read."""
        for folder in self._readings():
            if (process := Process.load(folder)) is not None:
                process.kill()
        for _ in range(TRIES):  # what ends in the same moment may still note so in its folder
            shutil.rmtree(self.folder, ignore_errors=True)
            if not self.folder.exists():
                return
            time.sleep(0.05)

    def _readings(self) -> list[Path]:
        return [one for one in self.folder.glob(f"{READING}*") if one.is_dir()]


def outcome(job: Job) -> Intake | IntakeError:
    """Return what a finished reading gave; raises `FolderError` where its folder was harmed."""
    read = (record.read(job.folder / "result.json") or {}).get("read")
    return load_intake(job.folder / READ) if read else load_error(job.folder / READ)


def tables(job: Job) -> dict[str, list[str]]:
    """Return the sheets or tables of each workbook and database that a finished reading opened."""
    return (record.read(job.folder / "result.json") or {}).get("tables") or {}


def sweep_spools(imports_folder: Path) -> None:
    """Remove all spools; for the start of a desk, whose sessions are new."""
    for folder in _spools(imports_folder):
        Spool(folder).remove()


def _ended(folder: Path, exit_code: int) -> None:
    """Note how a reading ended; nothing where its folder goes in the same moment."""
    with suppress(FileNotFoundError):
        state.close(folder, exit_code)


def _spools(imports_folder: Path) -> Iterator[Path]:
    if imports_folder.is_dir():
        yield from (one for one in sorted(imports_folder.iterdir()) if one.is_dir())


def _digest(values: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]

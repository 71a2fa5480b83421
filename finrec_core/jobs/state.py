"""The state of a job, read off its folder: anyone may read it, at any time, from any process."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args

from finrec_core.jobs import failure, progress, record
from finrec_core.jobs.order import NOUNS, Kind
from finrec_core.jobs.process import Process
from finrec_core.store import RunRow, StoreError

Status = Literal["queued", "running", "finished", "failed", "cancelled"]
GRACE = 10.0  # seconds that a new folder may be without its process
# A waiting job has the first of these files; whoever renames it, to start or to cancel the job, may do so.
QUEUED, CLAIMED = "queued", "claimed"
# What a result of each kind holds beside what may be missing; that of a training is a `RunRow`.
RESULTS: Mapping[str, Mapping[str, type]] = {
    "compare": {"protocols": dict},
    "batch": {"file": str, "rows": int, "clients": int},
    "import": {"read": bool, "tables": dict},
    "erase": {"done": dict, "left": dict},
}


@dataclass(frozen=True, repr=False)
class JobState:
    """How a job stands: stage and share of the whole (0..1) while it runs, why and what to do if it failed.

    `seconds` is how long it has run, `seconds_left` an estimate, None while it is too early to say or
    when it has ended; `log_tail` is the end of its log.
    """

    run: str
    status: Status
    stage: str = ""
    share: float = 0.0
    seconds: float = 0.0
    seconds_left: float | None = None
    message: str = ""
    log_tail: str = ""
    kind: Kind = "train"

    def __post_init__(self) -> None:
        if self.status not in get_args(Status) or not 0.0 <= self.share <= 1.0:
            raise ValueError(f"a job cannot be {self.status} at {self.share}.")

    @property
    def advice(self) -> str:
        """What to do about its failure, "" where it did not fail."""
        return failure.advice(self.message) if self.status == "failed" else ""

    def __repr__(self) -> str:
        return f"JobState({self.run}: {self.kind} {self.status}, {self.stage!r}, {self.share:.0%})"


def read(folder: Path) -> JobState:
    """Return the state of the job in a folder."""
    # In the order in which a job goes on, for it may go on between two looks: waits, runs, has a result.
    queued, alive = waiting(folder), running(folder)
    kind = kind_of(folder)
    line = progress.last(folder / "progress.jsonl")
    stage, share = (line.stage, line.share) if line else ("Starting", 0.0)
    seconds, left = (line.seconds, line.left) if line else (0.0, None)
    log = "\n".join(progress.last_lines(folder / "log.txt", 8000).split("\n")[-40:])

    def state(status: Status, message: str = "", *, left: float | None = None) -> JobState:
        at = (1.0, "Finished") if status == "finished" else (share, stage)
        return JobState(folder.name, status, at[1], at[0], seconds, left, message, log, kind)

    if (folder / "result.json").exists():
        if not readable(folder):
            return state("failed", f"The result of run {folder.name} cannot be read: start it again.")
        return state("finished")
    if alive:
        since = max(0.0, time.time() - line.at) if line and line.at else 0.0
        seconds += since
        return state("running", left=None if left is None else max(0.0, left - since))
    if queued:
        return state("queued")
    if (folder / "cancelled").exists():
        return state("cancelled", f"The {NOUNS[kind]} was cancelled.")
    process = Process.load(folder)
    said = progress.last_lines(folder / "error.txt", 8000).strip()
    return state("failed", said or failure.cause(folder, kind, process.exit_code if process else None))


def kind_of(folder: Path) -> Kind:
    """Return what the job does; one of an older finrec trains."""
    kind = (record.read(folder / "job.json") or {}).get("kind", "train")
    return kind if kind in get_args(Kind) else "train"


def readable(folder: Path) -> bool:
    """Return whether the result of a job is there and whole."""
    kind = kind_of(folder)
    if kind == "train":
        return result(folder) is not None
    found = record.read(folder / "result.json")
    if found is None:
        return False
    return all(isinstance(found.get(name), of) for name, of in RESULTS.get(kind, {}).items())


def result(folder: Path) -> RunRow | None:
    """Return a finished training as the store keeps it, None where there is no readable result."""
    values = record.read(folder / "result.json") or {}
    try:
        return RunRow(**values | {"created": datetime.fromisoformat(values["created"]), "run": folder.name})
    except (TypeError, KeyError, ValueError, StoreError):
        return None


def close(folder: Path, exit_code: int | None) -> bool:
    """Write down why a job ended that did not say so itself, and return whether that was needed."""
    said = ("result.json", "cancelled", "error.txt")
    if not folder.exists() or waiting(folder) or running(folder):  # it may have been started just now
        return False
    if any((folder / name).exists() for name in said):
        return False
    record.write_text(folder / "error.txt", failure.cause(folder, kind_of(folder), exit_code))
    return True


def waiting(folder: Path) -> bool:
    """Return whether the job stands in the line: it has no process yet.

    One that was claimed by a process that was killed before it started the child still does.
    """
    if any((folder / name).exists() for name in ("process.json", "cancelled", "error.txt")):
        return False
    return (folder / QUEUED).exists() or (folder / CLAIMED).exists()


def running(folder: Path) -> bool:
    """Return whether the job's process lives, or is just about to be named, and has no result yet."""
    process = Process.load(folder)
    if process is not None:
        alive = process.alive
    elif waiting(folder) or any((folder / name).exists() for name in ("cancelled", "error.txt")):
        alive = False
    else:
        try:
            # Either way, for the clock may have been set back since.
            alive = abs(time.time() - (folder / "job.json").stat().st_mtime) < GRACE
        except OSError:
            alive = False
    return alive and not (folder / "result.json").exists()

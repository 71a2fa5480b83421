"""The state of a training, read off its folder: anyone may read it, at any time, from any process."""

import re
import signal
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args

from finrec_core.jobs import progress, record
from finrec_core.jobs.process import Process
from finrec_core.store import RunRow, StoreError

Status = Literal["running", "finished", "failed", "cancelled"]
GRACE = 10.0  # seconds that a new folder may be without its process
NO_MEMORY = re.compile(r"MemoryError|allocate memory|Unable to allocate|std::bad_alloc")


@dataclass(frozen=True, repr=False)
class JobState:
    """How a training stands: stage and share of the whole (0..1) while it runs, a sentence if it failed.

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

    def __post_init__(self) -> None:
        if self.status not in get_args(Status) or not 0.0 <= self.share <= 1.0:
            raise ValueError(f"a training cannot be {self.status} at {self.share}.")

    def __repr__(self) -> str:
        return f"JobState({self.run}: {self.status}, {self.stage!r}, {self.share:.0%})"


def read(folder: Path) -> JobState:
    """Return the state of the training in a run's folder."""
    alive = running(folder)  # before the result is looked for: a child may finish between the two
    line = progress.last(folder / "progress.jsonl") or {}
    stage, share = str(line.get("stage", "Starting")), float(line.get("share", 0.0))
    seconds, left = float(line.get("seconds", 0.0)), line.get("seconds_left")
    log = "\n".join(progress.tail(folder / "log.txt", 8000).split("\n")[-40:])
    if (folder / "result.json").exists():
        if result(folder) is None:
            message = f"The result of run {folder.name} cannot be read: train again."
            return JobState(folder.name, "failed", stage, share, seconds, message=message, log_tail=log)
        return JobState(folder.name, "finished", "Finished", 1.0, seconds, log_tail=log)
    if alive:
        since = max(0.0, time.time() - float(line.get("at", time.time())))
        left = None if left is None else max(0.0, float(left) - since)
        return JobState(folder.name, "running", stage, share, seconds + since, left, log_tail=log)
    if (folder / "cancelled").exists():
        message = "The training was cancelled."
        return JobState(folder.name, "cancelled", stage, share, seconds, message=message, log_tail=log)
    process = Process.load(folder)
    message = progress.tail(folder / "error.txt", 8000).strip() or _cause(
        folder, process.exit_code if process else None
    )
    return JobState(folder.name, "failed", stage, share, seconds, message=message, log_tail=log)


def result(folder: Path) -> RunRow | None:
    """Return a finished training as the store keeps it, None where there is no readable result."""
    values = record.read(folder / "result.json") or {}
    try:
        return RunRow(**values | {"created": datetime.fromisoformat(values["created"]), "run": folder.name})
    except (TypeError, KeyError, ValueError, StoreError):
        return None


def close(folder: Path, exit_code: int | None) -> bool:
    """Write down why a training ended that did not say so itself, and return whether that was needed."""
    said = ("result.json", "cancelled", "error.txt")
    if not folder.exists() or any((folder / name).exists() for name in said):
        return False
    record.write_text(folder / "error.txt", _cause(folder, exit_code))
    return True


def running(folder: Path) -> bool:
    """Return whether the training's process lives, or is just about to be named, and has no result yet."""
    process = Process.load(folder)
    if process is not None:
        alive = process.alive
    else:
        try:
            alive = time.time() - (folder / "job.json").stat().st_mtime < GRACE
        except FileNotFoundError:
            alive = False
    return alive and not (folder / "result.json").exists()


def _cause(folder: Path, exit_code: int | None) -> str:
    """Return a sentence on an end without a word, from the exit code and the end of the log."""
    lines = [line.strip() for line in progress.tail(folder / "log.txt", 8000).split("\n") if line.strip()]
    word = lines[-1] if lines and re.match(r"[\w.]+(Error|Exception|Interrupt|Exit)\b", lines[-1]) else ""
    if exit_code == -signal.SIGKILL or NO_MEMORY.search(word):
        return (
            "The training ran out of memory or was killed from outside: close other programs, "
            "train on fewer interactions, or use a machine with more memory."
        )
    if exit_code is not None and exit_code < 0:
        return f"The training was stopped from outside by signal {-exit_code}: start it again."
    if word:
        return f"The training failed ({word[:300]}): log.txt of run {folder.name} says where."
    return (
        "The training ended without a word, as it does when the machine restarts or runs out of memory: "
        "start it again."
    )

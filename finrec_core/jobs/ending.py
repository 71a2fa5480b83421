"""The ending of jobs: failures that nobody wrote down, and results that the store does not hold yet."""

import logging
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from threading import Lock

from finrec_core.jobs import record, slot, state
from finrec_core.jobs.error import JobError
from finrec_core.jobs.job import Job, jobs
from finrec_core.settings import settings
from finrec_core.store import DatasetVersion, RunRow, Store, StoreError
from finrec_core.store.runs import LIMITS

TAKEN_IN = "taken-in"  # the mark of a comparison that the store holds
_collecting = Lock()  # two sessions that see a job end must not both take in what it made
_log = logging.getLogger(__name__)


def sweep(runs_folder: Path) -> list[Job]:
    """Write down the failure of every job whose process is gone, and return these; call it at start.

    What a full or read-only disk refuses stays as it is: the states of jobs are read off all the same.
    """
    lost: list[Job] = []
    try:
        ended = [job for job in jobs(runs_folder) if not state.running(job.folder)]
        lost += (job for job in ended if state.close(job.folder, None))
        with slot.take(runs_folder) as held:
            if held is not None:  # nothing runs and nothing starts: what has a draft's name was killed
                for draft in runs_folder.glob(".[0-9]*-*"):
                    shutil.rmtree(draft, ignore_errors=True)
    except (OSError, JobError) as error:
        _log.warning("What ended suddenly in %s was not written down (%s).", runs_folder, error)
    return lost


def collect(store: Store, *, user: str = "") -> list[RunRow]:
    """Take in what has finished: trainings, the first of which becomes the active model, and comparisons.

    Returns the trainings that were new. Safe to call at any time: it also finds what finished while no
    desk was open. A result that the store cannot hold is left out, and the state of its job says so; a
    failure of the store leaves it as it was. Safe from any thread.
    """
    with _collecting:
        return _collect(store, user)


def _collect(store: Store, user: str) -> list[RunRow]:
    known = {row.run for row in store.runs()}
    rows = [
        state.result(job.folder)
        for job in jobs(store.runs_folder, "train")
        if job.run not in known and (job.folder / "run.json").is_file()
    ]
    for job in _compared(store.runs_folder):
        _take_in(store, job)
    alone = not settings().four_eyes  # else somebody else than the trainer puts even the first one into use
    return [
        store.add_run(row, user=row.user or user, activate=alone)
        for row in reversed(rows)
        if row is not None and (store.runs_folder / row.run / "run.json").is_file()
    ]


def _compared(runs_folder: Path) -> Iterator[Job]:
    """Yield the finished comparisons that the store does not hold, oldest first."""
    for job in reversed([*jobs(runs_folder, "compare")]):
        if (job.folder / "result.json").is_file() and not (job.folder / TAKEN_IN).exists():
            yield job


def _take_in(store: Store, job: Job) -> None:
    """Add a comparison to the store unless it is there: a process may have been killed before the mark."""
    document = record.read(job.folder / "result.json")
    source = job.order.get("source") or {}
    try:
        moments = {
            name: datetime.fromisoformat(source[name]) for name in ("created", "erased") if source[name]
        }
        version = DatasetVersion(**source | moments)
    except (TypeError, KeyError, ValueError, StoreError):
        return  # there is no telling what it compared
    if document is None or not state.readable(job.folder) or version.version >= LIMITS["version"]:
        return  # the state of the job says that its result cannot be read
    kept = store.comparisons(version.name, version.version)
    if not any(one.document == document for one in kept):
        store.add_comparison(version, document, user=str(job.order.get("user", "")))
    record.write_text(job.folder / TAKEN_IN, "")

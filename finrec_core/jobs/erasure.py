"""Erasing: one client's data out of the store and then, by a child, out of the folders of all runs.

The store is first, in one step. What is left to do then stands in its record of erasures, so whatever ends
suddenly is made up for: `settle_erasures` may be called at any time.
"""

import logging
import secrets
import shutil
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finrec_core.jobs import core, folders, job, queue, record, state
from finrec_core.jobs.error import JobError
from finrec_core.jobs.folders import runs_with
from finrec_core.jobs.job import Job
from finrec_core.jobs.order import Erasing
from finrec_core.store import Erasure, Store
from finrec_core.terms import lock, manifest
from finrec_core.terms.progress import Progress, silent

AGAIN = 60.0  # seconds after which an erasure that failed is tried again
PATIENCE = 10.0  # seconds that one waits for another who looks after the erasures of a folder
POLL = 0.1  # seconds between two looks of whoever waits for a child
LOCK = "erasures.lock"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attempt:
    """The last child of a folder: what it was asked to erase, when, and whether only a job is in its way.

    `secret` is what it alone was told, so that a result is its own.
    """

    erasures: frozenset[str]
    at: float
    secret: bytes
    waits: bool = False


_attempts: dict[Path, Attempt] = {}


def erase(store: Store, client: str, *, reason: str, user: str = "") -> Erasure:
    """Erase a client's data from every version, begin with the folders of runs, and return the record.

    `finished` is None until a child has taken the client out of all folders, for which
    `finish_erasures` waits. The logs of decisions and lists stay. Raises `StoreError` where nothing holds
    the client.
    """
    elsewhere = not store.traces(client) and bool(runs_with(store.runs_folder, client))
    erasure = store.erase_client(client, reason=reason, user=user, elsewhere=elsewhere)
    if runs_with(store.runs_folder, client):
        settle_erasures(store)
    else:
        store.finish_erasure(erasure.id, [], whole=True)
    return next(one for one in store.erasures() if one.id == erasure.id)


def settle_erasures(store: Store, patience: float = 0.0) -> list[Erasure]:
    """Put what children have written in place, note it, and start the next child where there is work for it.

    Returns at once, with the erasures whose folders were touched; a backup that goes on is waited for as
    long as `patience`, in seconds. Safe to call at any time from any thread.
    """
    begun = {one.id: one for one in store.erasures() if one.finished is None}
    if not begun:
        return []
    with lock.take(store.runs_folder / LOCK, PATIENCE) as held:
        if held is None or _running(store.runs_folder):
            return []
        touched = []
        for ended in job.jobs(store.runs_folder, "erase"):
            touched += _take_in(store, ended, patience)
        left = [one for one in store.erasures() if one.finished is None]
        if left and _due(store.runs_folder, {one.id for one in left}):
            _start(store.runs_folder, left)
    return touched


def finish_erasures(store: Store, *, progress: Progress = silent) -> list[Erasure]:
    """Do as `settle_erasures` and wait for the child; return the erasures whose folders were touched."""
    touched = settle_erasures(store)
    while (running := _running(store.runs_folder)) is not None:
        now = running.state()
        progress(now.stage, now.share)
        time.sleep(POLL)
    touched += settle_erasures(store, folders.DAY)
    progress("Erased", 1.0)
    return touched


def _take_in(store: Store, ended: Job, patience: float) -> list[Erasure]:
    """Put what a child wrote in place, note it, and remove its folder, whose order names clients.

    A result that is not as the child wrote it that this process started counts for nothing: its drafts go,
    and the folders that they were made from, which are whole, are written anew by the next child.
    """
    result = record.read(ended.folder / "result.json") or {}
    before = _attempts.get(store.runs_folder)
    if before is None or not folders.sealed(result, before.secret):
        if result:
            _log.warning("What erasure %s wrote is made anew: this process did not ask for it.", ended.run)
            _attempts.pop(store.runs_folder, None)
            shutil.rmtree(ended.folder, ignore_errors=True)
        return []
    begun = {one.id: one for one in store.erasures() if one.finished is None}
    touched = []
    with lock.take(store.runs_folder / lock.SWAPS, patience) as held:
        if held is None:
            return []  # a backup reads the folders: the next look finds this as it is
        put = [run for run in result["drafts"] if _put(store, ended.folder, run, result["drafts"][run])]
    for key, done, held_back in _counted(result):
        of = [run for run, draft in result["drafts"].items() if key in draft["erasures"]]
        done += [run for run in of if run in put]
        left = held_back + sum(1 for run in of if run not in put and (store.runs_folder / run).exists())
        if key in begun and (done or not left):
            store.finish_erasure(key, done, whole=not left)
            touched.append(begun[key])
    waits = not result.get("refused")
    _attempts[store.runs_folder] = Attempt(before.erasures, before.at, before.secret, waits)
    shutil.rmtree(ended.folder, ignore_errors=True)
    return touched


def _put(store: Store, job_folder: Path, run: str, draft: Mapping[str, Any]) -> bool:
    """Put a draft in place of a run's folder, and return whether that could be done.

    The draft must be the one that the child told of. The holder of the lock of swaps may call this.
    """
    made, place = job_folder / folders.DRAFTS / run, store.runs_folder / run
    try:
        header = made / manifest.HEADER
        if draft["after"] != (manifest.digest(header) if header.is_file() else ""):
            return False
        store.exchange_run(
            run,
            lambda: core.erasure.put(made, place),
            erasures=draft["erasures"],
            before=draft["before"],
            after=draft["after"],
        )
    except OSError as error:
        _log.warning("Run %s could not be written anew (%s)", run, error)
        return False
    return True


def _counted(result: Mapping[str, Any]) -> Iterator[tuple[str, list[str], int]]:
    """Yield what a child did: the erasure, the folders that were done, and how many are left."""
    done, left = result.get("done"), result.get("left")
    if isinstance(done, dict) and isinstance(left, dict):
        for key, folders in done.items():
            if isinstance(folders, list) and isinstance(left.get(key), int):
                yield key, [str(one) for one in folders], left[key]


def _due(runs_folder: Path, erasures: Collection[str]) -> bool:
    """Return whether a child should start now: not again and again where the last one could not go on."""
    last = _attempts.get(runs_folder)
    if last is None or set(erasures) - last.erasures:
        return True
    return job.current(runs_folder) is None if last.waits else time.monotonic() - last.at >= AGAIN


def _start(runs_folder: Path, begun: Collection[Erasure]) -> None:
    """Start the child in place of those that failed; what cannot start now is tried again later."""
    for failed in job.jobs(runs_folder, "erase"):
        shutil.rmtree(failed.folder, ignore_errors=True)
    ids = frozenset(one.id for one in begun)
    secret = secrets.token_bytes(32)
    _attempts[runs_folder] = Attempt(ids, time.monotonic(), secret)
    named = [{"id": one.id, "client": one.client, "created": one.created.isoformat()} for one in begun]
    try:
        queue.start_beside(runs_folder, Erasing(tuple(reversed(named))), secret)
    except JobError as error:
        _log.warning("%s", error)


def _running(runs_folder: Path) -> Job | None:
    return next((one for one in job.jobs(runs_folder, "erase") if state.running(one.folder)), None)

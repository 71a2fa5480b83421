"""The queue: one job at a time, the others in the line that they came in, all of it in their folders.

A waiting job has all that it needs in its folder, so whoever sees that nothing runs may start the next
one: the desk when a job has ended, a page that is opened, the next desk after a restart.
"""

import logging
import re
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock, Thread
from time import sleep
from typing import Any

from finrec_core.jobs import job, order, record, slot, state
from finrec_core.jobs.error import JobError
from finrec_core.jobs.job import Job
from finrec_core.jobs.order import NOUNS, Erasing, Listing, Order, Training
from finrec_core.jobs.process import spawn
from finrec_core.settings import settings
from finrec_core.store import Store
from finrec_core.terms.threads import threads

LEAVING = 10.0  # seconds that the process of a job that has its result may take to end
STAMP = "%Y%m%d-%H%M%S"  # how the name of a job begins; milliseconds follow
OURS = re.compile(r"20\d{6}-\d{6}-\d{3}")
MILLISECOND = timedelta(milliseconds=1)
EVERY = 1.0  # seconds between two looks of a watch

_log = logging.getLogger(__name__)
_watched: set[Path] = set()
_lock = Lock()


def start(
    store: Store,
    name: str | None = None,
    version: int | None = None,
    *,
    seed: int | None = None,
    encoder: str | None = None,
    thorough: bool = False,
    compare: bool = True,
    device: str = "cpu",
    switches: Mapping[str, bool] | None = None,
    user: str = "",
) -> Job:
    """Start a training on a snapshot of a dataset and return at once.

    Seed and encoder default to the settings'. The child never opens the store. Raises `JobError` if a
    job already runs or the child cannot be started, `StoreError` if there is no such dataset; a start
    that fails leaves nothing.
    """
    chosen = settings()
    running = job.current(store.runs_folder)
    # A job that has its result still holds the slot until its process is gone.
    patience = 0.0 if running else LEAVING
    with slot.take(store.runs_folder, patience) as held, ExitStack() as undo:
        if held is None:
            noun = running.noun if running else "job"
            stage = f"running ({running.run})" if running else "starting"
            raise JobError(f"A {noun} is already {stage}: wait for it, or cancel it first.")
        asked = Training(
            seed=chosen.seed if seed is None else seed,
            encoder=encoder or chosen.encoder,
            thorough=thorough,
            compare=compare,
            device=device,
            switches=switches or {},
        )
        placed = _place(store, asked, name, version, user, marks=())
        undo.callback(shutil.rmtree, placed.folder, ignore_errors=True)
        try:
            spawn(placed.folder, chosen.child_environment(placed.threads), held, _ended)
        except OSError as error:
            raise JobError(f"The training cannot be started ({error.strerror or error}).") from error
        undo.pop_all()
    return placed


def enqueue(
    store: Store, asked: Order, name: str | None = None, version: int | None = None, *, user: str = ""
) -> Job:
    """Put a job into the line and return at once; it starts now where nothing runs.

    A training and a comparison take a snapshot of the dataset that is meant, lists name a run that
    the store holds. Raises `JobError` where the folder cannot be written, `StoreError` if there is no
    such dataset or run; what fails leaves nothing.
    """
    placed = _place(store, asked, name, version, user, marks=(state.QUEUED,))
    advance(store.runs_folder)
    return placed


def start_beside(runs_folder: Path, asked: Erasing, secret: bytes) -> Job:
    """Start a job that takes no turn, whatever runs, and return at once; it is told the secret by a pipe.

    Raises `JobError` where it cannot be started; that leaves nothing.
    """
    with ExitStack() as undo:
        try:
            run, created, draft = _draft(runs_folder)
            undo.callback(shutil.rmtree, draft, ignore_errors=True)
            record.write(
                draft / "job.json", order.to_json(asked) | {"run": run, "created": created.isoformat()}
            )
            folder = runs_folder / run
            draft.rename(folder)
            undo.callback(shutil.rmtree, folder, ignore_errors=True)
            spawn(folder, settings().child_environment(), None, _ended, secret)
        except OSError as error:
            noun = NOUNS[asked.kind]
            raise JobError(f"The {noun} cannot be started ({error.strerror or error}).") from error
        undo.pop_all()
    return Job(folder)


def advance(runs_folder: Path, patience: float = 0.0) -> Job | None:
    """Start the next waiting job and return it; None where none waits, or one still runs after `patience`.

    Safe to call at any time from any process. A job whose child cannot be started has failed, and the
    one after it is tried.
    """
    if not job.waiting(runs_folder):
        return None
    with slot.take(runs_folder, patience) as held:
        if held is None:
            return None
        for one in job.waiting(runs_folder):
            claimed = one.folder / state.CLAIMED
            if not claimed.exists():
                try:
                    (one.folder / state.QUEUED).rename(claimed)
                except FileNotFoundError:
                    continue  # it was cancelled just now
            try:
                spawn(one.folder, settings().child_environment(one.threads), held, _ended)
            except OSError as error:
                said = f"The {one.noun} cannot be started ({error.strerror or error})."
                record.write_text(one.folder / "error.txt", said)
                continue
            return one
    return None


def _ended(folder: Path, exit_code: int) -> None:
    """Note how a job ended and start the next; runs in a thread of the process that started it."""
    state.close(folder, exit_code)
    advance(folder.parent, LEAVING)


def _place(
    store: Store, asked: Order, name: str | None, version: int | None, user: str, *, marks: tuple[str, ...]
) -> Job:
    """Make the folder of a job, whole or not at all, with these empty files in it.

    A client may be erased while the snapshot is taken. Whoever erases looks through the folders after that,
    so a snapshot that may hold the client, and could not be seen by then, is taken anew.
    """
    while True:
        erased = len(store.erasures())
        with ExitStack() as undo:
            try:
                run, created, draft = _draft(store.runs_folder)
                undo.callback(shutil.rmtree, draft, ignore_errors=True)
                values = order.to_json(asked) | _source(store, asked, name, version, draft)
                values |= {"run": run, "created": created.isoformat(), "user": user}
                record.write(draft / "job.json", values)
                folder = store.runs_folder / run
                draft.rename(folder)
                undo.callback(shutil.rmtree, folder, ignore_errors=True)
                if len(store.erasures()) != erased:
                    continue
                for mark in marks:  # from now on anybody may start it
                    (folder / mark).touch()
            except OSError as error:
                noun = NOUNS[asked.kind]
                raise JobError(f"The {noun} cannot be started ({error.strerror or error}).") from error
            undo.pop_all()
        return Job(folder)


def _draft(runs_folder: Path) -> tuple[str, datetime, Path]:
    """Return a name of a run that is not taken, its time, and a hidden folder for it."""
    runs_folder.mkdir(parents=True, exist_ok=True)
    while True:
        created = datetime.now(UTC)
        run = _name(max(created, _newest(runs_folder) + MILLISECOND))
        draft = runs_folder / f".{run}"
        if not (runs_folder / run).exists():
            try:
                draft.mkdir()
            except FileExistsError:  # another thread was faster
                pass
            else:
                return run, created, draft
        sleep(0.001)


def _name(moment: datetime) -> str:
    return f"{moment:{STAMP}}-{moment.microsecond // 1000:03d}"


def _newest(runs_folder: Path) -> datetime:
    """Return the time in the newest name, which the next one follows even where the clock was set back."""
    names = [path.name.lstrip(".") for path in runs_folder.iterdir()]
    newest = max((name for name in names if OURS.fullmatch(name)), default="")
    try:
        found = datetime.strptime(newest[:-4], STAMP).replace(tzinfo=UTC)
        return found + int(newest[-3:]) * MILLISECOND
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _source(store: Store, asked: Order, name: str | None, version: int | None, draft: Path) -> dict[str, Any]:
    """Return what a job works on: a snapshot of a dataset, or the model that lists are made with."""
    if isinstance(asked, Listing):
        row = store.run(asked.model)
        store.run_folder(row.run)  # raises where it is gone
        about = {"dataset": row.dataset, "version": row.version, "content_hash": row.content_hash}
        return about | {"threads": threads(0, settings().threads)}  # a list is small work, however many
    source = store.snapshot(name, version, draft / "dataset")
    about = source.to_json()
    del about["dataset"]  # the label, which is no field
    return {
        "dataset": source.name,
        "version": source.version,
        "content_hash": source.content_hash,
        "source": about,
        "threads": threads(source.interactions, settings().threads),
    }


def watch(runs_folder: Path) -> None:
    """Start the next job now where nothing runs, else as soon as nothing does; returns at once.

    A desk that was started anew is not the parent of the job that it found running, so nobody calls it when
    that ends; and a job that has its result holds the slot until its process is gone. So a thread looks once
    a second while anything waits, and ends with the line. Safe to call at any time from any thread; a process
    keeps one watch over a folder.
    """
    advance(runs_folder)
    with _lock:
        if runs_folder in _watched or not job.waiting(runs_folder):
            return
        _watched.add(runs_folder)
        Thread(target=_look, args=(runs_folder,), name=f"watch {runs_folder}", daemon=True).start()


def _look(runs_folder: Path) -> None:
    try:
        while job.waiting(runs_folder):
            sleep(EVERY)
            advance(runs_folder)
    except (OSError, JobError) as error:  # a page that is opened later begins anew
        _log.warning("The line of %s cannot go on (%s).", runs_folder, error)
    finally:
        with _lock:
            _watched.discard(runs_folder)

"""The job: one training in a child process, from the snapshot it learns from to the run it makes."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from finrec_core.jobs import record, slot, state
from finrec_core.jobs.error import JobError
from finrec_core.jobs.process import Process, spawn
from finrec_core.jobs.state import JobState
from finrec_core.settings import settings
from finrec_core.store import RunRow, Store

LEAVING = 10.0  # seconds that a finished training's process may take to end


@dataclass(frozen=True)
class Job:
    """A training, known by its run's folder; the folder is all there is to it."""

    folder: Path

    @property
    def run(self) -> str:
        """The run's name, which sorts by time."""
        return self.folder.name

    def state(self) -> JobState:
        """Return how the training stands."""
        return state.read(self.folder)

    def cancel(self) -> JobState:
        """End a running training and return its state; one that has ended stays as it is."""
        process = Process.load(self.folder)
        if process is None or not process.alive:
            return self.state()
        # Marked first, so that nobody reads the sudden end as a failure.
        record.write_text(self.folder / "cancelled", "")
        process.kill()
        return self.state()

    def dismiss(self) -> None:
        """Note that its failure has been seen, so that `failed` names it no more."""
        record.write_text(self.folder / "dismissed", "")

    def result(self) -> RunRow:
        """Return the finished training as the store keeps it; raises `JobError` if it has not finished."""
        row = state.result(self.folder)
        if row is None:
            raise JobError(self.state().message or f"The training {self.run} has not finished.")
        return row


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
    user: str = "",
) -> Job:
    """Start a training on a snapshot of a dataset and return at once.

    Seed and encoder default to the settings'. The child never opens the store. Raises `JobError` if a
    training already runs or the child cannot be started, `StoreError` if there is no such dataset; a
    start that fails leaves nothing.
    """
    chosen = settings()
    running = current(store.runs_folder)
    # A training that has its result still holds the slot until its process is gone.
    patience = 0.0 if running else LEAVING
    with slot.take(store.runs_folder, patience) as held, ExitStack() as undo:
        if held is None:
            stage = f"running ({running.run})" if running else "starting"
            raise JobError(f"A training is already {stage}: wait for it, or cancel it first.")
        created = datetime.now(UTC)
        run = f"{created:%Y%m%d-%H%M%S}-{created.microsecond // 1000:03d}"
        draft, folder = store.runs_folder / f".{run}", store.runs_folder / run
        try:
            draft.mkdir()
            undo.callback(shutil.rmtree, draft, ignore_errors=True)
            source = store.snapshot(name, version, draft / "dataset")
            record.write(
                draft / "job.json",
                {
                    "run": run,
                    "dataset": source.name,
                    "version": source.version,
                    "content_hash": source.content_hash,
                    "created": created.isoformat(),
                    "seed": chosen.seed if seed is None else seed,
                    "encoder": encoder or chosen.encoder,
                    "thorough": thorough,
                    "compare": compare,
                    "device": device,
                    "user": user,
                },
            )
            draft.rename(folder)
            undo.callback(shutil.rmtree, folder, ignore_errors=True)
            spawn(folder, chosen.child_environment(), held, state.close)
        except OSError as error:
            raise JobError(f"The training cannot be started ({error.strerror or error}).") from error
        undo.pop_all()
    return Job(folder)


def jobs(runs_folder: Path) -> Iterator[Job]:
    """Yield all trainings that have a folder, newest first."""
    if runs_folder.is_dir():
        for folder in sorted(runs_folder.iterdir(), reverse=True):
            if (folder / "job.json").is_file() and not folder.name.startswith("."):
                yield Job(folder)


def current(runs_folder: Path) -> Job | None:
    """Return the training that runs."""
    return next((job for job in jobs(runs_folder) if state.running(job.folder)), None)


def failed(runs_folder: Path) -> Job | None:
    """Return the newest training that failed and was not dismissed."""
    kept = (job for job in jobs(runs_folder) if not (job.folder / "dismissed").exists())
    return next((job for job in kept if job.state().status == "failed"), None)


def sweep(runs_folder: Path) -> list[Job]:
    """Write down the failure of every training whose process is gone, and return these; call it at start."""
    ended = [job for job in jobs(runs_folder) if not state.running(job.folder)]
    lost = [job for job in ended if state.close(job.folder, None)]
    with slot.take(runs_folder) as held:
        if held is not None:  # nothing runs and nothing starts: what has a draft's name was killed
            for draft in runs_folder.glob(".[0-9]*-*"):
                shutil.rmtree(draft, ignore_errors=True)
    return lost


def collect(store: Store, *, user: str = "") -> list[RunRow]:
    """Add every finished training that the store does not hold; the first becomes the active model.

    Safe to call at any time: it also finds what finished while no desk was open. A failure leaves the
    store as it was.
    """
    known = {row.run for row in store.runs()}
    rows = [
        state.result(job.folder)
        for job in jobs(store.runs_folder)
        if job.run not in known and (job.folder / "run.json").is_file()
    ]
    return [store.add_run(row, user=row.user or user) for row in reversed(rows) if row is not None]

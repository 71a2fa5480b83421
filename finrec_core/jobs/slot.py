"""The slot: one training at a time, held by the system for as long as the training's process lives."""

from contextlib import AbstractContextManager
from pathlib import Path

from finrec_core.terms import lock


def take(runs_folder: Path, patience: float = 0.0) -> AbstractContextManager[int | None]:
    """Lend the open slot, None if it stays held for `patience` seconds; a child that inherits it keeps it."""
    return lock.take(runs_folder / "job.lock", patience)

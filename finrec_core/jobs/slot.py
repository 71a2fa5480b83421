"""The slot: one training at a time, held by the system for as long as the training's process lives."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def take(runs_folder: Path) -> Iterator[int | None]:
    """Lend the open slot, None if a training holds it; a child that inherits it keeps it."""
    runs_folder.mkdir(parents=True, exist_ok=True)
    slot = os.open(runs_folder / "job.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        yield slot if _lock(slot) else None
    finally:
        os.close(slot)


def _lock(slot: int) -> bool:
    try:
        fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

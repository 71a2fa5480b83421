"""The slot: one training at a time, held by the system for as long as the training's process lives."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def take(runs_folder: Path, patience: float = 0.0) -> Iterator[int | None]:
    """Lend the open slot, None if it stays held for `patience` seconds; a child that inherits it keeps it."""
    runs_folder.mkdir(parents=True, exist_ok=True)
    slot = os.open(runs_folder / "job.lock", os.O_RDWR | os.O_CREAT, 0o600)
    end = time.monotonic() + patience
    try:
        while not (free := _lock(slot)) and time.monotonic() < end:
            time.sleep(0.02)
        yield slot if free else None
    finally:
        os.close(slot)


def _lock(slot: int) -> bool:
    try:
        fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

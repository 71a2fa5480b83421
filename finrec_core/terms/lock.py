"""The lock: a claim on a file that the system holds for as long as the process lives that made it."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SWAPS = "swaps.lock"  # in the folder of runs: who holds it alone may put a folder in another's place


@contextmanager
def take(file: Path, patience: float = 0.0, *, shared: bool = False) -> Iterator[int | None]:
    """Lend the lock's open file, None if it stays held for `patience` seconds.

    A child that inherits the file keeps the lock. Any number may hold it `shared`, or one alone. Raises
    `OSError` where the file cannot be opened.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    opened = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    end = time.monotonic() + patience
    try:
        while not (free := _lock(opened, shared=shared)) and time.monotonic() < end:
            time.sleep(0.02)
        yield opened if free else None
    finally:
        os.close(opened)


def _lock(opened: int, *, shared: bool) -> bool:
    try:
        fcntl.flock(opened, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

"""The memory of a child: watched by a thread of its own, which ends the process where it takes too much."""

import os
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

import psutil

from finrec_core.jobs import record

EVERY = 0.05  # seconds between two looks
GIGA = 1e9


class Watch:
    """Watches the memory of this process while it is open; over `limit` GB the process ends.

    What is held counts, not what is reserved: libraries reserve far more than they use, so a limit of the
    system would stop small files too. `error.txt` in `folder` then says what to do.
    """

    def __init__(self, folder: Path, limit: float) -> None:
        self._folder, self._limit, self._closed = folder, limit, Event()
        self._process = psutil.Process()
        self._thread = Thread(target=self._look, name="memory", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            held = self._process.memory_info().rss / GIGA
            if held > self._limit:
                record.write_text(self._folder / "error.txt", sentence(self._limit))
                os._exit(1)
            if self._closed.wait(EVERY):
                return


def sentence(limit: float) -> str:
    """Return what is said where reading takes more than `limit` GB."""
    return (
        f"Reading these files takes more than {limit:g} GB of memory: split them and append the parts one "
        "after the other, or let whoever runs finrec raise FINREC_IMPORT_MEMORY."
    )

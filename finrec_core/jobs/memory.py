"""The memory of a child: watched by a thread of its own, which ends the process where it takes too much."""

import os
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

import psutil

from finrec_core.jobs import record
from finrec_core.jobs.estimate import free_memory
from finrec_core.jobs.order import NOUNS, Kind
from finrec_core.settings import settings

EVERY = 0.05  # seconds between two looks
GIGA = 1e9
FIRST = "600"  # of 1000: how readily the system ends this process when the machine has no memory left
SHARE, LEAST = 0.9, 1.0  # of the free memory, and GB that any job may have


class Watch:
    """Watches the memory of this process while it is open; over `limit` GB the process ends.

    What is held counts, not what is reserved: libraries reserve far more than they use, so a limit of the
    system would stop small work too. `error.txt` in `folder` then has the `sentence`. Where the machine
    itself runs out of memory, the system is told to end this process before any other.
    """

    def __init__(self, folder: Path, limit: float, sentence: str) -> None:
        self._folder, self._limit, self._sentence, self._closed = folder, limit, sentence, Event()
        self._process = psutil.Process()
        self._thread = Thread(target=self._look, name="memory", daemon=True)

    def __enter__(self) -> Self:
        with suppress(OSError):  # a machine that cannot be told so
            Path("/proc/self/oom_score_adj").write_text(FIRST, "ascii")
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
                try:
                    record.write_text(self._folder / "error.txt", self._sentence)
                finally:  # the disk may be full, too
                    os._exit(1)
            if self._closed.wait(EVERY):
                return


def limit(kind: Kind) -> float:
    """Return how many GB a job of a kind may hold: as set, or most of what is free when it starts."""
    set_ = settings().import_memory if kind == "import" else settings().job_memory
    return set_ or max(LEAST, SHARE * free_memory() / GIGA)


def sentence(kind: Kind, limit: float) -> str:
    """Return what is said where a job takes more than `limit` GB."""
    if kind == "import":
        return (
            f"Reading these files takes more than {limit:g} GB of memory: split them and append the parts "
            "one after the other, or let whoever runs finrec raise FINREC_IMPORT_MEMORY."
        )
    return (
        f"The {NOUNS[kind]} ran out of memory: it took more than the {limit:.3g} GB that it may have. "
        "Whoever runs finrec can change that by FINREC_JOB_MEMORY."
    )

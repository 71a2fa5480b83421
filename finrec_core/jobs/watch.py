"""The watch: a thread that starts what waits in the line, however the job before it ended.

A desk that was started anew is not the parent of the job that it found running, so nobody calls it when
that ends; and a job that has its result holds the slot until its process is gone. The watch looks once a
second while anything waits, and ends with the line.
"""

from pathlib import Path
from threading import Lock, Thread
from time import sleep

from finrec_core.jobs import job, queue

EVERY = 1.0  # seconds

_watched: set[Path] = set()
_lock = Lock()


def watch(runs_folder: Path) -> None:
    """Start the next job now where nothing runs, else as soon as nothing does; returns at once.

    Safe to call at any time from any thread; a process keeps one watch over a folder.
    """
    queue.advance(runs_folder)
    with _lock:
        if runs_folder in _watched or not job.waiting(runs_folder):
            return
        _watched.add(runs_folder)
        Thread(target=_look, args=(runs_folder,), name=f"watch {runs_folder}", daemon=True).start()


def _look(runs_folder: Path) -> None:
    try:
        while job.waiting(runs_folder):
            sleep(EVERY)
            queue.advance(runs_folder)
    finally:
        with _lock:
            _watched.discard(runs_folder)

"""Erasing: one client's data out of the store and then out of the folders of all runs, to the end.

The store is first, in one step. What is left to do then stands in its record of erasures, so a sudden
end is made up for by the next call: `finish_erasures` may be called at any time.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

from finrec_core.jobs import core, slot, state
from finrec_core.store import Erasure, Store
from finrec_core.terms.progress import Progress, silent

_log = logging.getLogger(__name__)


def erase(store: Store, client: str, *, reason: str, user: str = "", progress: Progress = silent) -> Erasure:
    """Erase a client's data from every version and every run's folder, and return the record of it.

    While a job runs, the folders that are not finished wait for its end; `finished` is None then. The
    logs of decisions and lists stay. Raises `StoreError` where nothing holds the client.
    """
    progress("Erasing from the store", 0.0)
    elsewhere = next(runs_with(store.runs_folder, client), None) is not None
    erasure = store.erase_client(client, reason=reason, user=user, elsewhere=elsewhere)
    finish_erasures(store, progress=progress)
    return next(one for one in store.erasures() if one.id == erasure.id)


def finish_erasures(store: Store, *, progress: Progress = silent) -> list[Erasure]:
    """Take erased clients out of the folders that still hold them; return the erasures that this touched."""
    begun = [one for one in store.erasures() if one.finished is None]
    if not begun:
        return []
    folders = core.erasure  # torch takes seconds, for which no job should wait for the slot
    with slot.take(store.runs_folder) as held:
        if held is not None:  # else another process may be between two names just now
            folders.recover(store.runs_folder)
        touched = []
        for erasure in begun:
            found = list(runs_with(store.runs_folder, erasure.client))
            # A finished run is nobody's to write; any other may be claimed by a job unless the slot is ours.
            free = [folder for folder in found if held is not None or _finished(folder)]
            done = []
            for number, folder in enumerate(free):
                progress(f"Erasing from run {folder.name}", number / len(free))
                try:
                    folders.erase(folder, erasure.client, erasure.created)
                except OSError as error:  # a full disk, say: the next call tries again
                    _log.warning("Run %s still holds what was erased (%s).", folder.name, error)
                else:
                    done.append(folder.name)
            whole = len(done) == len(found)
            if done or whole:
                store.finish_erasure(erasure.id, done, whole=whole)
                touched.append(erasure)
    progress("Erased", 1.0)
    return touched


def runs_with(runs_folder: Path, client: str) -> Iterator[Path]:
    """Yield the folders of runs and jobs that hold rows of a client, by name."""
    for folder in sorted(runs_folder.iterdir()) if runs_folder.is_dir() else ():
        if folder.is_dir() and not folder.name.startswith(".") and core.erasure.holds(folder, client):
            yield folder


def _finished(folder: Path) -> bool:
    return (folder / "result.json").exists() and not state.running(folder)

"""The folders of runs in the child that takes erased clients out of them: nothing else writes them anew.

The store has been done by then. A finished run's folder is nobody's to write but this child's, one of which
works at a time; any other folder may be claimed by a job, so it is written while no job runs.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from finrec_core.jobs import core, slot, state
from finrec_core.jobs.progress import ProgressFile
from finrec_core.terms import lock

DAY = 86_400.0  # seconds that it waits for whoever needs the folders to stand still, as a backup does


def work(folder: Path, job: Mapping[str, Any], progress: ProgressFile) -> dict[str, Any]:
    """Take the clients that the job names out of all folders that may be written now.

    Returns for each erasure which folders were done and how many are left, because a job may be in them or
    because the disk refuses; `refused` is what the disk said last.
    """
    runs_folder = folder.parent
    progress("Waiting for a backup", 0.0)
    erasures, done, left, refused = job["erasures"], {}, {}, ""
    with lock.take(runs_folder / lock.SWAPS, DAY), ExitStack() as held:
        core.erasure.recover(runs_folder)
        for place, one in enumerate(erasures):
            client, erased = one["client"], datetime.fromisoformat(one["created"])
            found = sorted(runs_with(runs_folder, client), key=finished, reverse=True)
            free, mine = None, []
            for number, path in enumerate(found):
                if not finished(path) and free is None:
                    free = held.enter_context(slot.take(runs_folder)) is not None
                if not (finished(path) or free):
                    continue
                share = (place + number / len(found)) / len(erasures)
                progress(f"Erasing from run {path.name}", share)
                try:
                    core.erasure.erase(path, client, erased)
                except FileNotFoundError:
                    if path.exists():
                        raise
                    continue  # somebody removed the run meanwhile
                except OSError as error:
                    refused = str(error)
                    continue
                mine.append(path.name)
            done[one["id"]] = mine
            left[one["id"]] = sum(1 for _ in runs_with(runs_folder, client))
    progress("Erased", 1.0)
    return {"done": done, "left": left, "refused": refused}


def finished(folder: Path) -> bool:
    """Return whether a job has ended with a result, so that nothing writes into its folder any more."""
    return (folder / "result.json").exists() and not state.running(folder)


def runs_with(runs_folder: Path, client: str) -> list[Path]:
    """Return the folders of runs and jobs that hold rows of a client, by name."""
    return [
        folder
        for folder in (sorted(runs_folder.iterdir()) if runs_folder.is_dir() else ())
        if folder.is_dir() and not folder.name.startswith(".") and core.erasure.holds(folder, client)
    ]

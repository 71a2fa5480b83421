"""Integrity: whether a run's folder is what was trained, and which run the desk shows where it is not."""

from pathlib import Path

from finrec_core.store import RunRow, StoreError
from finrec_core.terms import manifest, swap
from pages.frame import desk, memory


def serving() -> RunRow | None:
    """Return the run that the desk shows: the one in use, or the last before it where that is not whole.

    None before the first. Where none of them is whole it is the one in use, whose load then says why.
    """
    active = desk.whole_store().active_run()
    if active is None or not fault(active.run):
        return active
    return next((row for row in desk.whole_store().runs_before() if not fault(row.run)), active)


def fault(run: str) -> str:
    """Return why the folder of a run is not what was trained, as a sentence; "" where it is."""
    try:
        folder = desk.whole_store().run_folder(run)
    except StoreError as error:
        return str(error)
    files = sorted(file for part in (manifest.HEADER, *manifest.PARTS) for file in folder.glob(part))
    state = tuple((file.name, *_state(file)) for file in files)
    return _file_fault(str(folder), state)


def _state(file: Path) -> tuple[int, int, int]:
    """Return what tells that a file was written since, without reading it."""
    try:
        found = file.stat()
    except OSError:  # gone meanwhile
        return 0, 0, 0
    return found.st_ino, found.st_size, found.st_mtime_ns


@memory.remembered(max_entries=64)
def _file_fault(folder: str, state: tuple[tuple[str, int, int, int], ...]) -> str:
    """Return what of a folder is not as its `run.json` lists it; `state` is what makes it be read again."""
    try:
        changed = swap.steady(Path(folder), lambda: manifest.changed(Path(folder)))
    except (OSError, ValueError) as error:
        return f"Run {Path(folder).name} cannot be read ({error})."
    return (
        f"Run {Path(folder).name} is not what was trained: {changed[0]} was changed since." if changed else ""
    )

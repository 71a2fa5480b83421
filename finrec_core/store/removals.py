"""Pins and removals of runs: what is kept from being removed, what hangs on a run, and how it goes whole."""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from duckdb import DuckDBPyConnection

from finrec_core.store.rows import insert, now, single
from finrec_core.store.runs import RunRow

GOING = ".removed-"  # how the folder of a run is named while it is deleted


@dataclass(frozen=True)
class RunUse:
    """What hangs on a run: decisions and lists shown with it, times it was in use, bytes of its folder."""

    decisions: int
    lists: int
    activations: int
    size: int


def use(cursor: DuckDBPyConnection, run: str, folder: Path) -> RunUse:
    """Return what hangs on a run."""
    decisions, lists, activations = (
        single(cursor, f"SELECT count(*) FROM {table} WHERE run = ?", [run])  # noqa: S608 - constants
        for table in ("decisions", "shown", "activations")
    )
    size = sum(map(_size, folder.rglob("*")))
    return RunUse(decisions, lists, activations, size)


def _size(path: Path) -> int:
    """Return the bytes of a file, 0 where there is none any more or it is a folder."""
    try:
        found = path.stat()
    except OSError:
        return 0
    return found.st_size if S_ISREG(found.st_mode) else 0


def pinned(cursor: DuckDBPyConnection) -> set[str]:
    """Return the runs that are pinned."""
    return {run for (run,) in cursor.execute("SELECT run FROM pins").fetchall()}


def pin(cursor: DuckDBPyConnection, run: str, *, user: str) -> None:
    """Pin a run; one that is pinned stays so."""
    if run not in pinned(cursor):
        insert(cursor, "pins", {"run": run, "created": now(), "user": user})


def unpin(cursor: DuckDBPyConnection, run: str) -> None:
    """Take the pin off a run."""
    cursor.execute("DELETE FROM pins WHERE run = ?", [run])


def remove(cursor: DuckDBPyConnection, row: RunRow, *, user: str) -> None:
    """Take a run out; what it learned from and when stays noted for the history."""
    cursor.execute("DELETE FROM runs WHERE run = ?", [row.run])
    cursor.execute("DELETE FROM removed_runs WHERE run = ?", [row.run])  # of a copy put back by hand
    values = {"run": row.run, "dataset": row.dataset, "version": row.version, "created": row.created}
    insert(cursor, "removed_runs", values | {"removed": now(), "user": user})


def put_away(folder: Path) -> Path:
    """Rename the folder of a run so that nothing takes it for one any more, and return its new place."""
    going = folder.with_name(f"{GOING}{folder.name}")
    shutil.rmtree(going, ignore_errors=True)
    return folder.rename(going)


def sweep(cursor: DuckDBPyConnection, runs_folder: Path) -> None:
    """Finish what a process began that was killed: delete the folder, or put it back where the run stays."""
    for going in runs_folder.glob(f"{GOING}*"):
        run = going.name.removeprefix(GOING)
        kept = cursor.execute("SELECT 1 FROM runs WHERE run = ?", [run]).fetchall()
        if kept and not (runs_folder / run).exists():
            with suppress(OSError):  # a read-only disk: the run is shown as gone until the next opening
                going.rename(runs_folder / run)
        else:
            shutil.rmtree(going, ignore_errors=True)

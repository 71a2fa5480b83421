"""What hangs on a version: runs, comparisons, decisions and later versions that would outlive it."""

from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from finrec_core.store import runs
from finrec_core.store.datasets import DatasetVersion
from finrec_core.store.rows import single


@dataclass(frozen=True)
class Dependents:
    """What refers to a version; all of it stays when the version is removed.

    `runs` learned from it, newest first, and `active` is the one of them that is the active model;
    `decisions` counts those made with these runs; `children` are the versions whose parent it is.
    """

    runs: tuple[str, ...]
    active: str | None
    comparisons: int
    decisions: int
    children: tuple[int, ...]

    @property
    def nothing(self) -> bool:
        """Whether nothing refers to it."""
        return not (self.runs or self.comparisons or self.decisions or self.children)


def of_version(cursor: DuckDBPyConnection, version: DatasetVersion, folder: Path) -> Dependents:
    """Return what refers to a version; the folders of runs are looked up in `folder`."""
    own = [row for row in runs.every(cursor, folder) if row.label == version.label]
    names = [row.run for row in own]
    comparisons = single(
        cursor,
        "SELECT count(*) FROM comparisons WHERE dataset = ? AND version = ?",
        [version.name, version.version],
    )
    decisions = single(
        cursor, "SELECT count(*) FROM decisions WHERE run IN (SELECT unnest(?::VARCHAR[]))", [names]
    )
    children = cursor.execute(
        "SELECT version FROM datasets WHERE name = ? AND parent = ? AND removed IS NULL ORDER BY version",
        [version.name, version.version],
    ).fetchall()
    return Dependents(
        runs=tuple(names),
        active=next((row.run for row in own if row.active), None),
        comparisons=comparisons,
        decisions=decisions,
        children=tuple(number for (number,) in children),
    )

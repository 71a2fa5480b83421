"""Runs in the store: finished trainings, what each learned from and how good it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from finrec_core.store import chain, run_hashes
from finrec_core.store.activations import active
from finrec_core.store.error import StoreError
from finrec_core.store.rows import from_row, insert, now, read
from finrec_core.terms import manifest

COLUMNS = (
    *("run", "dataset", "version", "content_hash", "created", "seconds"),
    *("encoder", "seed", "metrics", "constants"),
)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
LONE = re.compile("[\ud800-\udfff]")  # half a character, which no file can hold
LIMITS = {"version": 2**31, "seed": 2**63}  # what the columns of the store hold
MOST_SECONDS = 1e9  # thirty years


@dataclass(frozen=True, repr=False)
class RunRow:
    """A finished training: its folder's name, what it learned from, how, and how good it is.

    `created` is when the training started and `seconds` how long it took. `active`, `missing` (its
    folder is gone) and `pinned` (it cannot be removed) are as of the moment it was read from the store.
    """

    run: str
    dataset: str
    version: int
    content_hash: str
    created: datetime
    seconds: float
    encoder: str
    seed: int
    metrics: Mapping[str, Any] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    user: str = ""
    active: bool = False
    missing: bool = False
    pinned: bool = False

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.run):
            raise StoreError(f"{self.run[:100]!r} is no name of a run: it must be a folder's plain name.")
        for name, limit in LIMITS.items():
            value = getattr(self, name)
            if not isinstance(value, int) or not 0 <= value < limit:
                raise self._unstorable(name)
        for name in ("dataset", "content_hash", "encoder", "user"):
            text = getattr(self, name)
            if not isinstance(text, str) or LONE.search(text):
                raise self._unstorable(name)
        if not isinstance(self.seconds, int | float) or not 0 <= self.seconds < MOST_SECONDS:
            raise self._unstorable("seconds")
        if not isinstance(self.metrics, Mapping) or not isinstance(self.constants, Mapping):
            raise StoreError(f"Run {self.run}: its figures and constants need names.")
        if self.created.tzinfo is None:
            raise StoreError(f"Run {self.run}: its time needs a zone.")
        if not 1 < self.created.year < 9999:  # in UTC it may be in the year beside it
            raise self._unstorable("created")

    def _unstorable(self, name: str) -> StoreError:
        value = f"{getattr(self, name)!r}"[:100]
        return StoreError(f"Run {self.run}: its {name} {value} is nothing that the store can hold.")

    @property
    def label(self) -> str:
        """The dataset it learned from as a person types it: NAME@VERSION."""
        return f"{self.dataset}@{self.version}"

    def __repr__(self) -> str:
        return f"RunRow({self.run!r}: {self.label}, {self.seconds:.0f} s{', active' if self.active else ''})"


def present(folder: Path) -> bool:
    """Return whether the folder holds a model."""
    return (folder / manifest.HEADER).is_file()


def add(cursor: DuckDBPyConnection, row: RunRow, user: str, folder: Path) -> None:
    """Insert a run with the hash of its folder; one that the store holds already stays as it is.

    `folder` holds the folders of runs.
    """
    if cursor.execute("SELECT 1 FROM runs WHERE run = ?", [row.run]).fetchall():
        return
    values = {name: getattr(row, name) for name in COLUMNS}
    insert(cursor, "runs", values | {"added": now(), "user": user})
    chain.record(cursor, "runs", row.run)
    run_hashes.take(cursor, row.run, folder)


def every(cursor: DuckDBPyConnection, folder: Path) -> list[RunRow]:
    """Return all runs, newest first, their folders looked up in `folder`."""
    return _rows(cursor, folder, "TRUE", [])


def find(cursor: DuckDBPyConnection, run: str, folder: Path) -> RunRow:
    """Return one run; raises `StoreError` naming the newest ones if there is no such run."""
    found = _rows(cursor, folder, "r.run = ?", [run])
    if found:
        return found[0]
    newest = "SELECT run FROM runs ORDER BY created DESC, run DESC LIMIT 5"
    held = ", ".join(name for (name,) in cursor.execute(newest).fetchall()) or "none yet"
    raise StoreError(f'The store holds no run "{run}" (the newest: {held}).')


def _rows(cursor: DuckDBPyConnection, folder: Path, condition: str, values: list[str]) -> list[RunRow]:
    chosen = active(cursor)
    columns = ", ".join(f"r.{name}" for name in COLUMNS)
    rows = read(
        cursor,
        f"SELECT {columns}, r.user_name, p.run IS NOT NULL AS pinned "  # noqa: S608 - constants
        f"FROM runs r LEFT JOIN pins p ON p.run = r.run WHERE {condition} "
        "ORDER BY r.created DESC, r.run DESC",
        values,
    )
    return [
        RunRow(**row, active=row["run"] == chosen, missing=not present(folder / row["run"])) for row in rows
    ]


def trained(cursor: DuckDBPyConnection) -> list[datetime]:
    """Return when each training started, those of removed runs too."""
    query = "SELECT created FROM (SELECT run, created FROM runs UNION SELECT run, created FROM removed_runs)"
    return [from_row(created) for (created,) in cursor.execute(query).fetchall()]

"""Runs in the store: finished trainings, and which of them is the active model."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from finrec_core.store.content import from_text, to_text
from finrec_core.store.error import StoreError
from finrec_core.store.moment import from_row, now, to_row

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, repr=False)
class RunRow:
    """A finished training: its folder's name, what it learned from, how, and how good it is.

    `created` is when the training started and `seconds` how long it took. `active` and `missing`
    (its folder is gone) are as of the moment it was read from the store.
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

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.run):
            raise StoreError(f"{self.run[:100]!r} is no name of a run: it must be a folder's plain name.")
        if self.created.tzinfo is None:
            raise StoreError(f"Run {self.run}: its time needs a zone.")

    @property
    def label(self) -> str:
        """The dataset it learned from as a person types it: NAME@VERSION."""
        return f"{self.dataset}@{self.version}"

    def __repr__(self) -> str:
        return f"RunRow({self.run!r}: {self.label}, {self.seconds:.0f} s{', active' if self.active else ''})"


def present(folder: Path) -> bool:
    """Return whether the folder holds a model."""
    return (folder / "run.json").is_file()


def add(cursor: DuckDBPyConnection, row: RunRow, user: str) -> None:
    """Insert a run; one that the store holds already stays as it is."""
    if cursor.execute("SELECT 1 FROM runs WHERE run = ?", [row.run]).fetchall():
        return
    values = {
        "run": row.run,
        "dataset": row.dataset,
        "version": row.version,
        "content_hash": row.content_hash,
        "created": to_row(row.created),
        "seconds": row.seconds,
        "encoder": row.encoder,
        "seed": row.seed,
        "metrics": to_text(row.metrics),
        "constants": to_text(row.constants),
        "added": to_row(now()),
        "user_name": user,
    }
    marks = ", ".join(f"${name}" for name in values)
    cursor.execute(f"INSERT INTO runs ({', '.join(values)}) VALUES ({marks})", values)  # noqa: S608 - keys above


def activate(cursor: DuckDBPyConnection, run: str, *, reason: str, user: str) -> None:
    """Make a run the active model; every change stays in the history."""
    (last,) = cursor.execute("SELECT coalesce(max(sequence), 0) FROM activations").fetchall()[0]
    cursor.execute(
        "INSERT INTO activations (sequence, run, created, user_name, reason) VALUES (?, ?, ?, ?, ?)",
        [last + 1, run, to_row(now()), user, reason],
    )


@dataclass(frozen=True)
class Publication:
    """One time that a run became the active model: when, by whom and why."""

    created: datetime
    user: str
    reason: str


def publications(cursor: DuckDBPyConnection, run: str) -> list[Publication]:
    """Return each time that a run became the active model, oldest first."""
    rows = cursor.execute(
        "SELECT created, user_name, reason FROM activations WHERE run = ? ORDER BY sequence", [run]
    ).fetchall()
    return [Publication(from_row(created), user, reason) for created, user, reason in rows]


def active(cursor: DuckDBPyConnection) -> str | None:
    """Return the run that was activated last."""
    rows = cursor.execute("SELECT run FROM activations ORDER BY sequence DESC LIMIT 1").fetchall()
    return rows[0][0] if rows else None


def every(cursor: DuckDBPyConnection, folder: Path) -> list[RunRow]:
    """Return all runs, newest first, their folders looked up in `folder`."""
    chosen = active(cursor)
    rows = cursor.execute(
        "SELECT run, created, metrics, constants, dataset, version, content_hash, seconds, encoder, seed, "
        "user_name FROM runs ORDER BY created DESC, run DESC"
    ).fetchall()
    return [
        RunRow(
            run=run,
            created=from_row(created),
            metrics=from_text(metrics),
            constants=from_text(constants),
            active=run == chosen,
            missing=not present(folder / run),
            **dict(
                zip(
                    ("dataset", "version", "content_hash", "seconds", "encoder", "seed", "user"),
                    rest,
                    strict=True,
                )
            ),
        )
        for run, created, metrics, constants, *rest in rows
    ]


def find(cursor: DuckDBPyConnection, run: str, folder: Path) -> RunRow:
    """Return one run; raises `StoreError` naming the newest ones if there is no such run."""
    rows = every(cursor, folder)
    for row in rows:
        if row.run == run:
            return row
    held = ", ".join(row.run for row in rows[:5]) or "none yet"
    raise StoreError(f'The store holds no run "{run}" (the newest: {held}).')

"""Activations in the store: which run was the active model since when, by whom and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from duckdb import DuckDBPyConnection

from finrec_core.store.moment import from_row, now, to_row

Step = Literal["publish", "roll back"]


@dataclass(frozen=True, repr=False)
class Activation:
    """A run that became the active model: when, by whom, why, and whether as a step back.

    `label` is the dataset it learned from, as NAME@VERSION, and `trained` when its training started;
    both stay known when the run is `removed`.
    """

    sequence: int
    run: str
    created: datetime
    user: str
    reason: str
    step: Step
    label: str = ""
    trained: datetime | None = None
    removed: bool = False

    def __post_init__(self) -> None:
        if self.step not in get_args(Step):
            raise ValueError(f"a model becomes active by a step of {', '.join(get_args(Step))}.")

    def __repr__(self) -> str:
        return f"Activation({self.sequence}: {self.step} {self.run!r})"


def activate(cursor: DuckDBPyConnection, run: str, *, reason: str, user: str, step: Step = "publish") -> None:
    """Make a run the active model; every change stays in the history."""
    (last,) = cursor.execute("SELECT coalesce(max(sequence), 0) FROM activations").fetchall()[0]
    cursor.execute(
        "INSERT INTO activations (sequence, run, created, user_name, reason, step) VALUES (?, ?, ?, ?, ?, ?)",
        [last + 1, run, to_row(now()), user, reason, step],
    )


def active(cursor: DuckDBPyConnection) -> str | None:
    """Return the run that was activated last."""
    rows = cursor.execute("SELECT run FROM activations ORDER BY sequence DESC LIMIT 1").fetchall()
    return rows[0][0] if rows else None


def history(cursor: DuckDBPyConnection) -> list[Activation]:
    """Return all activations, newest first."""
    rows = cursor.execute("""
        SELECT a.sequence, a.run, a.created, a.user_name, a.reason, a.step, r.run IS NULL,
               coalesce(r.dataset, g.dataset), coalesce(r.version, g.version), coalesce(r.created, g.created)
        FROM activations a LEFT JOIN runs r ON r.run = a.run LEFT JOIN removed_runs g ON g.run = a.run
        ORDER BY a.sequence DESC
    """).fetchall()
    return [
        Activation(
            sequence=sequence,
            run=run,
            created=from_row(created),
            user=user,
            reason=reason,
            step=step or "publish",  # rows older than the column
            label="" if dataset is None else f"{dataset}@{version}",
            trained=None if trained is None else from_row(trained),
            removed=removed,
        )
        for sequence, run, created, user, reason, step, removed, dataset, version, trained in rows
    ]


def before(cursor: DuckDBPyConnection) -> list[str]:
    """Return the runs to roll back to, the nearest first.

    A step back takes the run out that it left, so that the next one goes further back; a run that is
    published again counts anew.
    """
    trail: list[str] = []
    for one in reversed(history(cursor)):
        if one.step == "roll back":
            while trail and trail[-1] != one.run:
                trail.pop()
        if not trail or trail[-1] != one.run:
            trail.append(one.run)
    return list(dict.fromkeys(run for run in reversed(trail[:-1]) if run != trail[-1]))

"""Activations in the store: which run was the active model since when, by whom and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from duckdb import DuckDBPyConnection

from finrec_core.store import chain
from finrec_core.store.rows import insert, now, read, single

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
    last = single(cursor, "SELECT coalesce(max(sequence), 0) FROM activations")
    row = {"sequence": last + 1, "run": run, "created": now(), "user": user, "reason": reason, "step": step}
    insert(cursor, "activations", row)
    chain.record(cursor, "activations", row["sequence"])


def active(cursor: DuckDBPyConnection) -> str | None:
    """Return the run that was activated last."""
    rows = cursor.execute("SELECT run FROM activations ORDER BY sequence DESC LIMIT 1").fetchall()
    return rows[0][0] if rows else None


def history(cursor: DuckDBPyConnection) -> list[Activation]:
    """Return all activations, newest first."""
    rows = read(
        cursor,
        """
        SELECT a.sequence, a.run, a.created, a.user_name, a.reason, r.run IS NULL AS removed,
               coalesce(a.step, 'publish') AS step,  -- rows older than the column
               coalesce(r.dataset, g.dataset) || '@' || coalesce(r.version, g.version) AS label,
               coalesce(r.created, g.created) AS trained
        FROM activations a LEFT JOIN runs r ON r.run = a.run LEFT JOIN removed_runs g ON g.run = a.run
        ORDER BY a.sequence DESC
        """,
    )
    return [Activation(**row | {"label": row["label"] or ""}) for row in rows]


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

"""Erasures: one client's data taken out of every version, and the record of who did it, when and why.

The record keeps the client's id, because the decision log does: it is how an entry of the log is
marked. It keeps nothing else of the client.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from duckdb import DuckDBPyConnection

from finrec_core.dataset.report import quoted
from finrec_core.store import datasets
from finrec_core.store.content import from_text, to_text
from finrec_core.store.error import StoreError
from finrec_core.store.moment import from_row, now, to_row

COLUMNS = "erasure_id, client, created, user_name, reason, content, finished"
NAMES = {  # where a client's id stands in the rows of a version
    "clients": "client_id = $client",
    "interactions": "client_id = $client",
    "ties": "(client_id = $client OR other_client_id = $client)",
}
REPORTS = ("rejects", "repairs")
QUOTED = "value IN (SELECT unnest($told)) OR contains(reason, $whole)"


@dataclass(frozen=True)
class Trace:
    """How many rows of a client one version holds; `reported` counts rows of its import's reports."""

    dataset: str
    version: int
    clients: int
    interactions: int
    ties: int
    reported: int

    @property
    def label(self) -> str:
        """The version as a person types it: NAME@VERSION."""
        return f"{self.dataset}@{self.version}"


@dataclass(frozen=True, repr=False)
class Erasure:
    """One client's data erased: what was removed from which versions, and from the folders of which runs.

    `finished` is None until the folders of all runs are without the client too.
    """

    id: str
    client: str
    created: datetime
    user: str
    reason: str
    traces: tuple[Trace, ...]
    runs: tuple[str, ...] = ()
    finished: datetime | None = None

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise StoreError("An erasure needs a reason, for the record.")

    def __repr__(self) -> str:
        rows = sum(trace.interactions for trace in self.traces)
        return f"Erasure({self.client!r}: {len(self.traces)} versions, {rows:,} interactions)"


def traces(cursor: DuckDBPyConnection, client: str) -> list[Trace]:
    """Return how many rows of a client each version holds, newest first; versions without any left out."""
    return [trace for _, trace in _traces(cursor, client)]


def erase(
    cursor: DuckDBPyConnection, client: str, *, reason: str, user: str, elsewhere: bool = False
) -> Erasure:
    """Delete a client's rows from every version, compute their content hashes anew, and write it down.

    Raises `StoreError` where no version holds the client, unless it is known to be `elsewhere`.
    """
    found = _traces(cursor, client)
    erasure = Erasure(uuid4().hex, client, now(), user, reason.strip(), tuple(trace for _, trace in found))
    if not found and not elsewhere:
        raise StoreError(f'No version of any dataset holds a client "{client}".')
    for key, _ in found:
        told = _told(cursor, key, client)
        for table in REPORTS:
            cursor.execute(f"DELETE FROM {table} WHERE dataset_id = $key AND ({QUOTED})", told)  # noqa: S608
        for table, named in NAMES.items():
            cursor.execute(
                f"DELETE FROM {table} WHERE dataset_id = $key AND {named}",  # noqa: S608 - constants
                {"key": key, "client": client},
            )
        datasets.recount(cursor, key, erased=to_row(erasure.created))
    content = {"traces": [asdict(trace) for trace in erasure.traces], "runs": []}
    cursor.execute(
        f"INSERT INTO erasures ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, NULL)",  # noqa: S608 - constants
        [erasure.id, client, to_row(erasure.created), user, erasure.reason, to_text(content)],
    )
    return erasure


def finish(cursor: DuckDBPyConnection, key: str, runs: Sequence[str], *, whole: bool) -> None:
    """Note the runs whose folders are without the client now; `whole` where no folder is left to do."""
    erasure = next((one for one in every(cursor) if one.id == key), None)
    if erasure is None:
        raise StoreError(f'The store holds no erasure "{key}".')
    done = [*erasure.runs, *(run for run in runs if run not in erasure.runs)]
    content = {"traces": [asdict(trace) for trace in erasure.traces], "runs": done}
    cursor.execute(
        "UPDATE erasures SET content = ?, finished = ? WHERE erasure_id = ?",
        [to_text(content), to_row(now()) if whole else None, key],
    )


def every(cursor: DuckDBPyConnection) -> list[Erasure]:
    """Return all erasures, newest first."""
    query = f"SELECT {COLUMNS} FROM erasures ORDER BY created DESC, erasure_id"  # noqa: S608 - constants
    return [_erasure(row) for row in cursor.execute(query).fetchall()]


def _erasure(row: Sequence[Any]) -> Erasure:
    key, client, created, user, reason, content, finished = row
    values = from_text(content)
    return Erasure(
        id=key,
        client=client,
        created=from_row(created),
        user=user,
        reason=reason,
        traces=tuple(Trace(**trace) for trace in values["traces"]),
        runs=tuple(values["runs"]),
        finished=None if finished is None else from_row(finished),
    )


def _traces(cursor: DuckDBPyConnection, client: str) -> list[tuple[str, Trace]]:
    found = []
    for key, name, version in cursor.execute(
        "SELECT dataset_id, name, version FROM datasets "
        "WHERE removed IS NULL ORDER BY created DESC, version DESC"
    ).fetchall():
        rows = {
            table: cursor.execute(
                f"SELECT count(*) FROM {table} WHERE dataset_id = $key AND {named}",  # noqa: S608 - constants
                {"key": key, "client": client},
            ).fetchall()[0][0]
            for table, named in NAMES.items()
        }
        told = _told(cursor, key, client)
        reported = sum(
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE dataset_id = $key AND ({QUOTED})",  # noqa: S608
                told,
            ).fetchall()[0][0]
            for table in REPORTS
        )
        if reported or any(rows.values()):
            found.append((key, Trace(dataset=name, version=version, **rows, reported=reported)))
    return found


def _told(cursor: DuckDBPyConnection, key: str, client: str) -> dict[str, Any]:
    """Return what a report of a version may quote of a client: its id, its name and its reviews."""
    texts = cursor.execute(
        "SELECT name FROM clients WHERE dataset_id = $key AND client_id = $client AND name IS NOT NULL "
        "UNION SELECT review FROM interactions "
        "WHERE dataset_id = $key AND client_id = $client AND review IS NOT NULL",
        {"key": key, "client": client},
    ).fetchall()
    told = {client, *(text for (text,) in texts)}
    return {"key": key, "told": sorted(quoted(text) for text in told), "whole": f'"{client}"'}

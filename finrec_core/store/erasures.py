"""Erasures: one client's data taken out of every version, and the record of who did it, when and why.

The record keeps the client's id, because the decision log does: it is how an entry of the log is
marked. It keeps nothing else of the client.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from duckdb import DuckDBPyConnection

from finrec_core.dataset.report import quoted
from finrec_core.store import datasets
from finrec_core.store.error import StoreError
from finrec_core.store.log import LOGS
from finrec_core.store.rows import insert, now, read, single, to_row, to_text

NAMES = {  # where a client's id stands in the rows of a version
    "clients": "client_id = $client",
    "interactions": "client_id = $client",
    "ties": "(client_id = $client OR other_client_id = $client)",
}
REPORTS = ("rejects", "repairs")
SHAPE = (
    "files",
    "columns",
    "table",
    "uses",
    "form",
    "day_first",
)  # names in what was said that are nobody's id
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

    `keys` are the names of the keys that opened the client's rows in the logs, and are destroyed with it.
    `finished` is None until the folders of all runs are without the client too.
    """

    id: str
    client: str
    created: datetime
    user: str
    reason: str
    traces: tuple[Trace, ...]
    runs: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
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
    cursor: DuckDBPyConnection,
    client: str,
    *,
    reason: str,
    user: str,
    elsewhere: bool = False,
    own: str | None = None,
) -> Erasure:
    """Delete a client's rows from every version, compute their content hashes anew, and write it down.

    Whoever calls this destroys the keys of the erasure once the step counts. `own` is its id where it has
    one already, because it is done again. Raises `StoreError` where no version holds the client, unless it
    is known to be `elsewhere`.
    """
    found = _traces(cursor, client)
    erasure = Erasure(
        own or uuid4().hex,
        client,
        now(),
        user,
        reason.strip(),
        tuple(trace for _, trace in found),
        keys=_keys(cursor, client),
    )
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
    _forget(cursor, client)
    cursor.execute("DELETE FROM client_keys WHERE client = ?", [client])
    content = _content(erasure, [])
    values = {"erasure_id": erasure.id, "client": client, "created": erasure.created, "user": user}
    insert(cursor, "erasures", values | {"reason": erasure.reason, "content": content})
    return erasure


def finish(cursor: DuckDBPyConnection, key: str, runs: Sequence[str], *, whole: bool) -> None:
    """Note the runs whose folders are without the client now; `whole` where no folder is left to do."""
    erasure = next((one for one in every(cursor) if one.id == key), None)
    if erasure is None:
        raise StoreError(f'The store holds no erasure "{key}".')
    done = [*erasure.runs, *(run for run in runs if run not in erasure.runs)]
    content = _content(erasure, done)
    cursor.execute(
        "UPDATE erasures SET content = ?, finished = ? WHERE erasure_id = ?",
        [to_text(content), to_row(now()) if whole else None, key],
    )


def keep_out(cursor: DuckDBPyConnection, clients: Collection[str], known: Collection[str]) -> None:
    """Raise `StoreError` where one of the clients was erased by an erasure that is not a known one."""
    meanwhile = {one.client for one in every(cursor) if one.id not in known} & set(clients)
    if meanwhile:
        who = "a client" if len(meanwhile) == 1 else f"{len(meanwhile)} clients"
        raise StoreError(
            f"Meanwhile the data of {who} in these files was erased: look at what would be stored again."
        )


def every(cursor: DuckDBPyConnection) -> list[Erasure]:
    """Return all erasures, newest first."""
    query = "SELECT erasure_id AS id, client, created, user_name, reason, content, finished FROM erasures"
    return [_erasure(**row) for row in read(cursor, f"{query} ORDER BY created DESC, erasure_id")]


def clients(cursor: DuckDBPyConnection) -> list[str]:
    """Return the ids of all clients that stand anywhere in the store but in the record of erasures."""
    rows = cursor.execute(
        "SELECT client_id FROM clients UNION SELECT client_id FROM interactions "
        "UNION SELECT client_id FROM ties UNION SELECT other_client_id FROM ties "
        "UNION SELECT client FROM decisions UNION SELECT client FROM shown"
    ).fetchall()
    return [client for (client,) in rows]


def _content(erasure: Erasure, runs: Sequence[str]) -> dict[str, Any]:
    """Return what a row of the record holds of an erasure that is through with these runs."""
    traces = [asdict(trace) for trace in erasure.traces]
    return {"traces": traces, "runs": list(runs), "keys": list(erasure.keys)}


def _keys(cursor: DuckDBPyConnection, client: str) -> tuple[str, ...]:
    """Return the names of the keys that a client's rows in the logs were sealed with, sorted."""
    logged = " UNION ".join(
        f"SELECT json_extract_string(content, '$.key') FROM {log} "  # noqa: S608 - one of LOGS
        "WHERE client = $client AND json_valid(content)"
        for log in LOGS
    )
    query = f"SELECT key FROM client_keys WHERE client = $client UNION {logged} ORDER BY 1"  # noqa: S608
    rows = cursor.execute(query, {"client": client}).fetchall()
    return tuple(key for (key,) in rows if key is not None)


def _erasure(content: Mapping[str, Any], **values: Any) -> Erasure:  # noqa: ANN401 - the fields of an erasure
    traces = tuple(Trace(**trace) for trace in content["traces"])
    runs, keys = tuple(content["runs"]), tuple(content.get("keys", ()))  # none before rows were sealed
    return Erasure(**values, traces=traces, runs=runs, keys=keys)


def _traces(cursor: DuckDBPyConnection, client: str) -> list[tuple[str, Trace]]:
    found = []
    for key, name, version in cursor.execute(
        "SELECT dataset_id, name, version FROM datasets WHERE removed IS NULL ORDER BY sequence DESC"
    ).fetchall():
        rows = {
            table: single(
                cursor,
                f"SELECT count(*) FROM {table} WHERE dataset_id = $key AND {named}",  # noqa: S608 - constants
                {"key": key, "client": client},
            )
            for table, named in NAMES.items()
        }
        told = _told(cursor, key, client)
        reported = sum(
            single(cursor, f"SELECT count(*) FROM {table} WHERE dataset_id = $key AND ({QUOTED})", told)  # noqa: S608
            for table in REPORTS
        )
        if reported or any(rows.values()):
            found.append((key, Trace(dataset=name, version=version, **rows, reported=reported)))
    return found


def _forget(cursor: DuckDBPyConnection, client: str) -> None:
    """Take a client's id out of what was said of files, where it stood as a value that was asked about."""
    query = "SELECT dataset_id, answers FROM datasets WHERE contains(answers, $client)"
    # As it stands in JSON, without the quotation marks around it.
    for row in read(cursor, query, {"client": to_text({"": client})[5:-2]}):
        values = {"answers": to_text(_without(row["answers"], client)), "key": row["dataset_id"]}
        cursor.execute("UPDATE datasets SET answers = $answers WHERE dataset_id = $key", values)


def _without(said: Any, client: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return plain values without a text wherever it stands, as a key or as a value."""
    if isinstance(said, Mapping):
        kept = {key: one for key, one in said.items() if key in SHAPE or client not in (key, one)}
        return {key: _without(one, client) for key, one in kept.items()}
    return [_without(one, client) for one in said if one != client] if isinstance(said, list) else said


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

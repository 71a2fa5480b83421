"""The presence of a client: whether the data that a model shows still holds them after an erasure.

A model keeps what it learned, and a card stays open: the log takes nothing about a client whose data was
erased meanwhile.
"""

from duckdb import DuckDBPyConnection

from finrec_core.store.error import StoreError


def present(cursor: DuckDBPyConnection, client: str, run: str) -> bool:
    """Return whether a run may still show a client: one never erased, or one its version holds again.

    Where the store has no such run, or its version is removed, any version that is there counts.
    """
    if not _any(cursor, "SELECT 1 FROM erasures WHERE client = $client LIMIT 1", client=client):
        return True
    versions = "SELECT dataset_id FROM datasets WHERE removed IS NULL"
    learned = f"{versions} AND (name, version) IN (SELECT (dataset, version) FROM runs WHERE run = $run)"  # noqa: S608
    if _any(cursor, learned, run=run):
        versions = learned
    held = f"SELECT 1 FROM clients WHERE client_id = $client AND dataset_id IN ({versions}) LIMIT 1"  # noqa: S608
    return _any(cursor, held, client=client, **({"run": run} if versions is learned else {}))


def demand(cursor: DuckDBPyConnection, client: str, run: str) -> None:
    """Raise `StoreError` where a run may not show a client any more; `present` says when."""
    if not present(cursor, client, run):
        raise StoreError(
            f'The data of client "{client}" was erased, so nothing about this client is recorded any more.'
        )


def _any(cursor: DuckDBPyConnection, query: str, **values: str) -> bool:
    return bool(cursor.execute(query, values).fetchall())

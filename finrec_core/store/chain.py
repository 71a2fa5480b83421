"""The chain of the record: a link for each row that was written to it, changed in it or taken out of it.

A link names the table and the row, carries the digest of the row as it then was, and the hash of the link
before it. What a row is today must be what its last link says, so a row that was altered, cut or added past
the store shows, and no link can be changed without all that follow. A chain that was written anew as a whole
shows against an anchor (`store/anchor.py`), which lies outside the store.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pyarrow as pa
from duckdb import DuckDBPyConnection

from finrec_core.store.rows import from_row, from_text, now, single, to_row, to_text

# The tables that make up the record, each with what names a row of it for good.
RECORD = {
    "decisions": "CAST(sequence AS VARCHAR)",
    "shown": "CAST(sequence AS VARCHAR)",
    "rules": "CAST(version AS VARCHAR)",
    "activations": "CAST(sequence AS VARCHAR)",
    "erasures": "erasure_id",
    "datasets": "name || '@' || version",
    "runs": "run",
    "run_hashes": "CAST(sequence AS VARCHAR)",
    "restores": "CAST(sequence AS VARCHAR)",
}
UNHASHED = ("rewritten",)  # columns that say how the file lies on the disk, and nothing of the record
ANCHOR = "anchor"  # what a link is about that says which line of the file of anchors was written
MIGRATION = "migration"  # what the first link is about: all up to its own digest stood there before the chain
GONE = ""  # the digest of a row that was taken out
START = "0" * 64  # what the first link follows
PAGE = 10_000
COLUMNS = "sequence, created, about, name, digest, previous, hash"


@dataclass(frozen=True)
class Link:
    """One link: its place, from 1, when it was made, the table and the row that it is about.

    `digest` is the SHA-256 of the row, "" where it was taken out; `hash` that of all other fields.
    """

    sequence: int
    created: datetime
    about: str
    name: str
    digest: str
    previous: str
    hash: str

    def fits(self) -> bool:
        """Return whether the hash is that of the other fields."""
        return self.hash == _hash(
            self.sequence, self.created, self.about, self.name, self.digest, self.previous
        )


def record(cursor: DuckDBPyConnection, table: str, name: str | int) -> None:
    """Append a link about a row of the record as it is now; call it wherever one is written or changed."""
    _append(cursor, [(table, str(name), row_digest(cursor, table, str(name)))])


def note_anchor(cursor: DuckDBPyConnection, line: str) -> None:
    """Append a link about a line of the file of anchors, by its hash, so that a line cut off there shows."""
    _append(cursor, [(ANCHOR, line, GONE)])


def begin(cursor: DuckDBPyConnection) -> None:
    """Begin the chain of a store: its identity, and links about all rows that stand there already.

    The first link tells how many rows these are: of what happened to them before, the chain tells nothing.
    """
    cursor.execute("INSERT INTO identity VALUES (?, ?)", [uuid4().hex, to_row(now())])
    there = {table for (table,) in cursor.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    record = [table for table in RECORD if table in there]  # others came after the chain
    counts = {table: single(cursor, f"SELECT count(*) FROM {table}") for table in record}  # noqa: S608
    if not any(counts.values()):
        return
    found = [(MIGRATION, to_text(counts), GONE)]
    for table in record:
        found += [(table, name, digest) for name, digest in digests(cursor, table)]
    _append(cursor, found)


def identity(cursor: DuckDBPyConnection) -> str:
    """Return the name of this store, which its anchors carry."""
    return single(cursor, "SELECT store FROM identity")


def head(cursor: DuckDBPyConnection) -> tuple[int, str]:
    """Return place and hash of the last link, 0 and `START` where there is none."""
    rows = cursor.execute("SELECT sequence, hash FROM chain ORDER BY sequence DESC LIMIT 1").fetchall()
    return rows[0] if rows else (0, START)


def links(cursor: DuckDBPyConnection, after: int = 0, until: int | None = None) -> Iterator[Link]:
    """Yield the links after a place, in order, a page in memory at a time."""
    query = (
        f"SELECT {COLUMNS} FROM chain WHERE sequence > $after AND ($until IS NULL OR sequence <= $until) "  # noqa: S608
        f"ORDER BY sequence LIMIT {PAGE}"
    )
    while True:
        rows = cursor.execute(query, {"after": after, "until": until}).fetchall()
        yield from (Link(*row) for row in rows)
        if len(rows) < PAGE:
            return
        after = rows[-1][0]


def before_chain(cursor: DuckDBPyConnection) -> tuple[datetime, int] | None:
    """Return when the chain began and how many rows stood there by then, None where it began empty."""
    rows = cursor.execute("SELECT created, name FROM chain WHERE sequence = 1 AND about = ?", [MIGRATION])
    first = rows.fetchall()
    return (from_row(first[0][0]), sum(from_text(first[0][1]).values())) if first else None


def digests(cursor: DuckDBPyConnection, table: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the digest of each row of a table of the record."""
    found = cursor.execute(f"SELECT {RECORD[table]} AS row_name, * FROM {table}")  # noqa: S608 - constants
    columns = [column[0] for column in found.description][1:]
    while rows := found.fetchmany(PAGE):
        for name, *values in rows:
            yield name, _row_hash(columns, values)


def row_digest(cursor: DuckDBPyConnection, table: str, name: str) -> str:
    """Return the digest of one row of a table of the record, `GONE` where there is no such row."""
    found = cursor.execute(f"SELECT * FROM {table} WHERE {RECORD[table]} = ?", [name])  # noqa: S608 - constants
    columns = [column[0] for column in found.description]
    rows = found.fetchall()
    return _row_hash(columns, rows[0]) if rows else GONE


def _append(cursor: DuckDBPyConnection, found: Sequence[tuple[str, str, str]]) -> None:
    """Append links about tables, rows and their digests, in order and in one statement."""
    sequence, previous = head(cursor)
    moment, rows = to_row(now()), []
    for about, name, digest in found:
        sequence += 1
        own = _hash(sequence, moment, about, name, digest, previous)
        rows.append((sequence, moment, about, name, digest, previous, own))
        previous = own
    if len(rows) == 1:
        marks = ", ".join("?" * len(rows[0]))
        cursor.execute(f"INSERT INTO chain ({COLUMNS}) VALUES ({marks})", rows[0])  # noqa: S608 - constants
        return
    columns = dict(zip(COLUMNS.split(", "), map(list, zip(*rows, strict=True)), strict=True))
    cursor.register("incoming", pa.table(columns))
    cursor.execute("INSERT INTO chain BY NAME SELECT * FROM incoming")
    cursor.unregister("incoming")


def _row_hash(columns: list[str], values: Any) -> str:  # noqa: ANN401 - a row, as a tuple or a list
    """Return the hash of a row by its columns; empty ones do not count, so that one can be added later."""
    row = {
        name: _plain(value)
        for name, value in zip(columns, values, strict=True)
        if value is not None and name not in UNHASHED
    }
    return _sha256(row)


def _hash(*fields: Any) -> str:  # noqa: ANN401 - the fields of a link
    """Return the hash of a link's other fields, in their order."""
    return _sha256({"link": [*map(_plain, fields)]})


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _sha256(values: dict[str, Any]) -> str:
    return sha256(to_text(values).encode("utf-8", "surrogatepass")).hexdigest()

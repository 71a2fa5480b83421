"""The logs of the store, decisions and lists shown: chains of rows that are only ever appended.

Each row carries the hash of the row before it, so a row that was changed, taken out or put in later
shows. Rows hold values, not references, and so stay readable when a run, a dataset version or a
client is gone. Rows cut off at the end show only against a hash noted elsewhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal
from uuid import uuid4

from duckdb import DuckDBPyConnection

from finrec_core.store.content import from_text, to_text
from finrec_core.store.moment import from_row, now, to_row

Log = Literal["decisions", "shown"]
LOGS: tuple[Log, ...] = ("decisions", "shown")
COLUMNS = "sequence, id, created, user_name, kind, client, product, run, content, previous, hash"
START = "0" * 64
PAGE = 10_000


@dataclass(frozen=True, repr=False)
class LogRow:
    """One row of a log: who saw or decided what, for which client, with the values of that moment.

    `product` is "" in a list shown; `content` holds plain values. `hash` is the SHA-256 of all other
    fields, `previous` the hash of the row before.
    """

    sequence: int
    id: str
    created: datetime
    user: str
    kind: str
    client: str
    product: str
    run: str
    content: Mapping[str, Any]
    previous: str
    hash: str

    def __repr__(self) -> str:
        return f"LogRow({self.sequence}: {self.kind}, client {self.client!r}, {len(self.content)} values)"


def append(
    cursor: DuckDBPyConnection,
    log: Log,
    *,
    kind: str,
    client: str,
    product: str,
    run: str,
    content: Mapping[str, Any],
    user: str,
) -> LogRow:
    """Write the next row of a log and return it."""
    last = cursor.execute(
        f"SELECT sequence, hash FROM {log} ORDER BY sequence DESC LIMIT 1"  # noqa: S608 - one of LOGS
    ).fetchall()
    sequence, previous = last[0] if last else (0, START)
    values = [
        sequence + 1,
        uuid4().hex,
        to_row(now()),
        user,
        kind,
        client,
        product,
        run,
        to_text(content),
        previous,
    ]
    row = (*values, _hash(values))
    cursor.execute(f"INSERT INTO {log} ({COLUMNS}) VALUES ({', '.join('?' * 11)})", row)  # noqa: S608
    return _row(row)


def read(cursor: DuckDBPyConnection, log: Log, client: str | None, limit: int) -> list[LogRow]:
    """Return the newest rows of a log, of one client or of all, newest first."""
    rows = cursor.execute(
        f"SELECT {COLUMNS} FROM {log} WHERE $client IS NULL OR client = $client "  # noqa: S608 - one of LOGS
        "ORDER BY sequence DESC LIMIT $limit",
        {"client": client, "limit": limit},
    ).fetchall()
    return [_row(row) for row in rows]


def verify(cursor: DuckDBPyConnection, log: Log) -> str | None:
    """Return a sentence about the first row that does not fit the chain, or None if all do."""
    previous = START
    for expected, row in enumerate(_walk(cursor, log), start=1):
        if row[0] != expected:
            return f"{log}: row {expected} is missing."
        if row[-2] != previous:
            return f"{log}: row {expected} does not follow the row before it."
        if row[-1] != _hash(row[:-1]):
            return f"{log}: row {expected} was changed after it was written."
        previous = row[-1]
    return None


def _walk(cursor: DuckDBPyConnection, log: Log) -> Iterator[tuple[Any, ...]]:
    """Yield the rows in order, a page in memory at a time."""
    last = 0
    while True:
        rows = cursor.execute(
            f"SELECT {COLUMNS} FROM {log} WHERE sequence > ? ORDER BY sequence LIMIT {PAGE}",  # noqa: S608
            [last],
        ).fetchall()
        yield from rows
        if len(rows) < PAGE:
            return
        last = rows[-1][0]


def _hash(values: list[Any] | tuple[Any, ...]) -> str:
    """Return the hash of a row's fields; the time counts as its ISO text to the microsecond."""
    fields = [
        value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value for value in values
    ]
    return sha256(to_text({"row": fields}).encode("utf-8", "surrogatepass")).hexdigest()


def _row(row: tuple[Any, ...]) -> LogRow:
    sequence, key, created, user, kind, client, product, run, content, previous, own = row
    moment = from_row(created)
    return LogRow(sequence, key, moment, user, kind, client, product, run, from_text(content), previous, own)

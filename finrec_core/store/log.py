"""The logs of the store, decisions and lists shown: chains of rows that are only ever appended.

Each row carries the hash of the row before it, so a row that was changed, taken out or put in later
shows. Rows hold values, not references, and so stay readable when a run, a dataset version or a
client is gone. Rows cut off at the end show only against a hash noted elsewhere.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal
from uuid import uuid4

from duckdb import DuckDBPyConnection

from finrec_core.store import chain, seal
from finrec_core.store.error import StoreError
from finrec_core.store.keys import Keyring
from finrec_core.store.rows import from_row, now, to_row, to_text
from finrec_core.terms.bounds import MOST_ROWS

Log = Literal["decisions", "shown"]
LOGS: tuple[Log, ...] = ("decisions", "shown")
COLUMNS = "sequence, id, created, user_name, kind, client, product, run, content, previous, hash"
# A row without what was shown with it: of its content only what stands under "decision".
BRIEF = COLUMNS.replace(
    "content",
    "CASE WHEN json_exists(content, '$.sealed.decision') THEN json_object('key', content->'$.key', "
    "'open', json_object('decision', content->'$.open.decision'), "
    "'sealed', json_object('decision', content->'$.sealed.decision')) "
    "ELSE json_object('decision', coalesce(content->'$.decision', '{}'::JSON)) END",
)
START = "0" * 64  # what the first row follows
PAGE = 10_000
MOST_MISSING = 1_000  # rows that are named one by one


@dataclass(frozen=True, repr=False)
class LogRow:
    """One row of a log: who saw or decided what, for which client, with the values of that moment.

    `product` is "" in a list shown; `content` holds plain values. `hash` is the SHA-256 of all other
    fields, its content as `stored` holds it, `previous` the hash of the row before. Where the key to the
    content was destroyed, `lost` is the sentence to show instead, and `content` what stood in the clear.
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
    stored: str = ""
    lost: str = ""

    def __repr__(self) -> str:
        return f"LogRow({self.sequence}: {self.kind}, client {self.client!r}, {len(self.content)} values)"


Check = Callable[[list[LogRow]], None]
CONDITIONS = {
    "client": "client =",
    "product": "product =",
    "kind": "kind =",
    "user": "user_name =",
    "run": "run =",
    "since": "created >=",
    "until": "created <",
    "before": "sequence <",
}


@dataclass(frozen=True)
class LogQuery:
    """Which rows of a log to read; None asks for any.

    `since` counts in, `until` does not; `before` is a sequence, and reads on after a page.
    """

    client: str | None = None
    product: str | None = None
    kind: str | None = None
    user: str | None = None
    run: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None

    @property
    def asked(self) -> dict[str, Any]:
        """What it asks for by name, times as rows hold them."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: to_row(value) if isinstance(value, datetime) else value for name, value in values.items()
        }


def append(
    cursor: DuckDBPyConnection,
    log: Log,
    about: Mapping[str, str],
    *,
    content: Mapping[str, Any],
    user: str,
    ring: Keyring,
    check: Check | None = None,
) -> LogRow:
    """Write the next row of a log and return it; `about` holds its kind, client, product and run.

    `check` gets the rows of this client and product, oldest first, and keeps the row out by raising.
    """
    if check is not None:
        pair = LogQuery(client=about["client"], product=about["product"])
        check(read(cursor, log, pair, MOST_ROWS, ring)[::-1])
    sequence, previous = _last(cursor, log)
    key = uuid4().hex
    values = [
        sequence + 1,
        key,
        to_row(now()),
        user,
        *(about[name] for name in ("kind", "client", "product", "run")),
        seal.sealed(content, seal.key_of(cursor, ring, about["client"]), ring, key),
        previous,
    ]
    row = (*values, _hash(values))
    cursor.execute(f"INSERT INTO {log} ({COLUMNS}) VALUES ({', '.join('?' * 11)})", row)  # noqa: S608
    chain.record(cursor, log, sequence + 1)
    return _row(row, ring)


def read(cursor: DuckDBPyConnection, log: Log, query: LogQuery, limit: int, ring: Keyring) -> list[LogRow]:
    """Return the newest rows of a log that the query asks for, at most `limit`, newest first."""
    asked = {name: value for name, value in query.asked.items() if value is not None}
    where = " AND ".join(f"{CONDITIONS[name]} ${name}" for name in asked) or "TRUE"
    return _rows(cursor, log, f"{where} ORDER BY sequence DESC LIMIT $limit", asked | {"limit": limit}, ring)


def read_brief(cursor: DuckDBPyConnection, log: Log, after: int, ring: Keyring) -> list[LogRow]:
    """Return the rows after a sequence, oldest first, each with what its content holds under "decision"."""
    rows = _rows(cursor, log, "sequence > ? ORDER BY sequence", [after], ring, columns=BRIEF)
    return [replace(row, content=row.content.get("decision") or {}, stored="") for row in rows]


def read_ranks(cursor: DuckDBPyConnection) -> dict[str, int | None]:
    """Return the place on the list that was shown with each decision, by its id; None where it had none."""
    rows = cursor.execute(
        "SELECT id, try_cast(json_extract_string(content, '$.open.snapshot.rank') AS BIGINT) FROM decisions "
        "WHERE json_exists(content, '$.open.snapshot')"
    ).fetchall()
    return dict(rows)


def read_last(cursor: DuckDBPyConnection, log: Log, limit: int, ring: Keyring) -> list[LogRow]:
    """Return the last row of each client, of those who come last in the log, newest first."""
    last = f"SELECT max(sequence) FROM {log} GROUP BY client ORDER BY 1 DESC LIMIT ?"  # noqa: S608 - one of LOGS
    return _rows(cursor, log, f"sequence IN ({last}) ORDER BY sequence DESC", [limit], ring)


def find(cursor: DuckDBPyConnection, log: Log, key: str, ring: Keyring) -> LogRow:
    """Return one row by its id; raises `StoreError` where there is none."""
    rows = _rows(cursor, log, "id = ?", [key], ring)
    if not rows:
        raise StoreError(f'The store holds no entry "{key}" in its {log}.')
    return rows[0]


def head(cursor: DuckDBPyConnection, log: Log) -> str:
    """Return the hash of a log's newest row, `START` where it is empty."""
    return _last(cursor, log)[1]


def faults(cursor: DuckDBPyConnection, log: Log) -> Iterator[tuple[int, str]]:
    """Yield the place of each row that does not fit the log's own chain, and what is wrong with it."""
    previous, expected = {START}, 1
    for row in _walk(cursor, log):
        yield from ((place, "is missing") for place in range(expected, min(row[0], expected + MOST_MISSING)))
        own = _hash(row[:-1])
        if row[0] == expected and row[-2] not in previous:
            yield row[0], "does not follow the row before it"
        elif row[-1] != own:
            yield row[0], "was changed after it was written"
        # Of a changed row, that stands here already, the next one may carry either hash.
        previous, expected = {row[-1], own}, row[0] + 1


def _last(cursor: DuckDBPyConnection, log: Log) -> tuple[int, str]:
    """Return sequence and hash of the newest row."""
    rows = cursor.execute(
        f"SELECT sequence, hash FROM {log} ORDER BY sequence DESC LIMIT 1"  # noqa: S608 - one of LOGS
    ).fetchall()
    return rows[0] if rows else (0, START)


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


def _rows(
    cursor: DuckDBPyConnection,
    log: Log,
    condition: str,
    values: list[Any] | dict[str, Any],
    ring: Keyring,
    *,
    columns: str = COLUMNS,
) -> list[LogRow]:
    found = cursor.execute(f"SELECT {columns} FROM {log} WHERE {condition}", values)  # noqa: S608 - our own words
    return [_row(row, ring) for row in found.fetchall()]


def _hash(values: list[Any] | tuple[Any, ...]) -> str:
    """Return the hash of a row's fields; the time counts as its ISO text to the microsecond."""
    fields = [
        value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value for value in values
    ]
    return sha256(to_text({"row": fields}).encode("utf-8", "surrogatepass")).hexdigest()


def _row(row: tuple[Any, ...], ring: Keyring) -> LogRow:
    sequence, key, created, user, kind, client, product, run, stored, previous, own = row
    content, lost = seal.opened(stored, ring, key)
    when = from_row(created)
    return LogRow(sequence, key, when, user, kind, client, product, run, content, previous, own, stored, lost)

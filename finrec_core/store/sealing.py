"""The sealing of old logs: the step of a migration that encrypts what rows held in the clear.

The chains are made anew over the sealed text, and what did not fit before does not fit afterwards, in the
same place: a row that was changed keeps a hash that is not its own.
"""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from duckdb import DuckDBPyConnection

from finrec_core.store import seal
from finrec_core.store.keys import Keyring

PAGE = 1_000
COLUMNS = "sequence, id, created, user_name, kind, client, product, run, content, previous, hash"


def seal_logs(cursor: DuckDBPyConnection, ring: Keyring) -> None:
    """The rows of the logs, sealed with the keys of their clients."""
    names: dict[str, str] = {}
    for log in ("decisions", "shown"):
        _seal(cursor, log, ring, names)


def _seal(cursor: DuckDBPyConnection, log: str, ring: Keyring, names: dict[str, str]) -> None:
    """Seal a log's rows, `PAGE` in memory at a time; `names` are the keys made so far, by client."""
    last, before, after = 0, "0" * 64, "0" * 64  # the hash of the row before, as it was and as it is now
    while rows := cursor.execute(
        f"SELECT {COLUMNS} FROM {log} WHERE sequence > ? ORDER BY sequence LIMIT {PAGE}",  # noqa: S608 - ours
        [last],
    ).fetchall():
        page = []
        for row in rows:
            *values, content, previous, own = row
            last, key, client = row[0], row[1], row[5]
            if client not in names:
                names[client] = seal.key_of(cursor, ring, client)
            try:
                text = seal.sealed(json.loads(content), names[client], ring, key)
            except (ValueError, AttributeError):  # no content of ours: sealed as the text that it is
                text = seal.sealed({"": content}, names[client], ring, key)
            follows = after if previous == before else previous
            whole = own == _hash([*values, content, previous])
            made = _hash([*values, text, follows]) if whole else own
            page.append((last, text, follows, made))
            before, after = own, made
        columns = ("sequence", "content", "previous", "hash")
        cursor.execute(
            f"UPDATE {log} SET content = made.content, previous = made.previous, hash = made.hash FROM "  # noqa: S608
            "(SELECT unnest($sequence) AS sequence, unnest($content) AS content, "
            "unnest($previous) AS previous, unnest($hash) AS hash) made "
            f"WHERE {log}.sequence = made.sequence",
            dict(zip(columns, map(list, zip(*page, strict=True)), strict=True)),
        )


def _hash(values: list[Any]) -> str:
    """Return the hash of a row's fields as the logs made it when this step was written."""
    fields = [
        value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value for value in values
    ]
    text = json.dumps(
        {"row": fields}, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

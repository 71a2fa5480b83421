"""The rows of the store: values as its tables hold them, written and read by the names of their columns.

Times stand in UTC, to the microsecond and without a zone, mappings of plain values as canonical JSON. The
column of a user is called `user_name`, since "user" is a word of SQL.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from duckdb import DuckDBPyConnection

from finrec_core.store.error import StoreError

MAPPINGS = ("content", "document", "metrics", "constants", "answers")  # columns that hold JSON


def now() -> datetime:
    """Return the present in UTC."""
    return datetime.now(UTC)


def to_row(moment: datetime) -> datetime:
    """Return an aware time as a row holds it; raises `ValueError` for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time needs a zone.")
    return moment.astimezone(UTC).replace(tzinfo=None)


def from_row(moment: datetime) -> datetime:
    """Return a row's time as an aware one."""
    return moment.replace(tzinfo=UTC)


def to_text(content: Mapping[str, Any]) -> str:
    """Return the JSON text, keys sorted, so that equal contents are equal texts.

    Raises `StoreError` if a value is none that JSON knows, NaN and infinity included.
    """
    try:
        return json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise StoreError(f"The store cannot keep these values ({error}).") from error


def from_text(text: str) -> dict[str, Any]:
    """Return the mapping that `to_text` wrote."""
    return json.loads(text)


def insert(cursor: DuckDBPyConnection, table: str, values: Mapping[str, Any]) -> None:
    """Write one row of a table by its columns."""
    row = {}
    for name, value in values.items():
        held = to_row(value) if isinstance(value, datetime) else value
        row["user_name" if name == "user" else name] = to_text(held) if isinstance(held, Mapping) else held
    marks = ", ".join(f"${name}" for name in row)
    cursor.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", row)  # noqa: S608 - our own names


def read(
    cursor: DuckDBPyConnection, query: str, values: Sequence[Any] | Mapping[str, Any] = ()
) -> list[dict[str, Any]]:
    """Return what a query finds, each row by the names of its columns."""
    found = cursor.execute(query, values)
    names = ["user" if column[0] == "user_name" else column[0] for column in found.description]
    return [dict(zip(names, map(_taken, names, row), strict=True)) for row in found.fetchall()]


def single(cursor: DuckDBPyConnection, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Any:  # noqa: ANN401 - whatever the column holds
    """Return the one value that a query finds, as of a count."""
    return cursor.execute(query, values).fetchall()[0][0]


def _taken(name: str, value: Any) -> Any:  # noqa: ANN401 - whatever the column holds
    if isinstance(value, datetime):
        return from_row(value)
    return from_text(value) if name in MAPPINGS else value

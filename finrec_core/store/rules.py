"""Suitability rules in the store: versions of which the last one counts and none is ever changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from duckdb import DuckDBPyConnection

from finrec_core.store.content import from_text, to_text
from finrec_core.store.error import StoreError
from finrec_core.store.moment import from_row, now, to_row

COLUMNS = "version, created, user_name, reason, content"


@dataclass(frozen=True, repr=False)
class RulesVersion:
    """One version of the bank's rules: plain values, who set them, when and why."""

    version: int
    created: datetime
    user: str
    reason: str
    content: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"RulesVersion({self.version}: {len(self.content)} rules)"


def add(cursor: DuckDBPyConnection, content: Mapping[str, Any], *, reason: str, user: str) -> RulesVersion:
    """Write the next version."""
    (last,) = cursor.execute("SELECT coalesce(max(version), 0) FROM rules").fetchall()[0]
    rules = RulesVersion(last + 1, now(), user, reason, dict(content))
    cursor.execute(
        f"INSERT INTO rules ({COLUMNS}) VALUES (?, ?, ?, ?, ?)",  # noqa: S608 - constants
        [rules.version, to_row(rules.created), user, reason, to_text(content)],
    )
    return rules


def find(cursor: DuckDBPyConnection, version: int | None) -> RulesVersion | None:
    """Return one version or the last; None where no rules were set yet."""
    rows = cursor.execute(
        f"SELECT {COLUMNS} FROM rules "  # noqa: S608 - constants
        "WHERE $version IS NULL OR version = $version ORDER BY version DESC LIMIT 1",
        {"version": version},
    ).fetchall()
    if rows:
        return _version(rows[0])
    if version is not None:
        raise StoreError(f"The store holds no version {version} of the rules.")
    return None


def read(cursor: DuckDBPyConnection) -> list[RulesVersion]:
    """Return all versions, newest first."""
    query = f"SELECT {COLUMNS} FROM rules ORDER BY version DESC"  # noqa: S608 - constants
    return [_version(row) for row in cursor.execute(query).fetchall()]


def _version(row: tuple[Any, ...]) -> RulesVersion:
    number, created, user, reason, content = row
    return RulesVersion(number, from_row(created), user, reason, from_text(content))

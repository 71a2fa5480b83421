"""Suitability rules in the store: versions of which the last one counts and none is ever changed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from duckdb import DuckDBPyConnection

from finrec_core.store import rows
from finrec_core.store.error import StoreError

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
    last = rows.single(cursor, "SELECT coalesce(max(version), 0) FROM rules")
    rules = RulesVersion(last + 1, rows.now(), user, reason, dict(content))
    rows.insert(cursor, "rules", asdict(rules))
    return rules


def find(cursor: DuckDBPyConnection, version: int | None) -> RulesVersion | None:
    """Return one version or the last; None where no rules were set yet."""
    found = rows.read(
        cursor,
        f"SELECT {COLUMNS} FROM rules "  # noqa: S608 - constants
        "WHERE $version IS NULL OR version = $version ORDER BY version DESC LIMIT 1",
        {"version": version},
    )
    if found:
        return RulesVersion(**found[0])
    if version is not None:
        raise StoreError(f"The store holds no version {version} of the rules.")
    return None


def read(cursor: DuckDBPyConnection) -> list[RulesVersion]:
    """Return all versions, newest first."""
    query = f"SELECT {COLUMNS} FROM rules ORDER BY version DESC"  # noqa: S608 - constants
    return [RulesVersion(**row) for row in rows.read(cursor, query)]

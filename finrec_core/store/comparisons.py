"""Comparisons in the store: what `evaluate` found on a version of a dataset, whole and never changed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from duckdb import DuckDBPyConnection

from finrec_core.store.datasets import DatasetVersion
from finrec_core.store.rows import from_text, insert, now, read, to_text

MOST = 20  # of one version, the newest


@dataclass(frozen=True, repr=False)
class Comparison:
    """A comparison of models: the version it was made on, when, by whom, and the document of `evaluate`.

    `document` has the keys in alphabetical order, whatever order it was made in.
    """

    id: str
    dataset: str
    version: int
    content_hash: str
    created: datetime
    user: str
    document: Mapping[str, Any]

    @property
    def label(self) -> str:
        """The dataset it was made on as a person types it: NAME@VERSION."""
        return f"{self.dataset}@{self.version}"

    def __repr__(self) -> str:
        protocols = ", ".join(self.document.get("protocols", {}))
        return f"Comparison({self.label}: {protocols or 'no protocol'})"


def add(
    cursor: DuckDBPyConnection, version: DatasetVersion, document: Mapping[str, Any], *, user: str
) -> Comparison:
    """Write a comparison that was made on a version."""
    made = Comparison(
        id=uuid4().hex,
        dataset=version.name,
        version=version.version,
        content_hash=version.content_hash,
        created=now(),
        user=user,
        document=from_text(to_text(document)),
    )
    values = asdict(made)
    values["comparison_id"] = values.pop("id")
    insert(cursor, "comparisons", values)
    return made


def of_version(cursor: DuckDBPyConnection, dataset: str, version: int, limit: int = MOST) -> list[Comparison]:
    """Return the comparisons made on a version, newest first; the version itself may have been removed."""
    rows = read(
        cursor,
        "SELECT comparison_id AS id, dataset, version, content_hash, created, user_name, document FROM "
        "comparisons WHERE dataset = ? AND version = ? ORDER BY created DESC, comparison_id DESC LIMIT ?",
        [dataset, version, limit],
    )
    return [Comparison(**row) for row in rows]

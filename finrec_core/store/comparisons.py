"""Comparisons in the store: what `evaluate` found on a version of a dataset, whole and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from duckdb import DuckDBPyConnection

from finrec_core.store.content import from_text, to_text
from finrec_core.store.datasets import DatasetVersion
from finrec_core.store.moment import from_row, now, to_row

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
    text = to_text(document)
    made = Comparison(
        id=uuid4().hex,
        dataset=version.name,
        version=version.version,
        content_hash=version.content_hash,
        created=now(),
        user=user,
        document=from_text(text),
    )
    cursor.execute(
        "INSERT INTO comparisons "
        "(comparison_id, dataset, version, content_hash, created, user_name, document) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [made.id, made.dataset, made.version, made.content_hash, to_row(made.created), user, text],
    )
    return made


def of_version(cursor: DuckDBPyConnection, dataset: str, version: int, limit: int = MOST) -> list[Comparison]:
    """Return the comparisons made on a version, newest first; the version itself may have been removed."""
    rows = cursor.execute(
        "SELECT comparison_id, dataset, version, content_hash, created, user_name, document FROM comparisons "
        "WHERE dataset = ? AND version = ? ORDER BY created DESC, comparison_id DESC LIMIT ?",
        [dataset, version, limit],
    ).fetchall()
    return [
        Comparison(key, name, number, content_hash, from_row(created), user, from_text(text))
        for key, name, number, content_hash, created, user, text in rows
    ]

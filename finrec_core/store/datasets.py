"""Datasets in the store: versions that are added whole, read whole and never changed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from duckdb import DuckDBPyConnection

from finrec_core.dataset import SCHEMAS, TABLES, Dataset
from finrec_core.dataset.report import REPORT
from finrec_core.store import chain, rows
from finrec_core.store.clients import haystacks
from finrec_core.store.error import StoreError
from finrec_core.store.rows import now, to_row

COLUMNS = (
    "name, version, content_hash, parent, verb, rating_limit, created, user_name, source, "
    "clients, products, interactions, ties, rejected, repaired, coalesce(how, 'import') AS how, erased, "
    "coalesce(amounts_count, true) AS amounts_count, coalesce(answers, '{}') AS answers"
)  # `how` and the last two are empty in versions of an older store


How = Literal["import", "append"]


@dataclass(frozen=True, repr=False)
class DatasetVersion:
    """One version of a dataset: what it holds, where it came from, and the hash of its content.

    `parent` is the version of the same name that this one was appended to, or that was the latest when
    this one was added; `how` says which, "import" or "append". `erased` is when a client's data was last
    erased from it. `answers` is what was said of the files, for the next ones that are appended.
    """

    name: str
    version: int
    content_hash: str
    parent: int | None
    verb: str
    rating_limit: float | None
    created: datetime
    user: str
    source: str
    clients: int
    products: int
    interactions: int
    ties: int
    rejected: int
    repaired: int
    how: How = "import"
    erased: datetime | None = None
    amounts_count: bool = True
    answers: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[^@\x00-\x1f]{1,200}", self.name):
            raise StoreError(
                f"A dataset cannot be called {self.name[:200]!r}: "
                "a name has 1 to 200 characters on one line, without @."
            )
        if self.version < 1:
            raise StoreError(f"{self.name}: a version is 1 or higher, not {self.version}.")

    @property
    def label(self) -> str:
        """The name as a person types it: NAME@VERSION."""
        return f"{self.name}@{self.version}"

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain values, times as ISO text."""
        moments = {"created": self.created.isoformat(), "erased": self.erased and self.erased.isoformat()}
        return {"dataset": self.label, **asdict(self), **moments}

    def __repr__(self) -> str:
        return (
            f"DatasetVersion({self.label!r}: {self.clients:,} clients, {self.products:,} products, "
            f"{self.interactions:,} interactions, {self.ties:,} ties)"
        )


def parse_label(label: str) -> tuple[str, int | None]:
    """Split NAME or NAME@VERSION; raises `StoreError` if the version is no whole number."""
    name, mark, version = label.partition("@")
    if mark and not re.fullmatch(r"[1-9][0-9]{0,8}", version):
        raise StoreError(f'"{label}": write a dataset as NAME or NAME@VERSION, like demo@2.')
    return name, int(version) if mark else None


def add(
    cursor: DuckDBPyConnection,
    dataset: Dataset,
    content_hash: str,
    rejects: pa.Table | None,
    repairs: pa.Table | None,
    *,
    source: str,
    user: str,
    appended_to: int | None = None,
    answers: Mapping[str, Any] | None = None,
) -> DatasetVersion:
    """Write a dataset, its reports and what was said of its files as the next version of its name.

    `appended_to` is the version whose rows it begins with. Raises `StoreError` where that is gone.
    """
    reports = {
        name: REPORT.empty_table() if table is None else table.select(REPORT.names).cast(REPORT)
        for name, table in (("rejects", rejects), ("repairs", repairs))
    }
    query = "SELECT max(version), max(version) FILTER (WHERE removed IS NULL) FROM datasets WHERE name = ?"
    last, parent = cursor.execute(query, [dataset.name]).fetchall()[0]
    if appended_to is not None:
        parent = find(cursor, dataset.name, appended_to)[1].version
    key = uuid4().hex
    version = DatasetVersion(
        name=dataset.name,
        version=(last or 0) + 1,  # a removed number is not given again: runs and decisions still name it
        content_hash=content_hash,
        parent=parent,
        verb=dataset.verb,
        rating_limit=dataset.rating_limit,
        created=now(),
        user=user,
        source=source,
        clients=len(dataset.clients),
        products=len(dataset.products),
        interactions=len(dataset.interactions),
        ties=len(dataset.ties),
        rejected=len(reports["rejects"]),
        repaired=len(reports["repairs"]),
        how="import" if appended_to is None else "append",
        amounts_count=dataset.amounts_count,
        answers=dict(answers or {}),
    )
    last = rows.single(cursor, "SELECT coalesce(max(sequence), 0) FROM datasets")
    rows.insert(cursor, "datasets", {"dataset_id": key, "sequence": last + 1, **asdict(version)})
    chain.record(cursor, "datasets", version.label)
    for table in TABLES:
        _insert(cursor, key, table, getattr(dataset, table))
    for name, table in reports.items():
        _insert(
            cursor, key, name, table.rename_columns([*REPORT.names[:2], "column_name", *REPORT.names[3:]])
        )
    return version


def _insert(cursor: DuckDBPyConnection, key: str, table: str, rows: pa.Table) -> None:
    """Append the rows in their order, with the columns that only the store has."""
    columns: dict[str, Any] = {name: rows[name] for name in rows.column_names}
    columns["place"] = pa.array(np.arange(len(rows)))
    if table == "clients":
        columns["haystack"] = haystacks(rows["client_id"], rows["name"])
        columns["alphabet"] = pc.rank(columns["haystack"], tiebreaker="first")
    cursor.register("incoming", pa.table(columns))
    cursor.execute(
        f"INSERT INTO {table} BY NAME SELECT ? AS dataset_id, * FROM incoming",  # noqa: S608 - our own table names
        [key],
    )
    cursor.unregister("incoming")


def versions(cursor: DuckDBPyConnection) -> list[DatasetVersion]:
    """Return all versions that were not removed, newest first."""
    query = f"SELECT {COLUMNS} FROM datasets WHERE removed IS NULL ORDER BY sequence DESC"  # noqa: S608
    return [DatasetVersion(**row) for row in rows.read(cursor, query)]


def find(cursor: DuckDBPyConnection, name: str | None, version: int | None) -> tuple[str, DatasetVersion]:
    """Return the key and the version that is meant: of all the latest, of a name the latest, or the one.

    `name` may be NAME@VERSION. Raises `StoreError` naming what there is.
    """
    if name is not None and version is None:
        name, version = parse_label(name)
    found = rows.read(
        cursor,
        f"SELECT dataset_id, {COLUMNS} FROM datasets WHERE removed IS NULL "  # noqa: S608 - constants
        "AND ($name IS NULL OR name = $name) AND ($version IS NULL OR version = $version) "
        "ORDER BY sequence DESC LIMIT 1",
        {"name": name, "version": version},
    )
    if found:
        key = found[0].pop("dataset_id")
        return key, DatasetVersion(**found[0])
    wanted = "" if name is None else name if version is None else f"{name}@{version}"
    labels = [other.label for other in versions(cursor)]
    if not labels:
        raise StoreError("The store holds no dataset yet: import files or load the demo bank first.")
    held = ", ".join(labels[:10]) + (f" and {len(labels) - 10} more" if len(labels) > 10 else "")
    raise StoreError(f'The store holds no dataset "{wanted}"; it holds {held}.')


def read(cursor: DuckDBPyConnection, key: str, version: DatasetVersion) -> Dataset:
    """Return the dataset of a version, its rows in the order in which they were added."""
    tables: Mapping[str, pa.Table] = {
        table: _select(cursor, key, table, SCHEMAS[table].names).cast(SCHEMAS[table]) for table in TABLES
    }
    return Dataset(
        **tables,
        name=version.name,
        verb=version.verb,
        rating_limit=version.rating_limit,
        amounts_count=version.amounts_count,
    )


def report(cursor: DuckDBPyConnection, key: str) -> tuple[pa.Table, pa.Table]:
    """Return the rejected and the repaired rows of a version's import, as `REPORT` has them."""
    columns = [*REPORT.names[:2], "column_name", *REPORT.names[3:]]
    rejects, repairs = (
        _select(cursor, key, table, columns).rename_columns(REPORT.names).cast(REPORT)
        for table in ("rejects", "repairs")
    )
    return rejects, repairs


def _select(cursor: DuckDBPyConnection, key: str, table: str, columns: Sequence[str]) -> pa.Table:
    query = f"SELECT {', '.join(columns)} FROM {table} WHERE dataset_id = ? ORDER BY place"  # noqa: S608
    return cursor.execute(query, [key]).to_arrow_table()


def recount(cursor: DuckDBPyConnection, key: str, *, erased: datetime) -> None:
    """Count the rows of a version again and compute its content hash anew, after an erasure."""
    (row,) = rows.read(cursor, f"SELECT {COLUMNS} FROM datasets WHERE dataset_id = ?", [key])  # noqa: S608
    version = DatasetVersion(**row)
    dataset = read(cursor, key, version)
    counts = {table: len(getattr(dataset, table)) for table in TABLES}
    for column, table in (("rejected", "rejects"), ("repaired", "repairs")):
        query = f"SELECT count(*) FROM {table} WHERE dataset_id = ?"  # noqa: S608 - our own table names
        counts[column] = rows.single(cursor, query, [key])
    values = counts | {"content_hash": dataset.content_hash, "erased": erased}
    cursor.execute(
        f"UPDATE datasets SET {', '.join(f'{name} = ${name}' for name in values)} WHERE dataset_id = $key",  # noqa: S608
        values | {"key": key},
    )
    chain.record(cursor, "datasets", version.label)


def remove(cursor: DuckDBPyConnection, key: str, label: str) -> None:
    """Delete the rows of a version; its line in `datasets` stays as removed, so its number is not reused."""
    for table in (*TABLES, "rejects", "repairs"):
        cursor.execute(f"DELETE FROM {table} WHERE dataset_id = ?", [key])  # noqa: S608 - our own table names
    cursor.execute("UPDATE datasets SET removed = ? WHERE dataset_id = ?", [to_row(now()), key])
    chain.record(cursor, "datasets", label)

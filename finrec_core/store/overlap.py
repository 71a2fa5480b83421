"""The overlap of a dataset that was just read with those that are stored: ids and pairs in common."""

from dataclasses import dataclass

import pyarrow as pa
from duckdb import DuckDBPyConnection

from finrec_core.dataset import Dataset
from finrec_core.store import datasets
from finrec_core.store.datasets import DatasetVersion


@dataclass(frozen=True)
class Overlap:
    """How many clients and products of a dataset a stored version holds too."""

    version: DatasetVersion
    clients: int
    products: int


def overlaps(cursor: DuckDBPyConnection, dataset: Dataset) -> list[Overlap]:
    """Return the overlap with the latest version of each name, the one added last first."""
    found: dict[str, DatasetVersion] = {}
    for version in datasets.versions(cursor):
        if version.name not in found or version.version > found[version.name].version:
            found[version.name] = version
    return [overlap(cursor, dataset, version) for version in found.values()]


def overlap(cursor: DuckDBPyConnection, dataset: Dataset, version: DatasetVersion) -> Overlap:
    """Return the overlap with one version."""
    key, _ = datasets.find(cursor, version.name, version.version)
    common = {}
    for table, column in (("clients", "client_id"), ("products", "product_id")):
        query = (
            f"SELECT count(*) FROM {table} SEMI JOIN incoming USING ({column}) "  # noqa: S608 - our own names
            f"WHERE {table}.dataset_id = ?"
        )
        (common[table],) = _joined(cursor, getattr(dataset, table).select([column]), query, key)
    return Overlap(version, **common)


def pairs(cursor: DuckDBPyConnection, dataset: Dataset, version: DatasetVersion) -> tuple[int, int]:
    """Return how many pairs of client and product a version has, and how many of them the dataset has not."""
    key, _ = datasets.find(cursor, version.name, version.version)
    query = """
        WITH held AS MATERIALIZED (
            SELECT DISTINCT client_id, product_id FROM interactions WHERE dataset_id = ?
        )
        SELECT count(*), (SELECT count(*) FROM held ANTI JOIN incoming USING (client_id, product_id))
        FROM held
    """
    total, gone = _joined(cursor, dataset.interactions.select(["client_id", "product_id"]), query, key)
    return total, gone


def _joined(cursor: DuckDBPyConnection, rows: pa.Table, query: str, key: str) -> tuple[int, ...]:
    """Return the counts that a query finds with rows of ours as `incoming`."""
    cursor.register("incoming", rows)
    try:
        (counts,) = cursor.execute(query, [key]).fetchall()
    finally:
        cursor.unregister("incoming")
    return counts

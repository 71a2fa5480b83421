"""The dataset: clients, products, interactions and ties as four checked Arrow tables."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scipy.sparse import csr_array

from finrec_core.dataset.schema import SCHEMAS, TABLES


class DatasetError(ValueError):
    """The data cannot be a dataset; the message is one sentence for whoever made it."""


@dataclass(frozen=True, repr=False, eq=False)
class Dataset:
    """Clients, products, interactions and ties that fit together, never changed after they are made.

    The tables follow `SCHEMAS`; a client-product pair stands once; every id that an interaction or
    a tie names has a row in `clients` or `products`. Row numbers of those two tables are the
    indices used by every model. An interaction whose rating lies under `rating_limit` masks the
    product and lends its words, but is not positive. Raises `DatasetError` otherwise.
    """

    clients: pa.Table
    products: pa.Table
    interactions: pa.Table
    ties: pa.Table
    name: str = "dataset"
    verb: str = "has"
    rating_limit: float | None = None

    def __post_init__(self) -> None:
        for table in TABLES:
            if getattr(self, table).schema.names != SCHEMAS[table].names:
                raise DatasetError(f"{table}: columns must be {', '.join(SCHEMAS[table].names)}.")
            object.__setattr__(self, table, getattr(self, table).cast(SCHEMAS[table]).combine_chunks())
        for table, key in (("clients", "client_id"), ("products", "product_id")):
            ids = getattr(self, table)[key]
            if ids.null_count or pc.any(pc.equal(ids, "")).as_py():
                raise DatasetError(f"{table}: a {key} is empty.")
            if pc.count_distinct(ids).as_py() != len(ids):
                twice = pc.value_counts(ids)
                worst = twice.filter(pc.greater(twice.field("counts"), 1)).field("values")[0].as_py()
                raise DatasetError(f'{table}: {key} "{worst}" stands twice.')
        for table, column, home in (
            ("interactions", "client_id", "clients"),
            ("interactions", "product_id", "products"),
            ("ties", "client_id", "clients"),
            ("ties", "other_client_id", "clients"),
        ):
            ids = getattr(self, table)[column]
            known = pc.is_in(ids, value_set=getattr(self, home)[column.replace("other_", "")])
            if not pc.all(known).as_py() and len(ids):
                lost = ids.filter(pc.invert(known))[0].as_py()
                raise DatasetError(f'{table}: {column} "{lost}" has no row in {home}.')
        pairs = self.pair_clients.astype(np.int64) * max(1, len(self.products)) + self.pair_products
        if len(np.unique(pairs)) != len(pairs):
            raise DatasetError("interactions: a client-product pair stands twice.")

    def __repr__(self) -> str:
        return (
            f"Dataset({self.name!r}: {len(self.clients):,} clients, {len(self.products):,} products, "
            f"{len(self.interactions):,} interactions, {len(self.ties):,} ties)"
        )

    @cached_property
    def client_rows(self) -> Mapping[str, int]:
        """Client id to row number."""
        return {key: row for row, key in enumerate(self.clients["client_id"].to_pylist())}

    @cached_property
    def product_rows(self) -> Mapping[str, int]:
        """Product id to row number."""
        return {key: row for row, key in enumerate(self.products["product_id"].to_pylist())}

    @cached_property
    def pair_clients(self) -> np.ndarray:
        """Client row of each interaction, int64 (interactions,)."""
        return _rows(self.interactions["client_id"], self.clients["client_id"])

    @cached_property
    def pair_products(self) -> np.ndarray:
        """Product row of each interaction, int64 (interactions,)."""
        return _rows(self.interactions["product_id"], self.products["product_id"])

    @cached_property
    def positive(self) -> np.ndarray:
        """Whether each interaction is a positive example, bool (interactions,)."""
        if self.rating_limit is None:
            return np.ones(len(self.interactions), dtype=bool)
        low = pc.less(self.interactions["rating"], self.rating_limit)
        return ~pc.fill_null(low, fill_value=False).to_numpy()

    @cached_property
    def days(self) -> np.ndarray:
        """Time of each interaction in days since 1970, NaN where unknown, float64 (interactions,)."""
        micros = self.interactions["timestamp"].cast(pa.int64()).cast(pa.float64(), safe=False)
        return micros.to_numpy(zero_copy_only=False) / 86_400e6

    @cached_property
    def product_texts(self) -> list[str]:
        """Each product's own text: name, category and description, a line each, "" where it has none."""
        columns = [self.products[key].to_pylist() for key in ("name", "category", "description")]
        return ["\n".join(field for field in fields if field) for fields in zip(*columns, strict=True)]

    @cached_property
    def review_texts(self) -> list[str]:
        """The review of each interaction, "" where there is none."""
        return [review or "" for review in self.interactions["review"].to_pylist()]

    @cached_property
    def tie_rows(self) -> np.ndarray:
        """Client rows of both ends of each tie, int64 (ties, 2)."""
        ends = [_rows(self.ties[key], self.clients["client_id"]) for key in ("client_id", "other_client_id")]
        return np.stack(ends, axis=1)

    def matrix(self, *, positive_only: bool = True) -> csr_array:
        """Return the interactions as a 0/1 float64 matrix (clients, products), indices sorted."""
        keep = self.positive if positive_only else np.ones(len(self.interactions), dtype=bool)
        shape = (len(self.clients), len(self.products))
        cells = (self.pair_clients[keep], self.pair_products[keep])
        matrix = csr_array((np.ones(int(keep.sum())), cells), shape=shape)
        matrix.sort_indices()
        return matrix

    def take(self, keep: np.ndarray) -> "Dataset":
        """Return the same clients, products and ties with only the interactions that `keep` marks."""
        return replace(self, interactions=self.interactions.filter(pa.array(keep)))

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over all cells, settings included, independent of the order of the rows."""
        digest = hashlib.sha256(f"{self.verb}\0{self.rating_limit}".encode())
        for table in TABLES:
            rows = sorted(repr(row) for row in zip(*getattr(self, table).to_pydict().values(), strict=True))
            digest.update("\n".join([table, *rows]).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def save(self, folder: Path) -> None:
        """Write the four tables as Parquet files; settings travel in their metadata."""
        folder.mkdir(parents=True, exist_ok=True)
        meta = {"name": self.name, "verb": self.verb}
        if self.rating_limit is not None:
            meta["rating_limit"] = repr(self.rating_limit)
        for table in TABLES:
            pq.write_table(getattr(self, table).replace_schema_metadata(meta), folder / f"{table}.parquet")

    @classmethod
    def load(cls, folder: Path) -> "Dataset":
        """Read what `save` wrote; raises `DatasetError` with one sentence if it cannot."""
        try:
            tables = {table: pq.read_table(folder / f"{table}.parquet") for table in TABLES}
        except (OSError, pa.ArrowException) as error:
            raise DatasetError(
                f"{folder}: this folder does not hold a readable dataset ({error})."
            ) from error
        meta = {k.decode(): v.decode() for k, v in (tables["clients"].schema.metadata or {}).items()}
        limit = meta.get("rating_limit")
        return cls(
            **tables,
            name=meta.get("name", "dataset"),
            verb=meta.get("verb", "has"),
            rating_limit=None if limit is None else float(limit),
        )


def _rows(ids: pa.ChunkedArray, home: pa.ChunkedArray) -> np.ndarray:
    """Return the row of each id in `home`, -1 for an unknown one."""
    found = pc.fill_null(pc.index_in(ids, value_set=home), -1)
    return found.to_numpy().astype(np.int64)

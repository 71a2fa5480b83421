"""The dataset: clients, products, interactions and ties as four checked Arrow tables."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scipy.sparse import csr_array

from finrec_core.dataset.content import cell_bytes, event_order, key_order, text_codes
from finrec_core.dataset.contract import DatasetError, checked
from finrec_core.dataset.pairs import DAY, Pairs, pairs_of, text_numbers
from finrec_core.dataset.schema import TABLES


@dataclass(frozen=True, repr=False, eq=False)
class Dataset:
    """Clients, products, interactions and ties that fit together, never changed after they are made.

    The tables follow `SCHEMAS`; a tie stands once; every id that an interaction or a tie names has a row in
    `clients` or `products`. An interaction is an event: a client and a product may have many, and `pairs`
    says what they amount to. An empty text is no text: "" becomes null. Row numbers of clients and products
    are the indices used by every model.

    Args:
        clients, products, interactions, ties: The tables.
        name: What the dataset is called.
        verb: What a client does with a product, in every sentence.
        rating_limit: A product whose newest rating is under it is held and its words count, but it is
            not positive; None for no limit.
        amounts_count: Whether amounts count pieces, so that what is left of a product tells whether it is
            held; money does not.

    Raises:
        DatasetError: Where the tables do not fit their schema or each other.

    >>> bank
    Dataset('Demo bank': 60 clients, 30 products, 361 interactions, 63 ties)
    >>> bank.matrix().shape
    (60, 30)
    >>> bank.take(bank.positive[bank.pairs.of_events])
    Dataset('Demo bank': 60 clients, 30 products, 331 interactions, 63 ties)
    """

    clients: pa.Table
    products: pa.Table
    interactions: pa.Table
    ties: pa.Table
    name: str = "dataset"
    verb: str = "has"
    rating_limit: float | None = None
    amounts_count: bool = True

    def __post_init__(self) -> None:
        if self.rating_limit is not None and not math.isfinite(self.rating_limit):
            raise DatasetError(f"rating_limit: {self.rating_limit} is no limit; give a number, or None.")
        for table in TABLES:
            object.__setattr__(self, table, checked(table, getattr(self, table)))
        for table, key in (("clients", "client_id"), ("products", "product_id")):
            ids = getattr(self, table)[key]
            if pc.count_distinct(ids).as_py() != len(ids):
                twice = pc.value_counts(ids)
                worst = twice.filter(pc.greater(twice.field("counts"), 1)).field("values")[0].as_py()
                raise DatasetError(f'{table}: {key} "{worst}" stands twice.')
        for table, column, rows in (
            ("interactions", "client_id", self.event_clients),
            ("interactions", "product_id", self.event_products),
            ("ties", "client_id", self.tie_rows[:, 0]),
            ("ties", "other_client_id", self.tie_rows[:, 1]),
        ):
            if (rows < 0).any():
                lost = getattr(self, table)[column][int(np.argmin(rows))].as_py()
                home = "products" if column == "product_id" else "clients"
                raise DatasetError(f'{table}: {column} "{lost}" has no row in {home}.')
        if len(self.ties.group_by(self.ties.schema.names).aggregate([])) != len(self.ties):
            raise DatasetError("ties: a tie stands twice.")
        if pc.any(pc.equal(self.ties["client_id"], self.ties["other_client_id"])).as_py():
            raise DatasetError("ties: a client is tied to itself.")

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
    def event_clients(self) -> np.ndarray:
        """Client row of each interaction, int64 (interactions,)."""
        return _rows(self.interactions["client_id"], self.clients["client_id"])

    @cached_property
    def event_products(self) -> np.ndarray:
        """Product row of each interaction, int64 (interactions,)."""
        return _rows(self.interactions["product_id"], self.products["product_id"])

    @cached_property
    def event_days(self) -> np.ndarray:
        """Time of each interaction in days since 1970, NaN where unknown, float64 (interactions,)."""
        micros = self.interactions["timestamp"].cast(pa.int64()).cast(pa.float64(), safe=False)
        return micros.to_numpy(zero_copy_only=False) / DAY

    @cached_property
    def pairs(self) -> Pairs:
        """What all events between each client and each product amount to."""
        where = self.event_clients, self.event_products
        return pairs_of(self.interactions, *where, width=len(self.products), amounts_count=self.amounts_count)

    @property
    def pair_clients(self) -> np.ndarray:
        """Client row of each pair, int64 (pairs,)."""
        return self.pairs.clients

    @property
    def pair_products(self) -> np.ndarray:
        """Product row of each pair, int64 (pairs,)."""
        return self.pairs.products

    @cached_property
    def low(self) -> np.ndarray:
        """Whether the newest rating of each pair is under the limit, bool (pairs,)."""
        limit = -math.inf if self.rating_limit is None else self.rating_limit
        return self.pairs.rating < limit

    @cached_property
    def positive(self) -> np.ndarray:
        """Whether each pair is a positive example: held, and not rated low, bool (pairs,)."""
        return self.pairs.held & ~self.low

    @property
    def days(self) -> np.ndarray:
        """Since when each pair is held, in days since 1970, NaN where unknown, float64 (pairs,)."""
        return self.pairs.since

    @cached_property
    def available(self) -> np.ndarray:
        """Whether the bank offers each product; unknown counts as offered, bool (products,)."""
        return pc.fill_null(self.products["available"], fill_value=True).to_numpy()

    @cached_property
    def product_texts(self) -> list[str]:
        """Each product's own text: name, category and description, a line each, "" where it has none."""
        columns = [self.products[key].to_pylist() for key in ("name", "category", "description")]
        return ["\n".join(field for field in fields if field) for fields in zip(*columns, strict=True)]

    @cached_property
    def review_texts(self) -> list[str]:
        """The review of each interaction, "" where there is none, or where it is no fact."""
        told = pc.fill_null(pc.not_equal(self.interactions["action"], "no_fact"), fill_value=True)
        return pc.if_else(told, pc.fill_null(self.interactions["review"], ""), "").to_pylist()

    @cached_property
    def text_codes(self) -> np.ndarray:
        """A number for each review, equal where it reads the same, -1 for none, int64 (interactions,)."""
        return text_codes(pa.array(self.review_texts, pa.string()))

    @cached_property
    def text_numbers(self) -> np.ndarray:
        """Number of each review among those of its pair, from 1 in order of time, int64 (interactions,)."""
        told = np.array([bool(text) for text in self.review_texts], dtype=bool)
        return text_numbers(self.pairs, told, self.event_days, self.order)

    @cached_property
    def tie_rows(self) -> np.ndarray:
        """Client rows of both ends of each tie, int64 (ties, 2)."""
        ends = [_rows(self.ties[key], self.clients["client_id"]) for key in ("client_id", "other_client_id")]
        return np.stack(ends, axis=1)

    def matrix(self, which: Literal["positive", "held", "had"] = "positive") -> csr_array:
        """Return the pairs as a sparse matrix.

        Args:
            which: Positive ones, all that are held, or also those formerly held.

        Returns:
            0 and 1, float64 (clients, products), indices sorted.
        """
        keep = self.positive if which == "positive" else getattr(self.pairs, which)
        shape = (len(self.clients), len(self.products))
        cells = (self.pair_clients[keep], self.pair_products[keep])
        matrix = csr_array((np.ones(int(keep.sum())), cells), shape=shape)
        matrix.sort_indices()
        return matrix

    def take(self, keep: np.ndarray) -> "Dataset":
        """Return the same clients, products and ties with only the interactions that `keep` marks.

        Args:
            keep: Which interactions stay, bool (interactions,).

        Returns:
            A new dataset.
        """
        return replace(self, interactions=self.interactions.filter(pa.array(keep)))

    def sorted(self) -> "Dataset":
        """Return the same dataset with the rows of every table in the order of their contents.

        What draws or computes by row numbers works on this, so that no order of files or rows matters.

        Returns:
            A dataset of equal content hash; itself where its rows stand so already.
        """
        tables = {table: getattr(self, table).take(pa.array(self._sorted_rows(table))) for table in TABLES}
        if all(tables[table].equals(getattr(self, table)) for table in TABLES):
            return self
        return replace(self, **tables)

    @cached_property
    def order(self) -> np.ndarray:
        """Interaction rows sorted by client id, product id, then their other cells, int64 (interactions,)."""
        clients = pc.rank(self.clients["client_id"]).to_numpy()[self.event_clients]
        products = pc.rank(self.products["product_id"]).to_numpy()[self.event_products]
        return event_order(self.interactions, clients * max(1, len(self.products)) + products)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over all cells, verb and rating limit, independent of the order of the rows."""
        settings = (self.verb, self.rating_limit)
        digest = hashlib.sha256(repr(settings if self.amounts_count else (*settings, False)).encode())
        for table in TABLES:
            cells: pa.Table = getattr(self, table)
            digest.update(f"\0{table}\0{len(cells)}".encode())
            for part in cell_bytes(cells.take(pa.array(self._sorted_rows(table)))):
                digest.update(part)
        return digest.hexdigest()

    def _sorted_rows(self, table: str) -> np.ndarray:
        return self.order if table == "interactions" else key_order(getattr(self, table), table)

    def save(self, folder: Path) -> None:
        """Write the four tables as Parquet files; settings travel in their metadata.

        Args:
            folder: Where to write.
        """
        (folder := folder.absolute()).mkdir(parents=True, exist_ok=True)  # Arrow takes "s3:" for a cloud
        meta = {"name": self.name, "verb": self.verb}
        if self.rating_limit is not None:
            meta["rating_limit"] = repr(self.rating_limit)
        if not self.amounts_count:
            meta["amounts_count"] = "false"
        for table in TABLES:
            pq.write_table(getattr(self, table).replace_schema_metadata(meta), folder / f"{table}.parquet")

    @classmethod
    def load(cls, folder: Path) -> "Dataset":
        """Read what `save` wrote.

        Args:
            folder: Where it was written.

        Returns:
            An equal dataset.

        Raises:
            DatasetError: Where it cannot be read, in one sentence.
        """
        try:
            tables = {table: pq.read_table(folder.absolute() / f"{table}.parquet") for table in TABLES}
        except (OSError, pa.ArrowException) as error:
            why = f"{folder}: this folder does not hold a readable dataset ({error})."
            raise DatasetError(why) from error
        meta = {k.decode(): v.decode() for k, v in (tables["clients"].schema.metadata or {}).items()}
        limit = float(meta["rating_limit"]) if "rating_limit" in meta else None
        name, verb = meta.get("name", "dataset"), meta.get("verb", "has")
        counts = meta.get("amounts_count") != "false"
        return cls(**tables, name=name, verb=verb, rating_limit=limit, amounts_count=counts)


def _rows(ids: pa.ChunkedArray, home: pa.ChunkedArray) -> np.ndarray:
    """Return the row of each id in `home`, -1 for an unknown one."""
    found = pc.fill_null(pc.index_in(ids, value_set=home), -1)
    return found.to_numpy().astype(np.int64)

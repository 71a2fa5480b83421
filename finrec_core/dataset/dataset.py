"""The dataset: clients, products, interactions and ties as four checked Arrow tables."""

import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scipy.sparse import csr_array

from finrec_core.dataset.schema import MISFITS, SCHEMAS, TABLES

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class DatasetError(ValueError):
    """The data cannot be a dataset; the message is one sentence for whoever made it."""


@dataclass(frozen=True, repr=False, eq=False)
class Dataset:
    """Clients, products, interactions and ties that fit together, never changed after they are made.

    The tables follow `SCHEMAS`; a client-product pair stands once, so does a tie; every id that an
    interaction or a tie names has a row in `clients` or `products`. An empty text is no text: ""
    becomes null. Row numbers of clients and products are the indices used by every model.

    Args:
        clients, products, interactions, ties: The tables.
        name: What the dataset is called.
        verb: What a client does with a product, in every sentence.
        rating_limit: Under it an interaction masks the product and lends its words, but is not
            positive; None for no limit.

    Raises:
        DatasetError: Where the tables do not fit their schema or each other.

    >>> bank
    Dataset('Demo bank': 60 clients, 30 products, 361 interactions, 63 ties)
    >>> bank.matrix().shape
    (60, 30)
    >>> bank.take(bank.positive)
    Dataset('Demo bank': 60 clients, 30 products, 331 interactions, 63 ties)
    """

    clients: pa.Table
    products: pa.Table
    interactions: pa.Table
    ties: pa.Table
    name: str = "dataset"
    verb: str = "has"
    rating_limit: float | None = None

    def __post_init__(self) -> None:
        if self.rating_limit is not None and not math.isfinite(self.rating_limit):
            raise DatasetError(f"rating_limit: {self.rating_limit} is no limit; give a number, or None.")
        for table in TABLES:
            object.__setattr__(self, table, _checked(table, getattr(self, table)))
        for table, key in (("clients", "client_id"), ("products", "product_id")):
            ids = getattr(self, table)[key]
            if pc.count_distinct(ids).as_py() != len(ids):
                twice = pc.value_counts(ids)
                worst = twice.filter(pc.greater(twice.field("counts"), 1)).field("values")[0].as_py()
                raise DatasetError(f'{table}: {key} "{worst}" stands twice.')
        for table, column, rows in (
            ("interactions", "client_id", self.pair_clients),
            ("interactions", "product_id", self.pair_products),
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
        """The review of each interaction, "" where there is none."""
        return [review or "" for review in self.interactions["review"].to_pylist()]

    @cached_property
    def tie_rows(self) -> np.ndarray:
        """Client rows of both ends of each tie, int64 (ties, 2)."""
        ends = [_rows(self.ties[key], self.clients["client_id"]) for key in ("client_id", "other_client_id")]
        return np.stack(ends, axis=1)

    def matrix(self, *, positive_only: bool = True) -> csr_array:
        """Return the interactions as a sparse matrix.

        Args:
            positive_only: Whether interactions that were rated low are left out.

        Returns:
            0 and 1, float64 (clients, products), indices sorted.
        """
        keep = self.positive if positive_only else np.ones(len(self.interactions), dtype=bool)
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

    @cached_property
    def order(self) -> np.ndarray:
        """Interaction rows sorted by client id, then product id, int64 (interactions,)."""
        clients = pc.rank(self.clients["client_id"]).to_numpy()[self.pair_clients]
        products = pc.rank(self.products["product_id"]).to_numpy()[self.pair_products]
        return np.argsort(clients * max(1, len(self.products)) + products)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over all cells, verb and rating limit, independent of the order of the rows."""
        digest = hashlib.sha256(repr((self.verb, self.rating_limit)).encode())
        for table in TABLES:
            cells: pa.Table = getattr(self, table)
            keys = cells.schema.names if table == "ties" else cells.schema.names[:1]
            by_keys = [(key, "ascending") for key in keys]
            cells = cells.take(self.order if table == "interactions" else pc.sort_indices(cells, by_keys))
            digest.update(f"\0{table}\0{len(cells)}".encode())
            for column in cells.combine_chunks().columns:
                for part in _bytes(column):
                    digest.update(part)
        return digest.hexdigest()

    def save(self, folder: Path) -> None:
        """Write the four tables as Parquet files; settings travel in their metadata.

        Args:
            folder: Where to write.
        """
        (folder := folder.absolute()).mkdir(parents=True, exist_ok=True)  # Arrow takes "s3:" for a cloud
        meta = {"name": self.name, "verb": self.verb}
        if self.rating_limit is not None:
            meta["rating_limit"] = repr(self.rating_limit)
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
        return cls(**tables, name=name, verb=verb, rating_limit=limit)


def _checked(table: str, cells: pa.Table) -> pa.Table:
    """Return one table in its schema, "" as null, every column within what its contract allows.

    An optional column that is not there is empty, so what was written before it was known can be read.
    """
    for column in TABLES[table]:
        if not column.required and column.name not in cells.schema.names:
            cells = cells.append_column(column.name, pa.nulls(len(cells), column.type))
    if set(cells.schema.names) != set(SCHEMAS[table].names) or len(cells.schema) != len(SCHEMAS[table]):
        raise DatasetError(f"{table}: columns must be {', '.join(SCHEMAS[table].names)}.")
    cells = cells.select(SCHEMAS[table].names)
    try:
        cells = cells.cast(SCHEMAS[table]).combine_chunks()
    except MISFITS as error:
        raise DatasetError(f"{table}: a column has another type than it should ({error}).") from error
    for place, column in enumerate(TABLES[table]):
        values = cells[column.name]
        where = f"{table}: {column.name}"
        if pa.types.is_string(column.type):
            empty = pc.equal(values, "")
            if pc.any(empty).as_py():
                values = pc.if_else(empty, pa.scalar(None, pa.string()), values)
                cells = cells.set_column(place, cells.schema.field(place), values)
        if column.required:
            if values.null_count:
                raise DatasetError(f"{table}: a {column.name} is empty.")
            padded = pc.not_equal(values, pc.utf8_trim_whitespace(values))
            if pc.any(padded).as_py():
                raise DatasetError(f'{where} "{values.filter(padded)[0].as_py()}" has blanks around it.')
        if column.values:
            odd = pc.invert(pc.is_in(values, value_set=pa.array(column.values), skip_nulls=False))
            odd = pc.and_(odd, values.is_valid())
            if pc.any(odd).as_py():
                allowed = ", ".join(column.values)
                raise DatasetError(f'{where} "{values.filter(odd)[0].as_py()}" is none of {allowed}.')
        if pa.types.is_floating(column.type) and not pc.all(pc.is_finite(values), min_count=0).as_py():
            raise DatasetError(f"{where} holds a value that is no finite number.")
        for end in pc.min_max(values).as_py().values() if column.low is not None else ():
            if end is not None and not column.fits(end):
                bound = f"below {column.low:g}" if end < column.low else f"above {column.high:g}"
                raise DatasetError(f"{where} {end:g} is {bound}.")
    return cells


def _bytes(column: pa.ChunkedArray) -> "Iterator[ReadableBuffer]":
    """Yield bytes that stand for the cells of a column, no matter how Arrow lays them out."""
    valid = column.is_valid().to_numpy()
    yield np.packbits(valid).tobytes()
    if pa.types.is_string(column.type):
        filled = pc.fill_null(column, "")
        yield pc.binary_length(filled).to_numpy()
        for chunk in filled.chunks:
            _, offsets, characters = chunk.buffers()
            ends = np.frombuffer(offsets, dtype=np.int32)[[chunk.offset, chunk.offset + len(chunk)]]
            if characters is not None:
                yield characters[int(ends[0]) : int(ends[1])]
    elif pa.types.is_boolean(column.type):
        yield np.packbits(pc.fill_null(column, fill_value=False).to_numpy()).tobytes()
    else:
        plain = column.cast(pa.int32()) if pa.types.is_date(column.type) else column
        plain = plain.cast(pa.int64()) if pa.types.is_timestamp(plain.type) else plain
        yield pc.fill_null(plain, 0).to_numpy()


def _rows(ids: pa.ChunkedArray, home: pa.ChunkedArray) -> np.ndarray:
    """Return the row of each id in `home`, -1 for an unknown one."""
    found = pc.fill_null(pc.index_in(ids, value_set=home), -1)
    return found.to_numpy().astype(np.int64)

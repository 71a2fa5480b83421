"""The content of tables, independent of the order of their rows: how rows are sorted, and as what bytes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.schema import KEYS, LATER

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def key_order(cells: pa.Table, table: str) -> np.ndarray:
    """Return the rows of a table in the order of its keys, int64 (rows,)."""
    return pc.sort_indices(cells, [(key, "ascending") for key in KEYS[table]]).to_numpy().astype(np.int64)


def event_order(events: pa.Table, pair: np.ndarray) -> np.ndarray:
    """Return events sorted by `pair` (events,), a number for each client and product, then their other cells.

    Only rows of one pair need to be told apart by what else they hold.
    """
    order = np.argsort(pair, kind="stable")
    again = pair[order][1:] == pair[order][:-1]
    several = np.flatnonzero(np.append(again, False) | np.append(False, again)) if len(order) else order
    if len(several):
        others = [name for name in events.schema.names if name not in KEYS["interactions"]]
        cells = events.select(others).take(pa.array(order[several]))
        cells = cells.append_column("pair", pa.array(pair[order[several]]))
        keys = [("pair", "ascending"), *((name, "ascending") for name in others)]
        order[several] = order[several][pc.sort_indices(cells, keys).to_numpy()]
    return order


def text_codes(texts: pa.Array) -> np.ndarray:
    """Return a number for each text, equal where it reads the same, -1 where there is none, int64 (texts,).

    Case and blanks do not tell texts apart.
    """
    texts = pc.utf8_trim_whitespace(pc.replace_substring_regex(pc.utf8_lower(texts), r"\s+", " "))
    texts = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
    return pc.fill_null(texts.dictionary_encode().indices, -1).to_numpy().astype(np.int64)


def cell_bytes(cells: pa.Table) -> Iterator["ReadableBuffer"]:
    """Yield bytes that stand for the cells of a table, for a column that older datasets lack only if used."""
    for name, column in zip(cells.schema.names, cells.combine_chunks().columns, strict=True):
        if name not in LATER or column.null_count < len(column):
            yield from _bytes(column)


def _bytes(column: pa.ChunkedArray) -> Iterator["ReadableBuffer"]:
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

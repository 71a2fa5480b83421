"""Keys: rows told apart by their key columns, counted, found in another table, compared and changed."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def codes(columns: Sequence[pa.Array]) -> np.ndarray:
    """Return a number for each row, equal where all cells are, in which an empty one equals an empty one."""
    found = np.zeros(len(columns[0]), dtype=np.int64)
    for place, column in enumerate(columns):
        coded = column.dictionary_encode(null_encoding="encode")
        both = found * (len(coded.dictionary) + 1) + coded.indices.to_numpy()
        # Numbered anew, so that the product of the sizes cannot overflow.
        found = np.unique(both, return_inverse=True)[1] if place else both
    return found


def found_in(rows: pa.Table, home: pa.Table, keys: Sequence[str]) -> np.ndarray:
    """Return the row in `home` of each row by its key columns, -1 where there is none, int64 (rows,).

    Keys stand once in `home`; an empty cell of a key equals an empty one.
    """
    both = pa.concat_tables([table.select(keys) for table in (home, rows)])
    numbers = codes([column.combine_chunks() for column in both.columns])
    there, wanted = numbers[: len(home)], numbers[len(home) :]
    if not len(there):
        return np.full(len(rows), -1, dtype=np.int64)
    order = np.argsort(there)
    place = np.searchsorted(there[order], wanted).clip(max=len(there) - 1)
    found = order[place]
    return np.where(there[found] == wanted, found, -1)


def occurrence(numbers: np.ndarray) -> np.ndarray:
    """Return how many rows of the same number stand before each row, int64 (rows,)."""
    order = np.argsort(numbers, kind="stable")
    starts = np.flatnonzero(np.diff(numbers[order], prepend=-1))
    sizes = np.diff(np.append(starts, len(order)))
    found = np.empty(len(order), dtype=np.int64)
    found[order] = np.arange(len(order)) - np.repeat(starts, sizes)
    return found


def differ(before: pa.ChunkedArray, after: pa.ChunkedArray) -> np.ndarray:
    """Return where two columns differ, an empty cell equal to an empty one, bool (rows,)."""
    other = pc.fill_null(pc.not_equal(before, after), fill_value=False)
    return pc.or_(other, pc.xor(before.is_valid(), after.is_valid())).to_numpy()


def with_cells(table: pa.Table, name: str, places: np.ndarray, values: pa.Array) -> pa.Table:
    """Return a table with the cells of one column at `places`, in any order, replaced."""
    if not len(places):
        return table
    mask = np.zeros(len(table), dtype=bool)
    mask[places] = True
    ordered = values.take(pa.array(np.argsort(places)))
    column = pc.replace_with_mask(table[name].combine_chunks(), pa.array(mask), ordered)
    return table.set_column(table.schema.get_field_index(name), name, column)

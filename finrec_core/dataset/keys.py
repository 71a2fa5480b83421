"""Keys: the rows of one table looked up in another of the same kind, however many columns name a row."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa


def found_in(rows: pa.Table, home: pa.Table, keys: Sequence[str]) -> np.ndarray:
    """Return the row in `home` of each row by its key columns, -1 where there is none, int64 (rows,).

    Keys stand once in `home`; an empty cell of a key equals an empty one.
    """
    codes = np.zeros(len(home) + len(rows), dtype=np.int64)
    for key in keys:
        column = pa.concat_arrays([table[key].combine_chunks() for table in (home, rows)])
        coded = column.dictionary_encode(null_encoding="encode")
        both = codes * (len(coded.dictionary) + 1) + coded.indices.to_numpy()
        codes = np.unique(both, return_inverse=True)[1] if key != keys[0] else both
    there, wanted = codes[: len(home)], codes[len(home) :]
    if not len(there):
        return np.full(len(rows), -1, dtype=np.int64)
    order = np.argsort(there)
    place = np.searchsorted(there[order], wanted).clip(max=len(there) - 1)
    found = order[place]
    return np.where(there[found] == wanted, found, -1)

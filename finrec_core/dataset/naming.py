"""Naming: what the clients and products of a dataset are called, told apart by id where a name stands twice.

Everything that shows a name takes it from here, so that no list and no sentence can name two of them alike.
"""

from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.dataset import Dataset
from finrec_core.terms import wording

SHORT = 60  # characters to which most places cut a name; what is alike then is one name
LONGEST_ID = 40  # characters of an id behind a name
# Signs that nobody sees, and blanks: names that differ in nothing else are read as one.
_UNSEEN = r"[\p{Cc}\p{Cf}\p{Z}\s]+"


class Naming:
    """What the rows of one table, clients or products, are called; texts are not escaped.

    A name that stands once is as it is in the data. One that another row bears too, be it in other capitals,
    with other blanks, or cut to `SHORT` characters, is followed by its id in brackets and short enough for a
    sentence. A row without a name has "".
    """

    def __init__(self, names: pa.ChunkedArray, ids: pa.ChunkedArray) -> None:
        self._names, self._ids = names, ids

    def __repr__(self) -> str:
        return f"Naming({len(self._ids):,} names)"

    @cached_property
    def shared(self) -> np.ndarray:
        """Which names another row bears too, bool (rows,); what has no name counts as called by its id."""
        seen = pc.replace_substring_regex(self._names, _UNSEEN, "")
        named = pc.fill_null(pc.not_equal(seen, ""), fill_value=False)
        seen = pc.if_else(named, seen, pc.replace_substring_regex(self._ids, _UNSEEN, ""))
        seen = pc.utf8_lower(pc.utf8_normalize(seen, "NFKC"))
        head = pc.utf8_slice_codeunits(seen, 0, 2 * SHORT // 3)
        tail = pc.utf8_slice_codeunits(seen, -SHORT // 3)
        cut = pc.binary_join_element_wise(head, tail, "…")
        seen = pc.if_else(pc.greater(pc.utf8_length(seen), SHORT), cut, seen)
        alike = (
            pa.table({"seen": seen, "row": np.arange(len(seen))})
            .group_by("seen")
            .aggregate([("row", "list"), ("row", "count")])
        )
        twice = alike.filter(pc.greater(alike["row_count"], 1))["row_list"]
        marks = np.zeros(len(seen), dtype=bool)
        marks[pc.list_flatten(twice).to_numpy()] = True
        return marks & named.to_numpy()

    @cached_property
    def every(self) -> list[str]:
        """The names of all rows."""
        said = [name or "" for name in self._names.to_pylist()]
        for row in np.flatnonzero(self.shared).tolist():
            said[row] = with_id(said[row], self._ids[row].as_py())
        return said

    def __getitem__(self, row: int) -> str:
        """Return the name of a row, "" where it has none."""
        name = self._names[row].as_py() or ""
        return with_id(name, self._ids[row].as_py()) if self.shared[row] else name

    def or_id(self, row: int) -> str:
        """Return the name of a row, its id where it has none."""
        return self[row] or self._ids[row].as_py()


_KNOWN: "WeakKeyDictionary[Dataset, tuple[Naming, Naming]]" = WeakKeyDictionary()


def product_names(dataset: Dataset) -> Naming:
    """Return what the products of a dataset are called; worked out once for each dataset.

    >>> from finrec_core.dataset.naming import product_names
    >>> product_names(bank)
    Naming(30 names)
    >>> product_names(bank) is product_names(bank)
    True
    """
    return _both(dataset)[0]


def client_names(dataset: Dataset) -> Naming:
    """Return what the clients of a dataset are called; worked out once for each dataset."""
    return _both(dataset)[1]


def with_id(name: str, key: str) -> str:
    """Return a name with its id behind it, as "Global Equity Fund (F07)", cut as a sentence cuts names."""
    behind = f" ({wording.name(key, '', LONGEST_ID)})"
    return wording.name(name, key, wording.LONGEST_NAME - len(behind)) + behind


def _both(dataset: Dataset) -> tuple[Naming, Naming]:
    found = _KNOWN.get(dataset)
    if found is None:
        products, clients = dataset.products, dataset.clients
        found = (
            Naming(products["name"], products["product_id"]),
            Naming(clients["name"], clients["client_id"]),
        )
        _KNOWN[dataset] = found
    return found

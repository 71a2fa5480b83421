"""The clientele: which clients are a person's own, by the column `adviser` of the data.

It only orders what is shown: whom a person may see is for the scope.
"""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow.compute as pc

from finrec_core.access.claims import plain
from finrec_core.access.person import Person
from finrec_core.dataset import Dataset


@dataclass(frozen=True)
class Clientele:
    """The clients whose adviser bears one of some names, capitals and blanks around aside."""

    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, person: Person) -> "Clientele":
        """Return the clientele of a person."""
        return cls(frozenset(_name(one) for one in person.adviser) - {""})

    def holds(self, adviser: str) -> bool:
        """Return whether the clients of an adviser are the person's own."""
        return _name(adviser) in self.names

    def rows(self, dataset: Dataset) -> np.ndarray | None:
        """Return which clients are the person's own, bool (clients,); None where none is."""
        kept = _KNOWN.setdefault(dataset, {})
        if self not in kept:
            advisers = dataset.clients["adviser"].combine_chunks().dictionary_encode()
            mine = [self.holds(one) for one in advisers.dictionary.to_pylist()]
            places = pc.fill_null(advisers.indices, len(mine)).to_numpy(zero_copy_only=False)
            own = np.array([*mine, False])[places]
            kept[self] = own if own.any() else None
        return kept[self]

    def owns(self, dataset: Dataset, client: str) -> bool:
        """Return whether a client is the person's own; one that the dataset does not hold is nobody's."""
        rows, row = self.rows(dataset), dataset.client_rows.get(client)
        return rows is not None and row is not None and bool(rows[row])


def _name(text: str) -> str:
    return plain(text).casefold()


# Never many: one for each dataset in memory and each person who works here.
_KNOWN: "WeakKeyDictionary[Dataset, dict[Clientele, np.ndarray | None]]" = WeakKeyDictionary()

"""The scope: whose clients a person may see, by the branches that the sign-in names and the data gives."""

from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from finrec_core.access.claims import plain
from finrec_core.access.person import Person
from finrec_core.dataset import Dataset


@dataclass(frozen=True)
class Scope:
    """The branches whose clients may be seen; None: all clients. It stands in the key of every cache.

    Where a dataset gives no branch at all, no bounds can be drawn and all its clients may be seen. Where
    it does, a client without one belongs to nobody's branch.
    """

    branches: frozenset[str] | None = None

    def rows(self, dataset: Dataset) -> np.ndarray | None:
        """Return which clients may be seen, bool (clients,); None where all may."""
        if self.branches is None:
            return None
        kept = _KNOWN.setdefault(dataset, {})
        if self not in kept:
            given = dataset.clients["branch"].to_pylist()
            mine = [one is not None and plain(one) in self.branches for one in given]
            kept[self] = None if all(one is None for one in given) else np.array(mine, dtype=bool)
        return kept[self]

    def sees(self, dataset: Dataset, client: str) -> bool:
        """Return whether a client may be seen; one that the dataset does not hold only without bounds."""
        if self.branches is None:
            return True
        row, rows = dataset.client_rows.get(client), self.rows(dataset)
        return row is not None and (rows is None or bool(rows[row]))

    def of(self, dataset: Dataset, clients: Iterable[str]) -> list[str]:
        """Return those of some clients who may be seen, in their order."""
        return [client for client in clients if self.sees(dataset, client)]


EVERYBODY = Scope()
# Never many: one for each dataset in memory and each set of branches that somebody has.
_KNOWN: "WeakKeyDictionary[Dataset, dict[Scope, np.ndarray | None]]" = WeakKeyDictionary()


def scope_of(person: Person) -> Scope:
    """Return whose clients a person may see: an adviser those of its branches, analyst and auditor all."""
    if person.roles & {"analyst", "auditor"}:
        return EVERYBODY
    return Scope(person.branches)

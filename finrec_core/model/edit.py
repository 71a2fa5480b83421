"""The edit: evidence left out of a score, and products added to what a client has; and what that leaves.

`kept` and `tied` serve the second computation of a score (`View.rescore`) and nothing that explains one.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from finrec_core.model.evidence import Evidence


@dataclass(frozen=True)
class Edit:
    """Evidence left out, and product rows that the client might take; all rows, and all may be empty.

    `interactions` (product rows), `ties` (client rows) and `added` (product rows) are on the client's
    side; `clients` lose their link to the product. An added product j counts as if the client had taken
    it on the date of its newest one: recency weight 1, while `n_u`, the degrees, S, the dates and every
    weight stay as they are (docs/explanations.md, "What stays frozen"). So it adds
    `tau n_u^-1/2 d_j^-a <m_j, g_i>` to view A and the weight of j to i to views B and C. It leaves the
    client's list.
    """

    interactions: frozenset[int] = frozenset()
    ties: frozenset[int] = frozenset()
    clients: frozenset[int] = frozenset()
    added: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if self.interactions & self.added:
            raise ValueError("a product cannot be left out and added at once.")

    @classmethod
    def of(
        cls,
        interactions: Collection[int] = (),
        ties: Collection[int] = (),
        clients: Collection[int] = (),
        added: Collection[int] = (),
    ) -> "Edit":
        """Make an edit of any collections of rows."""
        return cls(frozenset(interactions), frozenset(ties), frozenset(clients), frozenset(added))

    def __bool__(self) -> bool:
        return bool(self.interactions or self.ties or self.clients or self.added)

    @property
    def sides(self) -> int:
        """How many sides of the score are edited: the client's, the product's, or both."""
        return bool(self.interactions or self.ties or self.added) + bool(self.clients)


def kept(
    evidence: Evidence, client: int, edit: Edit, decay: float, without: int = -1
) -> tuple[np.ndarray, np.ndarray]:
    """Return a client's products that an edit leaves and adds, and their recency weights, (n,) each.

    The product `without` is not among them.
    """
    x = evidence.x
    place = slice(x.indptr[client], x.indptr[client + 1])
    own, recency = x.indices[place], evidence.recency(decay)[place]
    keep = ~np.isin(own, [*edit.interactions, without])
    added = np.array(sorted(edit.added - {without}), dtype=own.dtype)
    return np.append(own[keep], added), np.append(recency[keep], np.ones(len(added)))


def tied(evidence: Evidence, client: int, edit: Edit) -> list[tuple[int, float]]:
    """Return the client rows tied to a client that an edit leaves, with their row-normalised weights."""
    row = evidence.ties[[client]]
    pairs = zip(row.indices.tolist(), row.data.tolist(), strict=True)
    return [(v, weight) for v, weight in pairs if v not in edit.ties]

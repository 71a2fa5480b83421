"""The edit: evidence left out of a score, and products added to what a client has."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """Evidence left out, and product rows that the client might take; all rows, and all may be empty.

    `interactions` (product rows), `ties` (client rows) and `added` (product rows) are on the client's
    side; `clients` lose their link to the product. An added product j counts as if the client had taken
    it on the date of its newest one: recency weight 1, while `n_u`, the degrees, S, the dates and every
    weight stay as they are (design 5). So it adds `tau n_u^-1/2 d_j^-a <m_j, g_i>` to view A and the
    weight of j to i to views B and C. It leaves the client's list.
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

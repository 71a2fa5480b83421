"""The query: one client and one product before the evidence, some of it left out or added."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from finrec_core.model.edit import Edit
from finrec_core.model.evidence import Evidence


@dataclass(frozen=True, repr=False, eq=False)
class Query:
    """A client row and a product row, and the evidence that counts when the one is scored for the other.

    Where the client has the product, the link between the two is left out (`own` alone keeps it).
    """

    evidence: Evidence
    client: int
    product: int
    edit: Edit = field(default_factory=Edit)

    @cached_property
    def held(self) -> bool:
        """Whether the client has the product as a positive interaction."""
        return self.product in self.evidence.x[[self.client]].indices

    @cached_property
    def places(self) -> np.ndarray:
        """The edges of the client that count: not the product's own, none left out, (n,)."""
        x = self.evidence.x
        places = np.arange(x.indptr[self.client], x.indptr[self.client + 1])
        return places[~np.isin(x.indices[places], [*self.edit.interactions, self.product])]

    @cached_property
    def added(self) -> np.ndarray:
        """Product rows that count as if the client had them too, not the product's own, (added,)."""
        return np.array(sorted(self.edit.added - {self.product}), dtype=np.int64)

    @cached_property
    def products(self) -> np.ndarray:
        """Product rows of the edges that count, then the added ones, (n,)."""
        return np.append(self.evidence.x.indices[self.places], self.added)

    def recency(self, decay: float) -> np.ndarray:
        """Return the recency weight of each of `products`, (n,); an added one is as new as can be."""
        return np.append(self.evidence.recency(decay)[self.places], np.ones(len(self.added)))

    def own(self, decay: float) -> np.ndarray:
        """Return what the client brings by product, the queried one included where it has it, (products,)."""
        x = self.evidence.x
        found = np.zeros(x.shape[1])
        found[self.products] = self.recency(decay)
        if self.held:
            start = x.indptr[self.client]
            place = start + np.flatnonzero(x[[self.client]].indices == self.product)
            found[self.product] = self.evidence.recency(decay)[place].item()
        return found

    @cached_property
    def ties(self) -> tuple[np.ndarray, np.ndarray]:
        """Client rows tied to the client that count, and their row-normalised weights, (ties,) each."""
        row = self.evidence.ties[[self.client]]
        kept = ~np.isin(row.indices, list(self.edit.ties))
        return row.indices[kept], row.data[kept]

    @cached_property
    def tie_holds(self) -> np.ndarray:
        """Which of `ties` have the product, bool (ties,)."""
        return np.isin(self.ties[0], self.evidence.by_product[[self.product]].indices)

    @cached_property
    def holders(self) -> np.ndarray:
        """Client rows whose link to the product counts, without the client itself, (holders,)."""
        rows = self.evidence.by_product[[self.product]].indices
        return rows[~np.isin(rows, [*self.edit.clients, self.client])]

    def __repr__(self) -> str:
        return f"Query(client {self.client}, product {self.product}, {len(self.products)} products)"

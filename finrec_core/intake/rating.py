"""Ratings: whether they lie on a bounded scale, and below which limit they speak against a product."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MOST_VALUES = 11  # distinct values of a bounded scale
USUAL_TOPS = (5.0, 10.0)  # scales that begin at 1 or below, whatever values happen to occur


@dataclass(frozen=True)
class RatingProposal:
    """A scale found in the ratings and the limit proposed for it: a rating below is "rated low".

    `rows` counts the ratings, `rows_low` those of them below the limit and `clients_empty` the clients all
    of whose products are rated low, so that nothing is left to recommend from; 0 where not counted.

    >>> from finrec_core.intake import RatingProposal
    >>> print(RatingProposal(1, 5, 3))
    Ratings run from 1 to 5; one below 3 is read as rated low.
    """

    low: float
    high: float
    limit: float
    rows: int = 0
    rows_low: int = 0
    clients_empty: int = 0

    def __post_init__(self) -> None:
        if not self.low < self.limit <= self.high:
            raise ValueError(f"a rating limit of {self.limit:g} does not part {self.low:g} to {self.high:g}.")

    def __str__(self) -> str:
        told = (
            f"Ratings run from {self.low:g} to {self.high:g}; one below {self.limit:g} is read as rated low"
        )
        if self.rows:
            told += f", which {self.rows_low:,} of {self.rows:,} are"
        if self.clients_empty:
            who = "1 client has" if self.clients_empty == 1 else f"{self.clients_empty:,} clients have"
            told += f"; {who} nothing else and would get an empty list"
        return f"{told}."

    def counted(self, interactions: pa.Table) -> "RatingProposal":
        """Return the same with the counts of a table of interactions."""
        rated = interactions["rating"]
        low = pc.fill_null(pc.less(rated, self.limit), fill_value=False)
        clients = interactions["client_id"].combine_chunks().dictionary_encode()
        codes = clients.indices.to_numpy()
        liked = np.bincount(codes, weights=~low.to_numpy(), minlength=len(clients.dictionary))
        return replace(
            self,
            rows=len(rated) - rated.null_count,
            rows_low=pc.sum(low).as_py() or 0,
            clients_empty=int((liked == 0).sum()),
        )


def propose_for(interactions: pa.Table) -> RatingProposal | None:
    """Return the proposal for the ratings of interactions with its counts, None where they are no scale."""
    found = propose_limit(pc.unique(interactions["rating"].drop_null()).to_pylist())
    return found.counted(interactions) if found else None


def propose_limit(ratings: Sequence[float]) -> RatingProposal | None:
    """Return the proposal for a set of distinct ratings, None where they are no bounded scale.

    A scale has 2 to 11 distinct values; the limit is its middle, rounded up to a whole number: 3 for
    1 to 5, 6 for 1 to 10, 1 for 0 and 1. Ratings that end at 5 or 10 are on the scale from 1, or
    from 0 where that occurs, whichever of its values occur.
    """
    if not 2 <= len(ratings) <= MOST_VALUES:
        return None
    low, high = float(min(ratings)), float(max(ratings))
    if high in USUAL_TOPS and low > 1:
        low = 1.0
    middle = (low + high) / 2
    whole = float(math.ceil(middle))
    return RatingProposal(low, high, whole if whole <= high else middle)

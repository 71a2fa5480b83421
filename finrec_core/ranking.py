"""The ranking: a client's catalogue in order, the lines of its list, and ids looked up."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from finrec_core.explain.points import PointScale


class UnknownIdError(ValueError):
    """A client or product that the dataset does not have; the message names the nearest ids."""


@dataclass(frozen=True)
class Recommendation:
    """One line of a client's list: `rank` is None for what the client has, `points` None on a flat list."""

    rank: int | None
    product: str
    name: str
    score: float
    points: float | None
    evidence: Mapping[str, int] = field(default_factory=dict)
    held: bool = False


@dataclass(frozen=True, repr=False, eq=False)
class Ranking:
    """A client's whole catalogue: `ranks` count offered products from 1, 0 for what is not offered.

    `order` (offered,) are the offered product rows, best first; of equal scores the lower row. The
    scale is fixed on the whole offered list.
    """

    client: str
    scores: np.ndarray  # (products,)
    order: np.ndarray  # (offered,)
    ranks: np.ndarray  # (products,)
    scale: PointScale

    @classmethod
    def of(cls, client: str, scores: np.ndarray, offered: np.ndarray) -> "Ranking":
        """Rank the products that `offered` marks, bool (products,), by their scores (products,)."""
        order = np.argsort(-scores, kind="stable")
        order = order[offered[order]]
        ranks = np.zeros(len(scores), dtype=np.int64)
        ranks[order] = np.arange(1, len(order) + 1)
        return cls(client, scores, order, ranks, PointScale.of(scores[order]))

    def __repr__(self) -> str:
        return f"Ranking({self.client}: {len(self.order):,} of {len(self.scores):,} products offered)"


def row_of(kind: str, key: str, rows: Mapping[str, int]) -> int:
    """Return the row of an id; raises `UnknownIdError` with the nearest ids."""
    if key in rows:
        return rows[key]
    near = difflib.get_close_matches(key, rows, n=3, cutoff=0.5) or sorted(rows)[:3]
    raise UnknownIdError(f'There is no {kind} "{key}"; the nearest are {", ".join(near)}.')

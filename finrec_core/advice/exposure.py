"""The exposure: which products the lists of all clients show, and whether these are the widespread ones."""

from dataclasses import dataclass

import numpy as np

from finrec_core.metrics import coverage

FIRST = 10  # places of a list that count as its first
TENTHS = 10


@dataclass(frozen=True, repr=False, eq=False)
class Exposure:
    """How the places of all lists fall on the products.

    The products are cut into tenths by their holders, the most widespread tenth first; `places` and
    `interactions` (tenths,) are each tenth's share of the first ten places of all lists and of all
    interactions. `gini` and `gini_interactions` are 0 where every product has as much as any other, near 1
    where one has all. `rank_holders` is the mean over clients of the rank correlation between a product's
    place in the whole list and its number of holders: 1 where lists go by popularity; None where no client's
    list tells. Coverage is the share of what the bank offers that stands in at least one list.
    """

    places: tuple[float, ...]
    interactions: tuple[float, ...]
    gini: float
    gini_interactions: float
    rank_holders: float | None
    coverage10: float
    coverage20: float
    offered: int
    never: np.ndarray  # (never,) offered product rows that stand in no list's first twenty
    shown: np.ndarray  # (products,) lists whose first ten places a product stands in

    @classmethod
    def of(
        cls, lists: np.ndarray, holders: np.ndarray, offered: np.ndarray, correlations: np.ndarray
    ) -> "Exposure":
        """Return the exposure of lists (clients, 20), -1 where they end.

        `holders` and `offered` are (products,), `correlations` (clients,) NaN where a list does not tell.
        """
        rows = np.flatnonzero(offered)
        first, whole = lists[:, :FIRST], lists
        shown = np.bincount(first[first >= 0], minlength=len(holders))
        in_any = np.bincount(whole[whole >= 0], minlength=len(holders))
        order = rows[np.argsort(-holders[rows], kind="stable")]
        told = correlations[np.isfinite(correlations)]
        return cls(
            places=_tenths(shown[order]),
            interactions=_tenths(holders[order]),
            gini=gini(shown[rows]),
            gini_interactions=gini(holders[rows]),
            rank_holders=float(told.mean()) if len(told) else None,
            coverage10=coverage(first, len(rows)),
            coverage20=coverage(whole, len(rows)),
            offered=len(rows),
            never=rows[in_any[rows] == 0],
            shown=shown,
        )

    def __repr__(self) -> str:
        return f"Exposure({self.offered:,} products offered, {len(self.never):,} in no list)"


def gini(values: np.ndarray) -> float:
    """Return the Gini coefficient of values (n,) from 0 up; 0 where there is nothing."""
    total = float(values.sum())
    if not total:
        return 0.0
    ranked = np.sort(values.astype(np.float64))
    n = len(ranked)
    return float((2 * np.arange(1, n + 1) - n - 1) @ ranked / (n * total))


def rank_correlations(scores: np.ndarray, offered: np.ndarray, holders: np.ndarray) -> np.ndarray:
    """Return each client's rank correlation of scores with holders over what it is offered, (clients,).

    `scores` and `offered` are (clients, products). NaN where either does not vary.
    """
    return np.array([_spearman(row[mask], holders[mask]) for row, mask in zip(scores, offered, strict=True)])


def _spearman(a: np.ndarray, b: np.ndarray) -> float:
    """Return the rank correlation of two rows, equal values sharing the mean of their ranks."""
    if len(a) < 2:
        return float("nan")
    x, y = _ranks(a), _ranks(b)
    x, y = x - x.mean(), y - y.mean()
    size = float(np.sqrt((x @ x) * (y @ y)))
    return float(x @ y) / size if size else float("nan")


def _ranks(values: np.ndarray) -> np.ndarray:
    """Return the ranks of values, equal ones sharing the mean of theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return (last - (count - 1) / 2.0)[place]


def _tenths(values: np.ndarray) -> tuple[float, ...]:
    """Return the share of each tenth of the values, which are in order; fewer tenths where values are few."""
    total = float(values.sum()) or 1.0
    parts = np.array_split(values, min(TENTHS, max(1, len(values))))
    return tuple(float(part.sum()) / total for part in parts)

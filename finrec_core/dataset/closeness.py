"""Closeness: whether tied clients have more products in common than chance would give them."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from finrec_core.dataset.dataset import Dataset

MOST_PAIRS = 20_000  # tied pairs that are looked at, drawn with the seed
SHUFFLES = 20  # times each pair's partner is drawn anew
DRAWS = 1_000  # bootstrap samples of the pairs


@dataclass(frozen=True)
class Closeness:
    """Products in common of tied pairs against pairs drawn at random, partners as active as the true ones.

    `common` and `by_chance` are means over `pairs`, `ratio` the first by the second with its 95 %
    interval from a bootstrap over pairs; `jaccard` and `jaccard_by_chance` are the shares in common.
    """

    pairs: int
    common: float
    by_chance: float
    jaccard: float
    jaccard_by_chance: float
    ratio: float
    low: float
    high: float

    @property
    def told(self) -> int:
        """1 where tied clients share more than chance, -1 where less, 0 where it is not settled."""
        return 1 if self.low > 1 else -1 if self.high < 1 else 0

    @classmethod
    def of(cls, dataset: Dataset, seed: int = 0) -> "Closeness | None":
        """Measure the ties of a dataset; None where no two tied clients both have a product.

        A random partner has about as many products as the true one (equal on a scale of halves of
        powers of two), so that busy clients, who share much with anybody, do not count for closeness.
        """
        random = np.random.default_rng(seed)
        held = dataset.matrix()
        degree = np.diff(held.indptr)  # (clients,)
        pairs = np.unique(np.sort(dataset.tie_rows, axis=1), axis=0)  # (pairs, 2)
        pairs = pairs[(degree[pairs] > 0).all(axis=1)] if len(pairs) else pairs
        if not len(pairs):
            return None
        if len(pairs) > MOST_PAIRS:
            pairs = pairs[np.sort(random.choice(len(pairs), MOST_PAIRS, replace=False))]
        turned = np.where(random.random(len(pairs)) < 0.5, 1, 0)  # which end is drawn anew
        kept, partner = pairs[np.arange(len(pairs)), 1 - turned], pairs[np.arange(len(pairs)), turned]
        common, jaccard = _shared(held, kept, partner)
        others = [_others(random, kept, partner, degree) for _ in range(SHUFFLES)]
        chance = np.mean([_shared(held, kept, one) for one in others], axis=0)  # (2, pairs)
        drawn = random.integers(0, len(pairs), (DRAWS, len(pairs)))
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = common[drawn].mean(axis=1) / chance[0][drawn].mean(axis=1)
            ratio = common.mean() / chance[0].mean()
        if not np.isfinite([ratio, *ratios]).all():
            return None
        low, high = np.quantile(ratios, (0.025, 0.975))
        return cls(
            pairs=len(pairs),
            common=float(common.mean()),
            by_chance=float(chance[0].mean()),
            jaccard=float(jaccard.mean()),
            jaccard_by_chance=float(chance[1].mean()),
            ratio=float(ratio),
            low=float(low),
            high=float(high),
        )


def _shared(held: csr_array, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the products in common of each pair of client rows, and their share of all of both."""
    common = np.asarray(held[a].multiply(held[b]).sum(axis=1)).ravel()
    degree = np.diff(held.indptr)
    return common, common / np.maximum(1, degree[a] + degree[b] - common)


def _others(
    random: np.random.Generator, kept: np.ndarray, partner: np.ndarray, degree: np.ndarray
) -> np.ndarray:
    """Return a client at random about as active as each partner, another one than the other end."""
    levels = np.round(2 * np.log2(np.maximum(1, degree))).astype(np.int64)
    levels[degree == 0] = -1
    order = np.argsort(levels, kind="stable")
    first, last = (np.searchsorted(levels[order], levels[partner], side) for side in ("left", "right"))
    found = order[first + (random.random(len(partner)) * (last - first)).astype(np.int64)]
    itself = found == kept
    found[itself] = partner[itself]  # rare, and on the safe side
    return found

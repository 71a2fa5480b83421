"""Removals: the fewest pieces of evidence without which enough other products overtake one.

Every removal moves the lead over each competitor by a fixed number, whatever else is removed (the
score is linear in the client's evidence), so a set of removals is judged by a sum.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np

EXACT_SIZE = 4  # removals up to which the smallest set is searched for among all
EXACT_PIECES = 20  # pieces of evidence up to which all sets are tried
WORK = 400_000_000  # leads compared before a search gives up; about a second
CHUNK = 1 << 14  # sets tried at once
NEAREST = 200  # competitors that the greedy search watches
STRIDE = 8  # the greedy search takes an eighth more pieces at each step


@dataclass(frozen=True)
class Found:
    """A set of removals that does it, as pieces in order; `exact` where no smaller one does."""

    pieces: tuple[int, ...]
    exact: bool


class Spent(Exception):  # noqa: N818 - no error: the search has used up its work
    """The work that a search may do is used up."""


@dataclass(frozen=True, repr=False, eq=False)
class Removals:
    """What each removal takes from a product's lead over each competitor.

    `effects` (competitors, pieces) is what removing a piece takes from each lead, `leads` (competitors,)
    the leads themselves: a competitor overtakes where the effects sum to more. `enough` competitors
    must. Of equal scores the lower row comes first, so the lead over such a competitor is a hair smaller.
    """

    effects: np.ndarray
    leads: np.ndarray
    enough: int

    @property
    def count(self) -> int:
        """How many pieces can be removed."""
        return self.effects.shape[1]

    @property
    def possible(self) -> bool:
        """Whether enough competitors overtake at least when each alone has its way."""
        return int((_best(self.effects, self.count) > self.leads).sum()) >= self.enough

    def does(self, pieces: tuple[int, ...]) -> bool:
        """Return whether enough competitors overtake without these pieces."""
        return self._overtaking(self.effects[:, list(pieces)].sum(axis=1)) >= self.enough

    def smallest(self) -> Found | None:
        """Return the smallest set that does it, None where none does or none was found.

        Among all sets where there are at most 20 pieces, and where 4 removals are enough; beyond, a
        greedy search, exact only where no smaller set can be.
        """
        if not self.possible:
            return None
        if self.count <= EXACT_PIECES:
            return self._among_all()
        excluded = 0  # no set of this size or smaller does it
        try:
            for size in range(1, EXACT_SIZE + 1):
                found = _Search(self.enough).run(self.effects, self.leads, size)
                if found is not None:
                    return Found(tuple(sorted(found)), exact=True)
                excluded = size
        except Spent:
            pass
        greedy = self._greedy()
        return Found(greedy, exact=len(greedy) == excluded + 1) if greedy else None

    def _overtaking(self, sums: np.ndarray) -> int:
        return int((sums > self.leads).sum())

    def _among_all(self) -> Found | None:
        for size in range(1, self.count + 1):
            near = _best(self.effects, size) > self.leads
            if near.sum() < self.enough:
                continue
            effects, leads = self.effects[near], self.leads[near]
            for sets in _chunks(self.count, size):
                sums = np.zeros((len(sets), len(leads)))
                for column in sets.T:
                    sums += effects.T[column]
                does = np.flatnonzero((sums > leads).sum(axis=1) >= self.enough)
                if len(does):
                    return Found(tuple(sets[does[0]].tolist()), exact=True)
        return None

    def _greedy(self) -> tuple[int, ...] | None:
        """Remove what lifts the last competitor needed most, an eighth more at each step; then put back."""
        reach = np.maximum(self.effects, 0.0).sum(axis=1) - self.leads
        near = np.argsort(-reach, kind="stable")[: max(NEAREST, self.enough)]
        effects, margins = self.effects[near], -self.leads[near]
        last = len(near) - self.enough  # place of the last competitor needed, in ascending order
        removed: list[int] = []
        left = np.arange(self.count)
        while len(left) and np.partition(margins, last)[last] <= 0:
            lifted = np.partition(margins[:, None] + effects[:, left], last, axis=0)[last]
            step = max(1, len(removed) // STRIDE)
            chosen = left[np.argsort(-lifted, kind="stable")[:step]]
            margins = margins + effects[:, chosen].sum(axis=1)
            removed += chosen.tolist()
            left = np.setdiff1d(left, chosen, assume_unique=True)
        if not self.does(tuple(removed)):
            return None
        return self._without_idle(removed)

    def _without_idle(self, removed: list[int]) -> tuple[int, ...]:
        """Return a set that does it without the pieces that it does not need."""
        sums, kept, before = self.effects[:, removed].sum(axis=1), list(removed), 0
        while before != len(kept):  # a piece may only turn out idle once another is back
            before = len(kept)
            for piece in reversed(kept.copy()):
                less = sums - self.effects[:, piece]
                if len(kept) > 1 and self._overtaking(less) >= self.enough:
                    sums = less
                    kept.remove(piece)
        return tuple(sorted(kept))


class _Search:
    """Branch and bound over sets of one size, with a limit to the work."""

    def __init__(self, enough: int) -> None:
        self.enough = enough
        self.work = 0

    def run(self, effects: np.ndarray, leads: np.ndarray, size: int) -> list[int] | None:
        """Return a set of `size` pieces that does it, None where none does; raises `Spent`.

        A competitor whose lead even its own best pieces cannot take is out; so is a piece with which
        too few competitors could overtake, whatever is removed beside it.
        """
        self.work += effects.size
        if self.work > WORK:
            raise Spent
        near = size * effects.max(axis=1, initial=0.0) > leads
        effects, leads = effects[near], leads[near]
        near = _best(effects, size) > leads
        if near.sum() < self.enough:
            return None
        effects, leads = effects[near], leads[near]
        open_leads = leads - _best(effects, size - 1)
        reached = (effects > open_leads[:, None]).sum(axis=0)  # (pieces,)
        useful = np.flatnonzero(reached >= self.enough)
        useful = useful[np.argsort(-reached[useful], kind="stable")]
        if len(useful) < size:
            return None
        if size == 1:
            return [int(useful[0])]
        effects = effects[:, useful]
        for k in range(len(useful) - size + 1):
            found = self.run(effects[:, k + 1 :], leads - effects[:, k], size - 1)
            if found is not None:
                return [int(useful[k]), *(int(useful[k + 1 + place]) for place in found)]
        return None


def _best(effects: np.ndarray, size: int) -> np.ndarray:
    """Return the most that `size` removals can take from each lead, (competitors,)."""
    gains = np.maximum(effects, 0.0)
    count = gains.shape[1]
    if 0 < size < count:
        gains = np.partition(gains, count - size, axis=1)[:, count - size :]
    return gains.sum(axis=1) if size else np.zeros(len(gains))


def _chunks(count: int, size: int) -> Iterator[np.ndarray]:
    """Yield all sets of `size` out of `count` pieces, (sets, size), a chunk at a time."""
    sets = combinations(range(count), size)
    while chunk := list(islice(sets, CHUNK)):
        yield np.array(chunk, dtype=np.int64)

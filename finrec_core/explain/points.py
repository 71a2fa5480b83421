"""Points: what the screen shows in place of raw scores, rounded so that the sums on it add up."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from finrec_core.explain.explanation import Contribution, Kind, Lens

ALIKE = 1e-9  # scores whose spread is this small a share of the largest one are the same score
SMALLEST = 9  # decimals of a point that count; the rest is noise of the arithmetic


@dataclass(frozen=True)
class PointScale:
    """The affine map from scores to points of one client's list and one run.

    `zero` is the score of the average offered product and `hundred` that of the strongest, both over
    the whole offered list. Points order one client's list; they are never compared across clients.
    Where all scores are equal the scale is `flat`: there are ranks, and no points.

    >>> import numpy as np
    >>> from finrec_core.explain import PointScale
    >>> scale = PointScale.of(np.array([1.0, 2.0, 6.0]))
    >>> scale.points(3.0), scale.points(6.0)
    (0.0, 100.0)
    """

    zero: float
    hundred: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.zero) and math.isfinite(self.hundred)):
            raise ValueError("a point scale needs finite scores.")

    @classmethod
    def of(cls, scores: np.ndarray) -> "PointScale":
        """Return the scale of a list, scores (products,); an empty list has a flat one."""
        if not len(scores):
            return cls(0.0, 0.0)
        top = float(np.max(scores))
        # The mean of equal numbers may miss them by a rounding; it cannot lie above the largest.
        return cls(min(float(np.mean(scores, dtype=np.float64)), top), top)

    @property
    def flat(self) -> bool:
        """Whether all products score the same, so that only ranks can be shown."""
        return self.hundred - self.zero <= ALIKE * max(abs(self.hundred), abs(self.zero))

    @property
    def factor(self) -> float:
        """Points per unit of score; 0 where the scale is flat."""
        return 0.0 if self.flat else 100.0 / (self.hundred - self.zero)

    @property
    def differences(self) -> "PointScale":
        """The scale of differences between two scores of the list: the same factor, no zero to take off."""
        return PointScale(0.0, 0.0) if self.flat else PointScale(0.0, self.hundred - self.zero)

    def points(self, score: float) -> float:
        """Return a score in points, without the noise of the arithmetic; 0 where the scale is flat."""
        return round((score - self.zero) * self.factor, SMALLEST)

    def whole(self, score: float) -> int:
        """Return a score in whole points, as the list and every total show it."""
        return _nearest(self.points(score))


@dataclass(frozen=True)
class ShownContribution:
    """A part with the number shown for it: whole points in a row, one decimal in the tail."""

    exact: Contribution
    points: float


@dataclass(frozen=True)
class ShownGroup:
    """The parts of one kind in the tail: how many, and the whole points that they add up to."""

    kind: Kind
    count: int
    points: int


@dataclass(frozen=True, repr=False)
class Shown:
    """One lens in points: start + rows + tail = total, exactly, as printed.

    `rows` are the largest parts, largest first, each a whole number other than 0. The parts left over
    are in `rest`, each with one decimal; those of one kind add up to the points of their group, and
    `groups`, largest first, to `tail_points`.

    >>> from finrec_core.explain import shown
    >>> client = bank.clients["client_id"][0].as_py()
    >>> explanation = recommender.explain(client, recommender.recommend(client, k=1)[0].product)
    >>> told = shown(explanation.client_lens, recommender.ranking(client).scale)
    >>> told.start + sum(row.points for row in told.rows) + told.tail_points == told.total
    True
    """

    start: int
    rows: tuple[ShownContribution, ...]
    rest: tuple[ShownContribution, ...]
    groups: tuple[ShownGroup, ...]
    total: int

    def __post_init__(self) -> None:
        if self.start + sum(row.points for row in self.rows) + self.tail_points != self.total:
            raise ValueError("the points shown do not add up to their total.")
        tenths = {group.kind: 10 * group.points for group in self.groups}
        for contribution in self.rest:
            tenths[contribution.exact.kind] = tenths.get(contribution.exact.kind, 0) - round(
                10 * contribution.points
            )
        if any(tenths.values()):
            raise ValueError("the smaller reasons do not add up to what is shown for them.")

    def __repr__(self) -> str:
        return f"Shown({self.start} + {len(self.rows)} rows + {len(self.rest)} smaller = {self.total} points)"

    @property
    def contributions(self) -> tuple[ShownContribution, ...]:
        """All parts, rows first."""
        return self.rows + self.rest

    @property
    def tail_points(self) -> int:
        """What the parts of the tail add up to."""
        return sum(group.points for group in self.groups)


def shown(lens: Lens, scale: PointScale, most: int = 9, *, total: int | None = None) -> Shown | None:
    """Return what the screen shows of a lens, at most `most` rows; None where the scale is flat.

    Start, rows and the groups of the tail are rounded together by largest remainder to the total that
    the list shows, or to `total`, the difference of two totals as shown. No number changes its sign by
    rounding, and each lies less than one point from its exact value. A part under half a point is in
    the tail; so is the smallest row, and the next, while the rows cannot all be whole numbers other
    than 0.

    >>> from finrec_core.explain import shown
    >>> client = bank.clients["client_id"][0].as_py()
    >>> explanation = recommender.explain(client, recommender.recommend(client, k=1)[0].product)
    >>> shown(explanation.client_lens, recommender.ranking(client).scale).total
    100
    """
    if scale.flat:
        return None
    start, total = scale.points(lens.base), scale.whole(lens.score) if total is None else total
    points = (
        np.array([contribution.value for contribution in lens.contributions], dtype=np.float64) * scale.factor
    )  # (parts,)
    order = np.argsort(-np.abs(points), kind="stable").tolist()
    rows = min(most, int((np.abs(points) >= 0.5).sum()))
    whole = None
    while whole is None:
        kinds: dict[Kind, list[int]] = {}
        for k in order[rows:]:
            kinds.setdefault(lens.contributions[k].kind, []).append(k)
        sums = [math.fsum(points[members]) for members in kinds.values()]
        whole = _whole([start, *points[order[:rows]], *sums], total, rows)
        rows -= whole is None
    tenths: dict[int, int] = {}
    for members, sum_shown in zip(kinds.values(), whole[1 + rows :], strict=True):
        tenths |= dict(zip(members, _tenths(points[members], sum_shown), strict=True))
    groups = [
        ShownGroup(kind, len(members), n)
        for (kind, members), n in zip(kinds.items(), whole[1 + rows :], strict=True)
    ]
    return Shown(
        start=whole[0],
        rows=tuple(
            ShownContribution(lens.contributions[k], n)
            for k, n in zip(order, whole[1 : 1 + rows], strict=False)
        ),
        rest=tuple(ShownContribution(lens.contributions[k], tenths[k] / 10) for k in order[rows:]),
        groups=tuple(sorted(groups, key=lambda group: -abs(group.points))),
        total=total,
    )


def _nearest(value: float) -> int:
    return math.floor(value + 0.5)


def _whole(exact: Sequence[float], total: int, rows: int) -> list[int] | None:
    """Round start, `rows` rows and groups to whole numbers that sum to `total`; None where no row may be 0.

    Largest remainder: all are rounded down, and the largest fractions get one more. A row between
    -1 and 1 has no choice: it is 1 or -1, as 0 would deny it. Without rows the start takes the rest.
    """
    exact = [round(value, SMALLEST) for value in exact]
    low = [math.floor(value) for value in exact]
    rises = [value - floor for value, floor in zip(exact, low, strict=True)]
    for k in range(1, rows + 1):
        if -1 < exact[k] < 1:
            low[k], rises[k] = (1 if exact[k] > 0 else -1), 0.0
    left = total - sum(low)
    ready = [k for k in sorted(range(len(exact)), key=lambda k: -rises[k]) if rises[k] > 0]
    if not 0 <= left <= len(ready):
        return None if rows else [total - sum(low[1:]), *low[1:]]
    for k in ready[:left]:
        low[k] += 1
    return low


def _tenths(exact: np.ndarray, total: int) -> list[int]:
    """Round the parts of a group to tenths of a point that sum to `total` points, keeping every sign.

    exact (parts,). The gap that rounding the group to a whole number made is first shared over the
    parts in proportion to their size.
    """
    tenths = exact * 10.0
    size = math.fsum(np.abs(tenths))
    if size == 0.0:
        return [0] * len(tenths)
    gap = 10.0 * total - math.fsum(tenths)
    if abs(gap) <= size:
        tenths = tenths + gap * np.abs(tenths) / size
    else:  # the parts against the total's sign vanish, the others make it up
        tenths = np.where(np.sign(tenths) == np.sign(total), tenths, 0.0)
        tenths = tenths * (10.0 * total / math.fsum(tenths))
    tenths = np.round(tenths, SMALLEST)
    low = np.floor(tenths).astype(np.int64)
    left = 10 * total - int(low.sum())
    low[np.argsort(low - tenths, kind="stable")[:left]] += 1
    return [int(value) for value in low]

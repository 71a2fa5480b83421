"""The contrast: why one product stands before another for a client, as one exact sum of differences."""

from dataclasses import dataclass, field
from typing import Literal

from finrec_core.explain.explanation import Contribution, Explanation, Kind, Lens
from finrec_core.explain.points import PointScale, Shown, shown


class ContrastError(ValueError):
    """Two scores that cannot be compared; the message says why."""


@dataclass(frozen=True, repr=False)
class Contrast:
    """Two scores of one client and their difference, s(u, i) - s(u, k), in the client lens.

    `lens` holds the difference of the starting points as its base, one part for each interaction and
    tie that either score has a part for (what only one of them has counts as 0 in the other), and the
    difference of the scores as its score; its `error` is how far the sum misses it. `ranks`, `scores`
    and `has` are of the product and of the other one.

    >>> client = bank.clients["client_id"][0].as_py()
    >>> first, third = (recommender.recommend(client, k=3)[place].product for place in (0, 2))
    >>> contrast = recommender.contrast(client, first, third)
    >>> abs(contrast.lens.score - (contrast.scores[0] - contrast.scores[1])) < 1e-9
    True
    """

    client: str
    product: str
    other: str
    lens: Lens
    ranks: tuple[int | None, int | None]
    scores: tuple[float, float]
    has: tuple[bool, bool] = (False, False)
    branch: Literal["fused", "popularity"] = field(default="fused")

    @classmethod
    def of(cls, one: Explanation, other: Explanation) -> "Contrast":
        """Subtract the client lens of `other` from that of `one`.

        Raises `ContrastError` where the two are of different clients, or of the same product.
        """
        if one.client != other.client:
            raise ContrastError("a contrast is between two products of one client.")
        if one.product == other.product:
            raise ContrastError(f'product "{one.product}" cannot be compared with itself.')
        return cls(
            client=one.client,
            product=one.product,
            other=other.product,
            lens=_difference(one.client_lens, other.client_lens),
            ranks=(one.rank, other.rank),
            scores=(one.score, other.score),
            has=(one.has, other.has),
            branch=one.branch,
        )

    def shown(self, scale: PointScale, most: int = 9) -> Shown | None:
        """Return the differences in points, which add up to that of the two totals as the list shows them.

        None where the scale is flat.
        """
        one, other = (scale.whole(score) for score in self.scores)
        return shown(self.lens, scale.differences, most, total=one - other)

    def __repr__(self) -> str:
        return f"Contrast({self.client}: {self.product} - {self.other} = {self.lens.score:.4g})"


def _difference(one: Lens, other: Lens) -> Lens:
    """Return one lens less another: parts of the same evidence become one, largest first."""
    found: dict[tuple[Kind, str], Contribution] = {
        (contribution.kind, contribution.id): contribution for contribution in one.contributions
    }
    values = {key: (contribution.value, contribution.text_value) for key, contribution in found.items()}
    for contribution in other.contributions:
        key = (contribution.kind, contribution.id)
        value, text = values.get(key, (0.0, 0.0))
        found.setdefault(key, contribution)
        values[key] = (value - contribution.value, text - contribution.text_value)
    contributions = [
        Contribution(contribution.kind, contribution.id, contribution.label, *values[key])
        for key, contribution in found.items()
    ]
    contributions.sort(
        key=lambda contribution: (-abs(contribution.value), contribution.kind, contribution.id)
    )
    return Lens(one.base - other.base, tuple(contributions), one.score - other.score, "")

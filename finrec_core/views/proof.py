"""The proof: one reason taken away and the score worked out anew, beside the part it had in the sum."""

from dataclasses import dataclass

from finrec_core.explain import Part, wording
from finrec_core.explain.labels import Labels
from finrec_core.explain.points import PointScale
from finrec_core.recommender import FusedRecommender
from finrec_core.views.strips import Strip


@dataclass(frozen=True)
class Proof:
    """A score with all evidence and without one reason, both computed, and the reason's part.

    Ranks are None for what is not on the list.
    """

    part: Part
    before: float
    after: float
    rank_before: int | None
    rank_after: int | None
    scale: PointScale

    @property
    def moved(self) -> float:
        """How much the score falls when the reason is taken away; negative where it rises."""
        return self.before - self.after

    @property
    def error(self) -> float:
        """By how much that misses the reason's part."""
        return self.moved - self.part.value

    @property
    def miss(self) -> str:
        """The error in words."""
        if self.error == 0:
            return "They are the same to the last digit."
        return f"They differ by {abs(self.error):.0e}, the rounding of the arithmetic."

    def strips(self, labels: Labels) -> list[Strip]:
        """Return the figures in points, with three decimals: they are not rounded to add up."""
        title = labels.title(self.part)
        factor = self.scale.factor
        before, after = self.scale.points(self.before), self.scale.points(self.after)
        moved, part = self.moved * factor, self.part.value * factor
        return [
            Strip("With all evidence", before, wording.plain(before, 3), "total"),
            Strip(f"Without {title}", after, wording.plain(after, 3), "grey"),
            Strip("The difference", moved, wording.signed(moved, 3)),
            Strip(f"{title} in the sum", part, wording.signed(part, 3)),
        ]


def proof(recommender: FusedRecommender, client: str, product: str) -> Proof | None:
    """Take the strongest reason of the client lens away; None where there is none.

    Nothing of the sum is read for the second score: it is worked out from the evidence that is left.
    """
    whole = recommender.explain(client, product)
    part = next((part for part in whole.client_lens.parts if part.value), None)
    if part is None:
        return None
    gone = {"interaction": "without_interactions", "tie": "without_ties"}[part.kind]
    left = recommender.explain(client, product, **{gone: [part.id]})  # type: ignore[arg-type]
    scale = recommender.ranking(client).scale
    return Proof(part, whole.score, left.score, whole.rank, left.rank, scale)

"""The proof: a score worked out anew without its strongest reason, beside that reason's bar in the sum."""

from dataclasses import dataclass

from finrec_core.explain import Contribution, Explanation
from finrec_core.explain.points import PointScale, Shown
from finrec_core.narrative.labels import Labels
from finrec_core.recommender import FusedRecommender
from finrec_core.terms import wording
from finrec_core.views.charts.strips import Strip
from finrec_core.views.recommendation.scene import Scene

NEAR = 1e-6  # points by which a part may miss the difference of two scores, from the arithmetic alone


@dataclass(frozen=True)
class Proof:
    """A score with all evidence and without one reason, both computed, and the reason's part.

    Ranks are None for what is not on the list.
    """

    contribution: Contribution
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
        return self.moved - self.contribution.value

    @property
    def holds(self) -> bool:
        """Whether the score moves by the reason's part and by nothing else."""
        return abs(self.error) * self.scale.factor <= NEAR

    @property
    def miss(self) -> str:
        """The error in words."""
        if self.error == 0:
            return "They are the same to the last digit."
        why = "the rounding of the arithmetic" if self.holds else "more than the arithmetic rounds"
        return f"They differ by {abs(self.error):.0e}, {why}."

    def part(self, view: Shown) -> int:
        """Return the reason's part in whole points, as its bar in the sum shows it."""
        key = (self.contribution.kind, self.contribution.id)
        each = {(one.exact.kind, one.exact.id): one.points for one in view.rows}
        return round(each.get(key, 0.0))

    def left(self, view: Shown) -> int:
        """Return the second score in whole points; it is rounded as the sum is, so that both agree."""
        return view.total - self.part(view) if self.holds else self.scale.whole(self.after)

    def strips(self, view: Shown, labels: Labels) -> list[Strip]:
        """Return both scores and the reason's part in whole points; `view` is the client lens."""
        title, part, left = labels.title(self.contribution), self.part(view), self.left(view)
        return [
            Strip("With all evidence", view.total, wording.plain(view.total), "total"),
            Strip(f"Without {title}", left, wording.plain(left), "grey"),
            Strip("The difference", view.total - left, wording.signed(view.total - left)),
            Strip(f"{title} in the sum", part, wording.signed(part)),
        ]

    @property
    def digits(self) -> str:
        """Return both scores and the part as they were computed, for an expert."""
        before, after, moved, part = (
            wording.plain(value, 9)
            for value in (self.before, self.after, self.moved, self.contribution.value)
        )
        said = f"The scores are {before} and {after}. Between them lie {moved}, and the part is {part}."
        return f"{said} {self.miss}"


def proof(
    recommender: FusedRecommender, client: str, product: str, whole: Explanation | None = None
) -> Proof | None:
    """Take the strongest reason of the client lens away; None where there is none.

    `whole` is the explanation as it is shown, where it is shown otherwise than the model gives it; a total
    of several clients is not taken away. Nothing of the sum is read for the second score: it is worked out
    from the evidence that is left.
    """
    whole = whole or recommender.explain(client, product)
    ways = {"interaction": "without_interactions", "tie": "without_ties"}
    parts = whole.client_lens.contributions
    contribution = next((one for one in parts if one.value and one.kind in ways), None)
    if contribution is None:
        return None
    gone = ways[contribution.kind]
    left = recommender.explain(client, product, **{gone: [contribution.id]})  # type: ignore[arg-type]
    scale = recommender.ranking(client).scale
    return Proof(contribution, whole.score, left.score, whole.rank, left.rank, scale)


def proof_scene(found: Proof | None, view: Shown | None, labels: Labels) -> Scene:
    """Say what taking the strongest reason away does to the score; `view` is the client lens in points."""
    if found is None or view is None or found.scale.flat:
        return Scene("There is no reason to take away.", "The score is its starting point alone.")
    title, part, left = labels.title(found.contribution), found.part(view), found.left(view)
    ranks = _ranks(found.rank_before, found.rank_after)
    total = wording.plain(view.total)
    if left == view.total:
        said = f"Take {title} away, and the score stays at {total}."
    else:
        said = f"Take {title} away, and the score is {wording.plain(left)} instead of {total}."
    agree = f"Between the two lie {wording.plain(abs(view.total - left))}, as its bar says."
    if not found.holds:
        agree = f"Its bar says {wording.signed(part)}, so the sum does not hold here."
    return Scene(
        said, f"The second score is worked out anew from what is left, not read from the sum. {agree}{ranks}"
    )


def _ranks(before: int | None, after: int | None) -> str:
    if before is None or after is None:
        return ""
    if before == after:
        return f" Its rank stays {wording.ordinal(before)}."
    return f" Its rank would be {wording.ordinal(after)} instead of {wording.ordinal(before)}."

"""The story: one recommendation told in six scenes to somebody who has never seen the desk."""

import html
from dataclasses import dataclass, replace

from finrec_core.explain import Contribution, Explanation
from finrec_core.explain.points import PointScale, Shown
from finrec_core.narrative import former
from finrec_core.narrative.labels import Labels
from finrec_core.recommender import FusedRecommender
from finrec_core.terms import wording
from finrec_core.terms.wording import plural
from finrec_core.views.charts.strips import Strip
from finrec_core.views.charts.theme import Theme
from finrec_core.views.recommendation.client import ClientLine
from finrec_core.views.recommendation.evidence import decimals_of, of_kind
from finrec_core.views.recommendation.shading import Source, sources

STEPS = ("The client", "What texts say", "Who is alike", "The sum", "The proof", "How good it is")
NUMBERS = (
    *(
        "no",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ),
)
MOST = 30  # products of the client that are named
FEW = 8  # similar clients with a bar of their own
FLAT = "All products score the same for this client."
EMPTY = "This client is offered nothing."


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
    def miss(self) -> str:
        """The error in words."""
        if self.error == 0:
            return "They are the same to the last digit."
        return f"They differ by {abs(self.error):.0e}, the rounding of the arithmetic."

    def strips(self, labels: Labels) -> list[Strip]:
        """Return the figures in points, with three decimals: they are not rounded to add up."""
        title = labels.title(self.contribution)
        factor = self.scale.factor
        before, after = self.scale.points(self.before), self.scale.points(self.after)
        moved, contribution = self.moved * factor, self.contribution.value * factor
        return [
            Strip("With all evidence", before, wording.plain(before, 3), "total"),
            Strip(f"Without {title}", after, wording.plain(after, 3), "grey"),
            Strip("The difference", moved, wording.signed(moved, 3)),
            Strip(f"{title} in the sum", contribution, wording.signed(contribution, 3)),
        ]


@dataclass(frozen=True)
class Scene:
    """What a step says in large type: a title, and a paragraph under it; neither is escaped."""

    title: str
    text: str


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


def masked(labels: Labels) -> Labels:
    """Return labels in which nobody has a name: the client, its connections and writers of reviews."""
    return replace(
        labels,
        client="the client",
        ties={key: tie if tie.many else replace(tie, name="") for key, tie in labels.ties.items()},
        reviews={key: replace(one, writer="", when="", stars="") for key, one in labels.reviews.items()},
    )


def client_scene(line: ClientLine, verb: str, product: str, *, empty: str = "", had: str = "") -> Scene:
    """Say what is known of the client, and which product the story is about.

    `empty` says why the client's list is empty, "" where it is not, `had` until when the client had the
    product, "" where it did not give it up.
    """
    before = former.sentence("The client", had)
    if line.cold:
        known = "A client of whom nothing is known yet."
        if line.low:
            known = "A client who rated low all that it has."
        elif line.gave_up:
            known = "A client who has nothing any more."
        return Scene(known, f"Why does {product} stand on the list? {before}".rstrip())
    products = wording.counted(len(line.has), "product")
    also = f"has {wording.counted(line.connections, 'connection')}"
    did = f"This client {verb} {products} and {also.removeprefix('has ') if verb == 'has' else also}."
    about = f"Why does {product} stand on this client's list? {before}".rstrip()
    if empty:
        about = f"{empty} The story is about {product}."
    return Scene(
        did,
        f"{about} Only what clients have, what they wrote and whom "
        "they are close to goes into its score; the profile does not.",
    )


def chips(line: ClientLine, theme: Theme) -> str:
    """Return what the client has and whom it is close to as HTML for `st.html`; everything is escaped."""
    frame = f"border:1px solid {theme.grey};border-radius:6px;padding:0.3rem 0.7rem"
    names = [wording.name(name, "", 60) for name in line.has[:MOST]]
    if len(line.has) > MOST:
        names.append(f"and {len(line.has) - MOST:,} more")
    said = [*((name, theme.text) for name in names), *((kind, theme.for_text) for kind in line.close_to)]
    if not said:
        return f'<p style="font-size:1.2rem;color:{theme.muted}">No products and no connections.</p>'
    items = "".join(
        f'<li dir="auto" style="{frame};color:{colour}">{html.escape(name)}</li>' for name, colour in said
    )
    style = "display:flex;flex-wrap:wrap;gap:0.6rem;list-style:none;padding:0;margin:0;font-size:1.2rem"
    return f'<ul style="{style}">{items}</ul>'


def texts_scene(source: Source | None, scale: PointScale) -> Scene:
    """Say what the strongest text does to the rank."""
    if source is None:
        return Scene(
            "No text speaks for this product.",
            "Its score rests on what clients have, and on nothing they wrote.",
        )
    points = source.value * scale.factor
    verb = "raise" if points > 0 else "lower"
    return Scene(
        f"The words of one text {verb} its rank by {wording.plain(abs(points), 1)} points.",
        f"{source.title}, as it was written. A solid line under a word says that it raises the rank, "
        "a dashed one that it lowers it.",
    )


def strongest_text(explanation: Explanation, labels: Labels) -> Source | None:
    """Return the opened text with the largest share of the score, in either lens, None without any."""
    told = [one for one in explanation.product_lens.contributions if one.kind in ("review", "description")]
    each = (
        source for one in (*told, *explanation.client_lens.contributions) for source in sources(one, labels)
    )
    found = [source for source in each if source.opened and source.value]
    return max(found, key=lambda source: abs(source.value), default=None)


def alike_scene(view: Shown | None, verb: str) -> Scene:
    """Say how many similar clients speak for the product; `view` is the product lens in points."""
    count, points = _similar(view)
    if not count:
        return Scene(
            "No similar client speaks for this product.", "Similar are clients who have the same products."
        )
    people = wording.counted(count, "similar client")
    does = f"{people} {verb if count == 1 else plural(verb)} it: {wording.signed(points)} points together."
    return Scene(
        wording.capital(does),
        "Similar are clients with products in common. They stand here as numbers; nobody is named.",
    )


def alike_strips(view: Shown | None, labels: Labels) -> list[Strip]:
    """Return the strongest similar clients as bars and the others as one; they add up to what is said."""
    if view is None:
        return []
    similar = of_kind(view, "client")
    strongest, rest = similar[:FEW], len(similar) - FEW
    decimals = decimals_of(strongest)
    rows = []
    for one in strongest:
        other = labels.other(one.exact.id)
        name = f"{other.title}, {wording.counted(other.common, 'product')} in common"
        rows.append(Strip(name, one.points, wording.signed(one.points, decimals)))
    if rest > 0:
        left = round(_similar(view)[1] - sum(one.points for one in strongest), decimals)
        name = wording.counted(rest, "other similar client")
        rows.append(Strip(name, left, wording.signed(left, decimals), "grey"))
    return rows


def sum_scene(view: Shown | None, *, empty: bool = False) -> Scene:
    """Say how many reasons speak for and against, and what they come to; `view` is the client lens.

    `empty`: nothing is offered to the client.
    """
    if empty:
        return Scene(EMPTY, "There are neither ranks nor points then.")
    if view is None:
        return Scene(FLAT, "There are ranks then, and no points.")
    if not view.contributions:
        return Scene(
            f"No reason of its own: {wording.plain(view.total)} points.",
            "There is nothing of this client's own to go by, so the most widespread products stand first.",
        )
    speaks_for = sum(one.exact.value > 0 for one in view.contributions)
    against = sum(one.exact.value < 0 for one in view.contributions)
    speak = "speaks" if speaks_for == 1 else "speak"
    reasons = "reason" if speaks_for == 1 else "reasons"
    other = _number(against) if against else "none"
    return Scene(
        f"{wording.capital(_number(speaks_for))} {reasons} {speak} for it, {other} against. "
        f"Together: {wording.plain(view.total)} points.",
        "Every bar is one thing that is known of the client. Add the bars and you get the score, exactly. "
        "Nothing is left over.",
    )


def proof_scene(found: Proof | None, labels: Labels) -> Scene:
    """Say what taking the strongest reason away does to the score."""
    if found is None or found.scale.flat:
        return Scene("There is no reason to take away.", "The score is its starting point alone.")
    title = labels.title(found.contribution)
    falls = "falls" if found.moved > 0 else "rises"
    ranks = _ranks(found.rank_before, found.rank_after)
    return Scene(
        f"Take {title} away, and the score {falls} by exactly its part.",
        f"Both scores are computed, the second from what is left: {found.before:.9f} and {found.after:.9f}. "
        f"Between them lie {found.moved:.9f}, and the part is {found.contribution.value:.9f}. "
        f"{found.miss}{ranks}",
    )


def _ranks(before: int | None, after: int | None) -> str:
    if before is None or after is None:
        return ""
    if before == after:
        return f" Its rank stays {wording.ordinal(before)}."
    return f" Its rank would be {wording.ordinal(after)} instead of {wording.ordinal(before)}."


def _similar(view: Shown | None) -> tuple[int, int]:
    """Return how many similar clients are reasons, and the whole points they come to as printed."""
    if view is None:
        return 0, 0
    rows = sum(one.points for one in view.rows if one.exact.kind == "client")
    rest = sum(group.points for group in view.groups if group.kind == "client")
    return len(of_kind(view, "client")), round(rows) + rest


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"

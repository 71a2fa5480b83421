"""The story: one recommendation told in eight steps to somebody who has never seen the desk.

One number goes through all of them, the score in the client lens; a step that counts otherwise says so.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass, replace

from finrec_core.explain import Contribution, Explanation, Lens
from finrec_core.explain.points import PointScale, Shown, shown
from finrec_core.narrative import former
from finrec_core.narrative.labels import Labels
from finrec_core.terms import wording
from finrec_core.terms.names import LensName
from finrec_core.terms.wording import plural
from finrec_core.views.charts.bars import Bar
from finrec_core.views.charts.theme import Theme
from finrec_core.views.recommendation.client import ClientLine
from finrec_core.views.recommendation.evidence import of_kind
from finrec_core.views.recommendation.scene import Scene
from finrec_core.views.recommendation.shading import Source, sources

STEPS = (
    "Client",
    "Sum",
    "A text",
    "Who is alike",
    "Proof",
    "Why not that one",
    "How good",
    "Decision",
)
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MOST_BARS = 9  # with start and total; they fit a screen of 900 pixels below two lines of title
MOST = 20  # products of the client that are named
FLAT = "All products score the same for this client."
EMPTY = "This client is offered nothing."


@dataclass(frozen=True, repr=False)
class Told:
    """The text that a story tells, and the lens whose points it counts in."""

    source: Source
    lens: LensName

    def __repr__(self) -> str:
        return f"Told({self.source.title!r}, {self.lens} lens)"


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


def standing(view: Shown | None, rank: int | None, offered: int) -> str:
    """Return the one number that every step is about, and the rank, as "100 points, 1st of 38 products".

    `view` is the client lens, None where there are no points, `offered` the length of the client's list.
    """
    place = f"{wording.ordinal(rank)} of {wording.counted(offered, 'product')}" if rank is not None else ""
    if view is None:
        return place or "not on the list"
    points = "1 point" if view.total == 1 else f"{wording.plain(view.total)} points"
    return f"{points}, {place or 'not on the list'}"


def folded(lens: Lens, scale: PointScale, most: int = MOST_BARS, *, total: int | None = None) -> Shown | None:
    """Return a lens in points in so few rows that start, rows, rest and total are `most` bars at most.

    The smaller reasons are then one bar of each kind; None where the scale is flat. `total` is as in `shown`.
    """
    view = shown(lens, scale, most - 2, total=total)
    rows = len(view.rows) if view else 0
    while view is not None and rows and 2 + len(view.rows) + _rest(view) > most:
        rows -= 1
        view = shown(lens, scale, rows, total=total)
    return view


def _rest(view: Shown) -> int:
    """Return how many bars the parts without a row are, as `bars.rest` has them."""
    moving = sum(group.points != 0 for group in view.groups)
    return moving + (moving < len(view.groups))


def texts_scene(told: Told | None, scale: PointScale) -> Scene:
    """Say what the text that helps most does to the score."""
    if told is None:
        return Scene(
            "No text raises this product.",
            "Its score rests on what clients have, and no text of theirs adds to it.",
        )
    value = told.source.value * scale.factor
    much = f"{wording.plain(value, 1)} points" if value >= 0.05 else "less than a tenth of a point"
    beside = "It is a share of the bars of the sum, which hold it already."
    if told.lens == "product":
        beside = (
            "It is counted from the product's side, the other view of the same score, so it is in no bar of "
            "the sum."
        )
    return Scene(
        f"The words of one text raise its score by {much}.",
        f"{told.source.title}, as it was written: the text that helps this product most. {beside}",
    )


def strongest_text(explanation: Explanation, labels: Labels) -> Told | None:
    """Return the opened text that raises the score most, in whichever lens that is; None where none does."""
    about = [one for one in explanation.product_lens.contributions if one.kind in ("review", "description")]
    lenses: tuple[tuple[LensName, Sequence[Contribution]], ...] = (
        ("client", explanation.client_lens.contributions),
        ("product", about),
    )
    found = [
        Told(source, lens)
        for lens, parts in lenses
        for one in parts
        for source in sources(one, labels)
        if source.opened and source.value > 0
    ]
    return max(found, key=lambda told: told.source.value, default=None)


def alike_scene(view: Shown | None, verb: str) -> Scene:
    """Say how many similar clients speak for the product; `view` is the product lens in points."""
    count = 0 if view is None else len(of_kind(view, "client"))
    if view is None or not count:
        title = "No similar client speaks for this product."
        similar = "Similar are clients who have the same products."
    else:
        people = wording.counted(count, "similar client")
        title = wording.capital(f"{people} {verb if count == 1 else plural(verb)} it.")
        similar = "Similar are clients with products in common; nobody is named."
    if view is None:
        return Scene(title, similar)
    same = "same point" if view.total == 1 else f"same {wording.plain(view.total)} points"
    return Scene(
        title,
        f"{similar} These bars are another view: the {same}, counted from the product's side. "
        "Do not add them to the bars of the sum.",
    )


def sum_scene(drawn: Sequence[Bar], view: Shown | None, *, empty: bool = False) -> Scene:
    """Say how many of the bars drawn raise and lower the score; `view` is the client lens.

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
    moves = [one.high - one.low for one in drawn if one.kind in ("part", "rest")]
    raising, lowering = sum(move > 0 for move in moves), sum(move < 0 for move in moves)
    first = f"{_number(raising)} {'bar raises' if raising <= 1 else 'bars raise'} it"
    second = f"{_number(lowering) if lowering else 'none'} {'lowers' if lowering <= 1 else 'lower'} it"
    return Scene(
        f"{wording.capital(first)}, {second}. Together: {wording.plain(view.total)} points.",
        "A bar is something known of the client; the smaller things share one. Starting point and bars add "
        "up to the score, exactly.",
    )


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"

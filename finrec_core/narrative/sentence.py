"""The sentence of a card: the largest reasons in plain English, assembled only from computed facts."""

from collections.abc import Sequence
from dataclasses import dataclass

from finrec_core.explain.explanation import TIED, Contribution, Explanation, Kind
from finrec_core.explain.points import Shown, ShownContribution, ShownGroup
from finrec_core.narrative.labels import Labels
from finrec_core.narrative.phrases import Piece, connections, had, listed, number, plain, trimmed
from finrec_core.terms import wording
from finrec_core.terms.names import LensName
from finrec_core.terms.wording import plural

FLAT = "All products on this list score the same, so there are ranks and no points. "
EMPTY = "This client is offered nothing, so there are neither ranks nor points. "
MOST_FOR = 3  # reasons that raise the rank and are named
MOST_AGAINST = 2  # reasons that lower it and are named where none raises it, else one


@dataclass(frozen=True)
class _Reason:
    """One reason as the sentence counts them: a part, or all parts of a kind together."""

    kind: Kind
    key: str
    points: float
    count: int = 1
    aside: str = ""

    @classmethod
    def of(cls, contribution: ShownContribution) -> "_Reason":
        return cls(contribution.exact.kind, contribution.exact.id, contribution.points)

    def name(self, labels: Labels) -> str:
        return labels.title(Contribution(self.kind, self.key, "", 0.0))


def sentence(explanation: Explanation, view: Shown | None, labels: Labels, lens: LensName) -> str:
    """Return the sentence of one lens as plain text; see `pieces`."""
    return plain(pieces(explanation, view, labels, lens))


def pieces(explanation: Explanation, view: Shown | None, labels: Labels, lens: LensName) -> tuple[Piece, ...]:
    """Return the sentence of one lens: what raises the rank most, then what lowers it most.

    `view` is the lens in points, None where all products score the same. The numbers are those of
    `view`, largest first. Names stand as in `labels` and are not escaped.
    """
    said: list[Piece] = []
    if explanation.has:
        said.append(Piece(f"{wording.capital(labels.client)} {labels.verb} "))
        said += [Piece(labels.product, strong=True), Piece(" already, so it has no rank. ")]
    elif labels.former:
        said += had(labels.client, labels.product, labels.former)
    if explanation.branch == "popularity":
        said.append(Piece(_popularity(labels)))
    elif view is None:
        said.append(Piece(EMPTY if labels.empty else FLAT))
    else:
        said += _reasons(view, labels, lens)
    return trimmed(said)


def similar_clients(view: Shown) -> str:
    """Return what similar clients do together and the strongest of them, "" where there is none.

    The numbers are those of the bars: whole points that add up with all others to the total.
    """
    found = [one for one in view.contributions if one.exact.kind == "client"]
    if not found:
        return ""
    points = sum(round(one.points) for one in view.rows if one.exact.kind == "client")
    points += sum(group.points for group in view.groups if group.kind == "client")
    verb, one = ("raise", "raises") if points > 0 else ("lower", "lowers")
    if len(found) == 1:
        return (
            f"One similar client {one} it by {abs(points)}."
            if points
            else "One similar client barely moves it."
        )
    many = wording.counted(len(found), "similar client")
    if not points:
        return f"{many} leave it together where it is."
    with_sign = [row.points for row in found if row.points * points > 0]
    most = wording.plain(max(map(abs, with_sign), default=0))
    strongest = f"; the strongest of them by {most}" if with_sign else ""
    return f"{many} {verb} it by {abs(points)} together{strongest}."


def other_view(view: Shown, lens: LensName) -> str:
    """Return the line under a lens that warns of adding it to the other one."""
    seen = "the client" if lens == "client" else "the product"
    points = wording.counted(view.total, "point") if view.total > 0 else f"{wording.plain(view.total)} points"
    same = "same point" if view.total == 1 else f"same {points}"
    return f"The {same}, seen from {seen}; do not add the two views."


def _reasons(view: Shown, labels: Labels, lens: LensName) -> list[Piece]:
    """Return the sentences about what raises and lowers the rank, each ending in a blank."""
    merged = _merged(view, labels) if lens == "product" else []
    kinds = {reason.kind for reason in merged}
    rows = [_Reason.of(contribution) for contribution in view.rows if contribution.exact.kind not in kinds]
    reasons = sorted([*merged, *rows], key=lambda reason: -abs(reason.points))
    if not reasons:
        return [Piece(_nothing_strong(view))]
    raising = [reason for reason in reasons if reason.points > 0][:MOST_FOR]
    if not raising:  # the rows may be full of what lowers it
        raising = [_Reason.of(contribution) for contribution in view.rest if contribution.points >= 1][
            :MOST_FOR
        ]
    lowering = [reason for reason in reasons if reason.points < 0]
    said: list[Piece] = []
    if raising:
        said += _client_for(raising, labels) if lens == "client" else _product_for(raising, labels)
    else:
        said.append(Piece("No single reason raises its rank by a whole point. "))
    for reason in lowering[: 1 if raising else MOST_AGAINST]:
        said += _client_against(reason, labels) if lens == "client" else _product_against(reason, labels)
    together = [group for group in view.groups if lens == "client" and group.count > 1]
    largest = max((abs(reason.points) for reason in reasons), default=0)
    for group in together:
        if abs(group.points) > largest:
            verb = "raise" if group.points > 0 else "lower"
            name = wording.capital(f"{group.count:,} {_others(group, view)}")
            said.append(Piece(f"{name} together {verb} its rank ({wording.signed(group.points)}). "))
    if raising and view.start > max(largest, *(group.points for group in view.groups), 0):
        said.append(Piece(f"The starting point ({wording.plain(view.start)}) is larger than any reason. "))
    return said


def _merged(view: Shown, labels: Labels) -> list["_Reason"]:
    """Return the kinds of the product lens whose parts are many and small, each as one reason.

    A kind is one reason where its parts in the tail weigh more together than its largest row.
    """
    found = []
    for group in view.groups:
        rows = [contribution.points for contribution in view.rows if contribution.exact.kind == group.kind]
        if group.count > 1 and abs(group.points) > max((abs(points) for points in rows), default=0):
            count, points = group.count + len(rows), group.points + round(sum(rows))
            first = next(
                contribution.exact
                for contribution in view.contributions
                if contribution.exact.kind == group.kind
            )
            aside = ""
            if group.kind == "client" and points * first.value > 0:
                other = labels.other(first.id)
                who = f"{other.kind} " if other.segment else ""
                aside = f", the strongest {who}with {wording.counted(other.common, 'product')} in common"
            found.append(_Reason(group.kind, first.id, points, count, aside))
    return found


def _others(group: ShownGroup, view: Shown) -> str:
    """Return what the parts of a group of the client lens are called beside those in rows."""
    other = "other " if any(contribution.exact.kind == group.kind for contribution in view.rows) else ""
    return f"{other}{'connections' if group.kind == 'tie' else 'products'}"


def _nothing_strong(view: Shown) -> str:
    start = f"the starting point ({wording.plain(view.start)})"
    if not view.contributions:
        return f"There is no reason beside {start}. "
    if len(view.contributions) == 1:
        return f"The only reason weighs less than a point; the rest is {start}. "
    total = wording.signed(view.tail_points)
    return (
        f"No single reason weighs a whole point; {len(view.contributions):,} small ones add up to {total}, "
        f"beside {start}. "
    )


def _client_for(raising: Sequence[_Reason], labels: Labels) -> list[Piece]:
    """Say what the client has, and what its connections have, that raises the rank."""
    kinds = [contribution.kind in TIED for contribution in raising]
    if kinds in ([True, False, True], [False, True, False]):  # largest first, in at most two groups
        raising, kinds = raising[:2], kinds[:2]
    has = [contribution for contribution, tie in zip(raising, kinds, strict=True) if not tie]
    near = [contribution for contribution, tie in zip(raising, kinds, strict=True) if tie]
    names = listed(
        [[Piece(contribution.name(labels), strong=True), number(contribution.points)] for contribution in has]
    )
    client, several = f"{labels.client} {labels.verb}", len(has) > 1
    if not near:
        ending = f", which {'raise' if several else 'raises'} its rank. "
        return [Piece(f"{wording.capital(client)} "), *names, Piece(ending)]
    ties = _ties(near, labels)
    if not has:
        return [Piece("What "), *ties, Piece(" raises its rank. ")]
    if kinds[0]:
        so = f" raises its rank, and so {'do' if several else 'does'} "
        return [Piece("What "), *ties, Piece(so), *names, Piece(f", which {client}. ")]
    return [
        Piece(f"{wording.capital(client)} "),
        *names,
        Piece(", and what "),
        *ties,
        Piece(" raises its rank too. "),
    ]


def _ties(near: Sequence[_Reason], labels: Labels) -> list[Piece]:
    return connections(
        [contribution.key for contribution in near],
        labels,
        [number(contribution.points) for contribution in near],
    )


def _client_against(contribution: _Reason, labels: Labels) -> list[Piece]:
    if contribution.kind in TIED:
        return [Piece("What "), *_ties([contribution], labels), Piece(" lowers its rank. ")]
    name, verb = Piece(contribution.name(labels), strong=True), plural(labels.verb)
    if labels.verb == "has":
        return [
            Piece("Clients with "),
            name,
            Piece(f" take it less often{number(contribution.points).text}. "),
        ]
    return [
        Piece(f"Clients who {verb} "),
        name,
        Piece(f" {verb} it less often{number(contribution.points).text}. "),
    ]


def _product_for(raising: Sequence[_Reason], labels: Labels) -> list[Piece]:
    """Say who and what speaks for the product."""
    phrases: list[list[Piece]] = []
    for contribution in raising:
        main, aside = _speaks(contribution, labels)
        if main[0].text == "a review of it" and any(phrase[0] == main[0] for phrase in phrases):
            main = [Piece("another review of it")]
        phrases.append([*main, *aside, number(contribution.points)])
    commas = any("," in piece.text for phrase in phrases for piece in phrase if not piece.strong)
    return [Piece("What raises its rank most: "), *listed(phrases, "; " if commas else ", "), Piece(". ")]


def _product_against(contribution: _Reason, labels: Labels) -> list[Piece]:
    main, aside = _speaks(contribution, labels)
    first, *rest = main
    comma, verb = (
        "," if aside else "",
        "lower" if contribution.count > 1 or contribution.kind == "branches" else "lowers",
    )
    first = Piece(first.text if first.strong else wording.capital(first.text), first.strong)
    return [first, *rest, *aside, Piece(f"{comma} {verb} its rank{number(contribution.points).text}. ")]


def _speaks(contribution: _Reason, labels: Labels) -> tuple[list[Piece], list[Piece]]:
    """Return what a reason of the product lens is called, and the aside that follows a comma."""
    kind, key = contribution.kind, contribution.key
    if contribution.count > 1:
        many = {"client": "similar clients", "product": "products that read like it"}.get(
            kind, "reviews of it"
        )
        return [Piece(f"{contribution.count:,} {many}")], [
            Piece(contribution.aside)
        ] if contribution.aside else []
    if kind == "client":
        other = labels.other(key)
        common = wording.counted(other.common, "product")
        return [Piece(f"{other.kind} who {labels.verb} it")], [Piece(f", {common} in common")]
    if kind == "product":
        return [Piece(labels.product_name(key), strong=True)], [Piece(", which reads like it")]
    if kind == "review":
        writer = labels.review(key).writer
        return [Piece(f"the review by {writer}" if writer else "a review of it")], []
    if kind in TIED:
        return [Piece(labels.tie(key).phrase)], []
    if kind == "description":
        return [Piece("its own description")], []
    return [Piece("its record with all clients")], [Piece(", not traceable to single ones")]


def _popularity(labels: Labels) -> str:
    """Say that the list is one of popularity, and how many clients have the product."""
    if labels.rated_low:
        lacks = "has no product rated well and no connections yet"
    elif labels.formers:
        lacks = f"{labels.verb} nothing any more and has no connections"
    elif labels.verb == "has":
        lacks = "has no products and no connections yet"
    else:
        lacks = f"{labels.verb} nothing yet and has no connections"
    verb = labels.verb if labels.holders == 1 else plural(labels.verb)
    who = wording.counted(labels.holders, "client") if labels.holders else "No client"
    have = f"{who} {verb if labels.holders else labels.verb} this one{'' if labels.holders else ' yet'}"
    return (
        f"This is a popularity list: the client {lacks}, so the products that most clients "
        f"{plural(labels.verb)} come first. {have}. "
    )

"""The words of a contrast: how two products stand for a client, and which differences make it so."""

import itertools
from collections.abc import Sequence

from finrec_core.explain.contrast import Contrast
from finrec_core.explain.explanation import TIED
from finrec_core.explain.points import Shown, ShownContribution
from finrec_core.narrative.labels import Labels
from finrec_core.narrative.phrases import Piece, connections, had, listed, number, plain, trimmed
from finrec_core.terms import wording
from finrec_core.terms.wording import plural

FLAT = "All products on this list score the same, so nothing sets them apart. "
EMPTY = "This client is offered nothing, so there are no points to tell them apart. "
MOST_WITH = 3  # differences that explain the order and are named
MOST_AGAINST = 2  # differences that speak the other way and are named


def sentence(contrast: Contrast, view: Shown | None, labels: Labels, other: str) -> str:
    """Return the contrast as plain text; see `pieces`."""
    return plain(pieces(contrast, view, labels, other))


def pieces(contrast: Contrast, view: Shown | None, labels: Labels, other: str) -> tuple[Piece, ...]:
    """Return why the product stands before or behind the other one, the largest differences first.

    `view` is `contrast.shown`, None where all products score the same; `labels` are those of the
    product's explanation and `other` is the name of the other product.
    """
    said: list[Piece] = []
    keys = (contrast.product, contrast.other)
    for has, key, name in zip(contrast.has, keys, (labels.product, other), strict=True):
        if when := labels.formers.get(key, ""):
            said += had(labels.client, name, when)
        if has:
            said.append(Piece(f"{wording.capital(labels.client)} {labels.verb} "))
            said += [Piece(name, strong=True), Piece(" already: it is scored without that. ")]
    if view is None:
        return trimmed([*said, Piece(EMPTY if labels.empty else FLAT)])
    said += [*_order(contrast, view, labels.product, other)]
    if contrast.branch == "popularity":
        many = f"the number of clients that {plural(labels.verb)} each"
        why = "decides" if contrast.lens.score else "is the same"
        return trimmed([*said, Piece(f". This is a popularity list: {many} {why}. ")])
    return trimmed([*said, *_why(view, labels)])


def _order(contrast: Contrast, view: Shown, name: str, other: str) -> list[Piece]:
    """Say how the two stand, without a full stop."""
    one, two = Piece(name, strong=True), Piece(other, strong=True)
    if contrast.lens.score == 0:
        return [one, Piece(" and "), two, Piece(" score the same")]
    ranked, before = None not in contrast.ranks, contrast.lens.score > 0
    if view.total == 0:
        stands = f" stands just {'before' if before else 'behind'} " if ranked else None
        if stands:
            return [one, Piece(stands), two, Piece(", by less than a point")]
        return [one, Piece(" and "), two, Piece(" score the same to the point")]
    points = wording.counted(abs(view.total), "point")
    if ranked:
        return [one, Piece(f" stands {'before' if before else 'behind'} "), two, Piece(f" by {points}")]
    return [one, Piece(f" scores {points} {'more' if before else 'less'} than "), two]


def _why(view: Shown, labels: Labels) -> list[Piece]:
    """Say what makes the difference, beginning after the order: ": ... speak more for it. ..."."""
    ahead = 1 if view.total >= 0 else -1
    with_it = [row for row in view.rows if row.points * ahead > 0][:MOST_WITH]
    against = [row for row in view.rows if row.points * ahead < 0][:MOST_AGAINST]
    said = [Piece(": "), *_speak(with_it, labels)] if with_it else [Piece(". ")]
    if against:
        said += [*_capital(_speak(against, labels))]
    largest = max((abs(row.points) for row in view.rows), default=0)
    for group in view.groups:
        if group.points and (abs(group.points) > largest or not view.rows):
            beside = "other " if any(row.exact.kind == group.kind for row in view.rows) else ""
            kinds = ("connection" if group.kind in TIED else "product") + ("s" if group.count > 1 else "")
            together = " together" if group.count > 1 else ""
            said += [Piece(f"{group.count:,} {beside}{kinds}{together} {_verb(group.points, group.count)}")]
            said += [Piece(f"{number(group.points).text}. ")]
    if view.start:
        said.append(Piece(f"Their starting points differ by {wording.signed(view.start)}. "))
    elif not with_it and not against and not any(group.points for group in view.groups):
        said.append(Piece("No single difference weighs a whole point. "))
    return said


def _speak(rows: Sequence[ShownContribution], labels: Labels) -> list[Piece]:
    """Say which reasons speak more, or less, for the product, each with its number."""
    ties = [row.exact.kind in TIED for row in rows]
    if ties == [True, False, True]:  # largest first, the connections in one phrase
        rows, ties = rows[:2], ties[:2]
    phrases: list[list[Piece]] = []
    for tie, group in itertools.groupby(zip(ties, rows, strict=True), key=lambda each: each[0]):
        same = [row for _, row in group]
        if tie:
            numbers = [number(row.points) for row in same]
            phrases.append([Piece("what "), *connections([row.exact.id for row in same], labels, numbers)])
        else:
            phrases += [[Piece(labels.title(row.exact), strong=True), number(row.points)] for row in same]
    return [*listed(phrases), Piece(f" {_verb(rows[0].points, len(phrases))}. ")]


def _verb(points: float, count: int) -> str:
    return f"speak{'s' if count == 1 else ''} {'more' if points > 0 else 'less'} for it"


def _capital(said: list[Piece]) -> list[Piece]:
    """Return a sentence that begins with a capital, unless a product's name begins it."""
    first, *rest = said
    return [first if first.strong else Piece(wording.capital(first.text)), *rest]

"""The words of a what-if: what was left out or added, and what the score and the rank are then."""

from finrec_core.explain.points import PointScale
from finrec_core.explain.what_if import WhatIf
from finrec_core.narrative.labels import Labels
from finrec_core.narrative.phrases import MOST_NAMED, Piece, evidence, listed, plain, trimmed
from finrec_core.terms import wording


def sentence(found: WhatIf, scale: PointScale, labels: Labels, total: int | None = None) -> str:
    """Return the what-if as plain text; see `pieces`."""
    return plain(pieces(found, scale, labels, total))


def pieces(found: WhatIf, scale: PointScale, labels: Labels, total: int | None = None) -> tuple[Piece, ...]:
    """Return what changes.

    As "Without Alpine Short Bond Fund: 65 points instead of 92, rank 6th instead of 2nd." `scale` is
    that of the list as it was, `total` that of the bars beside the sentence; `labels` hold the names of
    added products too.
    """
    without, added = _left_out(found, labels), _names(found.added, labels)
    said = [Piece("Without "), *without] if without else []
    if added:
        said += [Piece(", and with " if without else "With "), *added]
    if not said:
        said = [Piece("As it is")]
    said.append(Piece(f": {_points(found, scale, total)}{_rank(found)}. "))
    if found.before.branch == "popularity":
        said.append(Piece("This is a popularity list: what the client has does not move its scores. "))
    joint = scale.points(scale.zero + found.together)
    if abs(joint) >= 0.5:
        said.append(
            Piece(
                f"Taken on both sides at once, together {wording.signed(joint)} beside the sum of the parts. "
            )
        )
    return trimmed(said)


def _left_out(found: WhatIf, labels: Labels) -> list[Piece]:
    gone = found.left_out
    if len(gone) > MOST_NAMED:
        kinds = (("interaction", "product"), ("tie", "connection"), ("client", "similar client"))
        counts = [(sum(contribution.kind == kind for contribution in gone), name) for kind, name in kinds]
        return [Piece(wording.joined([wording.counted(count, name) for count, name in counts if count]))]
    return evidence(gone, labels)


def _names(keys: tuple[str, ...], labels: Labels) -> list[Piece]:
    if len(keys) > MOST_NAMED:
        return [Piece(wording.counted(len(keys), "product"))]
    return listed([[Piece(labels.product_name(key), strong=True)] for key in keys])


def _points(found: WhatIf, scale: PointScale, total: int | None) -> str:
    if scale.flat:
        return "no points, as all products score the same"
    before = scale.whole(found.before.score)
    after = scale.whole(found.score) if total is None else total
    points = wording.counted(after, "point") if after > 0 else f"{wording.plain(after)} points"
    return f"{points} as before" if before == after else f"{points} instead of {wording.plain(before)}"


def _rank(found: WhatIf) -> str:
    before, after = found.before.rank, found.after.rank
    if before is None or after is None:
        return ""
    return f", rank {wording.ordinal(after)} " + (
        "as before" if before == after else f"instead of {wording.ordinal(before)}"
    )

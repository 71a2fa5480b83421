"""The words of a counterfactual: the removals that drop a product out of the top, or why none does."""

from finrec_core.explain.counterfactual import Counterfactual
from finrec_core.explain.explanation import TIED
from finrec_core.narrative.labels import Labels
from finrec_core.narrative.phrases import MOST_NAMED, Piece, evidence, plain, trimmed
from finrec_core.terms import wording

NUMBERS = {3: "three", 5: "five", 10: "ten", 20: "twenty"}


def sentence(found: Counterfactual, labels: Labels) -> str:
    """Return the counterfactual as plain text; see `pieces`."""
    return plain(pieces(found, labels))


def pieces(found: Counterfactual, labels: Labels) -> tuple[Piece, ...]:
    """Return the counterfactual, or why there is none, in words.

    As "Without Green Bond, Climate Fund leaves the top ten: rank 12th instead of 2nd. No smaller change
    does it." `labels` are those of the explanation that was searched. Names are not escaped.
    """
    return trimmed(_said(found, labels))


def _said(found: Counterfactual, labels: Labels) -> list[Piece]:
    top = f"the top {NUMBERS.get(found.top, found.top)}"
    one = Piece(labels.product, strong=True)
    if found.outcome == "popularity":
        return [Piece("This is a popularity list: what the client has does not move it. ")]
    if found.outcome == "no rank":
        return [one, Piece(f" has no rank on this list, so it cannot leave {top}. ")]
    if found.outcome == "outside":
        return [one, Piece(f" is {wording.ordinal(found.rank or 0)}, so it is not in {top}. ")]
    if found.outcome == "short list":
        return [Piece(f"No more than {found.top:,} products are offered, so none can leave {top}. ")]
    if found.outcome in ("none", "not found"):
        said = "No removal drops" if found.outcome == "none" else "No removal was found that drops"
        rank = wording.ordinal(found.rank_after or 0)
        after = f"without every product and connection of this client it is {rank}"
        return [Piece(f"{said} "), one, Piece(f" out of {top}: {after}. ")]
    moved = f"rank {wording.ordinal(found.rank_after or 0)} instead of {wording.ordinal(found.rank or 0)}"
    count = wording.counted(len(found.contributions), "removal")
    least = (
        "No smaller change does it. " if found.exact else f"At most {count}: a smaller change may do it too. "
    )
    return [
        Piece("Without "),
        *_removed(found, labels),
        Piece(" "),
        one,
        Piece(f" leaves {top}: {moved}. {least}"),
    ]


def _removed(found: Counterfactual, labels: Labels) -> list[Piece]:
    if len(found.contributions) > MOST_NAMED:
        ties = sum(contribution.kind in TIED for contribution in found.contributions)
        products = wording.counted(len(found.contributions) - ties, "product")
        near = [wording.counted(ties, "connection")] if ties else []
        return [Piece(wording.joined([products, *near]) + ",")]
    return [*evidence(found.contributions, labels), Piece(",")]

"""The what-if: a score worked out again from edited evidence, with rank and reasons anew."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from finrec_core.dataset import Dataset
from finrec_core.explain.account import account
from finrec_core.explain.explanation import Contribution, Explanation
from finrec_core.explain.pair import Pair
from finrec_core.explain.points import PointScale, Shown, shown
from finrec_core.explain.rescoring import rescore, rescored
from finrec_core.model.edit import Edit
from finrec_core.model.fused import FusedModel

SAME = 1e-6  # points by which a part may miss itself after other evidence has gone


@dataclass(frozen=True, repr=False)
class WhatIf:
    """A score before and after an edit of its evidence, with the model as it is.

    `score` comes from code that knows no parts; `after` holds the reasons anew, and its own score
    misses `score` by `error`. Of an edit on both sides at once, `together` is the change beyond the sum
    of what each side changes alone; 0 for an edit on one side. `added` holds the ids of added products.
    """

    before: Explanation
    after: Explanation
    score: float
    together: float = 0.0
    added: tuple[str, ...] = ()

    @property
    def error(self) -> float:
        """How far the score of the new reasons lies from the one worked out without parts."""
        return self.after.score - self.score

    @property
    def left_out(self) -> tuple[Contribution, ...]:
        """The parts of the client lens, then similar clients of the product lens, that are gone."""
        return (
            *self.gone("client"),
            *(contribution for contribution in self.gone("product") if contribution.kind == "client"),
        )

    def gone(self, lens: str) -> tuple[Contribution, ...]:
        """Return the parts of one lens, as they were, that are left out."""
        there = {(contribution.kind, contribution.id) for contribution in self.after.lens(lens).contributions}
        return tuple(
            contribution
            for contribution in self.before.lens(lens).contributions
            if (contribution.kind, contribution.id) not in there
        )

    def __repr__(self) -> str:
        return (
            f"WhatIf({self.before.client} / {self.before.product}: score {self.before.score:.4g} to "
            f"{self.score:.4g}, rank {self.before.rank} to {self.after.rank})"
        )


def offered(model: FusedModel, dataset: Dataset, client: int, edit: Edit | None = None) -> np.ndarray:
    """Return which products a client's list ranks, bool (products,).

    Not those that the client has or that are not offered any more; products left out by `edit` do not
    come back, and added ones leave.
    """
    mask = dataset.available.copy()
    mask[model.evidence.held[[client]].indices] = False
    if edit:
        mask[sorted(edit.added)] = False
    return mask


def rank_of(scores: np.ndarray, mask: np.ndarray, product: int) -> int | None:
    """Return the rank of a product among the offered ones, None where it is not one.

    `scores` and `mask` are (products,). Of equal scores the lower row comes first, as on every list.
    """
    if not mask[product]:
        return None
    ahead = (scores > scores[product]) | ((scores == scores[product]) & (np.arange(len(scores)) < product))
    return int((ahead & mask).sum()) + 1


def what_if(model: FusedModel, dataset: Dataset, before: Explanation, edit: Edit) -> WhatIf:
    """Score the pair that `before` explains again, from the evidence that `edit` leaves and adds.

    A client for whom nothing speaks stays on the popularity list that it started on.
    """
    client, product = dataset.client_rows[before.client], dataset.product_rows[before.product]
    score = rescore(model, client, product, edit)
    scores = rescored(model, client, edit).copy()
    scores[product] = score
    rank = rank_of(scores, offered(model, dataset, client, edit), product)
    together = 0.0
    if edit.sides == 2:
        alone = [replace(edit, clients=frozenset()), Edit(clients=edit.clients)]
        together = score + before.score - sum(rescore(model, client, product, one) for one in alone)
    added = dataset.products["product_id"].take(pa.array(sorted(edit.added), pa.int64())).to_pylist()
    after = account(Pair(model, client, product, edit), dataset, rank=rank)
    return WhatIf(before, after, score, together, tuple(added))


def shown_after(found: WhatIf, view: Shown, scale: PointScale, lens: str) -> Shown | None:
    """Return one lens after the change in points; `view` is the same lens before it.

    Where no more happens than that rows of the lens are left out, the other numbers stay as they are
    shown and add up to the new total, which lies less than a point from its exact value. Anything else
    is rounded anew. None where the scale is flat.
    """
    before, after = found.before.lens(lens), found.after.lens(lens)
    gone = {(contribution.kind, contribution.id) for contribution in found.gone(lens)}
    values = {
        (contribution.kind, contribution.id): contribution.value for contribution in before.contributions
    }
    rows = tuple(row for row in view.rows if (row.exact.kind, row.exact.id) not in gone)
    total = view.total - round(sum(row.points for row in view.rows) - sum(row.points for row in rows))
    moved = max(
        (
            abs(contribution.value - values.get((contribution.kind, contribution.id), np.inf))
            for contribution in after.contributions
        ),
        default=0.0,
    )
    same = max(moved, abs(after.base - before.base)) * scale.factor < SAME
    if same and len(view.rows) - len(rows) == len(gone) and abs(total - scale.points(found.score)) < 1:
        return Shown(view.start, rows, view.rest, view.groups, total)
    return shown(after, scale)

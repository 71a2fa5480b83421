"""The filters of a client's list: which products are shown, their ranks kept, and what is folded away."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.advice import Suitability
from finrec_core.advice.suitability import VerdictKind
from finrec_core.dataset import Dataset
from finrec_core.explain import wording
from finrec_core.recommender import Ranking


@dataclass(frozen=True)
class Filters:
    """What an adviser asked the list for; no category and no verdict chosen means all of them.

    `rejected` are the ids of products that are hidden. `most` products are shown; those that do not fit
    come on top of that number, and only where they are `unfolded` or their verdict was asked for.
    """

    most: int
    categories: tuple[str, ...] = ()
    verdicts: tuple[VerdictKind, ...] = ()
    hide_held: bool = True
    unfolded: bool = False
    rejected: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False, eq=False)
class Listed:
    """The products of a list in order, and how many more rank among them but do not fit."""

    rows: np.ndarray  # (shown,), rows of products
    misfits: int

    def __repr__(self) -> str:
        return f"Listed({len(self.rows):,} products, {self.misfits:,} that do not fit among them)"


def held(dataset: Dataset, client: str) -> np.ndarray:
    """Return the products that a client has, those it rated low too: bool (products,)."""
    marks = np.zeros(len(dataset.products), dtype=bool)
    marks[dataset.pair_products[dataset.pair_clients == dataset.client_rows[client]]] = True
    return marks


def listed(dataset: Dataset, ranking: Ranking, filters: Filters, suitability: Suitability | None) -> Listed:
    """Return the products that the filters leave of a list, best first.

    What the client has stands, where it is not hidden, at the place of its score and has no rank; it is
    never folded away. `suitability` is None where it cannot be checked: nothing is folded then.
    """
    has = held(dataset, ranking.client)
    rows = ranking.order
    if not filters.hide_held:
        rows = np.argsort(-ranking.scores, kind="stable")
        rows = rows[(ranking.ranks[rows] > 0) | has[rows]]
    if filters.rejected:
        rows = rows[~np.isin(rows, [dataset.product_rows.get(key, -1) for key in filters.rejected])]
    if filters.categories:
        wanted = pc.is_in(dataset.products["category"], value_set=pa.array(filters.categories))
        rows = rows[wanted.to_numpy()[rows]]
    if suitability is None:
        return Listed(rows[: filters.most], 0)
    if filters.verdicts:
        return Listed(rows[np.isin(suitability.kinds[rows], filters.verdicts)][: filters.most], 0)
    misfit = (suitability.kinds[rows] == "does not fit") & ~has[rows]
    fitting = np.flatnonzero(~misfit)
    end = fitting[filters.most - 1] + 1 if len(fitting) >= filters.most else len(rows)
    if len(fitting) < filters.most:  # the whole list is asked for, of which no more than that is shown
        end = max(filters.most, *(fitting[-1:] + 1), 0)
    shown, misfit = rows[:end], misfit[:end]
    return Listed(shown if filters.unfolded else shown[~misfit], int(misfit.sum()))


def rejected(count: int, *, shown: bool) -> str:
    """Return what stands below a list from which products are hidden that were rejected."""
    if shown:
        return f"{wording.counted(count, 'rejected product')} shown: hide again"
    return f"{wording.counted(count, 'rejected product')} hidden: show"


def fold(misfits: int, *, unfolded: bool) -> str:
    """Return what stands below a list with products that do not fit, as the label of its button."""
    if unfolded:
        return f"{misfits:,} ranked here {'does' if misfits == 1 else 'do'} not fit: fold away"
    ranks, does = ("ranks", "does") if misfits == 1 else ("rank", "do")
    return f"{misfits:,} more {ranks} here but {does} not fit: show"

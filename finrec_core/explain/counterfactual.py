"""The counterfactual: the fewest products and ties without which a product leaves a client's top ten."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from finrec_core.dataset import Dataset
from finrec_core.explain.explanation import Contribution, Explanation
from finrec_core.explain.removals import EXACT_PIECES, Removals
from finrec_core.explain.rescoring import rescored
from finrec_core.explain.what_if import offered, rank_of
from finrec_core.model.edit import Edit
from finrec_core.model.fused import FusedModel
from finrec_core.model.query import Query

Outcome = Literal["found", "none", "not found", "outside", "no rank", "short list", "popularity"]
CELLS = 40_000_000  # effects held at once, 320 MB; of a larger catalogue the nearest competitors are read


@dataclass(frozen=True, repr=False)
class Counterfactual:
    """The fewest removals that drop a product out of the top of its client's list.

    `contributions` are the removed parts of the client lens, largest first; `exact` says that no smaller set
    does it. `rank_after` is the rank without them; where no removal does it ("none"), the rank without
    everything the client has. Removed products stay off the list.
    """

    product: str
    top: int
    outcome: Outcome
    rank: int | None
    contributions: tuple[Contribution, ...] = ()
    exact: bool = False
    rank_after: int | None = None

    def __repr__(self) -> str:
        count = len(self.contributions)
        return f"Counterfactual({self.product}: {self.outcome}, {count} removals, exact {self.exact})"


def counterfactual(
    model: FusedModel, dataset: Dataset, explained: Explanation, top: int = 10
) -> Counterfactual:
    """Return the least change of the client's evidence that drops the explained product out of the top.

    Exact by search where at most 20 products and ties could be removed, or where 4 removals are
    enough; beyond, greedy. Raises `ValueError` where `top` is not positive.
    """
    if top < 1:
        raise ValueError("the top of a list has one place at least.")
    client, product = dataset.client_rows[explained.client], dataset.product_rows[explained.product]
    mask = offered(model, dataset, client)
    scores = rescored(model, client, Edit())
    rank = rank_of(scores, mask, product)
    outcome = _at_once(explained, rank, int(mask.sum()), top)
    if outcome:
        return Counterfactual(explained.product, top, outcome, rank)
    query = Query(model.evidence, client, product)
    pieces = [("interaction", int(j)) for j in query.products] + [("tie", int(v)) for v in query.ties[0]]
    others = np.flatnonzero(mask & (np.arange(len(mask)) != product))
    leads = scores[product] - scores[others]
    nearest = max(top, CELLS // max(1, len(pieces)))
    whole = len(others) <= nearest
    if not whole:
        near = np.sort(np.argsort(leads, kind="stable")[:nearest])
        others, leads = others[near], leads[near]
    moved = _effects(model, query, np.append(others, product))  # (pieces, others + 1)
    # Of equal scores the lower row comes first.
    leads = np.where(others < product, np.nextafter(leads, -np.inf), leads)
    removals = Removals(np.ascontiguousarray((moved[:, -1:] - moved[:, :-1]).T), leads, top)
    found = removals.smallest()
    chosen = range(len(pieces)) if found is None else found.pieces
    edit = Edit.of(
        [pieces[k][1] for k in chosen if pieces[k][0] == "interaction"],
        [pieces[k][1] for k in chosen if pieces[k][0] == "tie"],
    )
    after = rank_of(rescored(model, client, edit), mask, product)
    if found is None:
        proven = whole and (removals.count <= EXACT_PIECES or not removals.possible)
        return Counterfactual(
            explained.product, top, "none" if proven else "not found", rank, rank_after=after
        )
    gone = {(kind, _key(dataset, kind, row)) for kind, row in (pieces[k] for k in found.pieces)}
    contributions = tuple(
        contribution
        for contribution in explained.client_lens.contributions
        if (contribution.kind, contribution.id) in gone
    )
    return Counterfactual(explained.product, top, "found", rank, contributions, found.exact and whole, after)


def _at_once(explained: Explanation, rank: int | None, count: int, top: int) -> Outcome | None:
    """Return what can be said without a search, of a list of `count` products."""
    if explained.branch == "popularity":
        return "popularity"
    if rank is None:
        return "no rank"
    if rank > top:
        return "outside"
    return "short list" if count <= top else None


def _key(dataset: Dataset, kind: str, row: int) -> str:
    if kind == "tie":
        return dataset.clients["client_id"][row].as_py()
    return dataset.products["product_id"][row].as_py()


def _effects(model: FusedModel, query: Query, columns: np.ndarray) -> np.ndarray:
    """Return what each of the client's products, then each tie, adds to some scores, (pieces, columns)."""
    added = np.zeros((len(query.products) + len(query.ties[0]), len(columns)))
    for view, factor in zip(model.views, model.factors, strict=True):
        added += view.effects(query, columns) * factor[columns]
    return added

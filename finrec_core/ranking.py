"""The ranking: a client's catalogue in order, the lines of its list, and ids looked up."""

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

import numpy as np

from finrec_core.dataset import Dataset
from finrec_core.explain.points import PointScale
from finrec_core.model.edit import Edit
from finrec_core.model.evidence import Evidence


class UnknownIdError(ValueError):
    """A client or product that the dataset does not have; the message names the nearest ids."""


@dataclass(frozen=True)
class Recommendation:
    """One line of a client's list: `rank` is None for what the client has, `points` None on a flat list.

    >>> line = recommender.recommend(bank.clients["client_id"][0].as_py(), k=1)[0]
    >>> line.rank, line.points, line.held
    (1, 100.0, False)
    """

    rank: int | None
    product: str
    name: str
    score: float
    points: float | None
    evidence: Mapping[str, int] = field(default_factory=dict)
    held: bool = False


@dataclass(frozen=True, repr=False, eq=False)
class Ranking:
    """A client's whole catalogue: `ranks` count offered products from 1, 0 for what is not offered.

    `order` (offered,) are the offered product rows, best first; of equal scores the lower row. The
    scale is fixed on the whole offered list.

    >>> ranking = recommender.ranking(bank.clients["client_id"][0].as_py())
    >>> int(ranking.ranks[ranking.order[0]])
    1
    """

    client: str
    scores: np.ndarray  # (products,)
    order: np.ndarray  # (offered,)
    ranks: np.ndarray  # (products,)
    scale: PointScale

    @classmethod
    def of(cls, client: str, scores: np.ndarray, offered: np.ndarray) -> "Ranking":
        """Rank the products that `offered` marks, bool (products,), by their scores (products,)."""
        order = np.argsort(-scores, kind="stable")
        order = order[offered[order]]
        ranks = np.zeros(len(scores), dtype=np.int64)
        ranks[order] = np.arange(1, len(order) + 1)
        return cls(client, scores, order, ranks, PointScale.of(scores[order]))

    def __repr__(self) -> str:
        return f"Ranking({self.client}: {len(self.order):,} of {len(self.scores):,} products offered)"


def row_of(kind: str, key: str, rows: Mapping[str, int]) -> int:
    """Return the row of an id; raises `UnknownIdError` with the nearest ids."""
    if not isinstance(key, str):
        raise UnknownIdError(f'Ids are text: ask for the {kind} "{key}", not for {key!r}.')
    if key in rows:
        return rows[key]
    near = difflib.get_close_matches(key, rows, n=3, cutoff=0.5) or sorted(rows)[:3]
    raise UnknownIdError(f'There is no {kind} "{key}"; the nearest are {", ".join(near)}.')


class Changes(TypedDict, total=False):
    """Evidence of a pair to leave out, and products to add to what the client has, all as ids."""

    without_interactions: Collection[str]
    without_ties: Collection[str]
    without_clients: Collection[str]
    with_interactions: Collection[str]


def edit_of(dataset: Dataset, evidence: Evidence, client_id: str, product_id: str, changes: Changes) -> Edit:
    """Return the changes to a pair as an edit.

    Raises `UnknownIdError` for an id that is not there, for evidence to leave out that the client or
    product does not have, and for a product to add that the client has, or that is the pair's own, and
    `TypeError` for a change that there is not, or that is no collection of ids.
    """
    if unknown := sorted(changes.keys() - Changes.__optional_keys__):
        raise TypeError(
            f'there is no change "{unknown[0]}"; there are {", ".join(sorted(Changes.__optional_keys__))}.'
        )
    if texts := [name for name, keys in changes.items() if isinstance(keys, str)]:
        raise TypeError(f"{texts[0]} takes ids in a list or a set, not one text.")
    client, product = dataset.client_rows[client_id], dataset.product_rows[product_id]
    added = [row_of("product", key, dataset.product_rows) for key in changes.get("with_interactions", ())]
    taken = {*evidence.held[[client]].indices.tolist(), product}
    if lost := sorted(taken.intersection(added)):
        why = "is the one in question" if lost[0] == product else "is one that the client has"
        raise UnknownIdError(f'product "{_id(dataset, "products", lost[0])}" {why}, so it cannot be added.')
    edit = Edit.of(
        [row_of("product", key, dataset.product_rows) for key in changes.get("without_interactions", ())],
        [row_of("client", key, dataset.client_rows) for key in changes.get("without_ties", ())],
        [row_of("client", key, dataset.client_rows) for key in changes.get("without_clients", ())],
        added,
    )
    for rows, known, table, sentence in (
        (edit.interactions, evidence.x[[client]].indices, "products", "the client does not have product"),
        (edit.ties, evidence.ties[[client]].indices, "clients", "the client has no tie to client"),
        (
            edit.clients,
            evidence.by_product[[product]].indices,
            "clients",
            "the product is not held by client",
        ),
    ):
        if lost := sorted(rows - set(known.tolist())):
            raise UnknownIdError(f'{sentence} "{_id(dataset, table, lost[0])}", so it cannot be left out.')
    return edit


def _id(dataset: Dataset, table: str, row: int) -> str:
    return getattr(dataset, table)[f"{table[:-1]}_id"][row].as_py()

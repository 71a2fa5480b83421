"""The ranking: a client's catalogue in order, the lines of its list, who makes both, and ids looked up."""

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

import numpy as np
import pyarrow as pa

from finrec_core.dataset import Dataset
from finrec_core.dataset.naming import product_names
from finrec_core.explain.points import PointScale
from finrec_core.explain.what_if import offered
from finrec_core.intake.argument import a_count
from finrec_core.model.edit import Edit
from finrec_core.model.evidence import Evidence
from finrec_core.model.fused import FusedModel
from finrec_core.model.query import Query
from finrec_core.narrative.former import formers


class UnknownIdError(ValueError):
    """A client or product that the dataset does not have; the message names the nearest ids."""


@dataclass(frozen=True)
class Recommendation:
    """One line of a client's list: `rank` is None for what the client has, `points` None on a flat list.

    `former` says until when the client had it, as "until June 2024", "" where it did not give it up.

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
    former: str = ""


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


class Ranker:
    """Ranks the products of one dataset for its clients, by one model; whoever learns them sets both."""

    _dataset: Dataset | None = None
    _model: FusedModel | None = None

    @property
    def dataset(self) -> Dataset:
        """The dataset it was fitted on; raises `RuntimeError` before."""
        if self._dataset is None:
            raise RuntimeError("this recommender has not learned yet: call fit or load first.")
        return self._dataset

    @property
    def model(self) -> FusedModel:
        """The model fitted on all rows; raises `RuntimeError` before."""
        if self._model is None:
            raise RuntimeError("this recommender has not learned yet: call fit or load first.")
        return self._model

    def recommend(
        self, client: str, k: int = 10, *, include_held: bool = False, among: np.ndarray | None = None
    ) -> list[Recommendation]:
        """Return the client's k best offered products, best first.

        Offered is what the client does not have, or gave up, and the bank still offers.

        Args:
            client: Client id.
            k: How many at most.
            include_held: Whether all products compete for the k places; those not offered carry no rank.
            among: Leaves out all other products, bool (products,); ranks are those of the whole list.

        Returns:
            At most k lines.

        Raises:
            UnknownIdError: For a client that there is not; it names the nearest ids.
            ValueError: For a `k` below one.
        """
        ranking = self.ranking(client)
        rows = ranking.order
        if include_held:
            rows = np.argsort(-ranking.scores, kind="stable")
        if among is not None:
            rows = rows[among[rows]]
        return [self.line(ranking, int(row)) for row in rows[: a_count(k)]]

    def ranking(self, client: str) -> Ranking:
        """Return the scores and ranks of the whole catalogue for a client.

        Args:
            client: Client id.

        Returns:
            Scores, ranks from 1 and scale of points, in the order of the products' rows.
        """
        row = self.client_row(client)
        scores = self.model.scores(np.array([row]))
        return Ranking.of(client, scores[0], offered(self.model, self.dataset, row))

    def line(self, ranking: Ranking, row: int) -> Recommendation:
        """Return a product as a line of a ranking, with a rank or without.

        Args:
            ranking: What `ranking` gave.
            row: Product row.

        Returns:
            The line, with how much evidence of each kind speaks.
        """
        query = Query(self.model.evidence, self.client_row(ranking.client), row)
        reviews = len(self.model.evidence.features.reviews_of(row))
        counts = len(query.places), len(query.holders), reviews, len(query.ties[0])
        key = self.dataset.products["product_id"][row].as_py()
        score = float(ranking.scores[row])
        return Recommendation(
            rank=int(ranking.ranks[row]) or None,
            product=key,
            name=product_names(self.dataset).or_id(row),
            score=score,
            points=None if ranking.scale.flat else ranking.scale.points(score),
            evidence=dict(zip(("interactions", "clients", "reviews", "ties"), counts, strict=True)),
            held=row in self.model.evidence.held[[query.client]].indices,
            former=formers(self.dataset, query.client).get(row, ""),
        )

    def held(self, client: str) -> list[str]:
        """Return the products that a client has, those rated low included.

        Args:
            client: Client id.

        Returns:
            Product ids, by product row.
        """
        rows = self.model.evidence.held[[self.client_row(client)]].indices
        return self.dataset.products["product_id"].take(pa.array(rows)).to_pylist()

    def client_row(self, client: str) -> int:
        """Return the row of a client.

        Args:
            client: Client id.

        Returns:
            Its row in `dataset.clients`.

        Raises:
            UnknownIdError: With the nearest ids.
        """
        return row_of("client", client, self.dataset.client_rows)

    def product_row(self, product: str) -> int:
        """Return the row of a product.

        Args:
            product: Product id.

        Returns:
            Its row in `dataset.products`.

        Raises:
            UnknownIdError: With the nearest ids.
        """
        return row_of("product", product, self.dataset.product_rows)

"""The evidence a model is fitted on: the interaction matrix, degrees, ties and the graph of a dataset."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from scipy.sparse import csr_array

from finrec_core.dataset import Dataset
from finrec_core.model.constants import Switches
from finrec_core.model.features import TextFeatures
from finrec_core.model.graph import EdgeType, Graph, Relation
from finrec_core.model.message_passing import MessagePassing
from finrec_core.text.table import TextTable

NEAR = 10  # products a product reads like


@dataclass(frozen=True, repr=False, eq=False)
class Evidence:
    """What the rows of a dataset say, in the arrays every view works on.

    `x` (clients, products) holds the positive pairs, its stored places are the graph's edges;
    `days` (edges,) says since when they are held (NaN unknown), `review_edge` (reviews,) on which edge each
    review was written, -1 where its pair is not positive; `ties` (clients, clients) row-normalised.
    `held` (clients, products) also holds low-rated interactions: what is never recommended.
    """

    x: csr_array
    held: csr_array
    days: np.ndarray
    review_edge: np.ndarray
    ties: csr_array
    features: TextFeatures
    switches: Switches
    message_passing: MessagePassing

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        texts: TextTable | None,
        switches: Switches,
        *,
        message_passing: str | None = None,
        device: str = "cpu",
    ) -> "Evidence":
        """Read the evidence of a dataset; `texts` are row-aligned with it.

        `message_passing` is what is asked to multiply on the `device`, None for the setting.
        """
        if texts is None or not switches.text:
            features = TextFeatures.empty(dataset)
        else:
            features = TextFeatures.of(dataset, texts, reviews=switches.reviews)
        return cls.with_features(dataset, features, switches, message_passing=message_passing, device=device)

    @classmethod
    def with_features(
        cls,
        dataset: Dataset,
        features: TextFeatures,
        switches: Switches,
        *,
        message_passing: str | None = None,
        device: str = "cpu",
    ) -> "Evidence":
        """Read the evidence of a dataset beside text features that were made before."""
        x = dataset.matrix()
        # Pairs and the places of `x` stand in one order: by client, then product.
        edges = np.where(dataset.positive, np.cumsum(dataset.positive) - 1, -1)  # (pairs,)
        ties = _ties(dataset) if switches.ties else csr_array((x.shape[0], x.shape[0]))
        return cls(
            x=x,
            held=dataset.matrix("held"),
            days=dataset.days[dataset.positive],
            review_edge=edges[dataset.pairs.of_events[features.review_rows]],
            ties=ties,
            features=features,
            switches=switches,
            message_passing=MessagePassing.of(message_passing, edges=max(x.nnz, ties.nnz), device=device),
        )

    @cached_property
    def counts(self) -> np.ndarray:
        """Positive interactions of each client, float64 (clients,)."""
        return np.diff(self.x.indptr).astype(np.float64)

    @cached_property
    def by_product(self) -> csr_array:
        """The positive interactions turned, (products, clients)."""
        return csr_array(self.x.T)

    @cached_property
    def degree(self) -> np.ndarray:
        """Holders of each product, float64 (products,)."""
        return np.bincount(self.x.indices, minlength=self.x.shape[1]).astype(np.float64)

    @property
    def holders(self) -> np.ndarray:
        """Holders floored at one, as they stand under a negative power, (products,)."""
        return np.maximum(self.degree, 1.0)

    @cached_property
    def cold(self) -> np.ndarray:
        """The products nobody has that are scored by their own words, bool (products,)."""
        if not (self.switches.cold and self.features.own.size):
            return np.zeros(len(self.degree), dtype=bool)
        return (self.degree == 0) & self.features.own.any(axis=1)

    @cached_property
    def connections(self) -> np.ndarray:
        """Ties of each client, float64 (clients,)."""
        return np.diff(self.ties.indptr).astype(np.float64)

    @property
    def tie_values(self) -> np.ndarray:
        """Row-normalised tie weights, (ties,)."""
        return self.ties.data

    def recency(self, decay: float) -> np.ndarray:
        """Weight of each edge, exp(-age / decay) with age counted from the client's latest, (edges,)."""
        if decay not in self._recencies:
            self._recencies[decay] = self._recency(decay)
        return self._recencies[decay]

    @cached_property
    def _recencies(self) -> dict[float, np.ndarray]:
        """Weights by decay: an explanation asks for the same ones at every click."""
        return {}

    def _recency(self, decay: float) -> np.ndarray:
        if not decay or not self.switches.recency or np.isnan(self.days).all():
            return np.ones(self.x.nnz)
        rows = np.repeat(np.arange(self.x.shape[0]), np.diff(self.x.indptr))
        latest = np.full(self.x.shape[0], -np.inf)
        known = ~np.isnan(self.days)
        np.maximum.at(latest, rows[known], self.days[known])
        age = np.where(known, latest[rows] - np.nan_to_num(self.days), 0.0)
        return np.exp(-age / decay)

    @cached_property
    def near(self) -> csr_array:
        """The ten held products each product reads like, rows summing to one, (products, products)."""
        products = self.x.shape[1]
        if not self.switches.similar or (not self.features.own.size and not self.features.reviews.size):
            return csr_array((products, products))
        z = np.concatenate([self.features.own, self.features.product_reviews], axis=1)
        return _nearest(z, self.degree > 0)

    @property
    def near_values(self) -> np.ndarray:
        """Weights of the `reads_like` relation, (near,)."""
        return self.near.data

    @cached_property
    def graph(self) -> Graph:
        """The heterogeneous graph, which DGL holds; loading that takes time, so only who walks it asks."""
        return Graph.of(self.x, self.ties, self.near, self.message_passing.ran)

    def passed(self, edge_type: EdgeType, matrix: csr_array, x: np.ndarray) -> np.ndarray:
        """Return the messages `matrix * x` that reach each row of a relation, float64 (rows, dim).

        The matrix holds the values of the edges in their places; `had_by` takes those of `has`.
        """
        if self.message_passing.ran == "csr":  # by scipy: who serves a model waits for no graph and no DGL
            return (matrix.T if edge_type == "had_by" else matrix) @ x
        return self.graph.gather(edge_type, torch.from_numpy(matrix.data), torch.from_numpy(x)).numpy()

    @cached_property
    def mentions(self) -> Relation:
        """Which reviews speak of which product, (products, reviews)."""
        return Relation.of(self.features.shares, self.message_passing.ran)

    def __repr__(self) -> str:
        clients, products = self.x.shape
        return (
            f"Evidence({clients:,} clients, {products:,} products, {self.x.nnz:,} edges, "
            f"{self.ties.nnz:,} tie ends, {self.features})"
        )


def _ties(dataset: Dataset) -> csr_array:
    """Ties used both ways, row-normalised, (clients, clients)."""
    clients = len(dataset.clients)
    a, b = dataset.tie_rows.T
    both = csr_array((np.ones(2 * len(a)), (np.r_[a, b], np.r_[b, a])), shape=(clients, clients))
    both.data[:] = 1.0
    both.setdiag(0)
    both.eliminate_zeros()
    both.sort_indices()
    both.data = both.data / np.repeat(np.maximum(1, np.diff(both.indptr)), np.diff(both.indptr))
    return both


def _nearest(z: np.ndarray, known: np.ndarray) -> csr_array:
    """Each row's nearest others by cosine among `known`, sharing a weight of one; zero rows have none."""
    norm = np.linalg.norm(z, axis=1)
    told = np.flatnonzero(norm > 0)
    unit = (z[told] / norm[told, None]).astype(np.float32)
    others = np.flatnonzero(known[told])  # places in told
    count = min(NEAR, len(others) - 1)
    if count < 1:
        return csr_array((len(z), len(z)))
    rows, cols = [], []
    for low in range(0, len(told), 2048):
        cosine = torch.from_numpy(unit[low : low + 2048] @ unit[others].T)  # (block, others)
        itself = np.arange(low, low + len(cosine))
        place = np.searchsorted(others, itself).clip(max=len(others) - 1)
        there = np.flatnonzero(others[place] == itself)
        cosine[there, place[there]] = -2.0
        nearest = torch.topk(cosine, count, dim=1).indices.numpy()
        rows.append(np.repeat(told[low : low + len(nearest)], count))
        cols.append(told[others[nearest]].ravel())
    places = (np.concatenate(rows), np.concatenate(cols))
    values = np.full(len(places[0]), 1.0 / count)
    matrix = csr_array((values, places), shape=(len(z), len(z)))
    matrix.sort_indices()
    return matrix

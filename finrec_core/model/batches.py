"""Batches: which clients a step of training asks, and which products it ranks for them.

Small data is asked whole. Many edges are taken some clients at a time, and a large catalogue is
sampled with log-Q correction, so that a step costs the same however much there is.

Who is asked and what is hidden is drawn here, by the training's own seeded generator: DGL's samplers draw
from a stream of their own, which that seed does not reach. The messages around the clients drawn come from
DGL's subgraph (`Graph.part`). Their edges to predict are picked by a mask, which keeps them in the order of
the data; DGL's would have to be sorted, and on lastfm that took longer (2.8 ms a step against 2.0).
"""

from dataclasses import dataclass, replace

import torch

from finrec_core.model.network import NetworkInputs

STEP_CELLS = 2_500_000  # clients x products scored in one step; more clients take turns
LEAST_CLIENTS = 256
MOST_EDGES = 200_000  # edges of the clients asked in one step
MOST_RANKED = 20_000  # products up to which all are ranked
SAMPLE = 4_096  # products drawn above that, beside the hidden ones
MOST_TURNS = 4  # a training takes up to so many times the steps where clients take turns


def size(inputs: NetworkInputs) -> int:
    """Return how many clients a step asks."""
    clients, products = inputs.graph.has.rows, inputs.graph.has.cols
    width = 2 * SAMPLE if products > MOST_RANKED else products
    by_edges = clients * MOST_EDGES // max(1, len(inputs.row))
    return min(clients, max(LEAST_CLIENTS, min(STEP_CELLS // width, by_edges)))


def turns(inputs: NetworkInputs) -> int:
    """Return how many times longer a training is: one, more where the edges are taken in batches."""
    if len(inputs.row) <= MOST_EDGES:
        return 1
    return min(MOST_TURNS, -(-inputs.graph.has.rows // size(inputs)))


def clients(inputs: NetworkInputs, generator: torch.Generator) -> torch.Tensor:
    """Return the clients that one step asks, (asked,)."""
    everybody, device = inputs.graph.has.rows, inputs.row.device
    count = size(inputs)
    if count == everybody:
        return torch.arange(everybody, device=device)
    return torch.randperm(everybody, generator=generator, device=device)[:count]


@dataclass(frozen=True, eq=False)
class Hidden:
    """The edges to predict, and those in sight: rows, columns and the hidden ones' weights."""

    row: torch.Tensor  # (hidden,)
    col: torch.Tensor  # (hidden,)
    weight: torch.Tensor  # (hidden,) adding up to one
    seen_row: torch.Tensor  # (seen,)
    seen_col: torch.Tensor  # (seen,)

    @classmethod
    def of(cls, inputs: NetworkInputs, kept: torch.Tensor, asked: torch.Tensor) -> "Hidden":
        """Read the hidden and the visible edges of the clients asked, their rows counted among these."""
        place = torch.full((inputs.graph.has.rows,), -1, device=kept.device)
        place[asked] = torch.arange(len(asked), device=kept.device)
        row = place[inputs.row]
        out, seen = (kept == 0) & (row >= 0), (kept > 0) & (row >= 0)
        count = int(out.sum())
        weight = torch.full((count,), 1.0 / max(1, count), device=kept.device)
        return cls(row[out], inputs.col[out], weight, row[seen], inputs.col[seen])


@dataclass(frozen=True, eq=False)
class Ranked:
    """The products drawn for one step, and what each score is corrected by (Bengio and Senecal 2008).

    A product is drawn by its share of all edges, those to be predicted surely. With minus the
    logarithm of its chance added to its score, the softmax's sum is right on average.
    """

    products: torch.Tensor  # (ranked,)
    correction: torch.Tensor  # (ranked,)

    @classmethod
    def drawn(cls, inputs: NetworkInputs, hidden: Hidden, generator: torch.Generator) -> "Ranked":
        """Draw the products of a step; nobody's products are never drawn."""
        edges = torch.bincount(inputs.col, minlength=inputs.graph.has.cols)
        chance = (edges * (SAMPLE / max(1, len(inputs.col)))).clamp(max=1.0)  # (products,)
        chance[hidden.col] = 1.0
        lot = torch.rand(len(chance), generator=generator, device=chance.device)
        products = torch.nonzero(lot < chance).ravel()
        return cls(products, -chance[products].log())

    def among(self, hidden: Hidden, products: int) -> Hidden:
        """Return the same edges with columns counted among those drawn, other visible ones left out."""
        place = torch.full((products,), -1, device=self.products.device)
        place[self.products] = torch.arange(len(self.products), device=place.device)
        seen = place[hidden.seen_col]
        kept = seen >= 0
        return replace(hidden, col=place[hidden.col], seen_row=hidden.seen_row[kept], seen_col=seen[kept])

"""The graph: clients and products as a DGL heterograph, its parts, and message passing over it.

DGL holds the edges, cuts subgraphs out of them and lays them out by row and by column. What multiplies
along them is either DGL's own kernel or a CSR product over that layout in an `autograd.Function`; the
second is several times faster and runs on CUDA too, where DGL's wheel does not. Tests hold values and
gradients of both equal (docs/model.md, Graph).
"""

import sys
import types
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from scipy.sparse import csr_array

from finrec_core.model.message_passing import Backend
from finrec_core.settings import prepare_libraries

# Said once to every user of `evaluate`; the products used here are held against DGL's by a test.
warnings.filterwarnings("ignore", message="Sparse CSR tensor support is in beta")

EdgeType = Literal["has", "had_by", "tied", "reads_like"]
Places = tuple[torch.Tensor, torch.Tensor, torch.Tensor]  # row ends, columns, edge numbers: none, in order


class GraphError(ValueError):
    """The graph cannot be made; the message is one sentence."""


def load_dgl() -> Any:  # noqa: ANN401 - a module
    """Import DGL with an empty `graphbolt`, whose library does not know this torch.

    Without the stub the import fails on a missing `torchdata.datapipes`. Raises `GraphError` where DGL
    cannot be loaded.
    """
    if "dgl" not in sys.modules:
        prepare_libraries()
        sys.modules.setdefault("dgl.graphbolt", types.ModuleType("dgl.graphbolt"))
    try:
        import dgl  # noqa: PLC0415 - it takes most of a second, and who only reads a model needs no graph
    except (ImportError, OSError) as error:
        raise GraphError(f"DGL, which holds the graph, cannot be loaded ({error}).") from error
    return dgl


class Layout(NamedTuple):
    """Edges one row after another: where each row ends, int64, each edge's other end, and its number."""

    ends: torch.Tensor  # (rows + 1,)
    other: torch.Tensor  # (edges,)
    edge: torch.Tensor | None  # (edges,) None where edge e stands at place e

    @classmethod
    def of(cls, ends: torch.Tensor, other: torch.Tensor, edge: torch.Tensor) -> "Layout":
        """Keep what DGL gives, which numbers the edges even where they stand in order, or not at all."""
        in_order = not len(edge) or torch.equal(edge, torch.arange(len(edge)))
        return cls(ends, other, None if in_order else edge)

    def times(self, values: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        """Return the CSR matrix of these edge values times x, (rows, dim)."""
        values = values if self.edge is None else values[self.edge]
        shape = (len(self.ends) - 1, len(x))
        return torch.sparse_csr_tensor(self.ends, self.other, values, shape, check_invariants=False) @ x

    def to(self, device: torch.device) -> "Layout":
        """Return the layout on another device."""
        edge = self.edge if self.edge is None else self.edge.to(device)
        return Layout(self.ends.to(device), self.other.to(device), edge)


@dataclass(frozen=True, repr=False, eq=False)
class Relation:
    """One edge type, held by DGL, with its edges laid out by row and, for gradients, by column.

    Edge values are handed to `spmm` in the order of the edges.
    """

    held: Any  # dgl.DGLGraph of this edge type alone, on the processor
    by_row: Layout
    by_col: Layout
    backend: Backend = "csr"

    @classmethod
    def of(cls, matrix: csr_array, backend: Backend = "csr") -> "Relation":
        """Make the relation of a sparse matrix; edge e is its e-th stored place."""
        return cls.stored(_places(matrix), matrix.shape, backend)

    @classmethod
    def stored(cls, places: Places, shape: tuple[int, int], backend: Backend) -> "Relation":
        """Let DGL hold edges that stand in order, row after row."""
        nodes = {"row": shape[0], "column": shape[1]}
        held = load_dgl().heterograph({("column", "in", "row"): ("csc", places)}, num_nodes_dict=nodes)
        return cls.within(held, backend)

    @classmethod
    def within(cls, held: Any, backend: Backend) -> "Relation":  # noqa: ANN401 - dgl.DGLGraph
        """Read a DGL graph of one edge type; DGL leads from columns to rows."""
        by_row, by_col = (Layout.of(*held.adj_tensors(kind)) for kind in ("csc", "csr"))
        return cls(held, by_row, by_col, backend)

    @property
    def rows(self) -> int:
        """The number of rows, which messages reach."""
        return len(self.by_row.ends) - 1

    @property
    def cols(self) -> int:
        """The number of columns, which messages leave."""
        return len(self.by_col.ends) - 1

    @property
    def edges(self) -> int:
        """The number of edges."""
        return len(self.by_row.other)

    @property
    def row(self) -> torch.Tensor:
        """The row of each edge, int64 (edges,), of edges that stand in order."""
        ends = self.by_row.ends
        return torch.repeat_interleave(torch.arange(self.rows, device=ends.device), ends.diff())

    @property
    def col(self) -> torch.Tensor:
        """The column of each edge, int64 (edges,), of edges that stand in order."""
        return self.by_row.other

    @property
    def transposed(self) -> "Relation":
        """The reverse relation over the same edges in the same order."""
        return Relation(load_dgl().reverse(self.held), self.by_col, self.by_row, self.backend)

    def to(self, device: torch.device) -> "Relation":
        """Return the relation with its layouts on another device; DGL's graph stays on the processor."""
        return Relation(self.held, self.by_row.to(device), self.by_col.to(device), self.backend)

    def __repr__(self) -> str:
        return f"Relation({self.rows:,} x {self.cols:,}, {self.edges:,} edges)"


def _places(matrix: csr_array) -> Places:
    """Return the stored places of a sparse matrix, row after row, as DGL takes them."""
    matrix = csr_array(matrix)
    matrix.sort_indices()
    ends, other = (torch.from_numpy(item.astype(np.int64)) for item in (matrix.indptr, matrix.indices))
    return ends, other, ends.new_zeros(0)


class _CsrProduct(torch.autograd.Function):
    """Sparse times dense with the transpose at hand; no gradient flows into the edge values."""

    @staticmethod
    def forward(ctx: Any, relation: Relation, values: torch.Tensor, x: torch.Tensor) -> torch.Tensor:  # noqa: ANN401
        ctx.relation, ctx.values = relation, values
        return relation.by_row.times(values, x)

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[None, None, torch.Tensor]:  # noqa: ANN401
        return None, None, ctx.relation.by_col.times(ctx.values, grad.contiguous())


def spmm(relation: Relation, values: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Sum each row's neighbours weighted by the edge values: (rows, cols) @ (cols, dim).

    Gradients flow into `x` only: degrees, masks and recency are constants of a step.
    """
    if relation.backend == "dgl":
        return load_dgl().ops.u_mul_e_sum(relation.held, x, values.unsqueeze(1))
    return _CsrProduct.apply(relation, values, x)


@dataclass(frozen=True, repr=False, eq=False)
class Graph:
    """Clients and products, held by DGL, with the relations messages travel along.

    `has` leads from products to the clients that have them, `tied` from clients to clients,
    `reads_like` from products to products; `had_by` is the reverse of `has` over the same edges in
    the same order. Rows are what messages reach: (clients, products) for `has`.
    """

    held: Any  # dgl.DGLGraph with node types client and product, on the processor
    backend: Backend = "csr"
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))

    @classmethod
    def of(cls, has: csr_array, tied: csr_array, reads_like: csr_array, backend: Backend = "csr") -> "Graph":
        """Let DGL hold the stored places of three matrices, which are the edges in their order."""
        edges = {
            ("product", "has", "client"): ("csc", _places(has)),
            ("client", "had_by", "product"): ("csr", _places(has)),
            ("client", "tied", "client"): ("csc", _places(tied)),
            ("product", "reads_like", "product"): ("csc", _places(reads_like)),
        }
        nodes = dict(zip(("client", "product"), has.shape, strict=True))
        return cls(load_dgl().heterograph(edges, num_nodes_dict=nodes), backend)

    @cached_property
    def has(self) -> Relation:
        """What clients have, (clients, products)."""
        return self._relation("has")

    @cached_property
    def had_by(self) -> Relation:
        """The reverse of `has`, (products, clients)."""
        return self._relation("had_by")

    @cached_property
    def tied(self) -> Relation:
        """Who is tied to whom, (clients, clients)."""
        return self._relation("tied")

    @cached_property
    def reads_like(self) -> Relation:
        """What reads like what, (products, products)."""
        return self._relation("reads_like")

    def _relation(self, edge_type: EdgeType) -> Relation:
        return Relation.within(self.held[edge_type], self.backend).to(self.device)

    def gather(self, edge_type: EdgeType, values: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        """Sum the messages `values * x` that reach each row of the relation, (rows, dim)."""
        return spmm(getattr(self, edge_type), values, x)

    def part(self, edge_type: Literal["has", "tied"], clients: torch.Tensor) -> tuple[Relation, torch.Tensor]:
        """Return the relation of some clients alone, in their order, and the edges it keeps, (kept,)."""
        dgl, whole, rows = load_dgl(), self.held[edge_type], clients.cpu()
        inside = dgl.in_subgraph(whole, {"client": rows})  # edges stand client after client, as asked
        ends = torch.cat([rows.new_zeros(1), whole.in_degrees(rows).cumsum(0)])
        shape = len(rows), whole.num_nodes(whole.canonical_etypes[0][0])
        found = Relation.stored((ends, inside.edges()[0], rows.new_zeros(0)), shape, self.backend)
        return found.to(self.device), inside.edata[dgl.EID].to(self.device)

    def products_of(self, clients: Sequence[int]) -> list[list[int]]:
        """Return the products that each of some clients has, rows of the whole graph in their order."""
        whole = self.held["has"]
        inside = load_dgl().in_subgraph(whole, {"client": list(clients)})
        columns = inside.edges()[0].split(whole.in_degrees(list(clients)).tolist())
        return [one.tolist() for one in columns]

    def to(self, device: torch.device) -> "Graph":
        """Return the graph with its relations on another device."""
        return Graph(self.held, self.backend, device)

    def __repr__(self) -> str:
        return f"Graph(has {self.has}, tied {self.tied}, reads_like {self.reads_like}, by {self.backend})"

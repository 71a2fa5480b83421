"""The graph: clients and products as a DGL heterograph, and weighted message passing over it.

DGL's message passing is the reference path. The fast path is a CSR product whose transpose is
stored, wrapped in an `autograd.Function`; it is several times faster and runs on CUDA too, where
DGL's wheel does not. One test holds the values and gradients of both equal.
"""

import sys
import types
import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import torch
from scipy.sparse import csr_array

from finrec_core.settings import prepare_libraries

# Said once to every user of `evaluate`; the products used here are held against DGL's by a test.
warnings.filterwarnings("ignore", message="Sparse CSR tensor support is in beta")

Backend = Literal["csr", "dgl"]
EdgeType = Literal["has", "had_by", "tied", "reads_like"]


def load_dgl() -> Any:  # noqa: ANN401 - a module
    """Import DGL with an empty `graphbolt`, whose library does not know this torch.

    Without the stub the import fails on a missing `torchdata.datapipes`.
    """
    if "dgl" not in sys.modules:
        prepare_libraries()
        sys.modules.setdefault("dgl.graphbolt", types.ModuleType("dgl.graphbolt"))
    import dgl  # noqa: PLC0415 - it takes two seconds and only the reference path needs it

    return dgl


@dataclass(frozen=True, repr=False, eq=False)
class Relation:
    """One edge type as a sparse matrix of fixed places, with its transpose stored.

    `crow`, `col` hold the places row by row, int64; `crow_t`, `col_t` those of the transpose, and
    `order` the edge that stands at each place of the transpose. Edge values are handed to `spmm`.
    """

    rows: int
    cols: int
    crow: torch.Tensor  # (rows + 1,)
    col: torch.Tensor  # (edges,)
    crow_t: torch.Tensor  # (cols + 1,)
    col_t: torch.Tensor  # (edges,)
    order: torch.Tensor  # (edges,)

    @classmethod
    def of(cls, matrix: csr_array) -> "Relation":
        """Make the relation of a sparse matrix; edge e is its e-th stored place."""
        matrix = csr_array(matrix)
        matrix.sort_indices()
        edges = csr_array(
            (np.arange(1, matrix.nnz + 1, dtype=np.float64), matrix.indices, matrix.indptr), matrix.shape
        )
        turned = csr_array(edges.T)
        turned.sort_indices()
        place = [matrix.indptr, matrix.indices, turned.indptr, turned.indices, turned.data - 1]
        return cls(
            *matrix.shape, *(torch.from_numpy(np.ascontiguousarray(item, dtype=np.int64)) for item in place)
        )

    @property
    def edges(self) -> int:
        """The number of edges."""
        return len(self.col)

    @property
    def row(self) -> torch.Tensor:
        """The row of each edge, int64 (edges,)."""
        return torch.repeat_interleave(torch.arange(self.rows, device=self.crow.device), self.crow.diff())

    @property
    def transposed(self) -> "Relation":
        """The reverse relation; edge values must be handed over in its order: `values[self.order]`."""
        back = torch.empty_like(self.order)
        back[self.order] = torch.arange(self.edges, device=back.device)
        return Relation(self.cols, self.rows, self.crow_t, self.col_t, self.crow, self.col, back)

    def part(self, rows: torch.Tensor) -> tuple["Relation", torch.Tensor]:
        """Return the relation of some rows alone, in their order, and the edges it keeps, (kept,)."""
        count, zero = self.crow.diff()[rows], self.crow.new_zeros(1)
        crow = torch.cat([zero, count.cumsum(0)])
        row = torch.repeat_interleave(torch.arange(len(rows), device=rows.device), count)
        edges = (self.crow[rows] - crow[:-1])[row] + torch.arange(len(row), device=rows.device)
        col = self.col[edges]
        order = torch.argsort(col, stable=True)
        crow_t = torch.cat([zero, torch.bincount(col, minlength=self.cols).cumsum(0)])
        return Relation(len(rows), self.cols, crow, col, crow_t, row[order], order), edges

    def to(self, device: torch.device) -> "Relation":
        """Return the relation on another device."""
        moved = (self.crow, self.col, self.crow_t, self.col_t, self.order)
        return Relation(self.rows, self.cols, *(item.to(device) for item in moved))

    def __repr__(self) -> str:
        return f"Relation({self.rows:,} x {self.cols:,}, {self.edges:,} edges)"


class _CsrProduct(torch.autograd.Function):
    """Sparse times dense with the transpose at hand; no gradient flows into the edge values."""

    @staticmethod
    def forward(ctx: Any, relation: Relation, values: torch.Tensor, x: torch.Tensor) -> torch.Tensor:  # noqa: ANN401
        ctx.relation, ctx.values = relation, values
        return _matrix(relation.crow, relation.col, values, relation.rows, relation.cols) @ x

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[None, None, torch.Tensor]:  # noqa: ANN401
        relation, values = ctx.relation, ctx.values[ctx.relation.order]
        back = _matrix(relation.crow_t, relation.col_t, values, relation.cols, relation.rows)
        return None, None, back @ grad.contiguous()


def _matrix(
    crow: torch.Tensor, col: torch.Tensor, values: torch.Tensor, rows: int, cols: int
) -> torch.Tensor:
    return torch.sparse_csr_tensor(crow, col, values, (rows, cols), check_invariants=False)


def spmm(relation: Relation, values: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Sum each row's neighbours weighted by the edge values: (rows, cols) @ (cols, dim).

    Gradients flow into `x` only: degrees, masks and recency are constants of a step.
    """
    return _CsrProduct.apply(relation, values, x)


@dataclass(frozen=True, repr=False, eq=False)
class Graph:
    """Clients and products with the relations messages travel along.

    `has` leads from products to the clients that have them, `tied` from clients to clients,
    `reads_like` from products to products. `gather` sums messages along one of them, or along
    `had_by`, the reverse of `has`, whose edge values are handed over in the order of `has`.
    """

    has: Relation  # (clients, products)
    tied: Relation  # (clients, clients)
    reads_like: Relation  # (products, products)
    backend: Backend = "csr"

    @cached_property
    def had_by(self) -> Relation:
        """The reverse of `has`, (products, clients)."""
        return self.has.transposed

    def gather(self, edge_type: EdgeType, values: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        """Sum the messages `values * x` that reach each row of the relation, (rows, dim)."""
        if self.backend == "dgl":
            return _gather_dgl(self.heterograph, edge_type, values, x)
        if edge_type == "had_by":
            return spmm(self.had_by, values[self.has.order], x)
        return spmm(getattr(self, edge_type), values, x)

    @cached_property
    def heterograph(self) -> Any:  # noqa: ANN401 - dgl.DGLGraph, imported late
        """The DGL heterograph with node types client and product and the four edge types."""
        dgl = load_dgl()
        has, tied, like = self.has, self.tied, self.reads_like
        return dgl.heterograph(
            {
                ("product", "has", "client"): (has.col, has.row),
                ("client", "had_by", "product"): (has.row, has.col),
                ("client", "tied", "client"): (tied.col, tied.row),
                ("product", "reads_like", "product"): (like.col, like.row),
            },
            num_nodes_dict={"client": has.rows, "product": has.cols},
        )

    def to(self, device: torch.device) -> "Graph":
        """Return the graph on another device."""
        return Graph(self.has.to(device), self.tied.to(device), self.reads_like.to(device), self.backend)

    def __repr__(self) -> str:
        return f"Graph(has {self.has}, tied {self.tied}, reads_like {self.reads_like}, by {self.backend})"


def _gather_dgl(graph: Any, edge_type: EdgeType, values: torch.Tensor, x: torch.Tensor) -> torch.Tensor:  # noqa: ANN401
    """Pass messages with DGL's `update_all`; autograd runs through DGL's own kernels."""
    function = load_dgl().function
    with graph.local_scope():
        source, _, target = graph.to_canonical_etype(edge_type)
        graph.nodes[source].data["x"] = x
        graph.edges[edge_type].data["w"] = values.unsqueeze(1)
        graph[edge_type].update_all(function.u_mul_e("x", "w", "m"), function.sum("m", "y"))
        return graph.nodes[target].data["y"]

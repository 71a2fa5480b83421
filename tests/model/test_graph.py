import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.sparse import csr_array, random_array

from finrec_core.model.graph import Graph, GraphError, load_dgl, spmm


@pytest.fixture
def graph():
    rng = np.random.default_rng(0)
    make = lambda shape: random_array(shape, density=0.2, format="csr", rng=rng)  # noqa: E731
    return Graph.of(make((30, 20)), make((30, 30)), make((20, 20)))


@pytest.mark.parametrize("edge_type", ["has", "had_by", "tied", "reads_like"])
def test_fast_path_equals_dgl_in_values_and_gradients(graph, edge_type):
    relation = getattr(graph, edge_type)
    values = torch.randn(relation.edges, generator=torch.Generator().manual_seed(1))
    x = torch.randn(relation.cols, 7, generator=torch.Generator().manual_seed(2))
    pull = torch.randn(relation.rows, 7, generator=torch.Generator().manual_seed(3))
    found = []
    for backend in ("csr", "dgl"):
        one = replace(graph, backend=backend)
        leaf = x.clone().requires_grad_()
        y = one.gather(edge_type, values, leaf)
        (y * pull).sum().backward()
        found.append((y.detach(), leaf.grad))
    torch.testing.assert_close(found[0][0], found[1][0], atol=1e-5, rtol=0)
    torch.testing.assert_close(found[0][1], found[1][1], atol=1e-5, rtol=0)


@pytest.mark.parametrize("edge_type", ["has", "tied"])
@pytest.mark.parametrize("backend", ["csr", "dgl"])
def test_a_part_is_the_rows_asked_for_in_their_order(graph, edge_type, backend):
    clients = torch.tensor([17, 3, 29, 4])
    relation = getattr(graph, edge_type)
    part, edges = replace(graph, backend=backend).part(edge_type, clients)
    values, x = torch.rand(relation.edges), torch.rand(relation.cols, 5)
    whole = torch.zeros(relation.rows, relation.cols)
    whole[relation.row, relation.col] = values
    assert (part.rows, part.cols) == (4, relation.cols)
    assert torch.equal(clients[part.row], relation.row[edges])
    torch.testing.assert_close(spmm(part, values[edges], x), whole[clients] @ x)


@pytest.mark.parametrize("backend", ["csr", "dgl"])
def test_a_relation_without_edges_carries_nothing(backend):
    none = Graph.of(csr_array((4, 3)), csr_array((4, 4)), csr_array((3, 3)), backend)
    x = torch.ones(3, 2, requires_grad=True)
    found = none.gather("has", torch.zeros(0), x)
    found.sum().backward()
    assert torch.equal(found, torch.zeros(4, 2))
    assert torch.equal(x.grad, torch.zeros(3, 2))
    assert none.part("has", torch.tensor([2, 0]))[0].edges == 0
    assert none.products_of([2, 0]) == [[], []]


def test_products_of_are_the_rows_of_the_matrix(graph):
    ends = graph.has.by_row.ends.tolist()
    rows = [9, 0, 21]
    found = graph.products_of(rows)
    assert found == [graph.has.col[ends[row] : ends[row + 1]].tolist() for row in rows]


def test_a_dgl_that_cannot_be_loaded_is_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "dgl", None)
    with pytest.raises(GraphError, match=r"^DGL, which holds the graph, cannot be loaded \("):
        load_dgl()


def test_heterograph_has_the_node_and_edge_types_of_the_graph(graph):
    made = graph.held
    assert sorted(made.ntypes) == ["client", "product"]
    assert sorted(made.etypes) == ["had_by", "has", "reads_like", "tied"]
    assert made.num_nodes("client") == 30
    assert made.num_edges("had_by") == graph.has.edges


def test_transposed_twice_is_the_same_relation(graph):
    twice = graph.has.transposed.transposed
    assert torch.equal(twice.col, graph.has.col)
    assert twice.by_row.edge is None
    assert torch.equal(twice.by_col.edge, graph.has.by_col.edge)
    assert torch.equal(graph.has.transposed.by_row.edge, graph.had_by.by_row.edge)

import numpy as np
import pytest
import torch
from scipy.sparse import random_array

from finrec_core.model.graph import Graph, Relation


@pytest.fixture
def graph():
    rng = np.random.default_rng(0)
    make = lambda shape: random_array(shape, density=0.2, format="csr", rng=rng)  # noqa: E731
    return Graph(Relation.of(make((30, 20))), Relation.of(make((30, 30))), Relation.of(make((20, 20))))


@pytest.mark.parametrize("edge_type", ["has", "had_by", "tied", "reads_like"])
def test_fast_path_equals_dgl_in_values_and_gradients(graph, edge_type):
    relation = getattr(graph, edge_type)
    order = graph.has if edge_type == "had_by" else relation
    values = torch.randn(order.edges, generator=torch.Generator().manual_seed(1))
    x = torch.randn(relation.cols, 7, generator=torch.Generator().manual_seed(2))
    pull = torch.randn(relation.rows, 7, generator=torch.Generator().manual_seed(3))
    found = []
    for backend in ("csr", "dgl"):
        one = Graph(graph.has, graph.tied, graph.reads_like, backend)
        leaf = x.clone().requires_grad_()
        y = one.gather(edge_type, values, leaf)
        (y * pull).sum().backward()
        found.append((y.detach(), leaf.grad))
    torch.testing.assert_close(found[0][0], found[1][0], atol=1e-5, rtol=0)
    torch.testing.assert_close(found[0][1], found[1][1], atol=1e-5, rtol=0)


def test_heterograph_has_the_node_and_edge_types_of_the_graph(graph):
    made = graph.heterograph
    assert sorted(made.ntypes) == ["client", "product"]
    assert sorted(made.etypes) == ["had_by", "has", "reads_like", "tied"]
    assert made.num_nodes("client") == 30
    assert made.num_edges("had_by") == graph.has.edges


def test_transposed_twice_is_the_same_relation(graph):
    twice = graph.has.transposed.transposed
    assert torch.equal(twice.col, graph.has.col)
    assert torch.equal(twice.order, graph.has.order)

"""The subgraph of a picture: the edges of the run's graph, and only those that may be named."""

from dataclasses import replace

import pytest

from finrec_core.demo.bank import demo_bank
from finrec_core.explain.explanation import Contribution, Explanation, Lens
from finrec_core.model import Switches
from finrec_core.model.evidence import Evidence
from finrec_core.narrative.labels import Labels
from finrec_core.views.recommendation.subgraph import Subgraph


@pytest.fixture(scope="module")
def bank():
    return demo_bank(clients=120, products=40, seed=5).dataset


@pytest.fixture(scope="module")
def evidence(bank):
    return Evidence.of(bank, None, Switches())


def labelled(bank, client, others):
    """The labels of a client's explanation in which all others are similar clients."""
    product = bank.products["product_id"][0].as_py()
    contributions = tuple(Contribution("client", key, "", 1.0) for key in others)
    lenses = Lens(1.0, (), 1.0), Lens(0.0, contributions, float(len(contributions)))
    return Labels.of(bank, Explanation(client, product, 1, 1.0, *lenses))


def test_it_is_what_the_labels_may_name_client_by_client(bank, evidence):
    """The labels look through the data, the subgraph walks the graph: both must find the same."""
    keys = bank.clients["client_id"].to_pylist()
    found = 0
    for client in keys[:25]:
        labels = labelled(bank, client, [key for key in keys if key != client])
        subgraph = Subgraph.of(bank, evidence, client, labels)
        named = {key: other.shared for key, other in labels.others.items() if other.shared}
        assert {key: tuple(products) for key, products in subgraph.common.items()} == named
        found += len(named)
    assert found > 10


def test_where_nobody_may_be_named_no_graph_is_made(bank, evidence):
    keys = bank.clients["client_id"].to_pylist()
    labels = labelled(bank, keys[0], keys[1:])
    silent = replace(labels, others={key: replace(one, shared=()) for key, one in labels.others.items()})
    fresh = replace(evidence)
    assert Subgraph.of(bank, fresh, keys[0], silent).common == {}
    assert "graph" not in vars(fresh)


def test_a_product_rated_low_is_no_edge(bank, evidence):
    rows = [row for row, good in enumerate(bank.positive.tolist()) if not good]
    assert rows
    for row in rows:
        assert bank.pair_products[row] not in evidence.graph.products_of([int(bank.pair_clients[row])])[0]

"""The paths: one lens in a picture, shared products only where they may be named.

The subgraph holds edges of the run's graph, and only those that may be named.
"""

from dataclasses import replace

import pytest

from finrec_core.demo.bank import demo_bank
from finrec_core.explain.explanation import Contribution, Explanation, Lens
from finrec_core.explain.points import shown
from finrec_core.model import Switches
from finrec_core.model.evidence import Evidence
from finrec_core.narrative.labels import Labels
from finrec_core.views.recommendation.paths import FEW, MORE, UNLISTED, Subgraph, paths


@pytest.fixture
def drawn(explanation, scale, labels, subgraph):
    def made(lens, *, more=False):
        return paths(
            explanation, shown(explanation.lens(lens), scale), labels, lens, subgraph=subgraph, more=more
        )

    return made


def column(found, number):
    return [(node.name, node.points) for node in found.nodes if node.column == number]


def test_the_client_lens_numbers_what_the_client_has_and_nothing_else(drawn):
    found = drawn("client")
    assert column(found, 0) == [("Marta Lindqvist", "")]
    assert column(found, 1) == [
        ("Nordlys Green Savings Plan", "+34"),
        ("Alpine Short Bond Fund", "+27"),
        ("Household member", "+13"),
        ("Meridian World Index Fund", "+9"),
    ]
    assert column(found, 2) == [("Client 1", ""), ("Client 2", "")]
    assert column(found, 3) == [("Nordlys Climate Bond Fund", "")]


def test_the_product_lens_numbers_what_speaks_for_the_product_and_nothing_else(drawn):
    found = drawn("product")
    assert column(found, 2) == [("Client 1", "+19"), ("Client 2", "+14"), ("Client 3", "+11")]
    assert [points for _, points in column(found, 1)] == [""] * 4


def test_shared_products_are_drawn_only_where_they_may_be_named(drawn):
    found = drawn("product")
    assert [name for name, _ in column(found, 1)] == [
        "Nordlys Green Savings Plan",
        "Alpine Short Bond Fund",
        "Meridian World Index Fund",
        "Products in common, not listed",
    ]
    third = next(node.key for node in found.nodes if node.name == "Client 3")
    assert [link.start for link in found.links if link.end == third] == [UNLISTED]
    names = {name for name, _ in column(drawn("client"), 2)}
    assert "Client 3" not in names, "its shared products may not be named"


def test_signs_and_weights(drawn):
    found = drawn("client", more=True)
    link = {found.name(link.start): link for link in found.links if link.end == "product"}
    assert (link["Harbour Home Loan"].sign, link["Harbour Home Loan"].says) == (-1, "lowers")
    assert (link["Household member"].sign, link["Household member"].weight) == (1, 13)
    assert (link["Client 1"].sign, link["Client 1"].weight, link["Client 1"].points) == (0, 0.0, "")
    assert "Nordlys Green Savings Plan" not in link, "its way to the product leads through similar clients"


def test_the_record_with_all_clients_has_no_path(drawn):
    names = [name for name, _ in column(drawn("product", more=True), 2)]
    assert names == [
        "Client 1",
        "Client 2",
        "Client 3",
        "Review 1",
        "Its own description",
        "Reads like Alpine Corporate Bond Fund",
    ]


@pytest.mark.parametrize(("more", "most"), [(False, FEW), (True, MORE)])
def test_the_picture_has_a_limit(drawn, more, most):
    for lens in ("client", "product"):
        found = drawn(lens, more=more)
        assert len(column(found, 1)) <= most[0]
        assert len(column(found, 2)) <= most[1]


def test_keys_hold_no_id(drawn):
    for lens in ("client", "product"):
        text = str(drawn(lens, more=True).nodes) + str(drawn(lens, more=True).links)
        assert "secret" not in text


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

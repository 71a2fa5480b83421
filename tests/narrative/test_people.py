"""Other people in a view: numbers in place of names, ties by kind, shared products only in company."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from finrec_core.dataset import Dataset
from finrec_core.explain.explanation import Contribution
from finrec_core.narrative.people import ENOUGH, Other, Tie, others, ties
from tests.dataset.tables import table


def dataset(pairs, *, tied=(), segments=None, names=None, rated_low=()):
    """A dataset from (client, product) pairs; pairs in `rated_low` have one star of five."""
    clients = sorted({client for client, _ in pairs} | {end for a, b, _ in tied for end in (a, b)})
    products = sorted({product for _, product in pairs})

    return Dataset(
        clients=table(
            "clients",
            [
                {"client_id": c, "segment": (segments or {}).get(c), "name": (names or {}).get(c)}
                for c in clients
            ],
        ),
        products=table("products", [{"product_id": p} for p in products]),
        interactions=table(
            "interactions",
            [
                {"client_id": c, "product_id": p, "rating": 1.0 if (c, p) in rated_low else 5.0}
                for c, p in pairs
            ],
        ),
        ties=table("ties", [{"client_id": a, "other_client_id": b, "kind": kind} for a, b, kind in tied]),
        rating_limit=3.0,
    )


def similar(data, key, **more):
    held = data.pair_products[(data.pair_clients == data.client_rows["u"]) & data.positive]
    contributions = [Contribution("client", key, "", 1.0)]
    return others(data, data.client_rows["u"], held, contributions, **more)[key]


def sharing(count):
    """A client u with a, b, c, and `count` others that have a and b."""
    pairs = [("u", "a"), ("u", "b"), ("u", "c")]
    return pairs + [(f"v{k}", product) for k in range(count) for product in ("a", "b")]


@pytest.mark.parametrize(("count", "shared"), [(ENOUGH - 1, ()), (ENOUGH, ("a", "b")), (9, ("a", "b"))])
def test_shared_products_are_named_only_where_enough_others_share_the_set(count, shared):
    other = similar(dataset(sharing(count)), "v0")
    assert other.common == 2
    assert other.shared == shared


def test_the_whole_set_must_be_shared_not_its_products_one_by_one():
    pairs = sharing(3) + [(f"w{k}", "a") for k in range(9)] + [(f"x{k}", "b") for k in range(9)]
    assert similar(dataset(pairs), "v0").shared == ()
    assert similar(dataset(pairs), "w0").shared == ("a",)


def test_what_may_not_be_named_is_counted_by_category_where_every_product_has_one():
    bare = dataset(sharing(ENOUGH - 1))
    assert similar(bare, "v0").kinds == ()
    place = bare.products.schema.get_field_index("category")

    def sorted_into(*categories):
        column = pa.array(categories, bare.products["category"].type)
        return replace(bare, products=bare.products.set_column(place, "category", column))

    assert similar(sorted_into("Funds", "Cards", "Funds"), "v0").kinds == (("Cards", 1), ("Funds", 1))
    assert similar(sorted_into("Funds", "Funds", None), "v0").kinds == (("Funds", 2),)
    assert similar(sorted_into("Funds", None, "Funds"), "v0").kinds == ()
    many = dataset(sharing(ENOUGH))
    assert similar(many, "v0").kinds == ()  # they are named


def test_a_product_rated_low_is_not_in_common():
    assert similar(dataset(sharing(6), rated_low={("v0", "b")}), "v0").common == 1
    assert similar(dataset(sharing(6), rated_low={("u", "b")}), "v0").common == 1


def test_similar_clients_are_numbered_in_the_order_of_the_view():
    data = dataset(sharing(3))
    contributions = [
        Contribution("learned", "a", "", 9.0),
        Contribution("client", "v2", "", 2.0),
        Contribution("client", "v0", "", 1.0),
    ]
    held = np.array([0, 1, 2])
    assert {key: other.title for key, other in others(data, 0, held, contributions).items()} == {
        "v2": "Client 1",
        "v0": "Client 2",
    }


@pytest.mark.parametrize(
    ("segment", "phrase"),
    [
        ("Private", "a private client, 2 products in common"),
        ("Affluent", "an affluent client, 2 products in common"),
        ("SME", "an SME client, 2 products in common"),
        ("Private banking", "a private banking client, 2 products in common"),
        (None, "another client, 2 products in common"),
        ("<script>alert(1)</script>", "another client, 2 products in common"),
        ("Ann Smith, 12 High Street, private", "another client, 2 products in common"),
    ],
)
def test_another_client_is_called_by_segment_and_what_is_in_common(segment, phrase):
    assert similar(dataset(sharing(2), segments={"v0": segment}), "v0").phrase == phrase


def test_a_client_of_no_view_has_no_number():
    assert Other(number=0).title == "Another client"


TIED = [
    ("u", "v", "household"),
    ("w", "u", "friend"),
    ("u", "x", "friend"),
    ("u", "y", None),
    ("v", "w", "friend"),
]


def tied(kinds, **more):
    data = dataset([("u", "a"), ("v", "a")], tied=kinds, names={"v": "Erik"})
    return ties(data, data.client_rows["u"], **{"show_names": False} | more)


def test_ties_are_by_kind_both_ways_and_numbered_where_there_are_several():
    found = tied(TIED)
    assert {key: tie.title for key, tie in found.items()} == {
        "v": "Household member",
        "w": "Friend 1",
        "x": "Friend 2",
        "y": "Connection",
    }
    assert found["v"].phrase == "a member of the household"
    assert found["x"].phrase == "a friend"
    assert found["y"].phrase == "a connection"


def test_ties_are_by_name_only_where_the_setting_allows():
    assert tied(TIED, show_names=True)["v"] == Tie("household", 1, 1, "Erik")
    assert tied(TIED, show_names=True)["v"].title == "Erik, household"
    assert tied(TIED, show_names=True)["y"].title == "client y"
    assert all(tie.name == "" for tie in tied(TIED).values())


def test_several_kinds_of_one_pair_are_one_tie():
    found = tied([("u", "v", "retweet"), ("v", "u", "mention")])
    assert found == {"v": Tie("mention, retweet", 1, 1)}
    assert found["v"].phrase == "a connection (mention, retweet)"

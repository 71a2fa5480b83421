"""What a dataset has nothing to learn from is said in one sentence each."""

import pytest

from finrec_core.dataset import limits
from finrec_core.dataset.limits import without_products
from finrec_core.intake import from_frames
from tests.planted import planted
from tests.shapes import SHAPES

SAID = {
    "no text": "No product has a text and no interaction a review, so nothing is learned from words.",
    "no ties": "No client is tied to another, so nothing is learned from connections.",
    "no times": "No interaction has a time, so the order of each client's products is drawn at random.",
    "equal reviews": "All reviews read the same, so nothing is learned from what they say.",
    "one client with half": "One client has 50% of all interactions, so little is learned from the others.",
    "one product each": "No client has two products, so nothing is learned about which go together.",
    "equal ratings": "All ratings are the same, so nothing is learned from them.",
    "low ratings": "All ratings are low, so nothing can be recommended but what is known of the products.",
}


@pytest.mark.parametrize("shape", SAID)
def test_each_shape_says_what_it_lacks(shape):
    assert SAID[shape] in limits(SHAPES[shape]())


def test_a_bank_with_everything_is_not_talked_about():
    assert limits(SHAPES["bank"]()) == ()


def test_few_products_each_leave_the_constants_alone():
    few = planted(clients=40, per_client=3).dataset
    assert any("no constants are chosen" in sentence for sentence in limits(few))
    assert not any("no constants" in sentence for sentence in limits(planted(clients=40).dataset))


@pytest.mark.parametrize(("without", "told"), [(0, False), (1, False), (2, True), (9, True)])
def test_that_most_clients_have_nothing_is_said(without, told):
    clients = {"client_id": ["ann", *(f"c{n}" for n in range(without))]}
    lonely = from_frames({"client_id": ["ann"], "product_id": ["card"]}, clients=clients)
    assert bool(without_products(lonely)) is told
    assert any("have no product" in sentence for sentence in limits(lonely)) is told
    if told:
        assert without_products(lonely)[0].startswith(f"{without} of {without + 1} clients have no product")


def test_where_nobody_has_anything_one_sentence_is_enough():
    nothing = from_frames({"client_id": [], "product_id": []}, clients={"client_id": ["ann", "bob"]})
    assert without_products(nothing) == []


def test_what_was_given_up_is_not_had_and_what_is_rated_low_is():
    frame = {"client_id": ["ann", "bob"], "product_id": ["card", "card"]}
    sold = from_frames(frame | {"action": ["gives_up", "no_fact"]})
    assert without_products(sold)[0].startswith("2 of 2 clients have no product")
    assert not any("ratings" in sentence for sentence in limits(sold))
    low = from_frames(frame | {"rating": [1.0, 1.0]}, rating_limit=3)
    assert without_products(low) == []
    assert any("All ratings are low" in sentence for sentence in limits(low))

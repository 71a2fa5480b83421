"""The emptiness: a list with nothing on it says why, and only what is true."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from finrec_core.advice.emptiness import causes, nobody, nothing_left, nothing_shown, sentence, without
from finrec_core.advice.reverse import Reverse
from finrec_core.advice.rules import Rules
from finrec_core.advice.suitability import Suitability
from finrec_core.dataset import Dataset
from finrec_core.intake import from_frames
from finrec_core.ranking import Ranking

PRODUCTS = ["A", "B", "C"]
END = "so there is nothing to recommend."


def bank(
    has: str, low: str = "", *, gone: str = "", verb: str = "has", products: list[str] | None = None
) -> Dataset:
    """A bank of the client "me" and another one: what it has, what it rated low, and what is not offered."""
    keys = PRODUCTS if products is None else products
    pairs = [(key, 5.0) for key in has] + [(key, 1.0) for key in low]
    return from_frames(
        {
            "client_id": ["me"] * len(pairs),
            "product_id": [key for key, _ in pairs],
            "rating": [rating for _, rating in pairs],
        },
        clients={"client_id": ["me", "you"]},
        products={
            "product_id": keys,
            "category": ["Funds" if key == "A" else "Cards" for key in keys],
            "available": [False if key in gone else None for key in keys],
        },
        rating_limit=3.0,
        verb=verb,
    )


def ranking(dataset: Dataset, client: str = "me") -> Ranking:
    row = dataset.client_rows[client]
    offered = dataset.available.copy()
    offered[dataset.pair_products[(dataset.pair_clients == row) & dataset.pairs.held]] = False
    return Ranking.of(client, np.arange(len(dataset.products), dtype=float), offered)


def suited(dataset: Dataset, *kinds: str) -> Suitability:
    return Suitability(dataset, "me", Rules({}), date(2026, 3, 1), np.array(kinds))


@pytest.mark.parametrize(
    ("dataset", "said"),
    [
        (bank("ABC"), "This client has every product that is offered, " + END),
        (
            bank("ABC", verb="listens to"),
            "This client listens to every product that is offered, " + END,
        ),
        (bank("AB", gone="C"), "This client has every product that is offered, " + END),
        (bank("AB", "C", gone="C"), "This client has every product that is offered, " + END),
        (bank("", "ABC"), "This client rated every product that is offered low, " + END),
        (
            bank("A", "BC"),
            "This client has or rated low every product that is offered, " + END,
        ),
        (
            bank("A", gone="ABC"), "None of the 3 products is offered any more, " + END),
        (bank("ABC", gone="ABC"), "None of the 3 products is offered any more, " + END),
        (bank("", products=[]), "This data set has no products, " + END),
        (bank("AB"), ""),
        (bank("", gone="AB"), ""),
    ],
)  # fmt: skip
def test_an_empty_list_says_why(dataset: Dataset, said: str) -> None:
    assert nothing_left(dataset, ranking(dataset)) == said
    if said:  # whatever is asked for beside
        assert nothing_shown(dataset, ranking(dataset), categories=["Funds"], rejected=["A"]) == said


def test_what_one_client_has_says_nothing_of_another() -> None:
    dataset = bank("ABC")
    assert nothing_left(dataset, ranking(dataset, "you")) == ""


def test_the_same_product_taken_twice_is_one_product() -> None:
    """Guards counts of events, which would say of two of three products that they are all."""
    dataset = bank("AAB", "C")
    assert causes(dataset, [0], [0]) == ["has or rated low"]


def test_what_was_given_up_is_offered_again_and_not_had() -> None:
    events = {
        "client_id": ["me"] * 4,
        "product_id": ["A", "B", "C", "A"],
        "action": ["takes", "takes", "takes", "gives_up"],
        "timestamp": ["2024-01-01", "2024-01-02", "2024-01-03", "2024-06-01"],
    }
    dataset = from_frames(events, products={"product_id": PRODUCTS})
    assert nothing_left(dataset, ranking(dataset)) == ""
    gone = from_frames(events, products={"product_id": PRODUCTS, "available": [False, True, True]})
    assert nothing_left(gone, ranking(gone)) == "This client has every product that is offered, " + END


def test_rules_that_leave_nothing_are_named_only_where_they_are_why() -> None:
    dataset = bank("A")
    nothing = suited(dataset, "fits", "does not fit", "does not fit")
    assert nothing_left(dataset, ranking(dataset), nothing) == sentence(dataset, "not suitable")
    assert nothing_left(dataset, ranking(dataset)) == ""
    assert nothing_left(dataset, ranking(dataset), suited(dataset, "fits", "check", "does not fit")) == ""
    whole = bank("ABC")
    assert "has every product" in nothing_left(whole, ranking(whole), suited(whole, *["does not fit"] * 3))


@pytest.mark.parametrize(
    ("filters", "kinds", "said"),
    [
        (
            {"rejected": ["B", "C"]},
            None,
            "Every product on this list is hidden, because it was rejected for this client.",
        ),
        ({"categories": ["Funds"]}, None, "Nothing on this list is in the category “Funds”."),
        (
            {"categories": ["Funds", "Loans"]},
            None,
            "Nothing on this list is in the categories “Funds” and “Loans”.",
        ),
        (
            {"verdicts": ["fits"]},
            ["fits", "check", "check"],
            "Nothing on this list has the verdict “fits”.",
        ),
        (
            {},
            ["fits", "does not fit", "does not fit"],
            "None of the products that are offered suits this client under the bank's rules, " + END,
        ),
        (
            {"rejected": ["B"], "verdicts": ["fits"]},
            ["fits", "fits", "check"],
            "Together the filters hide all 2 products on this list: 1 that was rejected and those without "
            "the verdict “fits”.",
        ),
        (
            {"rejected": ["B", "nowhere"], "categories": ["Cards"]},
            ["fits", "fits", "does not fit"],
            "Together the filters hide all 2 products on this list: 1 that was rejected and those that do "
            "not suit the client.",
        ),
    ],
)
def test_filters_that_hide_everything_are_named(
    filters: dict[str, Any], kinds: list[str] | None, said: str
) -> None:
    dataset = bank("A")
    suitability = None if kinds is None else suited(dataset, *kinds)
    assert nothing_shown(dataset, ranking(dataset), suitability, **filters) == said


def reverse(dataset: Dataset, product: str, clients: list[int]) -> Reverse:
    none = np.empty(len(clients))
    offered = bool(dataset.available[dataset.product_rows[product]])
    return Reverse(product, offered, 0, np.array(clients, dtype=int), none, none, none, none)


@pytest.mark.parametrize(
    ("has", "low", "gone", "said"),
    [
        (["me", "you"], [], False, "Every client has it already, so it stands in no list."),
        ([], ["me", "you"], False, "Every client rated it low, so it stands in no list."),
        (["me"], ["you"], False, "Every client has it or rated it low, so it stands in no list."),
        (["me", "you"], [], True, "It is not offered any more, so it stands in no client's list."),
        (["me"], [], False, ""),
    ],
)
def test_a_product_that_stands_in_no_list_says_why(
    has: list[str],
    low: list[str],
    gone: bool,
    said: str,
) -> None:
    dataset = from_frames(
        {
            "client_id": [*has, *low],
            "product_id": ["A"] * len([*has, *low]),
            "rating": [5.0] * len(has) + [1.0] * len(low),
        },
        clients={"client_id": ["me", "you"]},
        products={"product_id": ["A"], "available": [not gone]},
        rating_limit=3.0,
    )
    left = [] if len([*has, *low]) == 2 else [1]
    assert nobody(dataset, reverse(dataset, "A", left)) == said


def test_clients_without_a_list_are_counted_by_why() -> None:
    dataset = bank("ABC")
    assert without(dataset, {}) == ""
    assert without(dataset, {"has all": 1}) == "1 client has no list: 1 has every product that is offered."
    assert without(dataset, {"not suitable": 3, "has all": 2, "rated low": 1}) == (
        "6 clients have no list: 2 have every product that is offered, 1 rated every product that is offered "
        "low and nothing suits 3 under the bank's rules."
    )

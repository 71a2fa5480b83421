"""The portfolio in facts: holdings, shares, what a product would change, and what clients alike have."""

import numpy as np
import pytest

from finrec_core.dataset import Dataset
from finrec_core.demo.bank import demo_bank
from finrec_core.terms.bounds import TOO_FEW
from finrec_core.views.recommendation import portfolio
from tests.store.conftest import table


def bank(others: int) -> Dataset:
    """Return a client with card and fund, and others with the card, of whom all but one have a pension."""
    people = ["c", *(f"o{number}" for number in range(others))]
    rows = [("c", "card"), ("c", "fund"), *((one, "card") for one in people[1:])]
    rows += [(one, "pension") for one in people[2:]] + [("o0", "loan")]
    products = [
        ("card", "Cards", None),
        ("fund", "Funds", 3),
        ("pension", "Pensions", 5),
        ("loan", "Loans", 1),
    ]
    return Dataset(
        clients=table("clients", [{"client_id": one, "risk_tolerance": 4} for one in people]),
        products=table(
            "products",
            [{"product_id": key, "category": shelf, "risk_class": risk} for key, shelf, risk in products],
        ),
        interactions=table("interactions", [{"client_id": c, "product_id": p} for c, p in rows]),
        ties=table("ties", []),
    )


def test_holdings_and_shares() -> None:
    frame = portfolio.table(bank(7), "c")
    assert list(frame) == ["Product", "Category", "Risk class", "State"]
    assert set(frame["Risk class"]) == {"", "3 of 7, tolerance 4"}
    shares = portfolio.shares(bank(7), "c")
    assert shares.to_dict("list") == {
        "Category": ["Cards", "Funds"], "Products": [1, 1], "Share by number": [0.5, 0.5]
    }  # fmt: skip


def test_what_a_product_would_change() -> None:
    found = {one.title: (one.now, one.then) for one in portfolio.changes(bank(7), "c", "pension")}
    assert found == {
        "Products": ("2", "3"),
        "Categories": ("2", "3"),
        "Highest risk class": ("3 of 7", "5 of 7"),
        "Largest category by number": ("Cards, 1 of 2", "Cards, 1 of 3"),
    }
    assert portfolio.changes(bank(7), "c", "fund") == []


@pytest.mark.parametrize(("others", "found"), [(7, [("Pensions", 6)]), (5, []), (4, [])])
def test_what_clients_alike_have_is_counted_from_five_on(others: int, found: list[tuple[str, int]]) -> None:
    assert portfolio.gaps(bank(others), "c") == (others, found)


def test_clients_who_may_not_be_seen_are_not_counted() -> None:
    data = bank(9)
    seen = np.ones(10, dtype=bool)
    seen[-3:] = False
    assert portfolio.gaps(data, "c", seen) == (6, [("Pensions", 5)])


def test_the_demo_bank_shows_no_small_count() -> None:
    data = demo_bank(60, 30, 1).dataset
    for client in data.clients["client_id"].to_pylist():
        _, found = portfolio.gaps(data, client)
        assert all(count >= TOO_FEW for _, count in found)
        assert portfolio.shares(data, client)["Share by number"].sum() == pytest.approx(1) or not len(
            portfolio.shares(data, client)
        )

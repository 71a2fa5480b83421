"""A client's holdings: since when, how much and in what state, and nothing given up among what it has."""

import pytest

from finrec_core.narrative.holdings import Holding, amount, holdings
from tests.dataset.tables import dataset

EVENTS = [
    ("a", "plan", 2, None, None, "takes", 50.0),
    ("a", "plan", 9, None, None, "takes", 150.0),
    ("a", "card", 5, 1.0, None, None, None),
    ("a", "fund", 3, None, None, "takes", 10.0),
    ("a", "fund", 8, None, None, "gives_up", -10.0),
    ("a", "seen", 9, None, None, "neither", None),
    ("b", "plan", 1, None, None, None, None),
]


def told(**settings: object) -> dict[str, Holding]:
    return {one.product: one for one in holdings(dataset(EVENTS, rating_limit=3.0, **settings), "a")}


def test_what_is_held_rated_low_and_given_up_stands_apart() -> None:
    found = told()
    assert list(found) == ["card", "plan", "fund"], "newest first, then what was given up"
    assert [one.state for one in found.values()] == ["rated low", "held", "formerly held"]
    assert found["plan"].since.day == 2
    assert (found["plan"].count, found["plan"].amount, found["plan"].until) == (2, 200.0, None)
    assert found["fund"].until.day == 8
    assert (found["plan"].when, found["fund"].when) == ("since January 2024", "until January 2024")


def test_shares_are_told_of_money_and_never_of_pieces() -> None:
    assert {one.share for one in told().values()} == {None}
    money = told(amounts_count=False)
    assert (money["plan"].share, money["card"].share, money["fund"].share) == (1.0, None, None)


def test_a_holding_comes_back_from_json_as_it_went() -> None:
    for one in told().values():
        assert Holding.from_json(one.to_json()) == one


def test_amounts_are_written_as_people_write_them() -> None:
    assert [amount(value) for value in (None, 200.0, 3520.99, -1.5)] == ["–", "200", "3,520.99", "−1.50"]


def test_a_holding_has_one_of_three_states() -> None:
    with pytest.raises(ValueError, match="sold"):
        Holding("p", "P", "sold", None, None, 1, None, None)

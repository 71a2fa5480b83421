"""The selection: one address a choice, and an address is shown for what it names."""

from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.frame import selection
from tests.pages.deciding import CLIENT


class Address(dict[str, str]):
    """The address, which counts how often it was changed."""

    changes = 0

    def to_dict(self) -> dict[str, str]:
        return dict(self)

    def from_dict(self, values: dict[str, str]) -> None:
        self.clear()
        self.update(values)
        self.changes += 1

    def __setitem__(self, name: str, value: str) -> None:
        raise AssertionError("a choice is one change of the address")


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Address:
    """Return the address of a page that was come to by its name alone, in a new session."""
    found = Address()
    monkeypatch.setattr(st, "query_params", found)
    monkeypatch.setattr(st, "session_state", {})
    selection.enter("recommendations")
    return found


def shown() -> list[str | None]:
    return [selection.get(field) for field in selection.FIELDS]


def test_a_choice_is_one_change_of_the_address_and_none_where_nothing_changes(address: Address) -> None:
    selection.choose_client("c1", "p1")
    assert address == {"client": "c1", "product": "p1"}
    selection.choose("lens", "product")
    selection.choose_client("c2")
    assert address == {"client": "c2"}
    assert address.changes == 3
    selection.choose_client("c2")
    assert address.changes == 3


def test_what_an_address_names_is_all_that_counts(address: Address) -> None:
    selection.choose_client("c1", "p1")
    before = dict(address)
    selection.choose("product", "p2")
    selection.choose("lens", "product")
    address.clear()
    address.update(before)  # twice back
    assert shown() == ["c1", "p1", None]
    assert address.changes == 3


def test_a_page_begins_with_what_was_chosen_on_others_and_goes_back_to_it(address: Address) -> None:
    selection.choose_client("c1")
    selection.remember("product", "p1")  # the first of its list
    address.clear()
    selection.enter("story")
    assert shown() == ["c1", "p1", None]
    assert address.changes == 1  # coming to a page is one step back already
    selection.choose("product", "p2")
    assert address == {"client": "c1", "product": "p2"}
    address.clear()  # back
    assert shown() == ["c1", "p1", None]


def test_a_page_keeps_the_run_that_it_shows_until_one_comes_to_it_anew(address: Address) -> None:
    selection.show_run("r1")
    assert selection.run() == "r1"
    selection.choose("client", "c1")
    assert address == {"run": "r1", "client": "c1"}  # a colleague sees the same
    address.clear()
    selection.enter("story")
    assert selection.run() is None


def test_back_to_an_address_without_a_product_shows_the_first_again(open_page: Any) -> None:
    app: AppTest = open_page("recommendations", client=CLIENT)
    first = app.get_by_key("card").subheader[0].value
    app.query_params["product"] = "P002"
    app.run()
    second = app.get_by_key("card").subheader[0].value
    assert second != first
    del app.query_params["product"]
    app.run()
    assert app.get_by_key("card").subheader[0].value == first

"""The memory of the desk: what is kept, what goes first, and that an erasure empties it."""

import threading
from collections.abc import Iterator

import pytest
import streamlit as st

from pages.frame import memory
from pages.frame.memory import Shelf


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    yield
    st.cache_resource.clear()


def test_the_oldest_goes_where_there_are_too_many() -> None:
    shelf = Shelf(2)
    for key in "abc":
        assert shelf.put(key, key.upper()) == key.upper()
    assert [shelf.get(key) for key in "abc"] == [None, "B", "C"]


def test_a_second_session_waits_and_finds_what_the_first_made() -> None:
    shelf, made, begun, go_on = Shelf(1), [], threading.Event(), threading.Event()

    def work(known: str | None) -> str:
        if known is None:
            begun.set()
            assert go_on.wait(10)
            made.append("made")
        return known or "made"

    first = threading.Thread(target=shelf.renewed, args=("key", work))
    second = threading.Thread(target=shelf.renewed, args=("key", work))
    first.start()
    assert begun.wait(10)
    second.start()
    go_on.set()
    for one in (first, second):
        one.join(10)
    assert (made, shelf.get("key")) == (["made"], "made")


def test_work_that_fails_leaves_the_shelf_as_it_was_and_open_to_others() -> None:
    shelf = Shelf(1)

    def broken(_: str | None) -> str:
        raise RuntimeError("left meanwhile")

    with pytest.raises(RuntimeError, match="left meanwhile"):
        shelf.renewed("key", broken)
    assert shelf.renewed("key", lambda known: known or "anew") == "anew"


def test_forgetting_empties_shelves_and_functions() -> None:
    calls = []

    @memory.remembered(max_entries=2)
    def twice(number: int) -> int:
        calls.append(number)
        return 2 * number

    memory.shelf("a name", 3).put("key", "value")
    assert memory.shelf("a name", 3).get("key") == "value"
    assert (twice(2), twice(2), calls) == (4, 4, [2])
    memory.forget()
    assert memory.shelf("a name", 3).get("key") is None
    assert (twice(2), calls) == (4, [2, 2])


def test_work_that_an_erasure_met_half_done_is_not_kept() -> None:
    found, held = [], ["erased", "there"]

    @memory.remembered(max_entries=2)
    def looked(run: str) -> str:
        found.append(held[-1])
        if len(found) == 1:
            held.pop()
            memory.forget()  # by another session, while this one reads
        return found[-1]

    assert looked("run") == "there"
    assert (looked("run"), looked("run"), found) == ("erased", "erased", ["there", "erased"])


def test_an_argument_that_no_key_names_is_refused() -> None:
    def hidden(run: str, _rejects: list[str]) -> list[str]:
        return _rejects

    with pytest.raises(TypeError, match="its key lacks _rejects"):
        memory.remembered(max_entries=2)(hidden)
    with pytest.raises(TypeError, match="its key lacks _rejects"):
        memory.own(max_entries=2)(hidden)
    with pytest.raises(TypeError, match="no argument file"):
        memory.own(max_entries=2, _rejects="file")(hidden)
    memory.own(max_entries=2, _rejects="run")(hidden)

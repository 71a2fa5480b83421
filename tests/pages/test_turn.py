from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import sleep

import pytest

from pages.frame import turn
from pages.frame.turn import Line
from tests.conftest import REPOSITORY


def test_no_more_pages_are_made_at_once_than_may_be_and_the_first_to_come_is_the_first() -> None:
    line, at_once, most, served = Line(2), set[int](), list[int](), list[int]()
    go, told = Event(), dict[int, list[int]]()

    def page(number: int) -> None:
        with line.turn(told.setdefault(number, []).append, look=0.01):
            at_once.add(number)
            most.append(len(at_once))
            served.append(number)
            go.wait(10)
            at_once.remove(number)

    threads = []
    for number in range(6):
        threads.append(Thread(target=page, args=(number,)))
        threads[-1].start()
        while number not in served and not told.get(number):
            sleep(0.005)  # it stands in the line before the next one comes
    assert served == [0, 1]
    assert [told[number][0] for number in range(2, 6)] == [1, 2, 3, 4]
    go.set()
    for thread in threads:
        thread.join(10)
    assert sorted(served) == list(range(6))
    assert max(most) == 2
    for places in told.values():
        assert places == sorted(places, reverse=True)  # nobody is overtaken


def test_who_leaves_gives_up_the_place_and_what_fails_gives_up_the_turn() -> None:
    line = Line(1)

    def leave(_: int) -> None:
        raise InterruptedError

    with line.turn(leave), pytest.raises(InterruptedError), line.turn(leave, look=0.01):
        raise AssertionError("two at once")
    with pytest.raises(ValueError, match="broken"), line.turn(leave):
        raise ValueError("broken")
    with line.turn(leave):  # nobody is in the way
        pass


def test_a_part_within_a_page_needs_no_turn_of_its_own_and_alone_it_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from streamlit.testing.v1 import AppTest

    class Full(Line):
        asked = 0

        @contextmanager
        def turn(self, waiting: Callable[[int], object], look: float = 1.0) -> Iterator[None]:
            Full.asked += 1
            waiting(3)
            with super().turn(waiting, look):
                yield

    def page() -> None:
        import streamlit as st

        from pages.frame import turn

        @turn.fragment
        def part() -> None:
            st.button("again", key="again")
            st.write("made")

        with turn.taken():
            part()

    monkeypatch.setattr(turn, "_line", Full(1))
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert Full.asked == 1
    assert [one.value for one in app.markdown] == ["made"]
    assert not app.caption  # the place in the line is gone once the turn has come
    app.button(key="again").click().run()
    assert not app.exception
    assert Full.asked == 2
    assert "2 pages before yours" in turn._sentence(3)
    assert "You are next" in turn._sentence(1)


def test_every_page_is_made_in_a_turn() -> None:
    assert "with turn.taken():\n        page.run()\n" in (REPOSITORY / "app.py").read_text("utf-8")

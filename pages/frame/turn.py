"""The turn: a few pages are made at once, the others wait in the line that they came in, and say where.

So more people mean waiting, each for those before them, and not that all pages are half done for a minute.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import Condition, local
from typing import ParamSpec

import streamlit as st

from finrec_core.terms import wording
from pages.frame import slack

P = ParamSpec("P")
AT_ONCE = min(4, max(2, os.cpu_count() or 1))
LOOK = 1.0  # seconds between two looks at the line; at each a page that nobody waits for any more ends


class Line:
    """The pages being made and those that wait, first come, first served; for any number of threads."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once, self._tickets, self._moved = at_once, deque[object](), Condition()

    @contextmanager
    def turn(self, waiting: Callable[[int], object], look: float = LOOK) -> Iterator[None]:
        """Wait for a turn and keep it until the block ends.

        `waiting` is told the place in the line, 1 for the next, every `look` seconds while there is one;
        where it raises, the place is given up.
        """
        ticket = object()
        with self._moved:
            self._tickets.append(ticket)
        try:
            while (place := self._place(ticket)) > 0:
                waiting(place)
                with self._moved:
                    self._moved.wait_for(lambda: self._place(ticket) < 1, look)
            yield
        finally:
            with self._moved:
                self._tickets.remove(ticket)
                self._moved.notify_all()

    def _place(self, ticket: object) -> int:
        """Return a ticket's place behind those being made, below 1 for one of these."""
        with self._moved:
            return self._tickets.index(ticket) + 1 - self._at_once


_line = Line()
_mine = local()  # whether this thread has a turn already: a part of a page is made within the page, or alone


@contextmanager
def taken() -> Iterator[None]:
    """Wait until this page may be made, showing the place in the line, and give the turn back at its end.

    Within a turn there is nothing to wait for.
    """
    said = st.empty()  # always, so that what follows keeps its place
    if getattr(_mine, "has", False):
        yield
        return
    with _line.turn(lambda place: said.caption(_sentence(place))):
        said.empty()
        _mine.has = True
        try:
            yield
        finally:
            _mine.has = False
    slack.used()


def fragment(part: Callable[P, None]) -> Callable[P, None]:
    """Let a part of a page be made anew alone, as `st.fragment` does, in a turn of its own."""

    @wraps(part)
    def made(*args: P.args, **named: P.kwargs) -> None:
        with taken():
            part(*args, **named)

    return st.fragment(made)


def _sentence(place: int) -> str:
    before = "You are next" if place == 1 else f"{wording.counted(place - 1, 'page')} before yours"
    return f":material/hourglass_empty: Many people work at the desk just now. {before}."

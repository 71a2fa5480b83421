"""The memory: what is made with a model and kept for all sessions, until an erasure changes the model."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, ParamSpec, TypeVar

import streamlit as st

P = ParamSpec("P")
T = TypeVar("T")
_remembered: list[Any] = []  # the cached functions


def remembered(
    *, max_entries: int, show_spinner: bool | str = False
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep the last results of a function for all sessions, until `forget` is called."""
    cache = st.cache_resource(show_spinner=show_spinner, max_entries=max_entries)

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        cached = cache(function)
        _remembered.append(cached)
        return cached

    return decorate


class Shelf:
    """The last few results under their keys, for what must be known to be there before it is worked out."""

    def __init__(self, most: int) -> None:
        self._most, self._held, self._working = most, dict[Hashable, Any](), Lock()

    def get(self, key: Hashable) -> Any:  # noqa: ANN401 - whatever was put there
        """Return what lies under a key, None where nothing does."""
        return self._held.get(key)

    def put(self, key: Hashable, value: T) -> T:
        """Put a result under a key and return it; the oldest one goes where there are too many."""
        self._held[key] = value
        while len(self._held) > self._most:
            self._held.pop(next(iter(self._held)), None)
        return value

    def renewed(self, key: Hashable, work: Callable[[T | None], T]) -> T:
        """Put there what becomes of what lay there; of two sessions the second waits for the first."""
        with self._working:
            return self.put(key, work(self.get(key)))


@remembered(max_entries=16)
def shelf(name: str, most: int) -> Shelf:
    """Return the shelf of a name, for all sessions, which is empty again after `forget`."""
    return Shelf(most)


def forget() -> None:
    """Drop all models and what was made with them: an erasure has changed the folders of runs."""
    for cached in _remembered:
        cached.clear()

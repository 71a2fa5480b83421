"""The memory: what is made with a model and kept for all sessions, until an erasure changes the model.

Here alone something is cached. A result that belongs to one session must never reach another, so what a
kept result depends on stands in its key, and `tests/test_memory_keys.py` reads every kept function for what
its key lacks: the session, the address, the person, the clock, a row of the store that may change.
"""

import inspect
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeVar

import streamlit as st

from finrec_core.access import Action, permit
from pages.frame import gate

P = ParamSpec("P")
T = TypeVar("T")
_remembered: list[Any] = []  # the cached functions
_erasures = 0  # how often all was forgotten


@dataclass(frozen=True)
class _Kept(Generic[T]):
    """A result, and how often all had been forgotten when its making began."""

    value: T
    begun: int

    def of_now(self) -> bool:
        """Return whether nothing was forgotten since: work that an erasure met half done is not kept."""
        return self.begun == _erasures


def remembered(
    *, max_entries: int, show_spinner: bool | str = False, needs: Action | None = None
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep the last results of a function for all sessions, until `forget` is called.

    `needs` is what one must be allowed to do to be given one, kept or new; `AccessError` is raised else.

    Its arguments are the key, all of them: one whose name begins with an underscore raises `TypeError`,
    because Streamlit leaves such out.
    """
    cache = st.cache_resource(show_spinner=show_spinner, max_entries=max_entries, validate=_Kept.of_now)

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        _named(function, {})

        @wraps(function)
        def dated(*args: P.args, **kwargs: P.kwargs) -> _Kept[T]:
            begun = _erasures
            return _Kept(function(*args, **kwargs), begun)

        cached = cache(dated)
        _remembered.append(cached)

        @wraps(function)
        def kept(*args: P.args, **kwargs: P.kwargs) -> T:
            if needs is not None:
                permit(gate.person(), needs)
            return cached(*args, **kwargs).value

        return kept

    return decorate


def own(
    *, max_entries: int, show_spinner: bool | str = False, needs: Action | None = None, **named: str
) -> Callable[[Callable[P, T]], Any]:
    """Keep the last results of a function for this session alone; `needs` is as in `remembered`.

    An argument whose name begins with an underscore is no part of the key: `named` says which argument of
    the key names it whole, as `own(max_entries=2, _table="file")`. Raises `TypeError` where that is not said.
    What is decorated has `clear`.
    """

    def decorate(function: Callable[P, T]) -> Any:  # noqa: ANN401 - as Streamlit returns it
        _named(function, named)
        cache = st.cache_resource(show_spinner=show_spinner, max_entries=max_entries, scope="session")
        cached: Any = cache(function)
        if needs is None:
            return cached

        @wraps(function)
        def kept(*args: P.args, **kwargs: P.kwargs) -> T:
            permit(gate.person(), needs)
            return cached(*args, **kwargs)

        kept.clear = cached.clear  # type: ignore[attr-defined]
        return kept

    return decorate


def _named(function: Callable[..., Any], named: dict[str, str]) -> None:
    """Raise `TypeError` where the key of a function names one of its arguments in no way."""
    known = set(inspect.signature(function).parameters)
    for argument in known:
        if argument.startswith("_") and named.get(argument, "_").startswith("_"):
            raise TypeError(f"{function.__qualname__}: its key lacks {argument}.")
    if strange := sorted({*named, *named.values()} - known):
        raise TypeError(f"{function.__qualname__}: it has no argument {strange[0]}.")


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
    global _erasures  # noqa: PLW0603 - a count for the process, beside the list of what is cached
    _erasures += 1
    for cached in _remembered:
        cached.clear()

"""The memory: what is made with a model and kept for all sessions, until an erasure changes the model."""

from collections.abc import Callable
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


def forget() -> None:
    """Drop all models and what was made with them: an erasure has changed the folders of runs."""
    for cached in _remembered:
        cached.clear()

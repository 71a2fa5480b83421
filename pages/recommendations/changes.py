"""The changes of a what-if on the desk: what is left out and added, kept while one product is looked at."""

from dataclasses import dataclass, replace

import streamlit as st

from finrec_core.explain.what_if import WhatIf
from pages.frame import desk, memory
from pages.shared.choice import Choice

KEY = "what-if"


@dataclass(frozen=True)
class Kept:
    """What a session changed of one pair, as ids: products and connections of the client, similar clients."""

    interaction: tuple[str, ...] = ()
    tie: tuple[str, ...] = ()
    client: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.interaction or self.tie or self.client or self.added)


def kept(choice: Choice) -> Kept:
    """Return what was changed of the pair that is shown; another pair begins unchanged."""
    pair, changes = st.session_state.get(KEY, (None, Kept()))
    return changes if pair == _pair(choice) else Kept()


def keep(choice: Choice, **changes: tuple[str, ...]) -> None:
    """Keep changes by kind, the others as they were."""
    st.session_state[KEY] = (_pair(choice), replace(kept(choice), **changes))


def reset(choice: Choice) -> None:
    """Forget all changes of the pair."""
    st.session_state[KEY] = (_pair(choice), Kept())


def changed(choice: Choice) -> WhatIf | None:
    """Return the score worked out again from the changed evidence, None where nothing is changed."""
    changes = kept(choice)
    return _changed(*_pair(choice), changes) if changes else None


def _pair(choice: Choice) -> tuple[str, str, str]:
    return choice.run, choice.client, choice.product


@memory.remembered(max_entries=64)
def _changed(run: str, client: str, product: str, changes: Kept) -> WhatIf:
    return desk.model(run).what_if(
        client,
        product,
        without_interactions=changes.interaction,
        without_ties=changes.tie,
        without_clients=changes.client,
        with_interactions=changes.added,
    )

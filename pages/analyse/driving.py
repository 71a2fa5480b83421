"""What drives the models that were looked at last, worked out once for all sessions, with progress."""

from collections.abc import Callable
from threading import Lock
from typing import Any

import streamlit as st

from finrec_core.advice import drivers as advice_drivers
from finrec_core.advice import vocabulary as advice_words
from finrec_core.advice.drivers import Drivers
from finrec_core.advice.vocabulary import Vocabulary
from finrec_core.dataset.progress import Progress
from finrec_core.explain import wording
from pages.frame import desk, memory

MOST = 4  # runs whose results stay in memory
_working = Lock()  # the work of two sessions at once would take both twice as long


@memory.remembered(max_entries=1)
def _kept() -> dict[tuple[str, str], Any]:
    """Return what was worked out, by what it is and of which run; the oldest goes first."""
    return {}


def drivers_of(run: str, *, shown: bool = True) -> Drivers:
    """Return what drives a run's model; outside of a page's own run no progress can be shown."""
    return _once(
        "drivers", run, lambda progress: advice_drivers.drivers(desk.model(run), progress), shown=shown
    )


def vocabulary_of(run: str) -> Vocabulary:
    """Return the strongest words of a run's model."""
    found = drivers_of(run)
    return _once("words", run, lambda progress: advice_words.vocabulary(desk.model(run), found, progress))


def known(what: str, run: str) -> Any:  # noqa: ANN401 - what is kept under its name
    """Return the "drivers" or the "words" of a run where they are worked out already, else None."""
    return _kept().get((what, run))


def _once(what: str, run: str, work: Callable[[Progress], Any], *, shown: bool = True) -> Any:  # noqa: ANN401 - as above
    if (found := known(what, run)) is not None:
        return found
    place = st.empty() if shown else None

    def report(stage: str, share: float) -> None:
        if place is not None:
            place.progress(min(1.0, share), text=wording.capital(stage))

    report("waiting for other work", 0.0)
    with _working:
        kept = _kept()
        if (what, run) not in kept:
            kept[what, run] = work(report)
            while len(kept) > 2 * MOST:
                kept.pop(next(iter(kept)))
    if place is not None:
        place.empty()
    return kept[what, run]

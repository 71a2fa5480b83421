"""What drives the models that were looked at last, worked out once for all sessions, with progress."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from finrec_core.advice import drivers as advice_drivers
from finrec_core.advice import vocabulary as advice_words
from finrec_core.advice.drivers import Drivers
from finrec_core.advice.vocabulary import Vocabulary
from finrec_core.dataset.progress import Progress
from finrec_core.explain import wording
from pages.frame import desk, memory

MOST = 8  # results of runs, drivers or words, that stay in memory


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
    return memory.shelf("driving", MOST).get((what, run))


def _once(what: str, run: str, work: Callable[[Progress], Any], *, shown: bool = True) -> Any:  # noqa: ANN401 - as above
    if (found := known(what, run)) is not None:
        return found
    place = st.empty() if shown else None

    def report(stage: str, share: float) -> None:
        if place is not None:
            place.progress(min(1.0, share), text=wording.capital(stage))

    report("waiting for other work", 0.0)
    # The work of two sessions at once would take both twice as long.
    found = memory.shelf("driving", MOST).renewed(
        (what, run), lambda other: work(report) if other is None else other
    )
    if place is not None:
        place.empty()
    return found

"""The desk: the store, the models in memory and what was computed with them, shared by all sessions."""

from datetime import UTC, date, datetime
from threading import Lock
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from finrec_core import jobs
from finrec_core.advice import Rules, Suitability
from finrec_core.explain import Explanation
from finrec_core.settings import settings
from finrec_core.store import Store
from finrec_core.terms import privacy, wording
from finrec_core.terms.user import user
from pages.frame import memory

if TYPE_CHECKING:
    from finrec_core.recommender import FusedRecommender, Ranking

_collecting = Lock()  # two sessions that see a training end must not both take it in


@st.cache_resource(show_spinner=False, on_release=Store.close)
def store() -> Store:
    """Return the store, opened once per process; raises `StoreError` with one sentence if it cannot be.

    Opening also marks the jobs failed that ended with the process before this one, and removes the files
    that were uploaded to it.
    """
    privacy.close(settings().private_places)  # of a time before finrec kept them closed
    opened = Store(settings().store_file, runs_folder=settings().runs_folder)
    jobs.sweep(settings().runs_folder)
    jobs.sweep_spools(settings().imports_folder)
    return opened


def collect() -> None:
    """Take in what has finished, end erasures begun, and start the next job in the line."""
    with _collecting:
        jobs.collect(store(), user=user())
        if jobs.finish_erasures(store()):
            memory.forget()
    jobs.watch(settings().runs_folder)


@memory.remembered(show_spinner="Loading the model", max_entries=2)
def model(run: str) -> "FusedRecommender":
    """Return the model of a run; the last two stay in memory."""
    from finrec_core.recommender import FusedRecommender  # noqa: PLC0415 - loads torch, which Data need not

    return FusedRecommender.load(store().run_folder(run))


@memory.remembered(max_entries=256)
def ranking(run: str, client: str) -> "Ranking":
    """Return a client's products in order, with their scores."""
    return model(run).ranking(client)


@memory.remembered(max_entries=256)
def explanation(run: str, client: str, product: str, words: int) -> Explanation:
    """Return a score taken apart, with the words of as many texts."""
    return model(run).explain(client, product, words=words)


def rules(run: str) -> tuple[int, Rules]:
    """Return the rules in force and their version; 0 are those proposed for the data where none are set."""
    saved = store().rules()
    return (0, _proposed(run)) if saved is None else (saved.version, Rules.from_json(saved.content))


def suitability(run: str, client: str) -> Suitability | None:
    """Return what suits a client under the rules in force, None where the data has no client profiles."""
    version, chosen = rules(run)
    return _suitability(run, client, version, today(), chosen)


@memory.remembered(max_entries=8)
def _proposed(run: str) -> Rules:
    return Rules.proposed(model(run).dataset)


@memory.remembered(max_entries=256)
def _suitability(run: str, client: str, version: int, on: date, _rules: Rules) -> Suitability | None:
    return Suitability.of(model(run).dataset, client, _rules, on)


def theme() -> str:
    """Return "dark" or "light" as the browser shows the desk; light until it has said so."""
    return "dark" if st.context.theme.type == "dark" else "light"


def local(when: datetime) -> datetime:
    """Return a time as the browser's clock shows it."""
    try:
        return when.astimezone(ZoneInfo(st.context.timezone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return when.astimezone(UTC)


def on_primary(text: str, icon: str, *, enabled: bool = True) -> str:
    """Return the label of a primary button; Streamlit writes in white on it, too pale on the dark theme's."""
    label = f":material/{icon}: {text}"
    return f':color[{label}]{{foreground="#0B1512"}}' if enabled and theme() == "dark" else label


def today() -> date:
    """Return the day as the browser's calendar shows it."""
    return local(datetime.now(UTC)).date()


def when(moment: datetime) -> str:
    """Return a time as the browser's clock shows it, as 21 Nov 16:31."""
    return wording.moment(local(moment), local(datetime.now(UTC)))

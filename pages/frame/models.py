"""The models of the desk: what they are called, which one a page speaks of, and choosing one in a table."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from finrec_core.run_folder import RunFolderError
from finrec_core.store import RunRow, StoreError
from finrec_core.terms import wording
from finrec_core.views.markdown import in_markdown
from pages.frame import desk, integrity, selection

if TYPE_CHECKING:
    from finrec_core.recommender import FusedRecommender


def loaded(title: str) -> "tuple[RunRow, FusedRecommender] | None":
    """Return the run that a page speaks of and its model; None where there is none, which is then said."""
    active = integrity.serving()
    if active is None:
        _none(title)
        return None
    run = _chosen(active)
    if fault := integrity.fault(run.run):  # one that was read before lies in memory still
        _unreadable(fault)
        return None
    try:
        model = desk.model(run.run)
    except (StoreError, RunFolderError) as error:
        _unreadable(str(error))
        return None
    selection.show_run(run.run)
    return run, model


def _none(title: str) -> None:
    """Show a page that has no model to speak of yet, and what to do next."""
    st.title(title, anchor=False)
    st.info("There is no model yet. Load the demo bank or your own data first.", icon=":material/flag:")
    st.page_link("pages/start/page.py", label="Start")


def title(run: RunRow, minutes: frozenset[str] | None = None) -> str:
    """Return what a model is called in a list of them: when it was trained and on what."""
    return f"{when(run.created, minutes)}, {wording.name(run.dataset, '', 30)}, version {run.version}"


def when(trained: datetime, minutes: frozenset[str] | None = None) -> str:
    """Return when a model was trained, so that no other reads the same; `minutes` are those `crowded`."""
    minutes = crowded() if minutes is None else minutes
    exact = f":{trained:%S}" if _minute(trained) in minutes else ""
    return f"{desk.when(trained)}{exact}"


def crowded() -> frozenset[str]:
    """Return the minutes in which more than one model was trained, removed ones among them."""
    counts = Counter(map(_minute, desk.store().trained()))
    return frozenset(minute for minute, models in counts.items() if models > 1)


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%d%H%M}"


def _chosen(active: RunRow) -> RunRow:
    """Return the run that the URL names, and say so where it is not the active one or not there."""
    wanted = selection.run() or active.run
    if wanted == active.run or ("run" not in st.query_params and integrity.fault(wanted)):
        return active
    try:
        run = desk.store().run(wanted)
        desk.store().run_folder(wanted)
    except StoreError as error:
        st.warning(in_markdown(str(error), 300), icon=":material/help:")
        return active
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", key="older"):
        st.markdown(
            f":material/history: This shows the model of {when(run.created)}. "
            f"The one in use was trained {when(active.created)}.",
            width="content",
        )
        if st.button("Show the one in use", key="newer"):
            selection.show_run(active.run, chosen=True)
            st.rerun()
    return run


def _unreadable(fault: str) -> None:
    """Say that the model cannot be loaded, and what to do next."""
    st.error(in_markdown(fault, 300), title="The model cannot be loaded", icon=":material/error:")
    st.page_link("pages/train/page.py", label="Publish another, or train again")


def choice_options(runs: Sequence[RunRow], key: str) -> dict[str, Any]:
    """Return what a table of runs is drawn with, so that it keeps the chosen run when others come and go."""
    wanted = st.session_state.get(f"{key}-chosen")
    row = next((row for row, run in enumerate(runs) if run.run == wanted), 0)
    return {
        "on_select": "rerun",
        "selection_mode": "single-row-required",
        "selection_default": {"selection": {"rows": [row]}},
        # A row number says nothing of another list, so each list has a table of its own.
        "key": f"{key}-{hash(tuple(run.run for run in runs))}",
    }


def chosen_run(runs: Sequence[RunRow], rows: Sequence[int], key: str) -> RunRow:
    """Return the run that stands in the selected row, and remember it."""
    run = runs[min(rows[0], len(runs) - 1) if rows else 0]
    st.session_state[f"{key}-chosen"] = run.run
    return run

"""Which model a page speaks of: the one in use unless the URL names another, and what is said without one."""

from typing import TYPE_CHECKING

import streamlit as st

from finrec_core.run_folder import RunFolderError
from finrec_core.store import RunRow, StoreError
from finrec_core.views.markdown import in_markdown
from pages.frame import desk, names

if TYPE_CHECKING:
    from finrec_core.recommender import FusedRecommender


def loaded(title: str) -> "tuple[RunRow, FusedRecommender] | None":
    """Return the run that a page speaks of and its model; None where there is none, which is then said."""
    active = desk.store().active_run()
    if active is None:
        none(title)
        return None
    run = chosen(active)
    try:
        model = desk.model(run.run)
    except (StoreError, RunFolderError) as error:
        unreadable(error)
        return None
    st.query_params["run"] = run.run
    return run, model


def chosen(active: RunRow) -> RunRow:
    """Return the run that the URL names, and say so where it is not the active one or not there."""
    wanted = st.query_params.get("run", active.run)
    if wanted == active.run:
        return active
    try:
        run = desk.store().run(wanted)
        desk.store().run_folder(wanted)
    except StoreError as error:
        st.warning(in_markdown(str(error), 300), icon=":material/help:")
        return active
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", key="older"):
        st.markdown(
            f":material/history: This shows the model of {names.when(run.created)}. "
            f"The one in use was trained {names.when(active.created)}.",
            width="content",
        )
        if st.button("Show the one in use", key="newer"):
            st.query_params["run"] = active.run
            st.rerun()
    return run


def none(title: str) -> None:
    """Show a page that has no model to speak of yet, and what to do next."""
    st.title(title, anchor=False)
    st.info("There is no model yet. Load the demo bank or your own data first.", icon=":material/flag:")
    st.page_link("pages/advise/start.py", label="Start")


def unreadable(error: ValueError | RuntimeError) -> None:
    """Say that the model cannot be loaded, and what to do next."""
    st.error(in_markdown(str(error), 300), title="The model cannot be loaded", icon=":material/error:")
    st.page_link("pages/analyse/train.py", label="Publish another, or train again")

"""Lists: the best products of all clients in one file, made beside the desk, to be downloaded."""

import streamlit as st

from finrec_core import jobs
from finrec_core.advice import NO_FACTS
from finrec_core.advice.suitability import has_profiles
from finrec_core.jobs.order import MOST_PRODUCTS
from finrec_core.run_folder import RunFolderError
from finrec_core.settings import settings
from finrec_core.store import RunRow, StoreError
from finrec_core.terms.user import user
from finrec_core.views.markdown import in_markdown
from pages.analyse import line, made
from pages.frame import desk, training

FORMATS = {"Parquet": "parquet", "CSV": "csv"}


def show(run: RunRow) -> None:
    """Offer to write the lists of all clients with the model in use, and those that were written."""
    folder = settings().runs_folder
    running = jobs.current(folder)
    if running is not None:
        training.progress(running)
    line.show(jobs.waiting(folder))
    try:
        judged = has_profiles(desk.model(run.run).dataset)
    except (StoreError, RunFolderError) as error:
        st.error(in_markdown(str(error), 300), icon=":material/error:")
    else:
        _ask(run, judged=judged, busy=running is not None)
    made.show([*jobs.jobs(folder, "batch")])


def _ask(run: RunRow, *, judged: bool, busy: bool) -> None:
    """Ask how the lists are to be, and put the job into the line."""
    with st.container(border=True, key="lists"):
        st.markdown("**The best products of every client, in one file**")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            k = st.number_input("Products each", 1, MOST_PRODUCTS, 10, width=130, key="k")
            form = st.segmented_control(
                "Format", list(FORMATS), default="Parquet", required=True, key="list-format"
            )
            with st.container(width="content"):
                reasons = st.checkbox(
                    "With the reason, as a sentence",
                    help="Takes two to ten milliseconds for each row.",
                    key="with-reasons",
                )
                suitable = st.checkbox(
                    "Only what fits or is to be checked",
                    disabled=not judged,
                    help="What the bank's rules forbid a client is left out; ranks stay. "
                    + ("" if judged else NO_FACTS),
                    key="only-suitable",
                )
            pressed = st.button(
                desk.on_primary(
                    "Put in line" if busy else "Write the file", "playlist_add" if busy else "list"
                ),
                type="primary",
                key="write-lists",
            )
        st.caption(
            "Other clients stand in no reason by name, and no review is quoted. Cells of a CSV file do not "
            "run as formulas. The file holds clients' data: guard it like the store."
        )
    if pressed:
        saved = desk.store().rules()
        asked = jobs.Listing(
            model=run.run,
            k=int(k),
            reasons=reasons,
            suitable=suitable and judged,
            format=FORMATS[form],  # type: ignore[arg-type]
            rules=None if saved is None else saved.content,
        )
        try:
            jobs.enqueue(desk.store(), asked, user=user())
        except (jobs.JobError, StoreError) as error:
            st.error(in_markdown(str(error), 300), icon=":material/error:")
        else:
            st.rerun()

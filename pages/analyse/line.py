"""The line on a page: which jobs wait, for whom, in which order, and taking one out of it."""

from collections.abc import Sequence

import streamlit as st

from finrec_core.explain import wording
from finrec_core.jobs import Job
from finrec_core.views import orders
from finrec_core.views.markdown import in_markdown
from pages.frame import desk, training


def show(waiting: Sequence[Job]) -> None:
    """Show the jobs that wait, the next one first; nothing where none does."""
    if not waiting:
        return
    with st.container(border=True, key="line"):
        st.markdown(f"**{wording.counted(len(waiting), 'job')} in line**; one runs at a time.")
        for place, job in enumerate(waiting, start=1):
            with st.container(
                horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
            ):
                st.markdown(f"{place}. {about(job)}", width="content")
                st.button(
                    "Take out",
                    icon=":material/close:",
                    type="tertiary",
                    on_click=training.cancel,
                    args=(job,),
                    help="Take it out of the line; nothing else changes.",
                    key=f"out-{job.run}",
                )


def about(job: Job) -> str:
    """Return what a job is, for whom and since when, as Markdown."""
    order = job.order
    by = wording.name(order.get("user"), "", 40) if order.get("user") else ""
    asked = "" if job.created is None else f", {desk.when(job.created)}"
    return (
        f"{orders.what(order)} on {in_markdown(orders.data(order))}: {in_markdown(orders.settings(order))}"
        f"{f'; {in_markdown(by)}' if by else ''}{asked}"
    )

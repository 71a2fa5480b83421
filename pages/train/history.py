"""The history of jobs on a page: what was asked, how it ended, and the log of what failed."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from finrec_core.jobs import Job, JobState
from finrec_core.terms import wording
from finrec_core.terms.file_name import file_name
from finrec_core.terms.user import name_of
from finrec_core.views.markdown import in_markdown
from finrec_core.views.model import orders
from pages.frame import desk, gate, table, work

STATES = {
    "queued": ("In line", "gray"),
    "running": ("Running", "blue"),
    "finished": ("Finished", "green"),
    "failed": ("Failed", "red"),
    "cancelled": ("Cancelled", "yellow"),
}
MOST = 100  # jobs in the table, the newest


def show(jobs: Sequence[Job]) -> None:
    """List all jobs with their ends, and of the chosen one why it failed, what to do, and its log."""
    if not jobs:
        return
    jobs = jobs[:MOST]
    with st.expander("All jobs", icon=":material/history:"):
        states = [job.state() for job in jobs]
        place = _table(jobs, states)
        _detail(jobs[place], states[place])


def _table(jobs: Sequence[Job], states: Sequence[JobState]) -> int:
    """Show the jobs as a table and return the row that is chosen."""
    return table.choose(
        pd.DataFrame(
            {
                "Asked": [desk.when(job.created) if job.created else "" for job in jobs],
                "Job": [orders.what(job.order) for job in jobs],
                "On": [orders.data(job.order) for job in jobs],
                "Settings": [orders.settings(job.order) for job in jobs],
                "By": [name_of(str(job.order.get("user", ""))) for job in jobs],
                "Took": [
                    wording.duration(one.seconds) if one.status not in ("queued", "running") else ""
                    for one in states
                ],
                "State": [[STATES[one.status][0]] for one in states],
            }
        ),
        height="content" if len(jobs) <= 8 else 320,
        columns={
            "Settings": st.column_config.TextColumn(width="medium"),
            "State": st.column_config.MultiselectColumn(
                options=[word for word, _ in STATES.values()],
                color=[colour for _, colour in STATES.values()],
                width=100,
            ),
        },
        key=f"jobs-{len(jobs)}",
        alt="All jobs, newest first: when, what, on which data, how, by whom, and how each ended",
    )


def _detail(job: Job, state: JobState) -> None:
    """Show why a job ended as it did, and offer its log and its removal."""
    if state.message:
        st.markdown(in_markdown(f"{state.message} {state.advice}".strip(), 700))
    with st.container(horizontal=True):
        st.download_button(
            "Log",
            gate.later(job.log),
            file_name=file_name(f"finrec-{job.run}.txt"),
            mime="text/plain",
            on_click="ignore",
            icon=":material/notes:",
            disabled=not state.log_tail,
            key=f"log-{job.run}",
        )
        if state.status in ("failed", "cancelled") and work.may(job):
            st.button(
                "Remove", icon=":material/delete:", on_click=work.remove, args=(job,), key=f"rm-{job.run}"
            )

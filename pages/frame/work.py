"""Work beside the desk: the running job with its stage and its end, and which others wait in the line."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from finrec_core import jobs
from finrec_core.jobs import Job, JobError
from finrec_core.jobs.progress import Curve
from finrec_core.terms import wording
from finrec_core.terms.user import name_of
from finrec_core.views.charts import curve
from finrec_core.views.markdown import in_markdown
from finrec_core.views.model import orders
from pages.frame import chart, desk


def progress(job: jobs.Job, title: str = "", *, learning: bool = False) -> None:
    """Show a job until it ends, then take in what it made and show the page anew.

    With `learning` the curve of the network that learns stands below, with a table beside it.
    """
    with st.container(border=True, key="training"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader(title or orders.running(job.order), anchor=False, width="content")
            if job.kind != "erase" and may(job):  # an erasure goes on to its end
                st.button("Cancel", icon=":material/close:", on_click=cancel, args=(job,), key="cancel")
        if learning:
            data, how = orders.data(job.order), orders.settings(job.order)
            st.caption(f"{in_markdown(data)}: {in_markdown(how, 200)}")
        _follow(job, learning=learning)


def cancel(job: jobs.Job) -> None:
    """End a job that runs, or take one out of the line, or say why it cannot be."""
    try:
        desk.commands().cancel(job)
    except (JobError, OSError) as error:
        st.toast(in_markdown(str(error), 300), icon=":material/error:")


@st.fragment(run_every="1s")
def _follow(job: jobs.Job, *, learning: bool) -> None:
    state = job.state()
    if state.status != "running":
        desk.collect()
        st.rerun()
    st.progress(state.share, text=wording.capital(state.stage))
    left = "" if state.seconds_left is None else f", about {wording.duration(state.seconds_left)} left"
    st.caption(
        f"{wording.percent(state.share, 0)} done after {wording.duration(state.seconds)}{left}. "
        "It goes on when you leave this page."
    )
    learned = job.curve() if learning and job.kind == "train" else None
    if learned is not None:
        _curve(learned)


def _curve(learned: Curve) -> None:
    """Draw how good the newest network is on what was held back, with the same as a table."""
    st.markdown("**How good it is so far**")
    chart.show(
        curve.curve(learned.checks, chart.colours(), second=learned.second),
        key="curve",
        alt=curve.alternative(learned.checks),
    )
    st.caption(
        f"NDCG@20 on interactions that were held back to choose by, as network {learned.network:,} learns. "
        "Several are tried; the test figures come at the end, from others."
    )
    with st.expander("The checks as a table"):
        st.dataframe(
            pd.DataFrame(
                {
                    "Steps": [step for step, _ in learned.checks],
                    "NDCG@20": [wording.plain(figure, 4) for _, figure in learned.checks],
                }
            ),
            hide_index=True,
            height=220,
            column_config={"NDCG@20": st.column_config.TextColumn(alignment="right")},
            key="checks",
            alt=curve.alternative(learned.checks),
        )


def show_line(waiting: Sequence[Job]) -> None:
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
                if not may(job):
                    continue
                st.button(
                    "Take out",
                    icon=":material/close:",
                    type="tertiary",
                    on_click=cancel,
                    args=(job,),
                    help="Take it out of the line; nothing else changes.",
                    key=f"out-{job.run}",
                )


def about(job: Job) -> str:
    """Return what a job is, for whom and since when, as Markdown."""
    order = job.order
    by = wording.name(name_of(str(order["user"])), "", 40) if order.get("user") else ""
    asked = "" if job.created is None else f", {desk.when(job.created)}"
    return (
        f"{orders.what(order)} on {in_markdown(orders.data(order))}: {in_markdown(orders.settings(order))}"
        f"{f'; {in_markdown(by)}' if by else ''}{asked}"
    )


def dismiss(job: Job) -> None:
    """Show the failure of a job no more, or say why it cannot be."""
    try:
        desk.commands().dismiss(job)
    except JobError as error:
        st.toast(in_markdown(str(error), 300), icon=":material/error:")


def may(job: Job) -> bool:
    """Return whether who works here may end or remove a job."""
    return desk.may("write lists" if job.kind == "batch" else "train")


def remove(job: Job) -> None:
    """Remove a job's folder, or say why it cannot be."""
    try:
        desk.commands().remove(job)
    except (JobError, OSError) as error:
        st.toast(in_markdown(str(error), 300), icon=":material/error:")

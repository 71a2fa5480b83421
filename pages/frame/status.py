"""The status: a failed job above every page until it is dismissed, and the line below it."""

from collections.abc import Sequence

import streamlit as st

from finrec_core import jobs
from finrec_core.jobs import JobError
from finrec_core.settings import settings
from finrec_core.store import RunRow
from finrec_core.terms import wording
from finrec_core.views.markdown import in_markdown
from finrec_core.views.model import orders
from pages.frame import desk, integrity, models, work


def trouble(sentences: Sequence[str]) -> None:
    """Say what of the desk does not work just now; the rest does."""
    for said in sentences:
        st.warning(in_markdown(said, 500), icon=":material/warning:")


def failure() -> None:
    """Show why the newest job failed and what to do, until somebody has dismissed it."""
    try:
        failed = jobs.failed(settings().runs_folder)
    except JobError:  # the folder of runs cannot be read, which `trouble` says
        return
    if failed is None or not work.may(failed):
        return
    state = failed.state()
    with st.container(key="failure"):
        said = in_markdown(f"{state.message} {state.advice}", 700)
        st.error(said, title=f"The {failed.noun} failed", icon=":material/error:")
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.caption("Nothing was changed: advisers see the model that was active before.", width="content")
            with st.container(horizontal=True, width="content"):
                with st.popover("Log", icon=":material/notes:", width="content"):
                    st.code(state.log_tail or "The log is empty.", language=None, wrap_lines=True)
                    st.caption("The whole log stands under All jobs on the page Train.")
                st.button(
                    "Dismiss", icon=":material/close:", on_click=work.dismiss, args=(failed,), key="dismiss"
                )


def stand_in() -> None:
    """Say above every page where the model in use is not what was trained, and which one is shown instead."""
    active = desk.store().active_run()
    said = "" if active is None else integrity.fault(active.run)
    if active is None or not said:
        return
    shown = integrity.serving()
    what = "No other model was in use before that could be shown instead."
    if shown is not None and shown.run != active.run:
        what = (
            f"You see the model trained {models.when(shown.created)} instead, which was in use before; "
            "what you decide is recorded with that one."
        )
    st.warning(
        f"{in_markdown(said, 300)} {what} Tell whoever looks after this desk.",
        title=f"The model trained {models.when(active.created)} is not used",
        icon=":material/gpp_maybe:",
    )


def line() -> None:
    """Show below every page which data and which model it speaks of, and which job runs."""
    folder = settings().runs_folder
    try:
        running, waiting = jobs.current(folder), bool(jobs.waiting(folder))
    except JobError:  # which `trouble` says
        return
    st.space("small")
    st.fragment(_line, run_every="2s" if running or waiting else None)(running, waiting)


def _line(was: jobs.Job | None, waited: bool) -> None:
    """Write the line; when another job or none runs since, take in what was made and show the page anew."""
    job, line = jobs.current(settings().runs_folder), jobs.waiting(settings().runs_folder)
    if (was or waited) and (job != was or bool(line) != waited):
        desk.collect()
        st.rerun()
    run = integrity.serving()
    with st.container(horizontal=True, horizontal_alignment="distribute", gap="medium"):
        with st.container(horizontal=True, width="content", gap="small", vertical_alignment="center"):
            st.caption(about(run), width="content")
            if job is None:
                ready = f"{wording.counted(len(line), 'job')} in line" if line else "Ready"
                st.caption(f":material/check_circle: {ready}", width="content")
            else:
                said = progress(job.state(), len(line))
                st.caption(f":material/progress_activity: {said}", width="content")
        if run is not None:
            st.caption("AI-assisted; the decision is yours.", width="content")


def about(run: RunRow | None) -> str:
    """Return which dataset and model the desk shows, as Markdown."""
    if run is None:
        return "No model yet."
    return f"{in_markdown(run.dataset)}, version {run.version}. Model trained {models.when(run.created)}."


def progress(state: jobs.JobState, waiting: int = 0) -> str:
    """Return how far a job is, as "Training: 43 %, 1 min left; 2 in line"."""
    left = "" if state.seconds_left is None else f", {wording.duration(state.seconds_left)} left"
    line = f"; {waiting} in line" if waiting else ""
    return f"{orders.what({'kind': state.kind})}: {wording.percent(state.share, 0)}{left}{line}"

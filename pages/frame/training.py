"""A running training on a page: its stage, how far it is, how long it will take, and how to end it."""

import streamlit as st

from finrec_core import jobs
from finrec_core.explain import wording
from pages.frame import desk


def progress(job: jobs.Job, title: str) -> None:
    """Show a training until it ends, then take in what it made and show the page anew."""
    with st.container(border=True, key="training"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader(title, anchor=False, width="content")
            st.button("Cancel", icon=":material/close:", on_click=_cancel, args=(job,), key="cancel")
        _follow(job)


@st.fragment(run_every="1s")
def _follow(job: jobs.Job) -> None:
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


def _cancel(job: jobs.Job) -> None:
    job.cancel()

"""A comparison with all methods from the page: beside the desk, or by a command."""

import shlex

import streamlit as st

from finrec_core import jobs
from finrec_core.settings import settings
from finrec_core.store import RunRow, StoreError
from finrec_core.terms.user import user
from finrec_core.views.markdown import in_markdown
from pages.frame import desk, training


def button(run: RunRow) -> None:
    """Offer to compare all methods on the data of a run, or show how far that is."""
    mine = [
        job
        for job in _under_way()
        if (job.order["dataset"], job.order["version"]) == (run.dataset, run.version)
    ]
    if mine and mine[0].state().status == "running":
        training.progress(mine[0])
        return
    if mine:
        st.caption(":material/playlist_play: A comparison with all methods is in line.")
        return
    with st.popover("Compare with all methods", icon=":material/balance:", width="content"):
        st.markdown(
            "Every method is trained on the same data and asked for the same held-back products. It takes "
            "minutes to hours, beside the desk; what is finished is kept if it is broken off."
        )
        controls = st.checkbox(
            "With controls",
            help="Again where a gain should vanish (texts and ties shuffled) and where evidence is scarce.",
            key="controls",
        )
        st.button(
            desk.on_primary("Compare", "play_arrow"),
            type="primary",
            on_click=_compare,
            args=(run, controls),
            key="compare-all",
        )
        st.caption("Or close the desk, since one program at a time may hold the store, and run")
        st.code(f"python -m finrec_core evaluate --dataset {shlex.quote(run.label)}", language=None)
    if said := st.session_state.pop("compare-error", ""):
        st.error(in_markdown(said, 300), icon=":material/error:")


def _under_way() -> list[jobs.Job]:
    """Return the comparisons that run or wait, the first one first."""
    folder = settings().runs_folder
    running = jobs.current(folder)
    return [job for job in [*([running] if running else []), *jobs.waiting(folder)] if job.kind == "compare"]


def _compare(run: RunRow, controls: bool) -> None:
    asked = jobs.Comparing(encoder=settings().encoder, controls=controls)
    try:
        jobs.enqueue(desk.store(), asked, run.dataset, run.version, user=user())
    except (jobs.JobError, StoreError) as error:
        st.session_state["compare-error"] = str(error)

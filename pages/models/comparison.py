"""The comparison with all methods: which one the page Models draws, and how to get the full one."""

import shlex
from collections.abc import Mapping
from typing import Any

import streamlit as st

from finrec_core import jobs
from finrec_core.settings import settings
from finrec_core.store import Comparison, RunRow, StoreError
from finrec_core.terms.user import user
from finrec_core.views.markdown import in_markdown
from finrec_core.views.model import comparison
from pages.frame import desk, work


def button(run: RunRow) -> None:
    """Offer to compare all methods on the data of a run, or show how far that is."""
    mine = [
        job
        for job in _under_way()
        if (job.order["dataset"], job.order["version"]) == (run.dataset, run.version)
    ]
    if mine and mine[0].state().status == "running":
        work.progress(mine[0])
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


OWN = "own"  # in place of a comparison's id: the test that the training made of itself


def choose(run: RunRow) -> Mapping[str, Any] | None:
    """Ask which comparison of the model's data to draw and return it, None where there is none."""
    kept = {one.id: one for one in desk.store().comparisons(run.dataset, run.version)}
    options = [*kept, OWN] if comparison.protocols(run.metrics) else [*kept]
    if not options:
        return None
    whole = (key for key, one in kept.items() if comparison.whole_data(one.document))
    default = next(whole, options[-1] if OWN in options else options[0])
    chosen = default
    if len(options) > 1:
        chosen = st.selectbox(
            "Comparison",
            options,
            index=options.index(default),
            format_func=lambda key: _title(kept[key]) if key in kept else "The training's own test",
            width=320,
            key="comparison",
        )
    return kept[chosen].document if chosen in kept else run.metrics


def explain(run: RunRow, document: Mapping[str, Any]) -> None:
    """Say where the figures come from, and how to compare with all methods."""
    own = document is run.metrics
    if own:
        st.caption("Source: the test that the training made of this model, against plain methods.")
    else:
        st.caption(
            f"Source: a comparison on {in_markdown(run.dataset)}, version {run.version}. Every method was "
            "trained anew for it, the fused model too, so its figures can differ a little from the card's."
        )
    button(run)


def _title(one: Comparison) -> str:
    """Return a comparison as a choice in the list."""
    return f"{desk.when(one.created)}: {comparison.extent(one.document)}"

"""A trained model on a card: its figures, what it learned from, and putting it into use."""

import streamlit as st

from finrec_core.explain import wording
from finrec_core.store import RunRow, StoreError
from finrec_core.terms.names import COVERAGE, METRIC
from finrec_core.views import figures
from finrec_core.views.markdown import escaped
from pages.analyse import changing
from pages.frame import desk, names


def card(run: RunRow, active: RunRow | None) -> None:
    """Show a run and, where it is not the one in use, the button that publishes it."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            st.subheader(f"Model of {names.when(run.created)}", anchor=False, width="content")
            if run.active:
                st.badge("In use", icon=":material/check:", color="green")
        if not run.active and st.button(
            desk.on_primary("Publish", "publish", enabled=not run.missing),
            type="primary",
            disabled=run.missing,
            key=f"publish-{run.run}",
        ):
            changing.publish(run, active)
    comparable = active is not None and figures.comparable(run, active)
    with st.grid(5, min_column_width=150):
        for metric in (METRIC, "recall@20"):
            beside = f"{figures.figure(active, metric)} in use" if active is not None and comparable else ""
            _metric(figures.NAMES[metric], figures.figure(run, metric), beside)
        shown = figures.value(run, COVERAGE)
        _metric("Catalogue in tests", wording.NONE if shown is None else wording.percent(shown, 0))
        _metric("Learned from", _size(run), f"{wording.name(run.dataset, '', 24)}, version {run.version}")
        _metric("Took", wording.duration(run.seconds), f"seed {run.seed}")
    if active is not None and active.run != run.run and not comparable:
        st.caption("The model in use was tested on other data or with another seed: figures do not compare.")


def _metric(title: str, value: str, beside: str = "") -> None:
    st.metric(title, value, escaped(beside) or None, delta_color="off", delta_arrow="off")


def _size(run: RunRow) -> str:
    """Return how many interactions a run learned from; its version may be gone."""
    try:
        return wording.counted(desk.store().version(run.dataset, run.version).interactions, "row")
    except StoreError:
        return "removed"

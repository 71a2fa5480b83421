"""The result of a training: its figures beside the model in use, and putting it into use."""

import streamlit as st

from finrec_core.store import RunRow, StoreError
from finrec_core.terms import wording
from finrec_core.terms.names import COVERAGE, METRIC, OURS, PER_CLIENT
from finrec_core.terms.protocol import HELD_BACK
from finrec_core.views.charts import dots
from finrec_core.views.markdown import escaped
from finrec_core.views.model import figures
from pages.frame import chart, desk, models
from pages.shared import differences, publication


def show(run: RunRow, active: RunRow | None) -> None:
    """Show one run, and how it does beside the model in use and the plain methods."""
    with st.container(border=True, key="result"):
        _card(run, active)
        for caveat in figures.caveats(run):
            st.warning(escaped(caveat), icon=":material/warning:")
        if notes := figures.protocol(run).get("notes"):
            st.caption(" ".join(notes))
    present = [metric for metric in figures.NAMES if figures.value(run, metric) is not None]
    if not present:
        st.caption("This training made no test figures: too few clients have three products or more.")
        return
    grid = st.grid(2, min_column_width=420, gap="medium")
    with grid.cell():
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader("Is it any good?", anchor=False, width="content")
            metric = st.selectbox(
                "Figure",
                present,
                format_func=figures.NAMES.__getitem__,
                label_visibility="collapsed",
                width=150,
                key="metric",
            )
        arms = figures.dots_of(run, active, metric)
        name = figures.NAMES[metric]
        chart.show(
            dots.dots(arms, chart.colours()),
            key="dots",
            alt=dots.alternative(arms, name),
        )
        st.caption(
            "Dot: mean over clients. Line: 95 % interval. The whole catalogue is ranked; "
            f"{HELD_BACK[PER_CLIENT]}. Higher is better."
        )
    with grid.cell():
        with st.container(horizontal=True, height=40, border=False, vertical_alignment="center"):
            st.subheader("This model against each", anchor=False)
        differences.show(figures.protocol(run).get("paired", []), metric, OURS)


def _card(run: RunRow, active: RunRow | None) -> None:
    """Show a run and, where it is not the one in use, the button that publishes it."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            st.subheader(f"Model of {models.when(run.created)}", anchor=False, width="content")
            if run.active:
                st.badge("In use", icon=":material/check:", color="green")
        if (
            not run.active
            and desk.may("publish")
            and st.button(
                desk.on_primary("Publish", "publish", enabled=not run.missing),
                type="primary",
                disabled=run.missing,
                key=f"publish-{run.run}",
            )
        ):
            publication.publish(run, active)
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

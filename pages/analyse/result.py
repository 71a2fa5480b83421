"""The result of a training: its figures beside the model in use and the plain methods."""

import streamlit as st

from finrec_core.store import RunRow
from finrec_core.terms.names import OURS
from finrec_core.views import dots, figures
from pages.analyse import against, publishing
from pages.frame import chart


def show(run: RunRow, active: RunRow | None) -> None:
    """Show one run, and how it does beside the model in use and the plain methods."""
    with st.container(border=True, key="result"):
        publishing.card(run, active)
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
            "Dot: mean over clients. Line: 95 % interval. The whole catalogue is ranked; each client's last "
            "fifth is held back. Higher is better."
        )
    with grid.cell():
        with st.container(horizontal=True, height=40, border=False, vertical_alignment="center"):
            st.subheader("This model against each", anchor=False)
        against.show(figures.protocol(run).get("paired", []), metric, OURS)

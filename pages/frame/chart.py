"""The chart: a figure in the colours of the screen, with the same in words for those who do not see it."""

from typing import Any

import streamlit as st

from finrec_core.views.charts.frame import CONFIG
from finrec_core.views.charts.theme import Theme, theme
from pages.frame import desk


def colours() -> Theme:
    """Return the colours that the browser shows the desk in."""
    return theme(desk.theme())


def show(figure: Any, *, key: str, alt: str) -> None:  # noqa: ANN401 - a figure of plotly, which the views own
    """Show a figure as it was drawn; `alt` says what it shows."""
    st.plotly_chart(figure, config=CONFIG, theme=None, key=key, alt=alt)

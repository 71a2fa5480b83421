"""Reasons on the desk: a sum with its bars and its smaller reasons, and tables of which one row is chosen."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from finrec_core.explain import Shown
from finrec_core.explain.points import ShownContribution
from finrec_core.narrative import Labels
from finrec_core.views.charts import bars
from finrec_core.views.charts.bars import SCORE, Titles
from finrec_core.views.charts.waterfall import waterfall
from finrec_core.views.recommendation import evidence
from pages.frame import chart, table

HEIGHT = 35 * 9 + 3  # pixels: a header and eight rows
COLUMNS = {
    "Points": st.column_config.TextColumn(alignment="right", width=70),
    "Reason": st.column_config.TextColumn(width=330),
    "Kind": st.column_config.TextColumn(width=90),
    "Review": st.column_config.TextColumn(width=90),
    "Begins": st.column_config.TextColumn(width=340),
    "Similar client": st.column_config.TextColumn(width=135),
    "In common": st.column_config.TextColumn(width=80),
    "Which": st.column_config.TextColumn(width=250),
}


def show(
    view: Shown,
    names: Labels,
    *,
    titles: Titles = SCORE,
    left_out: Sequence[ShownContribution] = (),
    most: int | None = None,
) -> None:
    """Show the bars of a sum in points; `left_out` are parts that it had before, drawn as outlines.

    Reasons beyond the `most` strongest are one bar.
    """
    st.html(waterfall(view, names, chart.colours(), left_out=left_out, titles=titles, most=most))


def whole(view: Shown, names: Labels, key: str, checked: str, *, titles: Titles = SCORE) -> None:
    """Offer a sum as tables: its smaller reasons, and its bars with every number and what a check found."""
    if view.rest:
        with st.expander(bars.rest_line(view)):
            st.dataframe(
                evidence.smaller(view, names),
                hide_index=True,
                height="content" if len(view.rest) <= 6 else 240,
                column_config={"Points": st.column_config.TextColumn(alignment="right", width=80)},
                key=f"{key}-rest",
                alt="The smaller reasons with one decimal",
            )
    with st.expander("The bars as a table"):
        plain(evidence.reasons(view, names, titles), "Every bar with its points")
        st.caption(checked)


def plain(frame: pd.DataFrame, alt: str) -> None:
    """Show a table whose last column is the points."""
    st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= 8 else HEIGHT,
        column_config=COLUMNS,
        alt=alt,
    )


def choose(
    frame: pd.DataFrame, contributions: list[ShownContribution], key: str, alt: str, first: int = 0
) -> ShownContribution:
    """Show a table whose rows are parts, and return the chosen one, that at place `first` to begin with."""
    row = table.choose(
        frame,
        height="content" if len(frame) <= 8 else HEIGHT,
        columns=COLUMNS,
        key=key,
        alt=alt,
        first=first,
    )
    return contributions[row]

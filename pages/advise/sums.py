"""A sum on the desk: its bars, the smaller reasons, and all of it as a table."""

from collections.abc import Sequence

import streamlit as st

from finrec_core.explain import Labels, Shown
from finrec_core.explain.points import ShownPart
from finrec_core.views import bars, tables, tail
from finrec_core.views.titles import SCORE, Titles
from pages.advise import table
from pages.frame import chart


def show(
    view: Shown,
    names: Labels,
    key: str,
    *,
    titles: Titles = SCORE,
    left_out: Sequence[ShownPart] = (),
) -> None:
    """Show a sum in points; `left_out` are parts that it had before, drawn as outlines."""
    chart.show(
        bars.bars(view, names, chart.colours(), left_out=left_out, titles=titles),
        key=key,
        alt=bars.alternative(view, names, left_out=left_out, titles=titles),
    )
    if view.tail:
        with st.expander(tail.in_words(view)):
            st.dataframe(
                tables.smaller(view, names),
                hide_index=True,
                height="content" if len(view.tail) <= 6 else 240,
                column_config={"Points": st.column_config.TextColumn(alignment="right", width=80)},
                key=f"{key}-tail",
                alt="The smaller reasons with one decimal",
            )
    with st.expander("The bars as a table"):
        table.plain(tables.reasons(view, names, titles), "Every bar with its points")

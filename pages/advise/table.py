"""Tables of reasons on the desk, plain ones and those of which one row is chosen."""

import pandas as pd
import streamlit as st

from finrec_core.explain.points import ShownPart

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


def plain(frame: pd.DataFrame, alt: str) -> None:
    """Show a table whose last column is the points."""
    st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= 8 else HEIGHT,
        column_config=COLUMNS,
        alt=alt,
    )


def choose(frame: pd.DataFrame, parts: list[ShownPart], key: str, alt: str) -> ShownPart:
    """Show a table whose rows are parts, and return the chosen one, the strongest to begin with."""
    chosen = st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= 8 else HEIGHT,
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [0]}},
        column_config=COLUMNS,
        key=key,
        alt=alt,
    )
    rows = chosen.selection.rows
    return parts[rows[0] if rows and rows[0] < len(parts) else 0]

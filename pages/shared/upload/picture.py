"""What joins with what in an import: a small picture, with the same as a table and in words."""

from collections.abc import Sequence

import streamlit as st

from finrec_core.views.data import joins
from pages.frame import chart


def show(found: Sequence[joins.Join]) -> None:
    """Show the joins of two files; nothing where there are none."""
    found = [one for one in found if one.home != one.file]  # a matrix lists the clients that it names
    if not found:
        return
    st.subheader("What joins with what", anchor=False)
    chart.show(joins.picture(found, chart.colours()), key="joins", alt=joins.alternative(found))
    with st.expander("As a table"):
        st.dataframe(
            joins.table(found),
            hide_index=True,
            height="content" if len(found) <= 8 else 320,
            column_config={
                name: st.column_config.NumberColumn(format="%,d", width=70) for name in ("Found", "Of")
            },
            key="joins-table",
            alt=joins.alternative(found),
        )

"""Paired differences on a page: one method against each other, and what is settled."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from finrec_core.views.charts import dots
from finrec_core.views.model import arms, figures

RESULTS = {dots.BETTER: "green", dots.NOT_SETTLED: "gray", dots.WORSE: "red"}


def show(paired: Sequence[Mapping[str, Any]], metric: str, ours: str) -> None:
    """Show how one method does against each other one, and what makes a difference settled."""
    table = dots.against(paired, metric, ours)
    if table.empty:
        st.caption("There is no paired comparison for this figure.")
        return
    name = figures.NAMES[metric]
    differences(table, key="against", alt=f"{name} of {arms.inside(ours)} against each other method")
    unsettled = dots.NOT_SETTLED in table["Result"].values
    st.caption(
        "The same clients, paired; relative to the other method's mean."
        + (" Not settled: the interval holds 0." if unsettled else "")
    )


def differences(table: pd.DataFrame, *, key: str, alt: str) -> None:
    """Show a table of differences, its results as coloured words."""
    table = table.copy()
    table["Result"] = [[word] for word in table["Result"]]
    st.dataframe(
        table,
        hide_index=True,
        row_height=42,
        height="content",
        column_config={
            "Difference": st.column_config.TextColumn(alignment="right"),
            "95 % interval": st.column_config.TextColumn(alignment="right"),
            "Result": st.column_config.MultiselectColumn(
                options=list(RESULTS), color=list(RESULTS.values()), width=110
            ),
        },
        key=key,
        alt=alt,
    )

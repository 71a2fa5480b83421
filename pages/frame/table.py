"""Tables on a page: one that chooses a row, one of numbers with its picture, and all rows as a file."""

from collections.abc import Callable
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import streamlit as st

from finrec_core.dataset import csv_report
from finrec_core.terms.file_name import file_name
from pages.frame import chart, gate


def choose(
    frame: pd.DataFrame,
    *,
    key: str,
    alt: str,
    height: Literal["content"] | int,
    columns: dict[str, Any],
    first: int = 0,
) -> int:
    """Show a table of which one row is always chosen, `first` to begin with; return that row."""
    chosen = st.dataframe(
        frame,
        hide_index=True,
        height=height,
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [first]}},
        column_config=columns,
        key=key,
        alt=alt,
    )
    rows = chosen.selection.rows
    return min(rows[0], len(frame) - 1) if rows else first


def numbers(table: pd.DataFrame, *, key: str, alt: str) -> None:
    """Show a table whose first column is a name and whose others are numbers in words."""
    st.dataframe(
        table,
        hide_index=True,
        height="content" if len(table) <= 15 else 520,
        column_config={name: st.column_config.TextColumn(alignment="right") for name in table.columns[1:]},
        key=key,
        alt=alt,
    )


def beside(figure: Any, table: pd.DataFrame, *, keys: tuple[str, str], alts: tuple[str, str]) -> None:  # noqa: ANN401
    """Show a figure with its numbers at its right; keys and words are the figure's, then the table's."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        chart.show(figure, key=keys[0], alt=alts[0])
    with right:
        numbers(table, key=keys[1], alt=alts[1])


def download(label: str, rows: Callable[[], pa.Table], name: str, key: str) -> None:
    """Offer rows as CSV, made when they are asked for; `name` is the file's without its ending."""
    st.download_button(
        label,
        gate.later(lambda: csv_report(rows())),
        file_name=file_name(f"{name}.csv"),
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=key,
    )

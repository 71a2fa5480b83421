"""How columns are read: proposed from their names, changed in a small table beside the first rows."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from finrec_core.dataset import TABLES
from finrec_core.intake import ColumnUse, Preview
from finrec_core.intake.names import FRIENDS
from pages.shared.upload.file_table import LEAVE_OUT, edits


def show(previews: Sequence[Preview], upload: int) -> None:
    """Show the first rows of one of the files."""
    names = [one.file for one in previews]
    st.subheader("First rows", anchor=False)
    shown = names[0]
    if len(names) > 1:
        shown = st.selectbox("File", names, label_visibility="collapsed", key=f"preview-{upload}")
    one = next((one for one in previews if one.file == shown), previews[0])
    st.dataframe(
        one.rows.to_pandas(), hide_index=True, height="content", alt=f"The first rows of {one.file} as read"
    )
    if not len(one.rows):
        st.caption("No row of it can be read as its header says.")


COLUMNS = [*dict.fromkeys(column.name for columns in TABLES.values() for column in columns), FRIENDS]


def uses(columns: Sequence[ColumnUse], upload: int) -> dict[str, str]:
    """Return what the analyst says each column is used as, only where that was changed."""
    return {
        f"{columns[row].file}:{columns[row].column}": ""
        if cells["Used as"] == LEAVE_OUT
        else cells["Used as"]
        for row, cells in edits(f"uses-{upload}").items()
        if row < len(columns) and cells.get("Used as")
    }


def editor(columns: Sequence[ColumnUse], upload: int) -> None:
    """Show the table; `columns` is what was proposed, the analyst's changes are kept on top of it."""
    several = len({use.file for use in columns}) > 1
    frame = pd.DataFrame(
        {
            "File": [use.file for use in columns],
            "Column": [use.column for use in columns],
            "Example": [use.example for use in columns],
            "Used as": [use.used_as or LEAVE_OUT for use in columns],
        }
    )
    st.subheader("How columns are read", anchor=False)
    st.data_editor(
        frame,
        hide_index=True,
        height="content" if len(frame) <= 12 else 440,
        disabled=["File", "Column", "Example"],
        column_order=None if several else ["Column", "Example", "Used as"],
        column_config={
            "Used as": st.column_config.SelectboxColumn(options=[LEAVE_OUT, *COLUMNS], required=True)
        },
        key=f"uses-{upload}",
        alt="Each column of the files with an example and what it is used as",
    )
    st.caption(
        "Proposed from the names; change the last column where that is wrong. The import is checked again "
        "at once."
    )

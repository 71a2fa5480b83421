"""How files and columns are read: proposed from their names, changed by the analyst in two small tables."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from finrec_core.dataset import TABLES, ColumnUse
from finrec_core.dataset.names import FRIENDS

LEAVE_OUT = "Leave out"
COLUMNS = [*dict.fromkeys(column.name for columns in TABLES.values() for column in columns), FRIENDS]


def kinds(columns: Sequence[ColumnUse], upload: int) -> dict[str, str]:
    """Return which table the analyst says each file holds, only where that was changed."""
    files = list(dict.fromkeys(use.file for use in columns))
    return {
        files[row]: value for row, value in _edits(f"kinds-{upload}", "Holds").items() if row < len(files)
    }


def uses(columns: Sequence[ColumnUse], upload: int) -> dict[str, str]:
    """Return what the analyst says each column is used as, only where that was changed."""
    edits = _edits(f"uses-{upload}", "Used as").items()
    return {f"{columns[row].file}:{columns[row].column}": value for row, value in edits if row < len(columns)}


def _edits(key: str, column: str) -> dict[int, str]:
    """Return the edited cells of one column of an editor, before it is drawn again."""
    state: dict[str, Any] = st.session_state.get(key, {})
    changed = {int(row): cells.get(column) for row, cells in state.get("edited_rows", {}).items()}
    return {row: "" if value == LEAVE_OUT else value for row, value in changed.items() if value is not None}


def editors(columns: Sequence[ColumnUse], upload: int) -> None:
    """Show the two tables; `columns` is what was proposed, the analyst's changes are kept on top of it."""
    panes = st.grid(2, min_column_width=420, gap="medium")
    with panes.cell():
        st.subheader("How columns are read", anchor=False)
        _columns(columns, upload)
    with panes.cell():
        st.subheader("What each file holds", anchor=False)
        held = {use.file: use.table for use in columns}
        st.data_editor(
            pd.DataFrame({"File": list(held), "Holds": [table or LEAVE_OUT for table in held.values()]}),
            hide_index=True,
            height="content",
            disabled=["File"],
            column_config={
                "Holds": st.column_config.SelectboxColumn(options=[LEAVE_OUT, *TABLES], required=True)
            },
            key=f"kinds-{upload}",
            alt="Each file with the table that it holds",
        )
        st.caption(
            "Both are proposed from the names; change the last column where that is wrong. "
            "The import is checked again at once."
        )


def _columns(columns: Sequence[ColumnUse], upload: int) -> None:
    several = len({use.file for use in columns}) > 1
    frame = pd.DataFrame(
        {
            "File": [use.file for use in columns],
            "Column": [use.column for use in columns],
            "Example": [use.example for use in columns],
            "Used as": [use.used_as or LEAVE_OUT for use in columns],
        }
    )
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

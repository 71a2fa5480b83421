"""How a file and its columns are read: proposed from names and first lines, changed by the analyst."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from finrec_core.dataset import TABLES
from finrec_core.intake import ENCODINGS, ColumnUse, IntakeError, Preview
from finrec_core.intake.encoding import UnknownEncodingError
from finrec_core.intake.names import BESIDE
from pages.shared.upload import form, session
from pages.shared.upload.form import LEAVE_OUT


def editor(preview: Preview, table: str, columns: Sequence[ColumnUse], upload: int) -> None:
    """Show how one file is read, to be changed: what it holds, its form, its columns and its first rows."""
    form.show(preview, table, upload)
    with st.grid(2, min_column_width=420, gap="medium") as panes:
        with panes.cell():
            _columns(columns, table, upload)
        with panes.cell():
            _first_rows(preview)


def _columns(columns: Sequence[ColumnUse], table: str, upload: int) -> None:
    """Show what each column is used as; a change is kept and the file read anew."""
    key, said = f"uses-{upload}", session.told()

    def tell() -> None:
        for row, cells in st.session_state[key]["edited_rows"].items():
            if cells.get("Used as") and int(row) < len(columns):
                use = columns[int(row)]
                said.mapping[f"{use.file}:{use.column}"] = (
                    "" if cells["Used as"] == LEAVE_OUT else cells["Used as"]
                )

    ours = TABLES.get(table) or [column for table in TABLES.values() for column in table]
    names = dict.fromkeys([*(column.name for column in ours), *BESIDE.get(table, ())])
    frame = pd.DataFrame(
        {
            "Column": [use.column for use in columns],
            "Example": [use.example for use in columns],
            "Used as": [use.used_as or LEAVE_OUT for use in columns],
        }
    )
    st.markdown("**How columns are read**")
    st.data_editor(
        frame,
        hide_index=True,
        height="content" if len(frame) <= 12 else 440,
        disabled=["Column", "Example"],
        column_config={
            "Used as": st.column_config.SelectboxColumn(options=[LEAVE_OUT, *names], required=True)
        },
        on_change=tell,
        key=key,
        alt="Each column of the file with an example and what it is used as",
    )
    st.caption("Proposed from the names. Double-click a cell of the last column to change it.")


def _first_rows(preview: Preview) -> None:
    """Show the first rows of a file."""
    st.markdown("**First rows**")
    st.dataframe(
        preview.rows.to_pandas(),
        hide_index=True,
        height="content",
        alt=f"The first rows of {preview.file} as read",
    )
    if not len(preview.rows):
        st.caption("No row of it can be read as its header says.")


def question(error: IntakeError, upload: int) -> None:
    """Ask for the encoding of a file, showing how one of its lines reads in each that can read it."""
    cause = error.__cause__
    if not isinstance(cause, UnknownEncodingError) or not cause.readings:
        return
    readings, said = cause.readings, session.told()
    key = f"encoding-{upload}-{error.file}"

    def answer() -> None:
        if st.session_state.get(key):
            said.forms.setdefault(error.file, {})["encoding"] = st.session_state[key]

    st.selectbox(
        f"How does line {error.line} read rightly?",
        list(readings),
        index=None,
        format_func=lambda encoding: f"{readings[encoding]}  ({ENCODINGS[encoding]})",
        placeholder="Choose the line that is written as it should be",
        key=key,
        on_change=answer,
    )

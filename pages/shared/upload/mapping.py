"""How files and their columns are read: proposed from names and first lines, changed in small tables."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from finrec_core.dataset import TABLES
from finrec_core.intake import DELIMITERS, ENCODINGS, ColumnUse, FormChoice, IntakeError, Preview, Proposal
from finrec_core.intake.encoding import UnknownEncodingError
from finrec_core.intake.names import BESIDE

LEAVE_OUT = "Leave out"
JSON_LINES = "JSON lines"
SIGNS = {words.capitalize(): sign for sign, words in DELIMITERS.items()}
COLUMNS = [
    *dict.fromkeys(column.name for columns in TABLES.values() for column in columns),
    *(name for names in BESIDE.values() for name in names),
]


def forms(upload: int) -> dict[str, FormChoice]:
    """Return what the analyst has said of how each file is written."""
    told: dict[str, dict[str, Any]] = st.session_state.setdefault(f"forms-{upload}", {})
    for file, cells in _file_edits(upload).items():
        choice = told.setdefault(file, {})
        if cells.get("Encoding"):
            choice["encoding"] = next(key for key, words in ENCODINGS.items() if words == cells["Encoding"])
        if cells.get("Separator") in SIGNS:
            choice["delimiter"] = SIGNS[cells["Separator"]]
        if cells.get("Header line") is not None:
            choice["header"] = cells["Header line"]
    return {file: FormChoice(**choice) for file, choice in told.items()}


def _file_edits(upload: int) -> dict[str, dict[str, Any]]:
    """Return the changed cells of the table by file."""
    files: list[str] = st.session_state.get(f"named-files-{upload}", [])
    return {files[row]: cells for row, cells in _edits(f"files-table-{upload}").items() if row < len(files)}


def _edits(key: str) -> dict[int, dict[str, Any]]:
    """Return the cells of an editor that were changed, by row and column."""
    state: dict[str, Any] = st.session_state.get(key, {})
    return {int(row): cells for row, cells in state.get("edited_rows", {}).items()}


def kinds(upload: int) -> dict[str, str]:
    """Return which table the analyst says each file holds, only where that was changed."""
    told = {file: cells["Holds"] for file, cells in _file_edits(upload).items() if cells.get("Holds")}
    return {file: "" if held == LEAVE_OUT else held for file, held in told.items()}


def uses(columns: Sequence[ColumnUse], upload: int) -> dict[str, str]:
    """Return what the analyst says each column is used as, only where that was changed."""
    return {
        f"{columns[row].file}:{columns[row].column}": ""
        if cells["Used as"] == LEAVE_OUT
        else cells["Used as"]
        for row, cells in _edits(f"uses-{upload}").items()
        if row < len(columns) and cells.get("Used as")
    }


def columns_editor(columns: Sequence[ColumnUse], upload: int) -> None:
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


def first_rows(previews: Sequence[Preview], upload: int) -> None:
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


def files_editor(proposal: Proposal, upload: int) -> None:
    """Show what each file holds and how it is written, to be changed."""
    previews = proposal.previews
    st.session_state[f"named-files-{upload}"] = [one.file for one in previews]
    st.subheader("How each file is read", anchor=False)
    st.data_editor(
        pd.DataFrame(
            {
                "File": [one.file for one in previews],
                "Holds": [mapping.table or LEAVE_OUT for mapping in proposal.mappings],
                "Encoding": [ENCODINGS[one.encoding] for one in previews],
                "Separator": [DELIMITERS.get(one.delimiter, JSON_LINES).capitalize() for one in previews],
                "Header line": [one.header for one in previews],
            }
        ),
        hide_index=True,
        height="content" if len(previews) <= 8 else 320,
        disabled=["File"],
        column_config={
            "Holds": st.column_config.SelectboxColumn(options=[LEAVE_OUT, *TABLES], required=True),
            "Encoding": st.column_config.SelectboxColumn(options=list(ENCODINGS.values()), required=True),
            "Separator": st.column_config.SelectboxColumn(options=list(SIGNS), required=True),
            "Header line": st.column_config.CheckboxColumn(),
        },
        key=f"files-table-{upload}",
        alt="Each file with the table that it holds, its encoding, its separator and whether it has a header",
    )
    st.caption("Found by the names and the first lines. Double-click a cell to change it.")


def question(error: IntakeError, upload: int) -> None:
    """Ask for the encoding of a file, showing how one of its lines reads in each that can read it."""
    cause = error.__cause__
    if not isinstance(cause, UnknownEncodingError) or not cause.readings:
        return
    readings = cause.readings
    key = f"encoding-{upload}-{error.file}"

    def answer() -> None:
        if st.session_state.get(key):
            told = st.session_state.setdefault(f"forms-{upload}", {})
            told.setdefault(error.file, {})["encoding"] = st.session_state[key]

    st.selectbox(
        f"How does line {error.line} read rightly?",
        list(readings),
        index=None,
        format_func=lambda encoding: f"{readings[encoding]}  ({ENCODINGS[encoding]})",
        placeholder="Choose the line that is written as it should be",
        key=key,
        on_change=answer,
    )

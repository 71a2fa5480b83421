"""How each file is read: what it holds and how it is written, to be changed in a small table."""

from typing import Any

import pandas as pd
import streamlit as st

from finrec_core.dataset import TABLES
from finrec_core.intake import DELIMITERS, ENCODINGS, FormChoice, IntakeError, Proposal
from finrec_core.intake.encoding import UnknownEncodingError

LEAVE_OUT = "Leave out"


def edits(key: str) -> dict[int, dict[str, Any]]:
    """Return the cells of an editor that were changed, by row and column."""
    state: dict[str, Any] = st.session_state.get(key, {})
    return {int(row): cells for row, cells in state.get("edited_rows", {}).items()}


JSON_LINES = "JSON lines"
SIGNS = {words.capitalize(): sign for sign, words in DELIMITERS.items()}


def forms(upload: int) -> dict[str, FormChoice]:
    """Return what the analyst has said of how each file is written."""
    told: dict[str, dict[str, Any]] = st.session_state.setdefault(f"forms-{upload}", {})
    for file, cells in _edits(upload).items():
        choice = told.setdefault(file, {})
        if cells.get("Encoding"):
            choice["encoding"] = next(key for key, words in ENCODINGS.items() if words == cells["Encoding"])
        if cells.get("Separator") in SIGNS:
            choice["delimiter"] = SIGNS[cells["Separator"]]
        if cells.get("Header line") is not None:
            choice["header"] = cells["Header line"]
    return {file: FormChoice(**choice) for file, choice in told.items()}


def kinds(upload: int) -> dict[str, str]:
    """Return which table the analyst says each file holds, only where that was changed."""
    told = {file: cells["Holds"] for file, cells in _edits(upload).items() if cells.get("Holds")}
    return {file: "" if held == LEAVE_OUT else held for file, held in told.items()}


def _edits(upload: int) -> dict[str, dict[str, Any]]:
    """Return the changed cells of the table by file."""
    files: list[str] = st.session_state.get(f"named-files-{upload}", [])
    return {files[row]: cells for row, cells in edits(f"files-table-{upload}").items() if row < len(files)}


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


def show(proposal: Proposal, upload: int) -> None:
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

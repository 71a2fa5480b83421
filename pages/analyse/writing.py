"""How files are written: encoding and separator found or asked for, and the first rows as they are read."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from finrec_core.dataset import DELIMITERS, ENCODINGS, FormChoice, IntakeError, Preview
from finrec_core.dataset.encoding import UnknownEncodingError

FOUND = "JSON lines"
SIGNS = {words.capitalize(): sign for sign, words in DELIMITERS.items()}


def forms(upload: int) -> dict[str, FormChoice]:
    """Return what the analyst has said of how each file is written."""
    told: dict[str, dict[str, Any]] = st.session_state.setdefault(f"forms-{upload}", {})
    files: list[str] = st.session_state.get(f"written-files-{upload}", [])
    edits: dict[str, Any] = st.session_state.get(f"written-{upload}", {}).get("edited_rows", {})
    for row, cells in edits.items():
        if int(row) >= len(files):
            continue
        choice = told.setdefault(files[int(row)], {})
        if cells.get("Encoding"):
            choice["encoding"] = next(key for key, words in ENCODINGS.items() if words == cells["Encoding"])
        if cells.get("Separator") in SIGNS:
            choice["delimiter"] = SIGNS[cells["Separator"]]
        if cells.get("Header line") is not None:
            choice["header"] = cells["Header line"]
    return {file: FormChoice(**choice) for file, choice in told.items()}


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


def table(previews: Sequence[Preview], upload: int) -> None:
    """Show how each file is written, to be changed, and the first rows of one of them."""
    if not previews:
        return
    st.session_state[f"written-files-{upload}"] = [one.file for one in previews]
    st.subheader("How each file is written", anchor=False)
    st.data_editor(
        pd.DataFrame(
            {
                "File": [one.file for one in previews],
                "Encoding": [ENCODINGS[one.encoding] for one in previews],
                "Separator": [DELIMITERS.get(one.delimiter, FOUND).capitalize() for one in previews],
                "Header line": [one.header for one in previews],
            }
        ),
        hide_index=True,
        height="content" if len(previews) <= 8 else 320,
        disabled=["File"],
        column_config={
            "Encoding": st.column_config.SelectboxColumn(options=list(ENCODINGS.values()), required=True),
            "Separator": st.column_config.SelectboxColumn(options=list(SIGNS), required=True),
            "Header line": st.column_config.CheckboxColumn(),
        },
        key=f"written-{upload}",
        alt="Each file with its encoding, its separator and whether it has a header line",
    )
    names = [one.file for one in previews]
    st.subheader("First rows", anchor=False)
    shown = names[0]
    if len(names) > 1:
        shown = st.selectbox("File", names, label_visibility="collapsed", key=f"preview-{upload}")
    one = next((one for one in previews if one.file == shown), previews[0])
    st.dataframe(
        one.rows.to_pandas(), hide_index=True, height="content", alt=f"The first rows of {one.file} as read"
    )

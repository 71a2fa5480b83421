"""Edits of a small table, before it is drawn again."""

from typing import Any

import streamlit as st

LEAVE_OUT = "Leave out"


def edits(key: str) -> dict[int, dict[str, Any]]:
    """Return the cells of an editor that were changed, by row and column."""
    state: dict[str, Any] = st.session_state.get(key, {})
    return {int(row): cells for row, cells in state.get("edited_rows", {}).items()}

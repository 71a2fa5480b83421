"""Choosing one of the trained models in a table: the choice is of a model, not of a row."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from finrec_core.store import RunRow


def options(runs: Sequence[RunRow], key: str) -> dict[str, Any]:
    """Return what a table of runs is drawn with, so that it keeps the chosen run when others come and go."""
    wanted = st.session_state.get(f"{key}-chosen")
    row = next((row for row, run in enumerate(runs) if run.run == wanted), 0)
    return {
        "on_select": "rerun",
        "selection_mode": "single-row-required",
        "selection_default": {"selection": {"rows": [row]}},
        # A row number says nothing of another list, so each list has a table of its own.
        "key": f"{key}-{hash(tuple(run.run for run in runs))}",
    }


def chosen(runs: Sequence[RunRow], rows: Sequence[int], key: str) -> RunRow:
    """Return the run that stands in the selected row, and remember it."""
    run = runs[min(rows[0], len(runs) - 1) if rows else 0]
    st.session_state[f"{key}-chosen"] = run.run
    return run

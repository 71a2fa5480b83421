"""The history of use: which model advisers saw since when, who put it there and why."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from finrec_core.explain import wording
from finrec_core.store import Activation, RunRow
from pages.frame import desk, names

STEPS = {"publish": "Published", "roll back": "Rolled back"}


def show(runs: Sequence[RunRow]) -> None:
    """List every change of the model in use, newest first."""
    history, minutes = desk.store().activations(), names.crowded()
    present = {run.run for run in runs if not run.missing}
    trained = [wording.NONE if one.trained is None else names.when(one.trained, minutes) for one in history]
    st.subheader("Which model was in use", anchor=False)
    st.dataframe(
        pd.DataFrame(
            {
                "Since": [desk.when(one.created) for one in history],
                "Model of": trained,
                "Learned from": [wording.name(one.label.replace("@", ", version ")) for one in history],
                "How": [STEPS[one.step] for one in history],
                "By": [wording.name(one.user, longest=40) for one in history],
                "Reason": [wording.name(one.reason, longest=300) for one in history],
                "Still there": [_there(one, present) for one in history],
            }
        ),
        hide_index=True,
        height="content" if len(history) <= 8 else 330,
        key=f"history-{len(history)}",
        alt="Every change of the model in use with who made it and why, newest first",
    )


def _there(one: Activation, present: set[str]) -> str:
    return "Removed" if one.removed else "Yes" if one.run in present else "Folder gone"

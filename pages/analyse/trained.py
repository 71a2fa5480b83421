"""The trained models: what each learned from, how good it is, and which one is in use."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from finrec_core.explain import wording
from finrec_core.store import RunRow
from finrec_core.views import figures
from pages.frame import desk

STATES = ("In use", "Kept", "Folder gone")


def show(runs: Sequence[RunRow]) -> None:
    """List all trained models: what of, when, by whom, how good, and which is in use."""
    st.subheader("Trained models", anchor=False)
    st.dataframe(
        pd.DataFrame(
            {
                "Trained": [desk.when(run.created) for run in runs],
                "Learned from": [f"{run.dataset}, version {run.version}" for run in runs],
                "By": [run.user for run in runs],
                "Took": [wording.duration(run.seconds) for run in runs],
                "Seed": [run.seed for run in runs],
                "NDCG@20": [figures.figure(run, "ndcg@20") for run in runs],
                "State": [[STATES[2] if run.missing else STATES[not run.active]] for run in runs],
            }
        ),
        hide_index=True,
        height="content" if len(runs) <= 6 else 260,
        column_config={
            "NDCG@20": st.column_config.TextColumn(alignment="right"),
            "State": st.column_config.MultiselectColumn(
                options=STATES, color=["green", "gray", "red"], width=110
            ),
        },
        key="trainings",
        alt="Trained models, newest first",
    )
    st.caption("Figures of models that were trained on different data do not compare.")

"""The trained models: what each learned from, how good it is, which one is in use, and what may be done."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from finrec_core.explain import wording
from finrec_core.store import RunRow
from finrec_core.terms.names import METRIC
from finrec_core.views import figures, two_models
from pages.analyse import choosing, chosen_model, used
from pages.analyse import two_models as two_models_page
from pages.frame import desk, names

STATES = ("In use", "Pinned", "Kept", "Folder gone")


def show(runs: Sequence[RunRow]) -> None:
    """List all trained models, and show what may be done with the chosen one."""
    st.subheader("Trained models", anchor=False)
    minutes = names.crowded()
    picked = st.dataframe(
        pd.DataFrame(
            {
                "Trained": [names.when(run.created, minutes) for run in runs],
                "Learned from": [f"{run.dataset}, version {run.version}" for run in runs],
                "Settings": [two_models.settings(run) for run in runs],
                "NDCG@20": [figures.with_interval(run, METRIC) for run in runs],
                "Recall@20": [figures.with_interval(run, "recall@20") for run in runs],
                "Took": [wording.duration(run.seconds) for run in runs],
                "By": [wording.name(run.user, longest=30) for run in runs],
                "State": [_states(run) for run in runs],
            }
        ),
        hide_index=True,
        height="content" if len(runs) <= 8 else 330,
        column_config={
            "NDCG@20": st.column_config.TextColumn(alignment="right"),
            "Recall@20": st.column_config.TextColumn(alignment="right"),
            "State": st.column_config.MultiselectColumn(
                options=STATES, color=["green", "blue", "gray", "red"], width=130
            ),
        },
        alt="Trained models, newest first",
        **choosing.options(runs, "trainings"),
    )
    st.caption("In brackets: 95 % interval. Figures of models trained on different data do not compare.")
    chosen_model.show(choosing.chosen(runs, picked.selection.rows, "trainings"), desk.store().active_run())
    two_models_page.show(runs)
    used.show(runs)


def _states(run: RunRow) -> list[str]:
    held = [STATES[0]] if run.active else []
    held += [STATES[1]] if run.pinned else []
    held += [STATES[3]] if run.missing else []
    return held or [STATES[2]]

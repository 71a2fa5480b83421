"""Models: how good the model in use is, against which methods that is shown, and where it helps."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from finrec_core.explain import wording
from finrec_core.store import RunRow
from finrec_core.views import comparison, figures, findings
from finrec_core.views.markdown import escaped
from pages.analyse import basis, headline, methods, slices, source
from pages.frame import desk

STATES = ("In use", "Kept", "Folder gone")
store = desk.store()


def judged(run: RunRow) -> None:
    """Show a comparison of the model's method with others, as chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
        document = source.choose(run)
        if document is None:
            st.caption("This training made no test figures.")
            source.explain(run, {})
            return
        name = _protocol(document)
        protocol = document["protocols"][name]
        present = comparison.metrics(protocol)
        metric = "ndcg@20"
        if present:
            metric = st.selectbox(
                "Figure", present, format_func=figures.NAMES.__getitem__, width=150, key="metric"
            )
    st.markdown(escaped(findings.sentences(protocol, metric, name)))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        source.explain(run, document)
    if present:
        methods.show(protocol, metric, name)
        slices.show(protocol, metric)
        basis.controls(protocol, metric)
        basis.notes(protocol)
    basis.constants(protocol)


def _protocol(document: Mapping[str, Any]) -> str:
    """Return which protocol to show; asked for where there are two."""
    names = comparison.protocols(document)
    if len(names) == 1:
        return names[0]
    return st.segmented_control(
        "Tested",
        names,
        default=names[0],
        required=True,
        format_func=comparison.PROTOCOLS.__getitem__,
        help="Held back are the last products of each client, or all that came after one date.",
        key="protocol",
    )


def trainings(runs: list[RunRow]) -> None:
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


st.title("Models", anchor=False)
active = store.active_run()
if active is None:
    st.caption("There is no model yet. Once one is trained, this page says how good it is.")
    st.page_link("pages/analyse/train.py", label="Train a model", icon=":material/arrow_forward:")
else:
    runs = store.runs()
    headline.show(active, runs)
    judged(active)
    trainings(runs)

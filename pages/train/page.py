"""Train: start a training, follow it, compare what it made, and publish it."""

import pandas as pd
import streamlit as st

from finrec_core import jobs
from finrec_core.settings import settings
from finrec_core.store import DatasetVersion, RunRow, StoreError
from finrec_core.terms import wording
from finrec_core.terms.names import METRIC
from finrec_core.views.markdown import in_markdown
from finrec_core.views.model import figures
from pages.frame import desk, models, work
from pages.train import estimate, history, options, result

STATES = ("In use", "Kept", "Folder gone")
store = desk.store()


def title(version: DatasetVersion) -> str:
    """Return a version as a choice in the list."""
    size = wording.counted(version.interactions, "row")
    return f"{wording.name(version.name)}, version {version.version}: {size}"


@st.fragment
def start(versions: list[DatasetVersion], *, busy: bool) -> None:
    """Ask what to learn from and how, say what that takes, and start a training or put it into the line."""
    with st.container(border=True, key="new"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            version = st.selectbox("Learn from", versions, format_func=title, key="learn-from")
            asked, survey = options.ask(version)
            label = ("Put in line", "playlist_add") if busy else ("Start training", "play_arrow")
            pressed = st.button(
                desk.on_primary(*label, enabled=survey is not None),
                type="primary",
                disabled=survey is None,
                key="start",
            )
        if survey is None:
            st.error(in_markdown(options.missing(asked.encoder), 300), icon=":material/error:")
        else:
            estimate.show(asked, survey)
    if pressed:
        try:
            desk.commands().enqueue(asked, version.name, version.version)
        except (jobs.JobError, StoreError) as error:
            st.error(in_markdown(str(error), 300), icon=":material/error:")
        else:
            st.rerun()


def show(runs: list[RunRow]) -> None:
    """Show all trained models, and of the chosen one how good it is."""
    st.subheader("Models", anchor=False)
    minutes = models.crowded()
    frame = pd.DataFrame(
        {
            "trained": [models.when(run.created, minutes) for run in runs],
            "data": [f"{wording.name(run.dataset)}, version {run.version}" for run in runs],
            "took": [wording.duration(run.seconds) for run in runs],
            "seed": [run.seed for run in runs],
            "figure": [figures.figure(run, METRIC) for run in runs],
            "state": [[STATES[2] if run.missing else STATES[not run.active]] for run in runs],
        }
    )
    chosen = st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= 6 else 260,
        column_config={
            "trained": st.column_config.TextColumn("Trained", width=110),
            "data": st.column_config.TextColumn("Learned from", width=190),
            "took": st.column_config.TextColumn("Took", width=80),
            "seed": st.column_config.NumberColumn("Seed", width=56),
            "figure": st.column_config.TextColumn("NDCG@20", width=90, alignment="right"),
            "state": st.column_config.MultiselectColumn(
                "State", options=STATES, color=["green", "gray", "red"], width=110
            ),
        },
        alt="Trained models, newest first",
        **models.choice_options(runs, "runs"),
    )
    result.show(models.chosen_run(runs, chosen.selection.rows, "runs"), store.active_run())


st.title("Train", anchor=False)
versions = store.datasets()
folder = settings().runs_folder
running, waiting = jobs.current(folder), jobs.waiting(folder)
if running is not None:
    work.progress(running, learning=True)
work.show_line(waiting)
if not desk.may("train"):
    pass  # who may look at models alone is offered no training
elif versions:
    start(versions, busy=running is not None or bool(waiting))
else:
    st.caption("A model learns from data, and nothing is stored yet.")
    st.page_link("pages/data/page.py", label="Bring in files", icon=":material/arrow_forward:")
runs = store.runs()
if runs:
    show(runs)
elif versions and running is None:
    st.caption("No model yet. The first one that is trained is published at once.")
history.show([*jobs.jobs(folder)])

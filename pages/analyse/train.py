"""Train: start a training, follow it, compare what it made, and publish it."""

import pandas as pd
import streamlit as st

from finrec_core import jobs
from finrec_core.explain import wording
from finrec_core.settings import settings
from finrec_core.store import DatasetVersion, RunRow, StoreError
from finrec_core.views import figures
from finrec_core.views.markdown import in_markdown
from pages.analyse import result
from pages.frame import desk, training

SEARCHES = ("Quick", "Thorough")
STATES = ("In use", "Kept", "Folder gone")
store = desk.store()


def title(version: DatasetVersion) -> str:
    """Return a version as a choice in the list."""
    return f"{version.name}, version {version.version}: {wording.counted(version.interactions, 'row')}"


@st.fragment
def start(versions: list[DatasetVersion]) -> None:
    """Ask what to learn from and how, and start a training."""
    with st.container(border=True, horizontal=True, vertical_alignment="bottom", key="new"):
        version = st.selectbox("Learn from", versions, format_func=title, key="learn-from")
        search = st.selectbox(
            "Search",
            SEARCHES,
            width=150,
            help="Quick tries fewer settings of the model; thorough takes several times as long.",
            key="search",
        )
        same = "The same data and seed give the same model."
        seed = st.number_input("Seed", 0, value=settings().seed, width=120, help=same, key="seed")
        pressed = st.button(desk.on_primary("Start training", "play_arrow"), type="primary", key="start")
    if pressed:
        try:
            jobs.start(
                store,
                version.name,
                version.version,
                seed=int(seed),
                thorough=search == SEARCHES[1],
                user=desk.user(),
            )
        except (jobs.JobError, StoreError) as error:
            st.error(in_markdown(str(error), 300), icon=":material/error:")
        else:
            st.rerun()


def show(runs: list[RunRow]) -> None:
    """Show all trained models, and of the chosen one how good it is."""
    st.subheader("Models", anchor=False)
    frame = pd.DataFrame(
        {
            "trained": [desk.when(run.created) for run in runs],
            "data": [f"{run.dataset}, version {run.version}" for run in runs],
            "took": [wording.duration(run.seconds) for run in runs],
            "seed": [run.seed for run in runs],
            "figure": [figures.figure(run, "ndcg@20") for run in runs],
            "state": [[STATES[2] if run.missing else STATES[not run.active]] for run in runs],
        }
    )
    chosen = st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= 6 else 260,
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [0]}},
        column_config={
            "trained": st.column_config.TextColumn("Trained", width=130),
            "data": st.column_config.TextColumn("Learned from", width=260),
            "took": st.column_config.TextColumn("Took", width=110),
            "seed": st.column_config.NumberColumn("Seed", width=70),
            "figure": st.column_config.TextColumn("NDCG@20", width=100, alignment="right"),
            "state": st.column_config.MultiselectColumn(
                "State", options=STATES, color=["green", "gray", "red"], width=110
            ),
        },
        key=f"runs-{len(runs)}",
        alt="Trained models, newest first",
    )
    rows = chosen.selection.rows
    result.show(runs[rows[0] if rows else 0], store.active_run())


st.title("Train", anchor=False)
versions = store.datasets()
running = jobs.current(settings().runs_folder)
if running is not None:
    training.progress(running, "Training a model")
elif versions:
    start(versions)
else:
    st.caption("A model learns from data, and nothing is stored yet.")
    st.page_link("pages/analyse/data.py", label="Bring in files", icon=":material/arrow_forward:")
runs = store.runs()
if runs:
    show(runs)
elif versions and running is None:
    st.caption("No model yet. The first one that is trained is published at once.")

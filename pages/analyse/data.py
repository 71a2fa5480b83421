"""Data: bring in files, see what was read and what was not, and keep versions."""

import pandas as pd
import streamlit as st

from finrec_core.explain import wording
from finrec_core.store import DatasetVersion
from finrec_core.views.markdown import in_markdown
from pages.analyse import intake, report
from pages.frame import desk

store = desk.store()
active = store.active_run()


def in_use(version: DatasetVersion) -> bool:
    """Return whether the active model was trained on a version."""
    return active is not None and active.label == version.label


@st.dialog("Remove this version?")
def remove(version: DatasetVersion) -> None:
    """Ask before a version goes; models that were trained on it stay."""
    st.markdown(
        f"{in_markdown(version.name)}, version {version.version}, will be gone with its report. "
        "Models that were trained on it stay."
    )
    with st.container(horizontal=True):
        if st.button("Remove", icon=":material/delete:", key="remove-yes"):
            store.remove_dataset(version.name, version.version)
            st.rerun()
        if st.button("Keep", key="remove-no"):
            st.rerun()


def show(versions: list[DatasetVersion]) -> None:
    """Show all versions, and of the chosen one where it came from and its report."""
    frame = pd.DataFrame(
        {
            "version": [version.version for version in versions],
            "name": [version.name for version in versions],
            "clients": [version.clients for version in versions],
            "products": [version.products for version in versions],
            "interactions": [version.interactions for version in versions],
            "ties": [version.ties for version in versions],
            "imported": [desk.when(version.created) for version in versions],
            "state": [["In use" if in_use(version) else "Kept"] for version in versions],
        }
    )
    chosen = st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= 10 else 400,
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [0]}},
        column_config={
            "version": st.column_config.NumberColumn("#", width=40),
            "name": st.column_config.TextColumn("Name", width=150),
            "clients": st.column_config.NumberColumn("Clients", format="%,d", width=76),
            "products": st.column_config.NumberColumn("Products", format="%,d", width=76),
            "interactions": st.column_config.NumberColumn("Interactions", format="%,d", width=90),
            "ties": st.column_config.NumberColumn("Ties", format="%,d", width=66),
            "imported": st.column_config.TextColumn("Imported", width=110),
            "state": st.column_config.MultiselectColumn(
                "State", options=["In use", "Kept"], color=["green", "gray"], width=80
            ),
        },
        key="versions",
        alt="Versions of all datasets, newest first",
    )

    version = versions[min(chosen.selection.rows[0] if chosen.selection.rows else 0, len(versions) - 1)]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(
            f"{in_markdown(version.name)}, version {version.version}, "
            f"from {in_markdown(version.source, 120)}: "
            f"{wording.counted(version.repaired, 'repair')}, {wording.counted(version.rejected, 'row')} "
            "rejected. "
            "Saving a version does not change what advisers see until a model trained on it is published.",
            width="content",
        )
        if st.button("Remove", icon=":material/delete:", type="tertiary", key="remove"):
            remove(version)
    if version.rejected or version.repaired:
        with st.expander("What was rejected and repaired"):
            rejects, repairs = store.report(version.name, version.version)
            report.rows(rejects, repairs, f"{version.name}-{version.version}", version.label)


st.title("Data", anchor=False)
saved = st.session_state.pop("saved", None)
if saved is not None:
    name, _, number = saved.partition("@")
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(f":material/check_circle: **{in_markdown(name)}**, version {number}, is saved.")
        st.page_link("pages/analyse/train.py", label="Train a model on it", icon=":material/arrow_forward:")

files = intake.uploader()
if files:
    intake.review(files)

versions = store.datasets()
st.subheader("Versions", anchor=False)
if versions:
    show(versions)
else:
    st.caption("Nothing is stored yet. Upload the bank's files above, or load the demo bank.")
    st.page_link("pages/advise/start.py", label="Load the demo bank", icon=":material/account_balance:")

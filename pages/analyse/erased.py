"""What was just erased, and which erasures still wait."""

import streamlit as st

from finrec_core.explain import wording
from finrec_core.store import Erasure
from finrec_core.views.markdown import in_markdown
from pages.frame import desk


def show() -> None:
    """Say what was just erased, and which erasures still wait for a job to end."""
    erasure: Erasure | None = st.session_state.pop("erased", None)
    if erasure is not None:
        with st.container(horizontal=True, vertical_alignment="center", border=True, key="erased"):
            versions = wording.counted(len(erasure.traces), "version")
            models = wording.counted(len(erasure.runs), "folder of a job", "folders of jobs")
            st.markdown(
                f":material/check_circle: The data of **{in_markdown(erasure.client, 80)}** was erased from "
                f"{versions} and {models}. Models keep what they learned with it until they are trained "
                "again."
            )
            st.page_link("pages/analyse/train.py", label="Train again", icon=":material/arrow_forward:")
    waiting = [one for one in desk.store().erasures() if one.finished is None]
    if waiting:
        names = wording.joined([wording.name(one.client, "", 60) for one in waiting])
        st.warning(
            f"Folders of models or jobs still hold data of {in_markdown(names, 300)}. They follow as soon as "
            "no job runs and the disk has room.",
            icon=":material/hourglass_top:",
        )

"""Data: bring in files, see what was read and what was not, and keep versions."""

import streamlit as st

from finrec_core.views.markdown import in_markdown
from pages.data import comparison, erasure, profile, version
from pages.frame import desk
from pages.shared.upload import intake

store = desk.store()
VIEWS = {"Details": version.show, "Profile": profile.show, "Compare": comparison.show}


def saved() -> None:
    """Say what was just saved, and what to do with it."""
    label = st.session_state.pop("saved", None)
    if label is not None:
        name, _, number = label.partition("@")
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.markdown(f":material/check_circle: **{in_markdown(name)}**, version {number}, is saved.")
            st.page_link("pages/train/page.py", label="Train a model on it", icon=":material/arrow_forward:")


def versions() -> None:
    """Show all versions, and the chosen one in detail, its profile, or against another one."""
    found = store.datasets()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Versions", anchor=False, width="content")
        if (
            found
            and desk.may("erase")
            and st.button(
                "Erase a client's data", icon=":material/person_remove:", type="tertiary", key="erase"
            )
        ):
            erasure.dialog()
    if not found:
        st.caption("Nothing is stored yet. Upload the bank's files above, or load the demo bank.")
        st.page_link("pages/start/page.py", label="Load the demo bank", icon=":material/account_balance:")
        return
    chosen = version.choose(found)
    if not desk.may("read data"):
        return
    view = st.segmented_control(
        f"Version {chosen.version} of {in_markdown(chosen.name)}",
        list(VIEWS),
        default="Details",
        required=True,
        label_visibility="collapsed",
        key="version-view",
    )
    VIEWS[view](chosen)


st.title("Data", anchor=False)
saved()
erasure.show()
if desk.may("import") and intake.uploader():
    intake.review()
versions()

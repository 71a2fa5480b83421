"""An import that can be saved: its figures, which add up, how it is to be kept, and the two ways on."""

from collections.abc import Sequence

import streamlit as st

from finrec_core.dataset import DatasetError
from finrec_core.intake import Intake
from finrec_core.store import Landing, StoreError
from finrec_core.terms import wording
from finrec_core.terms.user import user
from finrec_core.views.markdown import in_markdown
from pages.frame import desk
from pages.shared.upload import outcome, reading
from pages.shared.upload.outcome import Answers


def number() -> int:
    """Return the number of this session's import; a new number empties the field for files."""
    return st.session_state.setdefault("upload", 0)


def discard() -> None:
    """Forget the files, so that the field is empty again."""
    st.session_state["upload"] = number() + 1
    reading.forget()


def card(intake: Intake, files: Sequence[str]) -> Landing | None:
    """Show an import and return what it would make; `files` are the names of what was uploaded."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            st.subheader(f"Import of {wording.counted(len(files), 'file')}", anchor=False, width="content")
            st.badge("Not saved yet", icon=":material/pending:", color="yellow")
        actions = st.container(horizontal=True, width="content")
    _figures(intake)
    for notice in intake.notices:
        st.caption(f":material/info: {in_markdown(notice, 400)}")
    answers = outcome.questions(intake, files, number())
    made = None
    try:
        made = outcome.preview(intake, answers, number())
    except (StoreError, DatasetError) as error:
        st.error(in_markdown(str(error), 400), icon=":material/error:")
    sure = not intake.needs_confirmation or st.checkbox(
        f"{wording.percent(intake.rejected_share)} of the rows are left out: save the others all the same",
        key=f"sure-{number()}",
    )
    if intake.dataset is None:
        st.error("No interaction could be read, so there is nothing to save.", icon=":material/error:")
    ready = sure and made is not None
    with actions:
        st.button("Discard", on_click=discard, key=f"discard-{number()}")
        save = st.button(
            desk.on_primary("Save", "check", enabled=ready),
            type="primary",
            disabled=not ready,
            key=f"save-{number()}",
        )
    if save and made is not None:
        _save(made, answers, ", ".join(files))
    return made


def _figures(intake: Intake) -> None:
    read = max(1, intake.rows_read)
    with st.grid(4, min_column_width=150):
        st.metric("Rows read", wording.plain(intake.rows_read))
        for title, count, note in (
            ("Accepted as they are", intake.rows_clean, ""),
            ("Repaired", intake.rows_repaired, ", kept"),
            ("Rejected", intake.rows_rejected, ", left out"),
        ):
            share = f"{wording.percent(count / read)}{note}"
            st.metric(title, wording.plain(count), share, delta_color="off", delta_arrow="off")


def _save(made: Landing, answers: Answers, source: str) -> None:
    """Save an import as a version of a dataset; a sentence says so if it cannot be."""
    try:
        with st.spinner("Saving"):
            saved = made.store_in(desk.store(), source=source, user=user(), verb=answers.verb)
    except (StoreError, DatasetError) as error:
        st.error(in_markdown(str(error), 400), icon=":material/error:")
        return
    discard()
    st.session_state["saved"] = saved.label
    st.switch_page("pages/data/page.py")

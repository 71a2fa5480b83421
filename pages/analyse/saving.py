"""An import that can be saved: its figures, which add up, the questions it leaves, and the two ways on."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from finrec_core.dataset import TABLES, DatasetError, Intake
from finrec_core.explain import wording
from finrec_core.store import StoreError
from finrec_core.views.markdown import in_markdown
from pages.frame import desk

VERBS = ["has", "bought", "uses", "wrote about", "listens to", "watched"]


def number() -> int:
    """Return the number of this session's import; a new number empties the field for files."""
    return st.session_state.setdefault("upload", 0)


def discard() -> None:
    """Forget the files, so that the field is empty again."""
    st.session_state["upload"] = number() + 1


def card(intake: Intake, files: Sequence[str]) -> None:
    """Show an import; `files` are the names of what was uploaded."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            st.subheader(f"Import of {wording.counted(len(files), 'file')}", anchor=False, width="content")
            st.badge("Not saved yet", icon=":material/pending:", color="yellow")
        actions = st.container(horizontal=True, width="content")
    _figures(intake)
    for notice in intake.notices:
        st.caption(f":material/info: {in_markdown(notice, 400)}")
    name, verb = _questions(intake, files)
    sure = not intake.needs_confirmation or st.checkbox(
        f"{wording.percent(intake.rejected_share)} of the rows are left out: save the others all the same",
        key=f"sure-{number()}",
    )
    if intake.dataset is None:
        st.error("No interaction could be read, so there is nothing to save.", icon=":material/error:")
    ready = sure and intake.dataset is not None
    with actions:
        st.button("Discard", on_click=discard, key=f"discard-{number()}")
        save = st.button(
            desk.on_primary("Save", "check", enabled=ready),
            type="primary",
            disabled=not ready,
            key=f"save-{number()}",
        )
    if save:
        _save(intake, name, verb, ", ".join(files))


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


def _questions(intake: Intake, files: Sequence[str]) -> tuple[str, str]:
    """Ask for the name and the verb, which are returned, and where ratings have a scale for the limit."""
    versions = desk.store().datasets()
    proposed = versions[0].name if versions else files[0].partition(".")[0]
    if proposed in TABLES:  # what a file holds is no name for the bank it comes from
        proposed = "Bank"
    with st.grid(3, min_column_width=220):
        name = st.text_input("Name", proposed, max_chars=200, key=f"name-{number()}")
        verb = st.selectbox(
            "What a client does with a product",
            VERBS,
            accept_new_options=True,
            help="Used in every sentence: a client has, bought or listens to a product.",
            key=f"verb-{number()}",
        )
        if intake.rating_proposal is not None:
            st.session_state.setdefault(f"limit-{number()}", intake.rating_proposal.limit)
            st.number_input(
                "Ratings below this count as low",
                value=None,
                step=0.5,
                placeholder="No limit",
                help=f"{intake.rating_proposal} Empty the field where no rating is low.",
                key=f"limit-{number()}",
            )
    return name.strip(), (verb or VERBS[0]).strip()


def _save(intake: Intake, name: str, verb: str, source: str) -> None:
    """Save an import as a version of a dataset; a sentence says so if it cannot be."""
    dataset = replace(intake.dataset, name=name, verb=verb) if intake.dataset else None
    try:
        with st.spinner("Saving"):
            saved = desk.store().add_dataset(
                replace(intake, dataset=dataset), source=source, user=desk.user()
            )
    except (StoreError, DatasetError) as error:
        st.error(in_markdown(str(error), 400), icon=":material/error:")
        return
    discard()
    st.session_state["saved"] = saved.label
    st.switch_page("pages/analyse/data.py")

"""What each file of an import is and what a row of it means, with what was guessed to be changed."""

from collections.abc import Mapping, Sequence

import streamlit as st

from finrec_core.intake import Intake, IntakeError, Preview
from finrec_core.intake.error import ColumnUse
from finrec_core.views.data import imports
from finrec_core.views.markdown import in_markdown
from pages.shared.upload import mapping


def show(intake: Intake, upload: int) -> None:
    """Show each file in a sentence, and below the one that is to be changed how it is read."""
    st.subheader("What each file is", anchor=False)
    sentences = {file.name: imports.file_sentence(intake, file) for file in intake.files}
    tables = {file.name: file.table for file in intake.files}
    _rows(sentences, tables, intake.columns, intake.previews, upload)


def unread(error: IntakeError, upload: int) -> None:
    """Show the files of an import that cannot be read, the one that is at fault to be changed."""
    st.subheader("What each file is", anchor=False)
    tables = {one.file: "" for one in error.previews} | {use.file: use.table for use in error.columns}
    sentences = {
        name: f"{name}: read as {table}" if table else f"{name}: what it holds is not known"
        for name, table in tables.items()
    }
    st.session_state.setdefault(f"changing-{upload}", error.file or next(iter(tables)))
    _rows(sentences, tables, error.columns, error.previews, upload)


def _rows(
    sentences: Mapping[str, str],
    tables: Mapping[str, str],
    columns: Sequence[ColumnUse],
    previews: Sequence[Preview],
    upload: int,
) -> None:
    changing: str = st.session_state.get(f"changing-{upload}", "")
    shown = {one.file: one for one in previews}
    for place, (name, sentence) in enumerate(sentences.items()):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            icon = "table" if tables[name] else "do_not_disturb_on"
            st.markdown(f":material/{icon}: {in_markdown(sentence, 300)}", width="content")
            st.button(
                "Done" if name == changing else "Change",
                type="tertiary",
                icon=":material/check:" if name == changing else ":material/edit:",
                on_click=_change,
                args=(name, upload),
                help=None
                if name == changing
                else "See its columns and first rows, and change how it is read.",
                key=f"change-{upload}-{place}",
            )
        if name == changing and name in shown:
            with st.container(border=True, key=f"changed-{upload}"):
                mapping.editor(
                    shown[name], tables[name], [use for use in columns if use.file == name], upload
                )


def _change(name: str, upload: int) -> None:
    key = f"changing-{upload}"
    st.session_state[key] = "" if st.session_state.get(key) == name else name

"""An import on a page: the files, what was read of them, and the analyst's answers."""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from finrec_core.dataset import IntakeError
from finrec_core.dataset.times import AmbiguousDatesError
from finrec_core.views.markdown import in_markdown
from pages.analyse import mapping, reading, report, saving, writing

ENDINGS = ["csv", "tsv", "dat", "data", "item", "user", "txt", "jsonl", "json", "gz", "zip"]
ORDERS = {"Day first": True, "Month first": False}


def uploader() -> list[UploadedFile]:
    """Show the field for files and return those in it."""
    return st.file_uploader(
        "Files to import",
        type=ENDINGS,
        accept_multiple_files=True,
        label_visibility="collapsed",
        key=f"files-{saving.number()}",
    )


def review(files: Sequence[UploadedFile]) -> None:
    """Show what the files gave, and save or discard it."""
    upload = saving.number()
    day_first = ORDERS.get(st.session_state.get(f"order-{upload}") or "")
    forms = writing.forms(upload)
    proposal = reading.attempt(files, {}, {}, day_first, "propose", forms=forms)
    kinds = mapping.kinds(proposal.columns, upload)
    if kinds:
        proposal = reading.attempt(files, {}, kinds, day_first, "propose", forms=forms)
    uses = mapping.uses(proposal.columns, upload)
    limit = st.session_state.get(f"limit-{upload}", "propose")
    result = reading.attempt(files, uses, kinds, day_first, limit, forms=forms)
    with st.container(border=True, key="import"):
        if isinstance(result, IntakeError):
            _failed(result, upload)
        else:
            saving.card(result, [file.name for file in files])
    if not isinstance(result, IntakeError):
        report.charts(result.rejects, result.repairs)
        report.rows(result.rejects, result.repairs, "import", f"import-{upload}")
    if proposal.columns:
        mapping.editors(proposal.columns, upload)
    writing.table(result.previews, upload)


def _failed(error: IntakeError, upload: int) -> None:
    """Show why no dataset can be made of the files, and ask where an answer would help."""
    st.error(in_markdown(str(error), 600), title="These files cannot be read", icon=":material/error:")
    if isinstance(error.__cause__, AmbiguousDatesError):
        st.segmented_control(
            "Which stands first in these dates?", list(ORDERS), key=f"order-{upload}", persist_state="page"
        )
    writing.question(error, upload)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption("Nothing was saved.", width="content")
        st.button("Discard", on_click=saving.discard, key=f"discard-{upload}")

"""An import on a page: the files, what was read of them, and the analyst's answers."""

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from finrec_core.intake import IntakeError
from finrec_core.intake.times import AmbiguousDatesError
from finrec_core.views.markdown import in_markdown
from pages.shared.upload import mapping, outcome, report, session

ENDINGS = [
    *("csv", "tsv", "dat", "data", "item", "user", "txt", "jsonl", "json", "zip", "gz", "xz", "bz2", "zst"),
    *("xlsx", "xlsm", "xls", "ods", "parquet", "pq", "feather", "arrow", "sqlite", "sqlite3", "db"),
]
ORDERS = {"Day first": True, "Month first": False}


def uploader() -> list[UploadedFile]:
    """Show the field for files and return those in it."""
    return st.file_uploader(
        "Files to import",
        type=ENDINGS,
        accept_multiple_files=True,
        label_visibility="collapsed",
        key=f"files-{session.number()}",
    )


def review(files: Sequence[UploadedFile]) -> None:
    """Show how the files are read and what they gave, and save or discard it."""
    upload = session.number()
    forms, kinds = mapping.forms(upload), mapping.kinds(upload)
    proposal = session.look(files, kinds, forms=forms)
    above = st.container()
    if isinstance(proposal, IntakeError):
        with above, st.container(border=True, key="import"):
            _failed(proposal, upload)
        return
    uses = mapping.uses(proposal.columns, upload)
    # Drawn before the rows are read, which may take a while: a change here starts the reading anew.
    panes = st.grid(2, min_column_width=420, gap="medium")
    with panes.cell():
        mapping.columns_editor(proposal.columns, upload)
    with panes.cell():
        mapping.first_rows(proposal.previews, upload)
    mapping.files_editor(proposal, upload)
    with above:
        _outcome(files, uses, kinds, forms, upload)


def _failed(error: IntakeError, upload: int) -> None:
    """Show why no dataset can be made of the files, and ask where an answer would help."""
    st.error(in_markdown(str(error), 600), title="These files cannot be read", icon=":material/error:")
    if isinstance(error.__cause__, AmbiguousDatesError):
        _order(upload)
    mapping.question(error, upload)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption("Nothing was saved.", width="content")
        st.button("Discard", on_click=session.discard, key=f"discard-{upload}")


def _order(upload: int) -> None:
    """Ask which stands first in dates that can be read both ways."""
    st.segmented_control(
        "Which stands first in these dates?", list(ORDERS), key=f"order-{upload}", persist_state="page"
    )


def _outcome(
    files: Sequence[UploadedFile],
    uses: Mapping[str, str],
    kinds: Mapping[str, str],
    forms: session.Forms,
    upload: int,
) -> None:
    """Read the rows and show what they gave."""
    day_first = ORDERS.get(st.session_state.get(f"order-{upload}") or "")
    limit = st.session_state.get(f"limit-{upload}", "propose")
    with st.container(border=True, key="import"):
        result = session.attempt(files, uses, kinds, day_first, limit, forms=forms)
        if isinstance(result, IntakeError):
            _failed(result, upload)
            return
        if day_first is not None:
            _order(upload)  # it was asked for, so it can be changed
        made = outcome.card(result, [file.name for file in files])
    repairs = result.repairs if made is None else made.repairs  # what is already known was not created
    report.charts(result.rejects, repairs)
    report.rows(result.rejects, repairs, "import", f"import-{upload}")

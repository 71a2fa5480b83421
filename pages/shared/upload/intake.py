"""An import on a page, as a conversation: doubts first, then what was read, then how it is kept."""

from collections.abc import Sequence

import streamlit as st

from finrec_core.dataset.limits import without_products
from finrec_core.intake import Intake, IntakeError
from finrec_core.intake.times import AmbiguousDatesError
from finrec_core.terms import wording
from finrec_core.views.data import joins
from finrec_core.views.markdown import in_markdown
from pages.shared.upload import doubts, files, form, mapping, outcome, picture, placement, report, session

ORDERS = {"Day first": True, "Month first": False}
NOTICES = 6  # shown at once; the others stand below a click


def uploader() -> bool:
    """Show the field for files, which takes them at once, and return whether there is an import."""
    field = st.session_state.setdefault("field", 0)
    key = f"field-{field}"

    def take() -> None:
        if st.session_state["field"] == field:  # once: a run that is cut short leaves the old field behind
            session.take(st.session_state[key])
            st.session_state["field"] += 1  # an empty field: its files lie on the disk now

    more = bool(session.files())
    st.file_uploader(
        "Add files to this import" if more else "Files to import",
        accept_multiple_files=True,
        label_visibility="visible" if more else "collapsed",
        on_change=take,
        key=key,
    )
    return bool(session.files())


def review() -> None:
    """Read the files of the session's import and show what they gave, to be answered and saved."""
    upload = session.number()
    with st.container(border=True, key="import"):
        with st.container(horizontal=True, vertical_alignment="center"):
            title = f"Import of {wording.counted(len(session.files()), 'file')}"
            st.header(title, anchor=False, width="content")
            st.badge("Not saved yet", icon=":material/pending:", color="yellow")
        kept = placement.kept(upload)
        result = session.attempt(kept)
        if isinstance(result, IntakeError):
            _failed(result, upload)
        elif result is not None:
            _read(result, upload)
        if placement.kept(upload) != kept:  # it is appended to another dataset, where more was said before
            st.rerun()


def _failed(error: IntakeError, upload: int) -> None:
    """Show why no dataset can be made of the files, and ask where an answer would help."""
    st.error(in_markdown(str(error), 600), title="These files cannot be read", icon=":material/error:")
    if isinstance(error.__cause__, AmbiguousDatesError):
        _order(upload)
    mapping.question(error, upload)
    form.take_back(error, upload)
    doubts.answered(session.told().answers, upload)  # one of them may be why
    if error.previews:
        files.unread(error, upload)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption("Nothing was saved.", width="content")
        st.button("Discard", on_click=session.discard, key=f"discard-{upload}")


def _order(upload: int) -> None:
    """Ask which stands first in dates that can be read both ways."""
    key, said = f"order-{upload}", session.told()

    def tell() -> None:
        said.day_first = ORDERS.get(st.session_state[key] or "")

    chosen = next((order for order, first in ORDERS.items() if first == said.day_first), None)
    st.segmented_control(
        "Which stands first in these dates?", list(ORDERS), default=chosen, on_change=tell, key=key
    )


def _read(intake: Intake, upload: int) -> None:
    """Show what the files gave, part by part, and save or discard it."""
    asked = {(question.file, question.column) for question in intake.questions if question.kind == "join"}
    for join in getattr(intake, "joins", ()):
        if joins.failed(join) and (join.file, join.column) not in asked:
            st.warning(in_markdown(joins.sentence(join), 500), icon=":material/link_off:")
    standing = doubts.ask(intake, upload)
    if session.told().day_first is not None:
        _order(upload)  # it was asked for, so it can be changed
    files.show(intake, upload)
    warned = without_products(intake.dataset) if intake.dataset else []  # before it is saved, that is
    asked_about = " ".join(question.sentence for question in intake.questions)
    told = [one for one in intake.notices if one not in warned and one.rstrip(".") not in asked_about]
    _notices(told, upload)
    picture.show(getattr(intake, "joins", ()))
    rows = st.container()
    made = outcome.keep(intake, session.files(), standing, upload)
    repairs = intake.repairs if made is None else made.repairs  # what is already known was not created
    with rows:
        report.figures(intake)
        report.charts(intake.rejects, repairs)
        report.rows(intake.rejects, repairs, "import", f"import-{upload}")


def _notices(notices: Sequence[str], upload: int) -> None:
    """Show what was noticed, the first ones at once."""
    for notice in notices[:NOTICES]:
        st.caption(f":material/info: {in_markdown(notice, 400)}")
    if rest := notices[NOTICES:]:
        with st.expander(f"{wording.counted(len(rest), 'more notice')}", key=f"notices-{upload}"):
            for notice in rest:
                st.caption(f":material/info: {in_markdown(notice, 400)}")

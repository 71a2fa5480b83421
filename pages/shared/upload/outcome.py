"""The keeping of an import: as which version, under what name, what changes by it, and saving it."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from finrec_core.dataset import DatasetError
from finrec_core.dataset.limits import without_products
from finrec_core.intake import Intake
from finrec_core.store import WHICH, DatasetVersion, Landing, StoreError
from finrec_core.terms import wording
from finrec_core.views.markdown import escaped, in_markdown
from pages.frame import desk, memory
from pages.shared.upload import placement, session
from pages.shared.upload.doubts import Standing
from pages.shared.upload.placement import Answers

KINDS = {"added": "Added", "changed": "Changed", "removed": "Removed", "same": "As before"}


def keep(intake: Intake, files: Sequence[str], standing: Standing, upload: int) -> Landing | None:
    """Ask how an import is kept, save or discard it, and return what it would make.

    `files` are the names of what was uploaded; `standing` says what saving would decide.
    """
    st.subheader("How to keep it", anchor=False)
    answers = placement.ask(intake, files, upload)
    placement.say(answers)
    made = None
    try:
        made = _preview(intake, answers, upload)
    except (StoreError, DatasetError) as error:
        st.error(in_markdown(str(error), 400), icon=":material/error:")
    if intake.dataset is None:
        st.error("No interaction could be read, so there is nothing to save.", icon=":material/error:")
    obstacle = standing.obstacle
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(in_markdown(obstacle, 300) if obstacle and made is not None else "", width="content")
        with st.container(horizontal=True, width="content"):
            st.button("Discard", on_click=session.discard, key=f"discard-{upload}")
            ready = not obstacle and made is not None
            decided = [answers.button, standing.deciding, made.deciding if made is not None else ""]
            label = in_markdown(", ".join(filter(None, decided)), 160)
            # What stood on the button when it was pressed: while files are read the old one still stands.
            asked = session.reading(), label
            st.button(
                desk.on_primary(label, "check", enabled=ready),
                type="primary",
                disabled=not ready,
                on_click=st.session_state.update,
                args=({"saving": asked},),
                key=f"save-{upload}",
            )
    if st.session_state.pop("saving", None) == asked and ready and made is not None:
        _save(made, answers, ", ".join(files))
    return made


def _preview(intake: Intake, answers: Answers, upload: int) -> Landing | None:
    """Show what version the answers would make, and return it; None where the import made no dataset."""
    if intake.dataset is None:
        return None
    landing = _landed(intake, answers, keep_erased=False, standing=False)
    bring_back = stands = False
    if landing.erased:
        who = wording.counted(len(landing.erased), "client")
        bring_back = st.checkbox(
            f"Bring back {who} whose data was erased; else they are left out", key=f"erased-{upload}"
        )
    if landing.doubt:
        with st.container(border=True, key=f"standing-{upload}"):
            st.markdown(f"**{escaped(wording.name(landing.doubt, '', 1000))}**")
            chosen = st.radio(
                "Which row counts",
                WHICH,
                format_func=lambda choice: f"The one {choice}".replace("that are", "that is"),
                label_visibility="collapsed",
                horizontal=True,
                key=f"stands-{upload}",
            )
            stands = chosen == WHICH[1]
    if bring_back or stands:
        landing = _landed(intake, answers, keep_erased=bring_back, standing=stands)
    for sentence in without_products(landing.dataset):
        st.warning(in_markdown(sentence, 300), icon=":material/person_off:")
    if landing.before is not None:
        _changes(landing)
    return landing


def _landed(intake: Intake, answers: Answers, *, keep_erased: bool, standing: bool) -> Landing:
    before, into = answers.before, answers.append_to
    return _landing(
        reading=session.reading(),
        name=answers.name,
        limit=answers.limit,
        into=into and into.label,
        before=before and (before.label, before.content_hash),
        erasures=len(desk.store().erasures()),
        keep_erased=keep_erased,
        standing=standing,
        _intake=intake,
        _append_to=into,
    )


# Of this session alone: a landing holds the rows and the rejects of its import.
@memory.own(
    show_spinner="Comparing with what is stored",
    max_entries=2,
    _intake="reading",
    _append_to="into",
    needs="import",
)
def _landing(
    *,
    reading: str,
    name: str,
    limit: float | None,
    into: str | None,
    before: tuple[str, str] | None,
    erasures: int,
    keep_erased: bool,
    standing: bool,
    _intake: Intake,
    _append_to: DatasetVersion | None,
) -> Landing:
    # `reading`, `into`, `before` and `erasures` are part of the key only: they name what the import holds,
    # what it would be added to or follow, and who was erased until now.
    dataset = _intake.dataset and replace(_intake.dataset, name=name, rating_limit=limit)
    return Landing.of(
        desk.whole_store(),
        replace(_intake, dataset=dataset),
        append_to=_append_to,
        keep_erased=keep_erased,
        standing=standing,
    )


def _changes(landing: Landing) -> None:
    """Show what the version would hold otherwise than the one before it."""
    before = landing.before
    if before is None:
        return
    st.dataframe(
        pd.DataFrame(
            [
                {"": table.capitalize()}
                | {title: landing.counts[table][kind] for kind, title in KINDS.items()}
                | {"Then": len(getattr(landing.dataset, table))}
                for table in ("clients", "products", "interactions", "ties")
            ]
        ),
        hide_index=True,
        height="content",
        column_config={
            title: st.column_config.NumberColumn(format="%,d") for title in (*KINDS.values(), "Then")
        },
        key="landing",
        alt=f"What the new version holds otherwise than version {before.version}",
    )
    limit = (
        "no rating counts as low"
        if before.rating_limit is None
        else f"ratings below {before.rating_limit:g} are low"
    )
    kept = (
        f" A client {in_markdown(before.verb)} a product, and {limit}, as before." if landing.appended else ""
    )
    same = " It holds nothing new." if landing.changes_nothing else ""
    st.caption(f"Against version {before.version} of {in_markdown(before.name)}.{same}{kept}")


def _save(made: Landing, answers: Answers, source: str) -> None:
    """Save an import as a version of a dataset; a sentence says so if it cannot be."""
    try:
        with st.spinner("Saving"):
            saved = made.store_in(desk.store(), source=source, user=desk.person().user, verb=answers.verb)
    except (StoreError, DatasetError) as error:
        st.error(in_markdown(str(error), 400), icon=":material/error:")
        return
    session.discard()
    st.session_state["saved"] = saved.label
    st.switch_page("pages/data/page.py")

"""The chain of the log: its newest hash, its check in words, and its entries as files."""

import json
from datetime import UTC, datetime

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from finrec_core.advice.decision_log import DecisionLog, Entry
from finrec_core.dataset import csv_report
from finrec_core.store.log import START
from finrec_core.terms import wording
from finrec_core.terms.bounds import MOST_ROWS
from finrec_core.terms.file_name import file_name
from finrec_core.views.markdown import escaped
from finrec_core.views.recommendation import decisions
from pages.frame import desk, gate


def exports(place: DeltaGenerator, found: list[Entry], log: DecisionLog) -> None:
    """Show buttons that write the entries found as CSV, and as JSON with what was shown."""
    store = desk.store()  # a download runs where nobody can be asked who it is
    name = f"decisions-{desk.today():%Y-%m-%d}"

    def csv() -> bytes:
        return csv_report(decisions.export(found, log, store.heads()["decisions"]))

    def whole() -> bytes:
        ids = {entry.id for entry in found}
        rows = [row for row in store.decisions(limit=MOST_ROWS) if row.id in ids]
        document = decisions.document(rows, store.heads()["decisions"])
        return json.dumps(document, ensure_ascii=False, indent=2).encode("utf-8")

    for title, data, ending, mime in (
        ("CSV", csv, "csv", "text/csv"),
        ("JSON", whole, "json", "application/json"),
    ):
        place.download_button(
            title,
            gate.later(data),
            file_name=file_name(f"{name}.{ending}"),
            mime=mime,
            icon=":material/download:",
            on_click="ignore",
            help=f"{wording.counted(len(found), 'entry', 'entries')} as found",
            key=f"export-{ending}",
        )


def show(log: DecisionLog) -> None:
    """Show the newest hash of each log, and a button that checks both chains."""
    heads = desk.store().heads()
    st.space("small")
    with st.container(border=True, key="chain"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader("The chain", anchor=False, width="content")
            verify = desk.may("verify") and st.button(
                "Check the chain", icon=":material/verified:", key="verify"
            )
        st.caption(
            "Each entry carries the hash of the one before it, so one that was changed, taken out or put in "
            "later shows. Note the newest hash elsewhere: entries cut off at the end show only against it."
        )
        if log.unreadable:
            st.warning(
                f"{wording.counted(log.unreadable, 'entry', 'entries')} cannot be read and stand in no list.",
                icon=":material/warning:",
            )
        for name, title in (("decisions", "Newest decision"), ("shown", "Newest list shown")):
            head = heads[name]  # type: ignore[index]
            empty = head == START
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f"{title} :gray[{'none yet' if empty else head[: decisions.SHORT]}]", width=270)
                if not empty:
                    st.code(head, language=None, width="content")
        if verify:
            _verdict(len(log.entries) + log.unreadable)


def _verdict(count: int) -> None:
    """Check both chains now and say what was found."""
    faults = desk.store().verify()
    if faults:
        said = " ".join(escaped(fault) for fault in faults)
        st.error(f"{said} Put a backup in place and ask who could write the file.", icon=":material/gpp_bad:")
        return
    st.success(
        f"Every entry is as it was written: {wording.counted(count, 'decision')} and the lists shown follow "
        f"each other without a gap, checked {desk.when(datetime.now(UTC))}.",
        icon=":material/verified_user:",
    )

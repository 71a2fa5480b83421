"""The chain of the log: its newest hash, its check in words, and its entries as files."""

import json
from datetime import UTC, datetime

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from finrec_core.advice.decision_log import DecisionLog, Entry
from finrec_core.dataset import csv_report
from finrec_core.store import StoreError
from finrec_core.store.log import START
from finrec_core.terms import wording
from finrec_core.terms.bounds import MOST_ROWS
from finrec_core.terms.file_name import file_name
from finrec_core.views.markdown import escaped, in_markdown
from finrec_core.views.recommendation import decisions
from pages.frame import desk, gate

MOST_SAID = 10  # findings of a check that stand on the page


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
    """Show the newest hash of each log, the last anchor, and what checks, anchors and hands out."""
    heads = desk.store().heads()
    st.space("small")
    with st.container(border=True, key="chain"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader("The chain", anchor=False, width="content")
            with st.container(horizontal=True, width="content"):
                sign = desk.may("anchor") and st.button("Anchor now", icon=":material/anchor:", key="anchor")
                handed = st.container(width="content")
                verify = desk.may("verify") and st.button(
                    "Check the chain", icon=":material/verified:", key="verify"
                )
        st.caption(
            "Decisions, lists shown, rules, models in use, erasures and imports are links of one chain, so "
            "an entry that was changed, taken out or put in later shows. An anchor is its newest hash, "
            "signed: keep a copy of the anchors elsewhere, and a chain that was cut or written anew shows "
            "as well."
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
        if sign:
            _sign()
        _last(handed)
        if verify:
            _verdict(len(log.entries) + log.unreadable)


def _sign() -> None:
    """Anchor the record now and say what came of it."""
    try:
        made = desk.store().anchor()
    except StoreError as error:
        st.error(in_markdown(str(error), 300), icon=":material/error:")
        return
    if made is None:
        st.caption("Nothing was written since the last anchor.")
    elif made.remark:
        st.warning(
            f"Anchored without a time stamp. {in_markdown(made.remark, 300)}", icon=":material/warning:"
        )


def _last(place: DeltaGenerator) -> None:
    """Say when the record was anchored last, and offer the file of anchors for keeping elsewhere."""
    try:
        last = desk.store().last_anchor()
    except StoreError as error:
        st.error(in_markdown(str(error), 300), icon=":material/error:")
        return
    if failed := desk.unanchored():
        st.warning(f"The last anchor went wrong. {in_markdown(failed, 300)}", icon=":material/warning:")
    if last is None:
        st.markdown("Last anchor :gray[none yet]")
        return
    stamped = ", with a time stamp" if last.stamp else ""
    st.markdown(f"Last anchor :gray[{desk.when(last.created)}, link {last.sequence:,}{stamped}]")
    if not desk.may("verify"):
        return
    place.download_button(
        "Anchors",
        gate.later(desk.store().anchors_file.read_bytes),
        file_name=file_name(f"anchors-{desk.today():%Y-%m-%d}.jsonl"),
        mime="application/jsonl",
        icon=":material/download:",
        on_click="ignore",
        help="All anchors, to be kept where nobody of this desk can write",
        key="hand-out",
    )


def _verdict(count: int) -> None:
    """Check the whole record now and say what was found."""
    try:
        with st.spinner("Checking every entry"):
            found = desk.store().verification()
    except StoreError as error:
        st.error(in_markdown(str(error), 300), icon=":material/error:")
        return
    if found.faults:
        said = " ".join(escaped(fault) for fault in found.faults[:MOST_SAID])
        more = len(found.faults) - MOST_SAID
        rest = f" And {wording.counted(more, 'more finding')}; `finrec verify` lists all." if more > 0 else ""
        st.error(
            f"{said}{rest} Put a backup in place and ask who could write the file.", icon=":material/gpp_bad:"
        )
        return
    anchors = f", {wording.counted(found.anchors, 'anchor')} fit" if found.anchors else ""
    st.success(
        f"Every entry is as it was written: {wording.counted(count, 'decision')} and all else that is "
        f"recorded follow each other without a gap{anchors}, checked {desk.when(datetime.now(UTC))}.",
        icon=":material/verified_user:",
    )
    for remark in found.remarks:
        st.caption(escaped(remark))

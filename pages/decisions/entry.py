"""An entry of the log opened: what was decided, and what was shown when it was."""

from datetime import date, datetime

import streamlit as st

from finrec_core.advice import Verdict
from finrec_core.advice.decision import Decision
from finrec_core.advice.decision_log import DecisionLog, Entry
from finrec_core.advice.snapshot import Snapshot
from finrec_core.terms import wording
from finrec_core.views.charts import bars
from finrec_core.views.markdown import escaped, in_markdown
from finrec_core.views.recommendation import decisions
from pages.frame import chart, desk, selection
from pages.shared import record
from pages.shared.decision import actions, form_asked, line, say_fault

LONG = 4000  # characters of a note


def show(entry: Entry, log: DecisionLog) -> None:
    """Show an entry whole, with what can follow it."""
    row = desk.store().decision(entry.id)
    decision = Decision.read(row.kind, row.client, row.product, row.run, row.content)
    with st.container(border=True, key="entry"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            title = decision.product_name or decision.product or decision.client_name or decision.client
            st.subheader(in_markdown(title), anchor=False, width="content")
            with st.container(horizontal=True, width="content", vertical_alignment="center"):
                if decision.snapshot is not None:
                    record.show_entry(row, decision.snapshot)
                if st.button(
                    "Open the card", icon=":material/open_in_new:", type="tertiary", key="open-card"
                ):
                    selection.open_card(decision.client, decision.product or None)
        st.markdown(f"{line(entry)} for **{in_markdown(decision.client_name or decision.client)}**")
        said = [decision.reason_text]
        if stands := decisions.state(log, entry, desk.today()):
            said.append(wording.capital(stands))
        st.markdown(f"{escaped('. '.join(said))}.")
        if row.lost:
            st.info(row.lost, icon=":material/key_off:")
        if decision.note:
            st.markdown(f"“{in_markdown(decision.note, LONG)}”")
        actions(entry, ("entry", entry.id))
        if form_asked(("entry", entry.id)) is None or not log.stands(entry):
            say_fault(decision.client, decision.product)
        if decision.snapshot is not None:
            _shown(decision.snapshot)
        st.caption("The hash of this entry")
        st.code(entry.hash, language=None)


def _shown(snapshot: Snapshot) -> None:
    st.markdown("**What was shown**")
    rank = "no rank" if snapshot.rank is None else f"{wording.ordinal(snapshot.rank)} of {snapshot.offered:,}"
    rules = {None: "no rules applied", 0: "the rules proposed"}.get(
        snapshot.rules_version, f"rules version {snapshot.rules_version}"
    )
    trained = desk.when(datetime.fromisoformat(snapshot.trained))
    st.caption(
        f"{in_markdown(snapshot.dataset)}, version {snapshot.version}. Model trained {trained}, run "
        f"{in_markdown(snapshot.run)}. {wording.capital(rules)}. {wording.capital(rank)}."
    )
    if snapshot.verdict is not None:
        _verdict(snapshot.verdict)
    st.markdown(in_markdown(snapshot.sentence, 1200))
    panes = st.grid(2, min_column_width=420, gap="medium")
    with panes.cell():
        if drawn := decisions.view(snapshot):
            view, labels = drawn
            chart.show(
                bars.bars(view, labels, chart.colours()),
                key="entry-bars",
                alt=bars.alternative(view, labels),
            )
        day = snapshot.profile_date
        dated = f" Profile of {wording.day(date.fromisoformat(day))}." if day else ""
        for facts, more in ((snapshot.client_facts, dated), (snapshot.product_facts, "")):
            if facts:
                said = ". ".join(f"{label} {in_markdown(value, 60)}" for label, value in facts)
                st.caption(f"{said}.{more}")
    with panes.cell():
        if snapshot.empty:
            st.caption(in_markdown(snapshot.empty, 400))
        st.dataframe(
            decisions.lines(snapshot, snapshot.lines),
            hide_index=True,
            height="content",
            column_config={"Points": st.column_config.TextColumn(alignment="right", width=70)},
            key="entry-lines",
            alt="The list as it was shown",
        )
        if snapshot.alternatives:
            names = [each.title for each in snapshot.alternatives]
            st.caption(f"Next best that fit: {in_markdown(wording.joined(names), 400)}.")


def _verdict(verdict: Verdict) -> None:
    st.markdown(in_markdown(verdict.sentence, 600))

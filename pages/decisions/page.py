"""Decisions: every entry of the log, newest first, found, opened as it was shown, exported and verified."""

import streamlit as st

from finrec_core.advice.decision_log import DecisionLog, Entry
from finrec_core.terms import wording
from finrec_core.views.recommendation import decisions
from finrec_core.views.recommendation.decisions import KINDS
from pages.decisions import chain, entry, filters
from pages.frame import desk, journal

PAGE = 25  # entries of a page


def page(found: list[Entry]) -> list[Entry]:
    """Show which entries of those found are listed, with buttons to the others; return them."""
    last = max(0, (len(found) - 1) // PAGE)
    place = min(st.session_state.get("decisions-page", 0), last)
    shown = found[place * PAGE : (place + 1) * PAGE]
    first = place * PAGE + 1
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        which = f"{first:,} to {first + len(shown) - 1:,} of " if last else ""
        st.caption(which + wording.counted(len(found), "entry", "entries"), width="content")
        if last:
            with st.container(horizontal=True, width="content"):
                for title, icon, to in (
                    ("Newer", "chevron_left", place - 1),
                    ("Older", "chevron_right", place + 1),
                ):
                    st.button(
                        title,
                        icon=f":material/{icon}:",
                        type="tertiary",
                        disabled=not 0 <= to <= last,
                        on_click=lambda to=to: st.session_state.update({"decisions-page": to}),
                        key=f"decisions-{title.lower()}",
                    )
    return shown


def listed(shown: list[Entry], log: DecisionLog) -> Entry | None:
    """Show entries as a table, and return the one that was chosen."""
    frame = decisions.table(shown, log, today=desk.today(), when=desk.when)
    chosen = st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= 10 else 35 * 11,
        on_select="rerun",
        selection_mode=("single-row", "single-cell"),
        column_config={
            "No.": st.column_config.NumberColumn(width=50),
            "When": st.column_config.TextColumn(width=110),
            "Decision": st.column_config.MultiselectColumn(
                options=[*KINDS.values(), "Override"],
                color=["gray", "gray", "gray", "gray", "gray", "red"],
                width=150,
            ),
            "Client": st.column_config.TextColumn(width=150),
            "Product": st.column_config.TextColumn(width=200),
            "Reason": st.column_config.TextColumn(width=160),
            "State": st.column_config.TextColumn(width=190),
            "By": st.column_config.TextColumn(width=80),
        },
        key=f"decided-{shown[0].id}-{len(shown)}",
        alt=f"Decisions, newest first: {len(frame)}",
    )
    rows = chosen.selection.rows or [row for row, _ in chosen.selection.cells]
    return shown[rows[0]] if rows and rows[0] < len(shown) else None


log = journal.decisions()
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.title("Decisions", anchor=False, width="content")
    exports = st.container(horizontal=True, width="content")
if not log.entries:
    st.markdown(
        "Nothing was decided yet. Open a client, choose a product, and accept it, reject it or put it off: "
        "the decision is kept here with what was shown."
    )
    st.page_link("pages/recommendations/page.py", label="Go to the recommendations")
else:
    found = decisions.matching(log, filters.show(log))
    chain.exports(exports, found, log)
    if not found:
        st.info("No entry is like that. Take a filter out to see more.", icon=":material/filter_alt:")
    else:
        shown = page(found)
        opened = listed(shown, log)
        if opened is None:
            st.caption("Choose a row to open it as it was shown.")
        else:
            entry.show(opened, log)
chain.show(log)

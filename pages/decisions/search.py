"""The search in the log: filters, a page of the entries found, and the table in which one is chosen."""

from datetime import UTC, date, datetime, time, timedelta

import streamlit as st

from finrec_core.advice.decision_log import DecisionLog, Entry
from finrec_core.terms import wording
from finrec_core.terms.user import name_of
from finrec_core.views.recommendation import decisions
from finrec_core.views.recommendation.decisions import KINDS, Wanted
from pages.frame import desk

PAGE = 25  # entries of a page


def filters(log: DecisionLog) -> Wanted:
    """Show the filters, and return what they ask for."""
    users = sorted({entry.user for entry in log.entries})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        client = st.text_input("Client", placeholder="Name or number", width=150, key="of-client")
        product = st.text_input("Product", placeholder="Name or number", width=150, key="of-product")
        kinds = st.multiselect(
            "Decision",
            list(KINDS),
            format_func=KINDS.__getitem__,
            placeholder="All",
            width=180,
            key="of-kind",
        )
        by = st.multiselect("By", users, format_func=name_of, placeholder="All", width=150, key="of-user")
        since, until = _days()
        with st.container(gap=None, width="content"):
            overrides = st.toggle("Overrides only", key="of-overrides")
            opened = st.toggle(
                "Open only", help="Put off, to follow up, or without the client's answer.", key="of-open"
            )
    return Wanted(client, product, tuple(kinds), tuple(by), since, until, overrides, opened)


def _days() -> tuple[datetime | None, datetime | None]:
    """Show a field for the first and the last day; return when the one begins and the other has ended."""
    days = st.date_input("Days", [], format="YYYY-MM-DD", width=220, key="of-days")
    first, last = (*days, None, None)[:2] if isinstance(days, tuple) else (days, days)
    return _begin(first), _begin(None if last is None else last + timedelta(days=1))


def _begin(day: date | None) -> datetime | None:
    """Return when a day begins by the browser's clock."""
    if day is None:
        return None
    offset = desk.local(datetime.combine(day, time(), UTC)).utcoffset() or timedelta(0)
    return datetime.combine(day, time(), UTC) - offset


def page(found: list[Entry]) -> list[Entry]:
    """Show which entries of those found are table, with buttons to the others; return them."""
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


def table(shown: list[Entry], log: DecisionLog) -> Entry | None:
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
                color=[*["gray"] * len(KINDS), "red"],
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


def looked_up(log: DecisionLog) -> Entry | None:
    """Return the entry that the search for everything led to, None where it led to none."""
    wanted = st.session_state.get("decision-found")
    return next((entry for entry in log.entries if entry.id == wanted), None)

"""The filters of the decisions: by client, product, kind, writer and days, overrides, what is open."""

from datetime import UTC, date, datetime, time, timedelta

import streamlit as st

from finrec_core.advice.decision_log import DecisionLog
from finrec_core.views.recommendation.decisions import KINDS, Wanted
from pages.frame import desk


def show(log: DecisionLog) -> Wanted:
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
        by = st.multiselect("By", users, placeholder="All", width=150, key="of-user")
        since, until = _days()
        with st.container(gap=None, width="content"):
            overrides = st.toggle("Overrides only", key="of-overrides")
            opened = st.toggle("Open only", help="Put off, or without the client's answer.", key="of-open")
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

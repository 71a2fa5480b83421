"""Today: what was put off until now, whose list changed since it was looked at, and lists shown lately."""

import streamlit as st

from finrec_core.advice.decision_log import Entry
from finrec_core.terms import wording
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation import decisions
from pages.frame import desk, journal
from pages.shared import clients
from pages.today.list_changes import changed, link, section

LATELY = 10
MOST = 12  # entries of one section


def due() -> None:
    """Show what was put off until today or an earlier day."""
    today, log = desk.today(), journal.decisions()
    found, later = log.due(today), log.put_off()
    section("Due", len(found))
    for entry in found[:MOST]:
        _due(entry)
    if len(found) > MOST:
        st.page_link("pages/decisions/page.py", label=f"{len(found) - MOST:,} more among the decisions")
    ahead = len(later) - len(found)
    if ahead:
        next_day = later[len(found)].decision.due
        until = f", the next until {wording.day(next_day)}" if next_day else ""
        st.caption(f"{wording.counted(ahead, 'product')} put off to a later day{until}.")
    elif not found:
        st.caption("Nothing is put off. On a card, Later puts a product off until a day that you choose.")


def _due(entry: Entry) -> None:
    decision = entry.decision
    with st.container(border=True, gap=None):
        link(
            decision.client, decision.client_name, f"due-{entry.id}", decision.product, decision.product_name
        )
        day = decisions.due(decision.due, desk.today()) if decision.due else ""
        said = [
            wording.capital(day),
            decision.reason_text,
            *([f"“{decision.note}”"] if decision.note else []),
        ]
        st.caption(in_markdown(". ".join(said), 300))


def lately() -> None:
    """Show the clients whose lists were shown last."""
    section("Looked at lately")
    rows = journal.looked_at(LATELY)
    if not rows:
        st.caption("No list was shown yet. Find a client, and it will stand here.")
        st.page_link("pages/recommendations/page.py", label="Find a client", icon=":material/search:")
    with st.container(gap=None):
        for row, shown in rows:
            with st.container(
                horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
            ):
                link(row.client, shown.client_name, f"lately-{row.client}")
                st.caption(desk.when(row.created), width="content")


active = desk.store().active_run()
if active is None:
    st.switch_page("pages/start/page.py")
if "client" in st.query_params:  # one was searched for, or a link names one
    st.switch_page("pages/recommendations/page.py", query_params=st.query_params.to_dict())
clients.heading(active, "Today", wording.day(desk.today()), ":material/today:")
panes = st.grid(2, min_column_width=420, gap="medium")
with panes.cell():
    due()
    st.space("small")
    changed(active)
with panes.cell():
    lately()

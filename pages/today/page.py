"""Today: what an adviser has to do, what lies ahead, and whose lists were looked at lately."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from finrec_core.advice.agenda import ahead
from finrec_core.advice.decision_log import Entry
from finrec_core.terms import wording
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation.decisions import KINDS
from pages.frame import desk, integrity, journal, selection
from pages.shared import clients
from pages.shared.reminders import say_lost
from pages.today import tasks

LATELY = 10  # clients
COMING = 8  # entries


def coming() -> None:
    """Show what has a later day, put off or to follow up, the next ones first."""
    found = ahead(journal.decisions(), desk.today())
    section("Ahead", len(found))
    with st.container(gap=None):
        for entry in found[:COMING]:
            _entry(entry)
    if len(found) > COMING:
        more = f"{len(found) - COMING:,} more among the decisions"
        st.page_link("pages/decisions/page.py", label=more, icon=":material/gavel:")
    if not found:
        st.caption("Nothing has a later day. On a card, Later puts a product off; Notes keep a follow-up.")


def _entry(entry: Entry) -> None:
    decision = entry.decision
    with row():
        link(
            decision.client,
            decision.client_name,
            f"ahead-{entry.id}",
            decision.product,
            decision.product_name,
        )
        day = wording.day(decision.due) if decision.due else ""
        st.caption(f"{KINDS[decision.kind]}, {day}", width="content")


def lately() -> None:
    """Show the clients whose lists were shown last."""
    section("Looked at lately")
    rows = journal.looked_at(LATELY)
    if not rows:
        st.caption("No list was shown yet. Find a client, and it will stand here.")
        st.page_link("pages/recommendations/page.py", label="Find a client", icon=":material/search:")
    with st.container(gap=None):
        for found, shown in rows:
            with row():
                link(found.client, shown.client_name, f"lately-{found.client}")
                st.caption(desk.when(found.created), width="content")


def row() -> DeltaGenerator:
    """Return a row with something at either end."""
    return st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")


def section(title: str, count: int | None = None) -> None:
    """Show the heading of a section, with how much it holds."""
    with row():
        st.subheader(title, anchor=False, width="content")
        if count:
            st.badge(f"{count:,}", color="gray")


def link(client: str, name: str, key: str, product: str | None = None, product_name: str = "") -> None:
    """Show a button that opens a client's list, or the card of one product on it."""
    label = in_markdown(name or client, 60) + (f": {in_markdown(product_name, 80)}" if product_name else "")
    if st.button(label, type="tertiary", icon=":material/arrow_forward:", key=key):
        selection.open_card(client, product or None)


active = integrity.serving()
if active is None:
    st.switch_page("pages/start/page.py")
if "client" in st.query_params:  # one was searched for, or a link names one
    st.switch_page("pages/recommendations/page.py", query_params=st.query_params.to_dict())
clients.heading(active, "Today", wording.day(desk.today()), ":material/today:")
panes = st.grid(2, min_column_width=420, gap="medium")
with panes.cell():
    heading = st.container()
    say_lost()
    todo = tasks.found(active)
    with heading:
        section("To do", len(todo))
    tasks.show(todo)
with panes.cell():
    coming()
    st.space("small")
    lately()

"""Today: what was put off until now, whose list changed since it was looked at, and lists shown lately."""

import streamlit as st

from finrec_core.advice.changes import Change
from finrec_core.advice.decision_log import Entry
from finrec_core.run_folder import RunFolderError
from finrec_core.store import RunRow, StoreError
from finrec_core.terms import wording
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation import decisions
from pages.frame import desk, integrity, journal, selection
from pages.shared import clients

LATELY = 10  # clients
MOST = 12  # entries of one section
LOOKED = 40  # clients, those looked at last, whose lists are compared
CAUSES = {"data": "New data", "model": "New model", "rules": "Rules"}


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


def changed(run: RunRow) -> None:
    """Show whose first lines are others than those that were last shown, and why."""
    try:
        found = journal.changes(run.run, LOOKED)
    except (StoreError, RunFolderError) as error:
        section("Lists that changed")
        st.error(in_markdown(str(error), 300), title="The model cannot be loaded", icon=":material/error:")
        return
    section("Lists that changed", len(found))
    for change in found[:MOST]:
        _change(change)
    if len(found) > MOST:
        st.caption(f"{len(found) - MOST:,} more; they move up as these are opened.")
    st.caption(
        f"Compared: the first ten products and their verdicts, for the {LOOKED} clients looked at last."
        if found
        else "No list differs from what was last shown. New data, a new model or new rules can change that."
    )


def _change(change: Change) -> None:
    before = change.before
    with st.container(border=True, gap=None):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            if change.gone:
                st.markdown(in_markdown(before.client_name, 60), width="content")
            else:
                link(before.client, before.client_name, f"changed-{before.client}")
            st.markdown(" ".join(f":gray-badge[{CAUSES[cause]}]" for cause in change.causes), width="content")
        st.caption(" ".join(in_markdown(text, 500) for text in change.sentences))


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


def section(title: str, count: int | None = None) -> None:
    """Show the heading of a section, with how much it holds."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(title, anchor=False, width="content")
        if count:
            st.badge(f"{count:,}", color="gray")


def link(client: str, name: str, key: str, product: str | None = None, product_name: str = "") -> None:
    """Show a button that opens a client's list, or the card of one product on it."""
    label = in_markdown(name or client, 60) + (f": {in_markdown(product_name, 80)}" if product_name else "")
    if st.button(label, type="tertiary", icon=":material/arrow_forward:", key=key):
        selection.open_card(client, product)


active = integrity.serving()
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

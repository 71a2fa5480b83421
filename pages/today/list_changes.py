"""The lists that changed since they were last shown, with what came in, what dropped out, and why."""

import streamlit as st

from finrec_core.advice.changes import Change
from finrec_core.run_folder import RunFolderError
from finrec_core.store import RunRow, StoreError
from finrec_core.views.markdown import in_markdown
from pages.frame import journal, selection


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


LOOKED = 40  # clients, those looked at last, whose lists are compared
MOST = 12  # of them shown
CAUSES = {"data": "New data", "model": "New model", "rules": "Rules"}


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

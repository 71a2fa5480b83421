"""Record: the decisions on one client and product, and the recommendation record as a file."""

import streamlit as st

from pages.frame import journal
from pages.shared import decision
from pages.shared import record as file
from pages.shared.choice import Choice


def show(choice: Choice) -> None:
    """Show what was decided on a choice, newest first, and offer its record."""
    st.subheader("Record", anchor=False)
    log = journal.decisions()
    entries = [one for one in log.entries if one.decision.client == choice.client]
    entries = [one for one in entries if one.decision.product == choice.product]
    for entry in reversed(entries):
        st.markdown(decision.line(entry))
    if not entries:
        st.caption("Nothing was decided yet on this product for this client.")
    st.caption(
        "The recommendation record holds what the card shows, the reasons and the rules with it, on a page "
        "to print or keep. Once a decision stands, it holds what was shown then."
    )
    file.show(choice)

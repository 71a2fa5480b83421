"""Decisions: every entry of the log, newest first, found, opened as it was shown, exported and verified."""

import streamlit as st

from finrec_core.views.recommendation import decisions
from pages.decisions import chain, entry, search
from pages.frame import journal

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
    found = decisions.matching(log, search.filters(log))
    chain.exports(exports, found, log)
    if not found:
        st.info("No entry is like that. Take a filter out to see more.", icon=":material/filter_alt:")
    else:
        shown = search.page(found)
        opened = search.table(shown, log) or search.looked_up(log)
        if opened is None:
            st.caption("Choose a row to open it as it was shown.")
        else:
            entry.show(opened, log)
chain.show(log)

"""The card: one product for one client: rank, verdict, sentence, the bars of one lens, and what to do."""

import streamlit as st

from finrec_core.explain import Explanation, wording
from finrec_core.explain.sentence import pieces
from finrec_core.terms.names import LENSES
from finrec_core.views import ranked
from finrec_core.views.markdown import in_markdown, sentence
from pages.advise import decide, examine, record, verdict, what_if
from pages.advise.choice import Choice
from pages.frame import selection


def show(choice: Choice) -> None:
    """Show the card of a choice; its control changes the lens."""
    explanation, names, view, lens = choice.explanation(), choice.labels(), choice.view, choice.lens
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(in_markdown(names.product), anchor=False, width="content")
        st.badge(_place(explanation, len(choice.ranking.order)), color="gray")
    about = ranked.facts(choice.dataset, choice.product, choice.client)
    if about:
        st.caption(in_markdown(about, 300))
    if explanation.branch == "popularity":
        st.badge("Popularity list", icon=":material/groups:", color="yellow")
    verdict.show(choice)
    st.markdown(sentence(pieces(explanation, view, names, lens)))
    st.session_state["lens"] = lens
    st.segmented_control(
        "View",
        list(LENSES),
        format_func=LENSES.__getitem__,
        required=True,
        width="stretch",
        label_visibility="collapsed",
        on_change=lambda: selection.choose("lens", st.session_state["lens"]),
        key="lens",
    )
    what_if.show(choice)
    decide.show(choice)
    decide.shown(choice)
    record.show(choice)
    examine.show(choice)


def _place(explanation: Explanation, offered: int) -> str:
    if explanation.has:
        return "Has it already"
    if explanation.rank is None:
        return "Not offered"
    return f"{wording.ordinal(explanation.rank)} of {offered:,}"

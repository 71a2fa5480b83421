"""The card: one product for one client, its rank, the sentence, and the bars of one lens."""

import streamlit as st

from finrec_core.explain import Explanation, wording
from finrec_core.explain.points import Shown
from finrec_core.explain.sentence import other_view, pieces
from finrec_core.views import bars, ranked, tables, tail
from finrec_core.views.frame import CONFIG
from finrec_core.views.markdown import escaped, in_markdown, sentence
from finrec_core.views.theme import theme
from pages.advise import decide
from pages.advise.choice import LENSES, Choice
from pages.frame import desk, selection


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
    if view is not None:
        _bars(view, choice)
    decide.show(choice)
    decide.shown(choice)


def _place(explanation: Explanation, offered: int) -> str:
    if explanation.has:
        return "Has it already"
    if explanation.rank is None:
        return "Not offered"
    return f"{wording.ordinal(explanation.rank)} of {offered:,}"


def _bars(view: Shown, choice: Choice) -> None:
    names, reasons = choice.labels(), choice.reasons()
    st.plotly_chart(
        bars.bars(view, names, theme(desk.theme())),
        config=CONFIG,
        theme=None,
        key="bars",
        alt=bars.alternative(view, names),
    )
    if view.tail:
        with st.expander(tail.in_words(view)):
            st.dataframe(
                tables.smaller(view, names),
                hide_index=True,
                height="content" if len(view.tail) <= 6 else 240,
                column_config={"Points": st.column_config.TextColumn(alignment="right", width=80)},
                key="tail",
                alt="The smaller reasons with one decimal",
            )
    start = f" Starting point: {reasons.base_note}." if reasons.base_note else ""
    missed = f"; they miss it by {abs(reasons.error):.0e}" if reasons.error else " exactly"
    checked = f"Checked: start and reasons add up to the score{missed}."
    st.caption(f"{escaped(other_view(view, choice.lens) + start)} {checked}")

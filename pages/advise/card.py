"""The card: one product for one client, its rank, the sentence, and the bars of one lens."""

import streamlit as st

from finrec_core.explain import Explanation, wording
from finrec_core.explain.labels import Labels
from finrec_core.explain.points import Shown, shown
from finrec_core.explain.sentence import other_view, pieces
from finrec_core.settings import settings
from finrec_core.views import bars, ranked, tables, tail
from finrec_core.views.frame import CONFIG
from finrec_core.views.markdown import in_markdown, sentence
from finrec_core.views.theme import theme
from pages.frame import desk, selection

LENSES = {"client": "What this client has", "product": "What speaks for this product"}


@st.cache_resource(show_spinner=False, max_entries=256)
def labels(run: str, client: str, product: str, words: int) -> Labels:
    """Return what people, products and texts are called in one explanation."""
    chosen = settings()
    return Labels.of(
        desk.model(run).dataset,
        desk.explanation(run, client, product, words),
        show_tie_names=chosen.show_tie_names,
        show_writers=chosen.show_writers,
    )


def show(run: str, client: str, product: str, lens: str) -> None:
    """Show the card; `lens` is the one that was chosen, and the card changes it."""
    explanation = desk.explanation(run, client, product, 0)
    names = labels(run, client, product, 0)
    ranking = desk.ranking(run, client)
    dataset = desk.model(run).dataset
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(in_markdown(names.product), anchor=False, width="content")
        st.badge(_place(explanation, len(ranking.order)), color="gray")
    about = ranked.facts(dataset, product, client)
    if about:
        st.caption(in_markdown(about, 300))
    view = shown(explanation.lens(lens), ranking.scale)
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
        _bars(view, names, explanation, lens)


def _place(explanation: Explanation, offered: int) -> str:
    if explanation.has:
        return "Has it already"
    if explanation.rank is None:
        return "Not offered"
    return f"{wording.ordinal(explanation.rank)} of {offered:,}"


def _bars(view: Shown, names: Labels, explanation: Explanation, lens: str) -> None:
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
    note = explanation.lens(lens).base_note
    start = f"Starting point: {note}. " if note else ""
    error = abs(explanation.lens(lens).error)
    st.caption(
        f"{other_view(view, lens)} {in_markdown(start, 300)} "
        f"Start and reasons add up to the score; the sum misses it by {error:.0e}.",
    )

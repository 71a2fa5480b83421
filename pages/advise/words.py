"""The words behind one reason: its texts, shaded by their share of the score."""

import streamlit as st

from finrec_core.explain import Part, wording
from finrec_core.views.markdown import in_markdown
from finrec_core.views.shading import NOTE, Shading, Source, shading, sources
from finrec_core.views.theme import theme
from pages.advise import card
from pages.frame import desk

OPENED = (8, 64, 512)  # texts opened into words at first, and where the chosen one is not among them


def show(run: str, client: str, product: str, lens: str, part: Part) -> None:
    """Show the texts behind a reason of a lens, one at a time, with the words that move the rank."""
    found = _sources(run, client, product, lens, part)
    if not found:
        return
    scale = desk.ranking(run, client).scale
    place = 0
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        head = st.empty()
        if len(found) > 1:
            place = st.selectbox(
                "Text",
                range(len(found)),
                format_func=lambda k: f"{found[k].title}, {wording.signed(found[k].value * scale.factor, 1)}",
                label_visibility="collapsed",
                width=300,
                key=f"text-{part.kind}-{part.id}",
            )
        else:
            st.badge(f"{wording.signed(found[0].value * scale.factor, 1)} points", color="gray")
    source = found[place]
    if not source.opened:
        source = _opened(run, client, product, lens, part, place) or source
    head.subheader(in_markdown(source.title, 60), anchor=False, width="content")
    _text(shading(source, scale, theme(desk.theme())), source)


def _text(shaded: Shading, source: Source) -> None:
    st.html(shaded.html)
    st.caption(f"{in_markdown(shaded.caption, 300)} {NOTE}")
    if len(shaded.table):
        with st.expander("The words as a table"):
            st.dataframe(
                shaded.table,
                hide_index=True,
                height="content" if len(shaded.table) <= 8 else 320,
                column_config={"Points": st.column_config.TextColumn(alignment="right", width=90)},
                alt=f"Words of {source.title} with their points",
            )


def _sources(
    run: str, client: str, product: str, lens: str, part: Part, opened: int = OPENED[0]
) -> list[Source]:
    """Return the texts behind a reason, with as many texts of the lens opened into words."""
    with st.spinner("Reading the words"):
        explanation = desk.explanation(run, client, product, opened)
    same = (one for one in explanation.lens(lens).parts if (one.kind, one.id) == (part.kind, part.id))
    return sources(next(same), card.labels(run, client, product, opened))


def _opened(run: str, client: str, product: str, lens: str, part: Part, place: int) -> Source | None:
    """Return one text opened into words, None where it has too small a share even among many."""
    for opened in OPENED[1:]:
        source = _sources(run, client, product, lens, part, opened)[place]
        if source.opened:
            return source
    return None

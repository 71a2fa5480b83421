"""The words behind one reason: its texts, shaded by their share of the score."""

from hashlib import sha256

import streamlit as st

from finrec_core.explain import Part, wording
from finrec_core.text import EncoderError
from finrec_core.views.markdown import in_markdown
from finrec_core.views.shading import NOTE, Shading, Source, shading, sources
from pages.advise.choice import Choice
from pages.frame import chart

OPENED = (8, 64, 512)  # texts opened into words at first, and where the one to show is not among them


def show(choice: Choice, part: Part) -> None:
    """Show the texts behind a reason, one at a time, with the words that move the rank."""
    try:
        found = _sources(choice, part, OPENED[0])
    except EncoderError as error:
        st.caption(f":material/error: The words cannot be opened. {in_markdown(str(error), 300)}")
        return
    if not found:
        return
    scale = choice.ranking.scale
    # Streamlit sends keys to the browser, and a review's id holds its writer's: only its hash may travel.
    key = f"text-{choice.key}-{sha256(f'{part.kind} {part.id}'.encode()).hexdigest()[:12]}"
    place = st.session_state.get(key, 0)
    source = found[place]
    for opened in OPENED[1:]:
        if not source.opened:
            source = _sources(choice, part, opened)[place]
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        height=40 if part.kind == "review" else "content",  # as the title of the list beside it
        border=False,
    ):
        st.subheader(in_markdown(source.title, 60), anchor=False, width="content")
        if len(found) > 1:
            st.selectbox(
                "Text",
                range(len(found)),
                format_func=lambda k: f"{found[k].title}, {wording.signed(found[k].value * scale.factor, 1)}",
                label_visibility="collapsed",
                width=300,
                key=key,
            )
        else:
            st.badge(f"{wording.signed(source.value * scale.factor, 1)} points", color="gray")
    _text(shading(source, scale, chart.colours()), source)


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


def _sources(choice: Choice, part: Part, opened: int) -> list[Source]:
    """Return the texts behind a reason, with so many texts of each lens opened into words."""
    with st.spinner("Reading the words"):
        reasons = choice.reasons(opened)
    same = (one for one in reasons.parts if (one.kind, one.id) == (part.kind, part.id))
    return sources(next(same), choice.labels(opened))

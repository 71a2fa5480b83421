"""Words: the texts behind a reason, one at a time, with the words in them that move the rank."""

from hashlib import sha256

import streamlit as st

from finrec_core.explain import Contribution
from finrec_core.explain.points import Shown, ShownContribution
from finrec_core.narrative.labels import Labels
from finrec_core.terms import wording
from finrec_core.text import EncoderError
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation import evidence as tables
from finrec_core.views.recommendation.shading import NOTE, Shading, Source, shading, sources, strongest
from pages.frame import chart
from pages.recommendations import reasons
from pages.shared.choice import Choice

OPENED = (8, 64, 512)  # texts opened into words at first, and where the one to show is not among them


def show(choice: Choice) -> None:
    """Show the reasons that have texts, in the lens that was chosen, and the words of the chosen one."""
    view, names = choice.view, choice.labels()
    if view is None or not view.contributions:
        st.caption("No text moves this rank.")
    elif choice.lens == "client":
        _held(choice, view, names)
    else:
        _reviews(choice, view, names)


def _held(choice: Choice, view: Shown, names: Labels) -> None:
    """Show what the client has beside the words of the chosen product."""
    contributions = tables.of_kind(view, "interaction", "tie", "branches")
    if not contributions:
        st.caption("No product and no connection of this client moves this rank.")
        return
    panes = st.grid(2, min_column_width=420, gap="medium")
    left, right = panes.cell(), panes.cell()
    with right:
        st.subheader("What this client has", anchor=False)
        alt = "What the client has and whom it is close to, with points"
        first = _first(choice, contributions)
        chosen = reasons.choose(tables.held(view, names), contributions, f"held-{choice.key}", alt, first)
    with left:
        if chosen.exact.kind == "interaction":
            _words(choice, chosen.exact)
        else:
            st.caption("A connection has no text; choose a product.")


def _reviews(choice: Choice, view: Shown, names: Labels) -> None:
    """Show the reviews behind a product, the words of the chosen one, and those of its description."""
    contributions = tables.of_kind(view, "review")
    if contributions:
        panes = st.grid(2, min_column_width=420, gap="medium")
        left, right = panes.cell(), panes.cell()
        with right:
            st.subheader("Reviews behind it", anchor=False)
            alt = "Reviews of the product with the points that go through their words"
            first = _first(choice, contributions)
            chosen = reasons.choose(
                tables.reviews(view, names), contributions, f"reviews-{choice.key}", alt, first
            )
        with left:
            _words(choice, chosen.exact)
    for contribution in tables.of_kind(view, "description"):
        _words(choice, contribution.exact)


def _first(choice: Choice, contributions: list[ShownContribution]) -> int:
    """Return the place of the reason whose text is opened first: that with the largest effect on the rank."""
    try:
        with st.spinner("Reading the words"):
            opened = choice.reasons(OPENED[0]).contributions
    except EncoderError:  # said where the words would stand
        return 0
    known = {(one.kind, one.id): one for one in opened}
    parts = [known.get((one.exact.kind, one.exact.id), one.exact) for one in contributions]
    return strongest(parts, choice.labels(OPENED[0]))


def _words(choice: Choice, contribution: Contribution) -> None:
    """Show the texts behind a reason, one at a time, with the words that move the rank."""
    try:
        found = _sources(choice, contribution, OPENED[0])
    except EncoderError as error:
        st.caption(f":material/error: The words cannot be opened. {in_markdown(str(error), 300)}")
        return
    if not found:
        return
    scale = choice.ranking.scale
    # Streamlit sends keys to the browser, and a review's id holds its writer's: only its hash may travel.
    key = f"text-{choice.key}-{sha256(f'{contribution.kind} {contribution.id}'.encode()).hexdigest()[:12]}"
    place = st.session_state.get(key, 0)
    source = found[place]
    for opened in OPENED[1:]:
        if not source.opened:
            source = _sources(choice, contribution, opened)[place]
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
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


def _sources(choice: Choice, contribution: Contribution, opened: int) -> list[Source]:
    """Return the texts behind a reason, with so many texts of each lens opened into words."""
    with st.spinner("Reading the words"):
        reasons = choice.reasons(opened)
    same = (
        one for one in reasons.contributions if (one.kind, one.id) == (contribution.kind, contribution.id)
    )
    return sources(next(same), choice.labels(opened))


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

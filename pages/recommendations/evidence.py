"""What stands behind one recommendation, in the lens that was chosen: tables, the picture and the words."""

from hashlib import sha256

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from finrec_core.explain import Contribution
from finrec_core.explain.points import Shown, ShownContribution
from finrec_core.narrative.labels import Labels
from finrec_core.terms import wording
from finrec_core.text import EncoderError
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation import evidence as tables
from finrec_core.views.recommendation.paths import Subgraph
from finrec_core.views.recommendation.picture import Picture, picture
from finrec_core.views.recommendation.shading import NOTE, Shading, Source, shading, sources
from pages.frame import chart, desk, turn
from pages.recommendations import reasons
from pages.shared.choice import Choice

OPENED = (8, 64, 512)  # texts opened into words at first, and where the one to show is not among them
TITLES = {"client": "What this client has", "product": "Similar clients"}


def show(choice: Choice) -> None:
    """Show the lower half of the desk; both lenses have a table and a picture, and then words."""
    view, names, lens = choice.view, choice.labels(), choice.lens
    if view is None or not view.contributions:
        return  # a popularity list, or all products alike: the card has said all there is
    panes = st.grid(2, min_column_width=420, gap="medium")
    with panes.cell():
        _title(TITLES[lens])
        if lens == "client":
            contribution = _held(choice, view, names)
        else:
            _similar(view, names)
    with panes.cell():
        with _title("How they connect"):
            more = st.toggle("More paths", key="more")
        evidence = desk.model(choice.run).model.evidence
        subgraph = Subgraph.of(choice.dataset, evidence, choice.client, names)
        drawn = picture(
            choice.explanation(), view, names, lens, chart.colours(), subgraph=subgraph, more=more
        )
        with st.container(key="picture"):
            st.html(drawn.html)
        st.caption("Solid lines raise the rank, dashed ones lower it; thicker means more points.")
        with st.expander("The picture as a table"):
            reasons.plain(drawn.table, "Every line of the picture")
        _explore(drawn)
    if lens == "client":
        if contribution is not None:
            _words(choice, contribution.exact)
    else:
        _reviews(choice, view, names)


@turn.fragment
def _explore(drawn: Picture) -> None:
    """Offer the picture in a frame in which it answers to the pointer; it is made when that is opened."""
    box = st.expander("Explore the picture", on_change="rerun", key="explore")
    if box.open:
        box.iframe(drawn.url, height=drawn.height, alt=drawn.text)


def _title(text: str) -> DeltaGenerator:
    """Show the title of a pane, as high as the one beside it, and return its row."""
    row = st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        height=40,
        border=False,
    )
    row.subheader(text, anchor=False, width="content")
    return row


def _held(choice: Choice, view: Shown, names: Labels) -> ShownContribution | None:
    """Show what the client has and whom it is close to; return the chosen reason, if it is a product."""
    contributions = tables.of_kind(view, "interaction", "tie", "branches")
    if not contributions:
        st.caption("No product and no connection of this client moves this rank.")
        return None
    alt = "What the client has and whom it is close to, with points"
    contribution = reasons.choose(tables.held(view, names), contributions, f"held-{choice.key}", alt)
    return contribution if contribution.exact.kind == "interaction" else None


def _similar(view: Shown, names: Labels) -> None:
    if tables.of_kind(view, "client", "branches"):
        reasons.plain(tables.similar(view, names), "Similar clients that have the product, with points")
        st.caption("Numbers of clients hold in this view only.")
    else:
        st.caption("No similar client has this product.")


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
        height=40 if contribution.kind == "review" else "content",  # as the title of the list beside it
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


def _reviews(choice: Choice, view: Shown, names: Labels) -> None:
    """Show the reviews behind a product, the words of the chosen one, and those of its description."""
    contributions = tables.of_kind(view, "review")
    if contributions:
        panes = st.grid(2, min_column_width=420, gap="medium")
        left, right = panes.cell(), panes.cell()
        with right:
            _title("Reviews behind it")
            alt = "Reviews of the product with the points that go through their words"
            chosen = reasons.choose(tables.reviews(view, names), contributions, f"reviews-{choice.key}", alt)
        with left:
            _words(choice, chosen.exact)
    for contribution in tables.of_kind(view, "description"):
        _words(choice, contribution.exact)

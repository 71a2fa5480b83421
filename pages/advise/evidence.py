"""What stands behind one recommendation, in the lens that was chosen: tables, the picture and the words."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from finrec_core.explain.labels import Labels
from finrec_core.explain.points import Shown, ShownPart
from finrec_core.views import tables
from finrec_core.views.picture import picture
from finrec_core.views.subgraph import Subgraph
from pages.advise import table, words
from pages.advise.choice import Choice
from pages.frame import chart, desk

TITLES = {"client": "What this client has", "product": "Similar clients"}


def show(choice: Choice) -> None:
    """Show the lower half of the desk; both lenses have a table and a picture, and then words."""
    view, names, lens = choice.view, choice.labels(), choice.lens
    if view is None or not view.parts:
        return  # a popularity list, or all products alike: the card has said all there is
    panes = st.grid(2, min_column_width=420, gap="medium")
    with panes.cell():
        _title(TITLES[lens])
        if lens == "client":
            part = _held(choice, view, names)
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
        with st.container(key=f"picture-{choice.key}-{more}"):
            st.iframe(drawn.url, height=drawn.height, alt=drawn.text)
        st.caption("Solid lines raise the rank, dashed ones lower it; thicker means more points.")
        with st.expander("The picture as a table"):
            table.plain(drawn.table, "Every line of the picture")
    if lens == "client":
        if part is not None:
            words.show(choice, part.part)
    else:
        _reviews(choice, view, names)


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


def _held(choice: Choice, view: Shown, names: Labels) -> ShownPart | None:
    """Show what the client has and whom it is close to; return the chosen reason, if it is a product."""
    parts = tables.of_kind(view, "interaction", "tie")
    if not parts:
        st.caption("No product and no connection of this client moves this rank.")
        return None
    alt = "What the client has and whom it is close to, with points"
    part = table.choose(tables.held(view, names), parts, f"held-{choice.key}", alt)
    return part if part.part.kind == "interaction" else None


def _similar(view: Shown, names: Labels) -> None:
    if tables.of_kind(view, "client"):
        table.plain(tables.similar(view, names), "Similar clients that have the product, with points")
        st.caption("Numbers of clients hold in this view only.")
    else:
        st.caption("No similar client has this product.")


def _reviews(choice: Choice, view: Shown, names: Labels) -> None:
    """Show the reviews behind a product, the words of the chosen one, and those of its description."""
    parts = tables.of_kind(view, "review")
    if parts:
        panes = st.grid(2, min_column_width=420, gap="medium")
        left, right = panes.cell(), panes.cell()
        with right:
            _title("Reviews behind it")
            alt = "Reviews of the product with the points that go through their words"
            chosen = table.choose(tables.reviews(view, names), parts, f"reviews-{choice.key}", alt)
        with left:
            words.show(choice, chosen.part)
    for part in tables.of_kind(view, "description"):
        words.show(choice, part.part)

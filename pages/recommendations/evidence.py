"""Evidence: what stands behind one recommendation in the lens that was chosen, as tables and as a picture."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from finrec_core.access import Scope
from finrec_core.explain.points import Shown
from finrec_core.narrative.labels import Labels
from finrec_core.narrative.sentence import other_view, similar_clients
from finrec_core.terms.names import LensName
from finrec_core.views.charts.theme import theme
from finrec_core.views.markdown import escaped
from finrec_core.views.recommendation import evidence as tables
from finrec_core.views.recommendation.paths import Subgraph
from finrec_core.views.recommendation.picture import Picture, picture
from pages.frame import desk, memory, turn
from pages.recommendations import reasons
from pages.shared.choice import Choice, labels

NOTHING = "Nothing of its own speaks for this product: the card has said all there is."
TITLES = {"client": "What this client has", "product": "Similar clients"}


def show(choice: Choice) -> None:
    """Show every reason of the lens in tables, with the check of their sum, and the picture beside them."""
    view, names, lens = choice.view, choice.labels(), choice.lens
    if view is None or not view.contributions:
        st.caption(NOTHING)
        return
    panes = st.grid(2, min_column_width=420, gap="medium")
    with panes.cell():
        _title(TITLES[lens])
        if lens == "client":
            _held(view, names)
        else:
            _similar(view, names)
        said, digits = tables.check(choice.reasons().error, "start and reasons", "the score")
        reasons.whole(view, names, "bars", digits)
        st.caption(f"{_beginning(choice, view)} {said}")
    with panes.cell():
        with _title("How they connect"):
            more = st.toggle("More paths", key="more")
        pair = (choice.run, choice.client, choice.product)
        drawn = _drawn(pair, lens, desk.scope(), desk.theme(), more=more)
        with st.container(key="picture"):
            st.html(drawn.html)
        st.caption("Solid lines raise the rank, dashed ones lower it; thicker means more points.")
        with st.expander("The picture as a table"):
            reasons.plain(drawn.table, "Every line of the picture")
        _explore(drawn)


@memory.remembered(max_entries=256)
def _drawn(pair: tuple[str, str, str], lens: LensName, seen: Scope, shade: str, *, more: bool) -> Picture:
    """Return the picture of a lens for run, client and product; to place its boxes takes most of a click."""
    run, client, product = pair
    found, names = desk.model(run), labels(run, client, product, 0, seen)
    explanation = desk.explained(run, client, product, 0, seen)
    view = desk.points(run, client, product, lens, seen)
    if view is None:
        raise ValueError("all products score the same, so there are no points to draw.")
    subgraph = Subgraph.of(found.dataset, found.model.evidence, client, names)
    return picture(explanation, view, names, lens, theme(shade), subgraph=subgraph, more=more)


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


def _held(view: Shown, names: Labels) -> None:
    """Show what the client has and whom it is close to."""
    if tables.of_kind(view, "interaction", "tie", "branches"):
        reasons.plain(tables.held(view, names), "What the client has and whom it is close to, with points")
    else:
        st.caption("No product and no connection of this client moves this rank.")


def _similar(view: Shown, names: Labels) -> None:
    if tables.of_kind(view, "client", "branches"):
        if said := similar_clients(view):
            st.markdown(said)
        reasons.plain(tables.similar(view, names), "Similar clients that have the product, with points")
        st.caption("Numbers of clients hold in this view only.")
    else:
        st.caption("No similar client has this product.")


def _beginning(choice: Choice, view: Shown) -> str:
    """Say what the sum starts from, and that the other view is the same sum."""
    note = choice.reasons().base_note
    return escaped(other_view(view, choice.lens) + (f" Starting point: {note}." if note else ""))

"""The list of a client's products, the card of the chosen one, and below them what stands behind it."""

from dataclasses import replace

import streamlit as st

from finrec_core.advice.suitability import NO_FACTS
from finrec_core.explain import wording
from finrec_core.views import filters as narrowed
from finrec_core.views import ranked
from finrec_core.views.markdown import in_markdown
from pages.advise import card, compare, evidence, filters, ranks
from pages.advise.choice import Choice, chosen
from pages.frame import desk, journal


@st.fragment
def desk_of(run: str, client: str) -> None:
    """Show the desk of one client; a choice on it shows this part of the page anew, and no more."""
    if not len(desk.ranking(run, client).order):
        st.info("This client has every product that is offered, so there is nothing to recommend.")
    choice = chosen(run, client)
    panes = st.grid(2, min_column_width=420, gap="medium")
    with panes.cell():
        _list(choice)
    with panes.cell(), st.container(border=True, height="stretch", key="card"):
        card.show(choice)
    evidence.show(choice)
    with st.container(border=True, key="compare"):
        compare.show(choice)


def _list(choice: Choice) -> None:
    """Show the ranked products, and a field to look up any other."""
    dataset, ranking = choice.dataset, choice.ranking
    suitability = desk.suitability(choice.run, choice.client)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Recommended products", anchor=False, width="content")
        count = st.empty()
    asked = filters.show(ranked.categories(dataset), judged=suitability is not None)
    rejected = tuple(sorted(journal.hidden(choice.client)))
    if not st.session_state.get("show-rejected", False):
        asked = replace(asked, rejected=rejected)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        filters.length()
        ranks.look_up(choice)
    if suitability is None:
        st.caption(f":material/info: {NO_FACTS}")
    listed = narrowed.listed(dataset, ranking, asked, suitability)
    frame = ranked.ranked(dataset, ranking, listed.rows, suitability)
    count.caption(f"{int(frame['rank'].count()):,} of {len(ranking.order):,}", width="content")
    if len(frame):
        key = f"{ranking.client}-{hash(asked):x}-{st.session_state.get('tables', 0)}"
        ranks.table(choice, frame, f"ranked-{key}")
    else:
        st.caption("No product passes these filters.")
    if listed.misfits:
        label = narrowed.fold(listed.misfits, unfolded=asked.unfolded)
        icon = ":material/unfold_less:" if asked.unfolded else ":material/unfold_more:"
        st.button(label, type="tertiary", icon=icon, on_click=_turn, args=("unfolded",), key="fold")
    if rejected:
        st.button(
            narrowed.rejected(len(rejected), shown=not asked.rejected),
            type="tertiary",
            icon=":material/visibility:" if asked.rejected else ":material/visibility_off:",
            on_click=_turn,
            args=("show-rejected",),
            key="rejected",
        )
    _notes(choice, hidden=asked.hide_held)


def _notes(choice: Choice, *, hidden: bool) -> None:
    """Say which product the card shows, and what the points and the list mean."""
    ranking = choice.ranking
    rank = int(ranking.ranks[choice.dataset.product_rows[choice.product]])
    st.markdown(
        f":green[:material/check_circle:] Selected: **{in_markdown(choice.labels().product)}**, "
        + (f"{wording.ordinal(rank)} of {len(ranking.order):,}" if rank else "not on the list")
    )
    points = (
        "All products score the same for this client, so there are ranks and no points."
        if ranking.scale.flat
        else "100 points: this client's strongest product; 0: the average one."
    )
    st.caption(f"{points} Not listed: {'what the client has, and ' if hidden else ''}what is not offered.")


def _turn(name: str) -> None:
    """Show what does not fit, or what was rejected, among the others, or take it out again."""
    st.session_state[name] = not st.session_state.get(name, False)

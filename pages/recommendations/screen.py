"""The screen: a client's list with the card of the chosen product beside it, and below one part more."""

import streamlit as st

from finrec_core.advice.emptiness import nothing_left
from finrec_core.views.markdown import in_markdown
from pages.frame import curtain, desk, turn
from pages.recommendations import card, parts, product_list
from pages.shared.choice import chosen


@turn.fragment
def show(run: str, client: str) -> None:
    """Show the screen of one client; a choice on it shows this part of the page anew, and no more."""
    if said := nothing_left(desk.model(run).dataset, desk.ranking(run, client)):
        st.info(in_markdown(said, 400))
    choice = chosen(run, client)
    now = (choice.run, client, choice.product, choice.lens)
    with curtain.raised("desk", ("card", "below"), now, about=(choice.run, client)) as side:
        panes = st.grid(2, min_column_width=420, gap="medium")
        with panes.cell():
            product_list.show(choice)
        with panes.cell(), st.container(border=True, height="stretch", key="card"), side("card"):
            card.show(choice)
        opened = parts.switch()
        with st.container(border=True, key="below"), side("below"):
            parts.show(choice, opened)

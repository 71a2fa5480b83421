"""A section of Today: its heading, and the links in it."""

import streamlit as st

from finrec_core.views.markdown import in_markdown
from pages.frame import selection


def section(title: str, count: int | None = None) -> None:
    """Show the heading of a section, with how much it holds."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(title, anchor=False, width="content")
        if count:
            st.badge(f"{count:,}", color="gray")


def link(client: str, name: str, key: str, product: str | None = None, product_name: str = "") -> None:
    """Show a button that opens a client's list, or the card of one product on it."""
    label = in_markdown(name or client, 60) + (f": {in_markdown(product_name, 80)}" if product_name else "")
    if st.button(label, type="tertiary", icon=":material/arrow_forward:", key=key):
        selection.open_card(client, product)

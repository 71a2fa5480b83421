"""Finding a product of the catalogue while typing; the browser gets no more than the matches."""

from collections.abc import Callable, Collection

import streamlit as st

from finrec_core.dataset import Dataset
from finrec_core.terms import wording
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation import catalogue
from finrec_core.views.recommendation.catalogue import ProductMatch
from pages.frame import selection

MATCHES = 50


@st.fragment
def heading(dataset: Dataset, title: str, badges: list[str]) -> None:
    """Show the title with the search beside it, and below them which products the search finds."""
    if st.session_state.pop("product-opened", False):
        st.rerun()  # the button that opened it is gone with the search, and the page below is the old one
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, width="content", vertical_alignment="center", gap="small"):
            st.title(in_markdown(title), anchor=False, width="content")
            for badge in badges:
                st.badge(in_markdown(badge), color="gray")
        text = field("Find a product by name or number", "find-product")
    matches(dataset, text, _open, "find-product")


def field(label: str, key: str) -> str:
    """Show the field that a product is looked for in, and return what was typed."""
    return st.text_input(
        label,
        type="search",
        live="250ms",
        placeholder=label,
        icon=":material/search:",
        label_visibility="collapsed",
        width=320,
        key=key,
    ).strip()


def matches(
    dataset: Dataset, text: str, choose: Callable[[str], None], key: str, *, without: Collection[str] = ()
) -> None:
    """Show the products whose name or id holds the text as buttons; a click chooses one.

    That empties the field, whose key is `key`. Products in `without` are not offered.
    """
    if not text:
        return
    found = catalogue.search(dataset, text, MATCHES + len(without))
    found = [match for match in found if match.product_id not in without][:MATCHES]
    with st.container(border=True, key=f"{key}-matches"):
        if not found:
            st.caption(f"No other product's name or number holds “{in_markdown(text, 60)}”.")
            return
        more = f"The first {MATCHES} by how well they match; type more to narrow them down."
        st.caption(more if len(found) == MATCHES else wording.counted(len(found), "product"))
        with st.container(height=240 if len(found) > 12 else "content", border=False):
            offer(found, choose, key)


def offer(found: list[ProductMatch], choose: Callable[[str], None], key: str) -> bool:
    """Show products as buttons, and return whether one was clicked; that chooses it and empties the field."""
    clicked = False
    with st.grid("auto", min_column_width=230, gap="xsmall"):
        for match in found:
            about = f" :gray[{in_markdown(match.category, 40)}]" if match.category else ""
            clicked |= st.button(
                in_markdown(match.name or match.product_id, 60) + about,
                on_click=_choose,
                args=(match.product_id, choose, key),
                width="stretch",
                key=f"{key}-{match.product_id}",
            )
    return clicked


def _choose(product: str, choose: Callable[[str], None], key: str) -> None:
    st.session_state[key] = ""
    choose(product)


def _open(product: str) -> None:
    st.session_state["product-opened"] = True
    open_product(product)


def open_product(product: str) -> None:
    """Choose a product for every page."""
    selection.choose("product", product)

"""Finding a product: the title with the search beside it, and products as buttons that open them."""

import streamlit as st

from finrec_core.dataset import Dataset
from finrec_core.explain import wording
from finrec_core.views import catalogue
from finrec_core.views.catalogue import ProductMatch
from finrec_core.views.markdown import in_markdown
from pages.frame import selection

MATCHES = 50


@st.fragment
def heading(dataset: Dataset, title: str, badges: list[str]) -> None:
    """Show the title with the search beside it, and below them which products the search finds."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, width="content", vertical_alignment="center", gap="small"):
            st.title(in_markdown(title), anchor=False, width="content")
            for badge in badges:
                st.badge(in_markdown(badge), color="gray")
        text = st.text_input(
            "Find a product",
            type="search",
            live="250ms",
            placeholder="Find a product by name or number",
            icon=":material/search:",
            label_visibility="collapsed",
            width=320,
            key="find-product",
        )
    if text.strip():
        found = catalogue.search(dataset, text, MATCHES)
        with st.container(border=True, key="product-matches"):
            _matches(found, text)


def _matches(found: list[ProductMatch], text: str) -> None:
    if not found:
        st.caption(f"No product's name or number holds “{in_markdown(text.strip(), 60)}”.")
        return
    more = f"The first {MATCHES} by how well they match; type more to narrow them down."
    st.caption(more if len(found) == MATCHES else wording.counted(len(found), "product"))
    with st.container(height=240 if len(found) > 15 else "content", border=False):
        offer(found, "match")


def offer(found: list[ProductMatch], key: str) -> None:
    """Show products as buttons that open them."""
    with st.grid("auto", min_column_width=250, gap="xsmall"):
        for match in found:
            extra = [match.product_id if match.name else "", match.category]
            about = in_markdown(", ".join(filter(None, extra)) or " ", 40)
            label = f"{in_markdown(match.name or match.product_id, 40)} :gray[{about}]"
            name = f"{key}-{match.product_id}"
            if st.button(label, on_click=_open, args=(match.product_id,), width="stretch", key=name):
                st.rerun()


def open_product(product: str) -> None:
    """Open a product, and show the page anew."""
    selection.choose("product", product)
    st.rerun()


def _open(product: str) -> None:
    st.session_state["find-product"] = ""
    selection.choose("product", product)

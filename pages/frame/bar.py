"""The bar: what stands at the right end of the navigation on every page."""

from collections.abc import Callable

import streamlit as st

# Streamlit has no place there for elements. These stand where its own bar is, take no room from the page, and
# leave its menu free.
PLACE = """<style>
div:has(> .st-key-bar) {position: fixed; top: 0.45rem; right: 4.5rem; width: auto; z-index: 999991}
[data-testid="stMainBlockContainer"] > div > div:has(.st-key-bar) {margin-bottom: -1rem}
.st-key-bar {flex-wrap: nowrap}
.st-key-bar div:has(> .stHtml) {display: none}
</style>"""


def show(page: str, *parts: Callable[[], None]) -> None:
    """Show the title of the page and the parts beside it; each click makes the bar anew and not the page."""

    @st.fragment
    def made() -> None:
        with st.container(
            horizontal=True, width="content", vertical_alignment="center", gap="small", key="bar"
        ):
            st.markdown(f":gray[{page}]", width="content")
            for part in parts:
                part()

    st.html(PLACE)
    made()

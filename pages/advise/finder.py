"""Finding a product of the catalogue while typing; the browser gets no more than the matches."""

from collections.abc import Callable, Collection

import streamlit as st

from finrec_core.explain import wording
from finrec_core.views import catalogue
from finrec_core.views.markdown import in_markdown
from pages.frame import desk

MATCHES = 50


def field(label: str, key: str) -> str:
    """Show the field that a product is looked for in, and return what was typed."""
    return st.text_input(
        label,
        type="search",
        live="250ms",
        placeholder=label,
        icon=":material/search:",
        label_visibility="collapsed",
        width=300,
        key=key,
    ).strip()


def matches(
    run: str, text: str, choose: Callable[[str], None], key: str, *, without: Collection[str] = ()
) -> None:
    """Show the products whose name or id holds the text as buttons; a click chooses one.

    `key` is that of the field, which a click empties. Products in `without` are not offered.
    """
    if not text:
        return
    found = catalogue.search(desk.model(run).dataset, text, MATCHES + len(without))
    found = [match for match in found if match.product_id not in without][:MATCHES]
    with st.container(border=True, key=f"{key}-matches"):
        if not found:
            st.caption(f"No other product's name or number holds “{in_markdown(text, 60)}”.")
            return
        more = f"The first {MATCHES} by how well they match; type more to narrow them down."
        st.caption(more if len(found) == MATCHES else wording.counted(len(found), "product"))
        with (
            st.container(height=240 if len(found) > 12 else "content", border=False),
            st.grid("auto", min_column_width=230, gap="xsmall"),
        ):
            for match in found:
                name = in_markdown(match.name or match.product_id, 60)
                about = f" :gray[{in_markdown(match.category, 40)}]" if match.category else ""
                st.button(
                    name + about,
                    on_click=_choose,
                    args=(match.product_id, choose, key),
                    width="stretch",
                    key=f"{key}-{match.product_id}",
                )


def _choose(product: str, choose: Callable[[str], None], key: str) -> None:
    st.session_state[key] = ""
    choose(product)

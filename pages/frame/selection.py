"""The selection: client, product and lens, in the URL for colleagues and in the session for other pages."""

from collections.abc import Callable
from typing import Literal, get_args

import streamlit as st

from finrec_core.ranking import UnknownIdError
from finrec_core.views.markdown import in_markdown

Field = Literal["client", "product", "lens"]


def get(field: Field) -> str | None:
    """Return what the URL says, or else what this session last chose."""
    chosen = st.query_params.get(field) or st.session_state.get(f"selected-{field}")
    if chosen is not None:
        choose(field, chosen)
    return chosen


def known(field: Field, row: Callable[[str], int]) -> str | None:
    """Return the id chosen if `row` finds it, else None; that it is not there is said."""
    wanted = get(field)
    if wanted is not None:
        try:
            row(wanted)
        except UnknownIdError as error:
            st.warning(in_markdown(str(error), 300), icon=":material/help:")
            return None
    return wanted


def choose(field: Field, value: str | None) -> None:
    """Put a choice into the URL and the session; None takes it out of both."""
    st.session_state[f"selected-{field}"] = value
    if value is None:
        st.query_params.pop(field, None)
    elif st.query_params.get(field) != value:
        st.query_params[field] = value


def choose_client(client: str) -> None:
    """Choose a client; the product and the lens of the one before go."""
    for field in get_args(Field):
        choose(field, client if field == "client" else None)


def open_card(client: str, product: str | None = None) -> None:
    """Go to the card of a client's product, of its first one where none is named."""
    choose_client(client)
    choose("product", product)
    st.switch_page("pages/recommendations/page.py")

"""The selection: client, product and lens, in the URL for colleagues and in the session for other pages.

An address that names any of them is all that counts, so that Back and Forward show what they name. A page
that was come to by its name alone shows what was chosen before, and does so again when one comes back to it.
A choice is one change of the address, so that each is one step back.
"""

from collections.abc import Callable, Mapping
from typing import Literal, get_args

import streamlit as st

from finrec_core.ranking import UnknownIdError
from finrec_core.views.markdown import in_markdown

Field = Literal["client", "product", "lens"]
FIELDS: tuple[Field, ...] = get_args(Field)
CHOSEN, BROUGHT, PAGE, RUN = "chosen", "brought", "page-shown", "run-shown"  # in the session


def enter(page: str) -> None:
    """Note which page is shown: one that is come to anew brings what was chosen on others."""
    if st.session_state.get(PAGE) != page:
        st.session_state[PAGE] = page
        st.session_state[BROUGHT] = dict(st.session_state.get(CHOSEN, {}))
        st.session_state.pop(RUN, None)


def get(field: Field) -> str | None:
    """Return what the URL says, or, where it says nothing, what was chosen before this page."""
    found = _said().get(field)
    if found is not None:
        remember(field, found)
    return found


def remember(field: Field, value: str) -> None:
    """Let other pages begin with a value that this one shows."""
    st.session_state[CHOSEN] = {**st.session_state.get(CHOSEN, {}), field: value}


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
    _choose({**_said(), field: value})


def choose_client(client: str, product: str | None = None) -> None:
    """Choose a client, and perhaps one product of it; the product and the lens of the one before go."""
    _choose({"client": client, "product": product})


def open_card(client: str, product: str | None = None) -> None:
    """Go to the card of a client's product, of its first one where none is named."""
    st.session_state[CHOSEN] = _held({"client": client, "product": product})
    st.switch_page("pages/recommendations/page.py", query_params=st.session_state[CHOSEN])


def run() -> str | None:
    """Return the run that the URL names, or that this page has shown since it was come to."""
    return st.query_params.get("run") or st.session_state.get(RUN)


def show_run(run: str, *, chosen: bool = False) -> None:
    """Note which run this page shows: a newer one changes nothing on it. `chosen` names it in the URL too."""
    st.session_state[RUN] = run
    if chosen:
        st.query_params["run"] = run


def _said() -> Mapping[str, str]:
    """Return what the address names, and, where it names nothing, what was brought to the page."""
    spoken: dict[str, str] = {field: st.query_params[field] for field in FIELDS if field in st.query_params}
    return spoken or st.session_state.get(BROUGHT, {})


def _choose(values: Mapping[str, str | None]) -> None:
    kept = _held(values)
    st.session_state[CHOSEN] = kept
    others = {name: value for name, value in st.query_params.to_dict().items() if name not in FIELDS}
    shown = st.session_state.get(RUN)
    whole = {**({"run": shown} if shown else {}), **others, **kept}
    if whole != st.query_params.to_dict():
        st.query_params.from_dict(whole)


def _held(values: Mapping[str, str | None]) -> dict[str, str]:
    return {field: value for field in FIELDS if (value := values.get(field)) is not None}

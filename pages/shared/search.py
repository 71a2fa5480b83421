"""The search for everything: the button in the bar above every page, and the dialog that it opens."""

import html
from collections.abc import Mapping

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from finrec_core.run_folder import RunFolderError
from finrec_core.store import StoreError
from finrec_core.terms import wording
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation import catalogue, search
from finrec_core.views.recommendation.search import Hit
from pages.frame import desk, gate, integrity, journal, selection
from pages.shared import clients

ICONS: Mapping[search.Kind, str] = {
    "client": ":material/person:",
    "product": ":material/inventory_2:",
    "page": ":material/web_asset:",
    "decision": ":material/gavel:",
}


def button(pages: Mapping[str, StreamlitPage]) -> None:
    """Show the button of the search; `pages` are those that it may find, by address."""
    if st.button("Search", icon=":material/search:", help="Ctrl K or /", key="search-open"):
        _dialog(pages)


@st.dialog("Search", width="medium")
def _dialog(pages: Mapping[str, StreamlitPage]) -> None:
    text = st.text_input(
        "Search clients, products, pages and decisions",
        type="search",
        live="250ms",
        placeholder="A name, a number, or a part of a word",
        icon=":material/search:",
        key="everything",
    ).strip()
    found = _found(text, pages)
    with st.container(gap="xxsmall", key="everything-found"):
        for place, hit in enumerate(found):
            _button(hit, place, pages)
    said = "Clients, products, pages and decisions, by name, number or a part of a word."
    if text and not found:
        said = "Nothing has that name or number."
    elif found:
        said = f"{wording.counted(len(found), 'match', 'matches')}. Enter takes the first."
        if all(hit.grade == search.NEAR for hit in found):
            said = f"Nothing is spelled like that; these are spelled alike. {said}"
    # Last, so that the matches stand already when the keyboard reads what they were found for.
    st.html(f'<p role="status" data-found-for="{html.escape(text)}">{html.escape(said)}</p>')


def _found(text: str, pages: Mapping[str, StreamlitPage]) -> list[Hit]:
    """Return what a text finds of what who works here may see."""
    run = integrity.serving()
    people, products = [], []
    try:
        if run is not None and gate.may("recommendations"):
            people = clients.clients(run, text, search.SHARES["client"])
        if run is not None and gate.may("product"):
            products = catalogue.search(desk.model(run.run).dataset, text, search.SHARES["product"])
    except (StoreError, RunFolderError) as error:
        st.error(in_markdown(str(error), 300), icon=":material/error:")
    log = journal.decisions() if gate.may("decisions") else None
    return search.hits(text, people, products, {key: page.title for key, page in pages.items()}, log)


def _button(hit: Hit, place: int, pages: Mapping[str, StreamlitPage]) -> None:
    about = f" :gray[{in_markdown(hit.about, 60)}]" if hit.about else ""
    label = in_markdown(hit.name, 80) + about
    with st.container(key=f"match-{place}"):
        if st.button(
            label,
            type="tertiary" if place else "secondary",
            icon=ICONS[hit.kind],
            key=f"match-{hit.kind}-{hit.id}",
        ):
            _open(hit, pages)


def _open(hit: Hit, pages: Mapping[str, StreamlitPage]) -> None:
    """Go to what was found."""
    if hit.kind == "client":
        selection.open_card(hit.id)
    elif hit.kind == "product":
        st.switch_page(pages["product"], query_params={"product": hit.id})
    elif hit.kind == "decision":
        st.session_state["decision-found"] = hit.id
        st.switch_page(pages["decisions"])
    else:
        st.switch_page(pages[hit.id])

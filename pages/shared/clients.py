"""Finding a client by id or name, and the client on one line."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from finrec_core.access import Clientele
from finrec_core.ranking import UnknownIdError
from finrec_core.store import ClientMatch, RunRow, StoreError
from finrec_core.store.clients import ClientIndex
from finrec_core.terms import wording
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation.client import ClientLine, holding_line
from pages.frame import desk, memory, selection

MATCHES = 50
LONGEST = 160  # characters of a holding on one line


@st.fragment
def heading(run: RunRow, title: str, badge: str, icon: str = ":material/fact_check:") -> None:
    """Show the title with the search beside it, and below them whom the search finds."""
    if st.session_state.pop("client-opened", False):
        st.rerun()  # the button that opened it is gone with the search, and the page below is the old one
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, width="content", vertical_alignment="center", gap="small"):
            st.title(in_markdown(title), anchor=False, width="content")
            if badge:
                st.badge(badge, icon=icon, color="gray")
        text = st.text_input(
            "Find a client",
            type="search",
            live="250ms",
            placeholder="Find a client by name or number",
            icon=":material/search:",
            label_visibility="collapsed",
            width=320,
            key="find",
        )
    if text.strip():
        found = clients(run, text, MATCHES)
        with st.container(border=True, key="matches"):
            _matches(found, text)


def known(run: str) -> str | None:
    """Return the client that was chosen, None where a run knows none such or may not show it any more."""

    find = desk.client_row(run)

    def row(client: str) -> int:
        found = find(client)
        if not desk.store().present(client, run):
            raise UnknownIdError(f'The data of client "{client}" was erased.')
        return found

    return selection.known("client", row)


def clients(run: RunRow, text: str, limit: int) -> list[ClientMatch]:
    """Return at most `limit` clients of a run by id or name, one's own first, best match first.

    Raises `StoreError` or `RunFolderError` where neither the version nor the run's folder is there.
    """
    mine = Clientele.of(desk.person()).holds
    try:
        return desk.store().search_clients(
            text, name=run.dataset, version=run.version, limit=limit, mine=mine
        )
    except StoreError:  # the version is removed; what the model learned from is kept in its folder
        find, seen = desk.client_row(run.run), desk.scope()
        within = None if seen.branches is None else partial(_there, find)
        return _index(run.run).search(text, limit, within, mine)


def _there(find: Callable[[str], int], client: str) -> bool:
    try:
        find(client)
    except UnknownIdError:
        return False
    return True


@memory.remembered(max_entries=2)
def _index(run: str) -> ClientIndex:
    return ClientIndex.of(desk.model(run).dataset.clients)


def _matches(found: list[ClientMatch], text: str) -> None:
    """Show the clients that were found as buttons; a click opens one and clears the search."""
    if not found:
        st.caption(f"No client's name or number holds “{in_markdown(text.strip(), 60)}”.")
        return
    more = f"The first {MATCHES} by how well they match; type more to narrow them down."
    st.caption(more if len(found) == MATCHES else wording.counted(len(found), "client"))
    with st.container(height=240 if len(found) > 15 else "content", border=False):
        offer([(match.client_id, match.name, match.segment) for match in found], "match")


def offer(clients: list[tuple[str, str, str]], key: str) -> None:
    """Show clients, each id, name and segment, as buttons that open them."""
    with st.grid("auto", min_column_width=250, gap="xsmall"):
        for client, name, segment in clients:
            about = f" :gray[{in_markdown(', '.join(filter(None, [client if name else '', segment])), 40)}]"
            label = in_markdown(name or client, 40) + (about if name or segment else "")
            st.button(label, on_click=_open, args=(client,), width="stretch", key=f"{key}-{client}")


def _open(client: str) -> None:
    st.session_state["find"] = ""
    st.session_state["client-opened"] = True
    selection.choose_client(client)


def _holdings(line: ClientLine) -> None:
    """List what a client has, then what it had and gave up."""
    has = [one for one in line.holdings if one.state != "formerly held"]
    had = [one for one in line.holdings if one.state == "formerly held"]
    if has:
        st.markdown("\n".join(f"- {in_markdown(holding_line(one), LONGEST)}" for one in has))
    if had:
        st.markdown(":gray[Formerly held]")
        st.markdown("\n".join(f"- {in_markdown(holding_line(one), LONGEST)}" for one in had))


def strip(line: ClientLine, verb: str, more: Callable[[], None] = lambda: None) -> None:
    """Show the client on one line: profile, what it has (or did), whom it is close to, and `more`."""
    does = wording.capital(wording.name(verb, "has", 40))
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="strip"):
        if line.cold:
            new = "Nothing held any more" if line.gave_up else "New: nothing to go by"
            new = "Nothing rated well" if line.low else new
            st.badge(new, icon=":material/ac_unit:", color="yellow")
        for title, value in line.profile:
            st.markdown(f":gray[{title}] **{in_markdown(value)}**", width="content")
        if line.more:
            with st.popover("Profile", type="tertiary", icon=":material/badge:", key="profile"):
                facts = [f"- {title}: **{in_markdown(value)}**" for title, value in line.more]
                st.markdown("\n".join(facts))
        if line.holdings:
            count = wording.counted(len(line.has), "product") if line.has else "no products"
            label = f"{in_markdown(does)} **{count}**"
            with st.popover(label, type="tertiary", icon=":material/inventory_2:", key="products"):
                _holdings(line)
        else:
            st.markdown(f":gray[{in_markdown(does)}] **no products**", width="content")
        if line.close_to:
            close = " ".join(f":gray-badge[{in_markdown(kind, 40)}]" for kind in line.close_to)
            st.markdown(f":gray[Close to] {close}", width="content")
        more()

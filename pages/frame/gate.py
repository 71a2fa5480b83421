"""The gate: who works here, by the sign-in or the one name of a local desk, before any page is shown."""

import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st
from streamlit import get_option
from streamlit.auth_util import get_secrets_auth_section
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.secrets import secrets_singleton

from finrec_core.access import AccessError, Person, Provider, here, may_open, permit
from finrec_core.access.table import PAGES
from finrec_core.terms.user import LONGEST, give
from finrec_core.views.markdown import in_markdown

T = TypeVar("T")
NOBODY = "Nobody has signed in here. Sign in first."
UNNAMED = "Nobody has said who works here. Give a name first."
DEFAULT = "default"  # how Streamlit calls the provider of a plain `[auth]`


_LENT: ContextVar[Callable[[], Person] | None] = ContextVar("who asked for a download", default=None)


def later(work: Callable[[], T]) -> Callable[[], T]:
    """Return work that a download does later, outside of any page's run, for who works here now.

    Who that is, is checked again when it is done.
    """
    asking_now = asking()

    def done() -> T:
        token = _LENT.set(asking_now)
        try:
            permit(asking_now(), None)
            return work()
        finally:
            _LENT.reset(token)

    return done


def signing_in() -> bool:
    """Return whether this desk is for people who sign in: whether its secrets have a section `[auth]`."""
    if secrets_singleton.load_if_toml_exists():
        return "auth" in secrets_singleton
    # Secrets that cannot be read are no desk for one person: nobody comes in until they are mended.
    return any(Path(file).exists() for file in get_option("secrets.files"))


def asking() -> Callable[[], Person]:
    """Return what tells who works here now and later, also where a download asks outside of a page's run.

    It raises `AccessError` where nobody does, or a sign-in has run out by then.
    """
    if (lent := _LENT.get()) is not None:
        return lent
    if not signing_in():
        return _local
    claims: Mapping[str, Any] = st.user.to_dict() if get_script_run_ctx() else {}
    if claims.get("is_logged_in") is not True:
        return _nobody
    provider = _provider(str(claims.get("provider") or DEFAULT))
    return lambda: Person.from_claims(claims, provider, time.time())


def person() -> Person:
    """Return who works here; raises `AccessError` where nobody does."""
    return asking()()


def may(page: str) -> bool:
    """Return whether a page, by its place in the address, opens for who works here."""
    return may_open(person(), page)


def enter() -> Person:
    """Return who works here, or ask for a name or a sign-in and stop."""
    try:
        found = person()
        permit(found, None)
    except AccessError as error:
        _ask(error)
        st.stop()
    return found


def open_page(page: str) -> None:
    """Stop with one sentence where a page does not open for who works here."""
    if may(page):
        return
    st.title("Not for you", anchor=False)
    try:
        permit(person(), PAGES.get(page))
    except AccessError as error:
        st.info(in_markdown(str(error), 300), icon=":material/lock:")
    else:
        st.info("There is no such page.", icon=":material/help:")
    leave()
    st.stop()


def leave() -> None:
    """Show who is signed in, and a button that signs out; nothing on a local desk."""
    found = person()
    if found.signed_in:
        with st.popover(in_markdown(found.name, 40), icon=":material/account_circle:", type="tertiary"):
            st.caption(f"{in_markdown(found.subject, 80)} at {in_markdown(found.issuer, 80)}")
            st.caption(in_markdown(", ".join(sorted(found.roles)), 120))
            if found.branches and found.roles == {"adviser"}:
                st.caption(f"Clients of {in_markdown(', '.join(sorted(found.branches)), 200)}")
            st.button("Sign out", icon=":material/logout:", on_click=st.logout, key="sign-out")


def _local() -> Person:
    found = here()
    if found is None:
        raise AccessError(UNNAMED)
    return found


def _nobody() -> Person:
    raise AccessError(NOBODY)


def _provider(name: str) -> Provider:
    """Return the provider of a sign-in as the secrets describe it; raises `AccessError` where they do not."""
    section = get_secrets_auth_section()
    found: Any = section if name == DEFAULT else section.get(name)
    try:
        return Provider.of(str(found["server_metadata_url"]), str(found["client_id"]))
    except (KeyError, TypeError) as error:
        raise AccessError("This desk does not know the provider of this sign-in. Sign in again.") from error


def _ask(error: AccessError) -> None:
    """Show what is to be done before anybody works here."""
    if not signing_in():
        _name()
        return
    with st.container(border=True, width=520, key="sign-in"):
        st.title("Sign in", anchor=False)
        if str(error) == NOBODY:
            st.markdown("The desk opens for people of the bank, by the account that they work with.")
        else:
            st.warning(in_markdown(str(error), 300), icon=":material/lock:")
        for name, label in _ways():
            st.button(
                label,
                icon=":material/login:",
                type="primary",
                on_click=_sign_in,
                args=(name,),
                key=f"in-{name}",
            )
        if st.user.is_logged_in:
            st.button("Sign out", icon=":material/logout:", on_click=st.logout, key="sign-out")


def _sign_in(name: str) -> None:
    try:
        st.login(None if name == DEFAULT else name)
    except StreamlitAPIException as error:
        st.error(in_markdown(str(error), 300), icon=":material/error:")


def _ways() -> list[tuple[str, str]]:
    """Return the providers that the secrets describe, each with the words of its button."""
    section = get_secrets_auth_section()
    named = [name for name, value in section.items() if isinstance(value, Mapping) and "client_id" in value]
    first = [(DEFAULT, "Sign in")] if "client_id" in section else []
    return [*first, *((name, f"Sign in with {in_markdown(name, 40)}") for name in named)]


def _name() -> None:
    """Ask once who works on a desk without sign-in."""
    with st.container(border=True, width=520, key="who"):
        st.title("Who works here?", anchor=False)
        st.markdown("The name stands beside each decision that is recorded and each change that is made.")
        with st.form("who-works-here", border=False):
            st.text_input("Name", max_chars=LONGEST, key="who-name")
            st.form_submit_button("Begin", on_click=_keep, key="who-begin")
        if fault := st.session_state.pop("who-fault", ""):
            st.error(in_markdown(fault, 300), icon=":material/error:")
        st.caption(
            "It is asked once and kept in the data folder; `FINREC_USER` names somebody else. This desk is "
            "reached from this machine alone. For several people, set up sign-in."
        )


def _keep() -> None:
    try:
        give(st.session_state.get("who-name") or "")
    except (ValueError, OSError) as error:
        st.session_state["who-fault"] = str(error)

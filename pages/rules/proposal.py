"""Rules that somebody wrote and that wait for somebody else, where four eyes are set."""

import streamlit as st

from finrec_core.advice import Rules, RulesError
from finrec_core.store import RulesProposal, StoreError
from finrec_core.terms.user import name_of
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation import suitability
from pages.frame import desk


def show(version: int) -> None:
    """Show the rules that wait to become the next version, to be put in force or dropped; nothing without."""
    waiting = desk.store().rules_proposal()
    if waiting is None:
        return
    with st.container(border=True, key="proposal"):
        st.markdown(
            f":material/pending: **Proposed as version {version + 1}** by "
            f"{in_markdown(name_of(waiting.user), 60)}, {desk.when(waiting.created)}: "
            f"{in_markdown(waiting.reason, 300)}"
        )
        try:
            stated = suitability.stated(Rules.from_json(waiting.content))
        except RulesError as error:
            st.error(in_markdown(str(error), 300), icon=":material/error:")
            return
        with st.expander("What they say"):
            st.dataframe(stated, hide_index=True, key="proposed", alt="The rules as they are proposed")
        if not desk.may("set rules"):
            return
        with st.container(horizontal=True):
            if waiting.user != desk.person().user:
                st.button(
                    desk.on_primary("Put in force", "check"),
                    type="primary",
                    on_click=_accept,
                    args=(waiting,),
                    key="accept-rules",
                )
            else:
                st.caption("Somebody else with the right to set rules puts them in force.", width="content")
            st.button("Drop", icon=":material/close:", on_click=_drop, args=(waiting,), key="drop-rules")


def _accept(waiting: RulesProposal) -> None:
    store = desk.store()
    reason = f"{waiting.reason} (written by {waiting.user})"
    try:
        store.add_rules(waiting.content, reason=reason, user=desk.person().user)
        store.drop_proposal(waiting.id)
    except StoreError as error:
        st.session_state["rules-error"] = str(error)


def _drop(waiting: RulesProposal) -> None:
    try:
        desk.store().drop_proposal(waiting.id)
    except StoreError as error:
        st.session_state["rules-error"] = str(error)

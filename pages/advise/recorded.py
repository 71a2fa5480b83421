"""A recorded decision: how it stands, the client's answer, and taking it back."""

from collections.abc import Callable

import streamlit as st

from finrec_core.advice.decision import Decision, answer, withdraw
from finrec_core.advice.decision_log import Entry
from finrec_core.explain import wording
from finrec_core.views import decisions
from finrec_core.views.markdown import in_markdown
from pages.advise import decision_form
from pages.advise.decision_form import Pair, Record
from pages.frame import desk, journal

ICONS = {"accept": ":material/check:", "reject": ":material/close:", "later": ":material/schedule:"}


def show(entry: Entry, pair: Pair) -> None:
    """Show a decision that stands, in one line, with what can follow it and the form that was asked for."""
    log = journal.decisions()
    decision = entry.decision
    with st.container(border=True, key="recorded", gap="small"):
        st.markdown(line(entry))
        about = [decision.reason_text, *([f"“{decision.note}”"] if decision.note else [])]
        st.caption(in_markdown(". ".join(about), 2100))
        if decision.in_use is not None:
            st.caption(
                ":material/history: Another model was in use by then. The decision is recorded with the one "
                "that was shown."
            )
        if stands := decisions.state(log, entry, desk.today()):
            st.markdown(f":gray-badge[{in_markdown(wording.capital(stands))}]")
        actions(entry, pair)


def line(entry: Entry) -> str:
    """Return a decision on one line, as "Accepted 21 Nov 16:31 by ana, recorded as no. 12"; Markdown."""
    decision = entry.decision
    by = f" by {in_markdown(entry.user, 40)}" if entry.user else ""
    override = " :red-badge[Override]" if decision.override else ""
    return (
        f"{ICONS.get(decision.kind, ':material/notes:')} **{decisions.KINDS[decision.kind]}** "
        f"{desk.when(entry.created)}{by}, recorded as no. {entry.sequence:,} "
        f"(`{entry.hash[: decisions.SHORT]}`){override}"
    )


def actions(entry: Entry, pair: Pair, *, anew: bool = True) -> None:
    """Show what can follow an entry that stands, and the form of what was asked for."""
    log, kind, asked = journal.decisions(), entry.decision.kind, decision_form.asked(pair)
    if not log.stands(entry):
        return
    offers = [("answer", "Client's answer", ":material/forum:")] if kind == "accept" else []
    offers.append(("withdraw", "Withdraw", ":material/undo:"))
    if anew and kind != "later":
        offers.append(("anew", "Decide anew", ":material/restart_alt:"))
    with st.container(horizontal=True, gap="small"):
        for form, title, icon in offers:
            st.button(
                title,
                icon=icon,
                type="tertiary",
                on_click=decision_form.ask,
                args=(pair, form),
                key=f"follow-{form}",
            )
    if asked == "answer" and kind == "accept":
        decision_form.form("answer", _follow(answer, entry))
    elif asked == "withdraw":
        decision_form.form("withdraw", _follow(withdraw, entry))


def _follow(make: Callable[[Decision, str, str | None, str], Decision], entry: Entry) -> Record:
    return lambda given: make(entry.decision, entry.id, given.reason, given.note)

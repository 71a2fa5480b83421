"""Deciding on the card: accept, reject or put off, each with its form, and what stands already."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import streamlit as st

from finrec_core.advice.decision import Decision, Kind, decide, refusal
from finrec_core.advice.snapshot import Snapshot
from finrec_core.store import StoreError
from finrec_core.views.markdown import in_markdown
from pages.frame import desk, integrity, journal
from pages.shared import decision
from pages.shared.choice import Choice
from pages.shared.decision import Form, Given

ACTIONS: dict[Kind, tuple[str, str]] = {  # words and icon of each, in the order of the buttons
    "accept": ("Accept", ":material/check:"),
    "reject": ("Reject", ":material/close:"),
    "later": ("Later", ":material/schedule:"),
}


def show(choice: Choice) -> None:
    """Show what was decided on the card's product, or the three actions and the form of the one chosen."""
    entry = journal.decisions().current(choice.client, choice.product)
    pair = (choice.client, choice.product)
    with st.container(key="decide"):
        if entry is not None:
            decision.show(entry, pair)
        asked = decision.form_asked(pair)
        anew = entry is not None and entry.decision.kind != "later" and asked not in ("anew", *ACTIONS)
        if anew:
            return
        if not desk.may("decide"):
            return
        chosen: Kind | None = None
        with st.container(horizontal=True, gap="small"):
            for kind, (title, icon) in ACTIONS.items():
                label = f"**{title}**" if asked == kind else title
                st.button(
                    label,
                    icon=icon,
                    width="stretch",
                    on_click=decision.ask,
                    args=(pair, kind),
                    key=f"decide-{kind}",
                )
                if asked == kind:
                    chosen = kind
        if chosen is not None:
            _form(chosen, choice)
        elif entry is None:  # what an answer or a withdrawal was about is gone, and its form with it
            decision.say_fault(*pair)


def _form(kind: Kind, choice: Choice) -> None:
    """Show the form of one action, or why what is shown cannot be accepted."""
    snapshot = journal.snapshot(choice.run, choice.client, choice.product, choice.rules, choice.day)
    form = _of(kind, choice, snapshot)
    if kind == "accept":
        if refused := refusal(snapshot):
            st.warning(in_markdown(refused, 600), title="Not recorded", icon=":material/block:")
            decision.cancel()
            return
        if snapshot.verdict is not None and snapshot.verdict.kind == "does not fit":
            st.warning(
                f"{in_markdown(snapshot.verdict.sentence, 600)} Accepting it is recorded as an override.",
                icon=":material/warning:",
            )
            decision.show_form("accept", form, note="Why recommend it all the same")
            return
    decision.show_form(kind, form)


def _of(kind: Kind, choice: Choice, snapshot: Snapshot) -> Form:
    """Return what makes a decision of what the form was given, on what was shown when it was drawn."""

    def make(given: Given) -> Decision:
        today = desk.today()
        active = integrity.serving()
        return decide(
            kind,
            replace(snapshot, taken=datetime.now(UTC).isoformat(timespec="seconds")),
            reason=given.reason,
            note=given.note,
            due=given.due,
            hidden_until=today + timedelta(days=given.days) if given.days else None,
            today=today,
            in_use=None if active is None else active.run,
        )

    return Form(choice.client, choice.product, f"{choice.run} {choice.rules} {choice.day}", make)


def shown(choice: Choice) -> None:
    """Log the list that the desk shows of a client, once a session for each list."""
    try:
        journal.shown(choice.run, choice.client, choice.product, choice.rules, choice.day)
    except StoreError as error:  # erased while the page was drawn, or the log cannot be written
        st.error(in_markdown(str(error), 300), icon=":material/error:")

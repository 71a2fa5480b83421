"""Deciding on the card: accept, reject or put off, each with its form, and what stands already."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import streamlit as st

from finrec_core.advice.decision import Decision, Kind, decide, refusal
from finrec_core.advice.snapshot import Snapshot
from finrec_core.dataset.naming import product_names
from finrec_core.store import StoreError
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation import decisions
from pages.frame import desk, integrity, journal, selection
from pages.shared import decision
from pages.shared.choice import Choice
from pages.shared.decision import LISTED, Form, Given

PASSED = "passed"  # in the session: the client and the product that was rejected last
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
        if not desk.may("decide"):
            return
        chosen: Kind | None = None
        with st.container(horizontal=True, gap="small"):
            for kind, (title, icon) in ACTIONS.items():
                stands = entry is not None and entry.decision.kind == kind
                label = f"**{title}**" if asked == kind or stands else title
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
        elif asked is None:
            _left(choice)
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

    def then() -> None:
        following = _following(choice) if kind == "reject" else None  # what is put aside does not stay open
        if following is not None:
            st.session_state[PASSED] = (choice.client, choice.product)
            selection.choose("product", following)

    return Form(choice.client, choice.product, f"{choice.run} {choice.rules} {choice.day}", make, then)


def _following(choice: Choice) -> str | None:
    """Return the next product of the list that is shown which is not decided on, None where none is left."""
    decided = decisions.traces(journal.decisions(), choice.client)
    return decisions.following(choice.product, st.session_state.get(LISTED, []), decided)


def _left(choice: Choice) -> None:
    """Say what was rejected just now, and how much of the list is left, with a button to the next of it."""
    decided = decisions.traces(journal.decisions(), choice.client)
    if not decided:
        return
    listed = st.session_state.get(LISTED, [])
    left = sum(one not in decided for one in listed)
    following = decisions.following(choice.product, listed, decided)
    said = (
        f"{left:,} of the {len(listed):,} products listed are not decided on."
        if left
        else "All are decided on."
    )
    client, passed = st.session_state.pop(PASSED, ("", ""))
    if client == choice.client and passed in decided:
        name = product_names(choice.dataset).or_id(choice.dataset.product_rows[passed])
        said = f"Rejected: {in_markdown(name)}. {said}"
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(said, width="content")
        if following is not None and choice.product in decided:
            st.button(
                "Next",
                icon=":material/arrow_forward:",
                type="tertiary",
                on_click=selection.choose,
                args=("product", following),
                key="next-undecided",
            )


def shown(choice: Choice) -> None:
    """Log the list that the desk shows of a client, once a session for each list."""
    try:
        journal.shown(choice.run, choice.client, choice.product, choice.rules, choice.day)
    except StoreError as error:  # erased while the page was drawn, or the log cannot be written
        st.error(in_markdown(str(error), 300), icon=":material/error:")

"""A decision on a page: its form, how a recorded one stands, the client's answer, and taking it back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

import streamlit as st

from finrec_core.advice.decision import (
    LONGEST_NOTE,
    REASONS,
    Decision,
    DecisionError,
    Kind,
    answer,
    done,
    withdraw,
)
from finrec_core.advice.decision_log import Entry
from finrec_core.settings import settings
from finrec_core.store import StoreError
from finrec_core.terms import wording
from finrec_core.terms.user import name_of
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation import decisions
from pages.frame import desk, journal

Pair = tuple[str, str]  # client and product
# The question of each form, and the words of its button.
WORDS: dict[Kind, tuple[str, str]] = {
    "accept": ("Why recommend it?", "Record acceptance"),
    "reject": ("Why not this product?", "Record rejection"),
    "later": ("Why not now?", "Put off"),
    "answer": ("What did the client say?", "Record answer"),
    "withdraw": ("Why withdraw it?", "Withdraw"),
    "done": ("Is it done?", "Record"),
}
LISTED = "listed"  # in the session: the products of the list as it is shown
WEEK = timedelta(days=7)
HIDES = (0, 30, 90, 180, 365)  # days
ICONS = {
    "accept": ":material/check:",
    "reject": ":material/close:",
    "later": ":material/schedule:",
    "follow": ":material/event:",
    "done": ":material/task_alt:",
}


@dataclass(frozen=True)
class Given:
    """What was filled in; `days` are those for which a rejected product is to be hidden."""

    reason: str | None
    note: str
    due: date | None
    days: int


@dataclass(frozen=True)
class Form:
    """What a form decides on: a client, a product, and what was shown of them under the name `shown`.

    `make` turns what is given into the decision that is recorded; `then` is done when it was.
    """

    client: str
    product: str
    shown: str
    make: Callable[[Given], Decision]
    then: Callable[[], None] = lambda: None

    def token(self, seen: int) -> str:
        """Return a short name of what stands on the screen; `seen` is the newest entry there."""
        told = "\0".join((self.client, self.product, self.shown, str(seen)))
        return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def form_asked(pair: Pair) -> str | None:
    """Return which form was asked for on the card of a client and a product."""
    whose, form = st.session_state.get("deciding", (None, None))
    return form if whose == pair else None


def ask(pair: Pair | None, form: str | None) -> None:
    """Ask for a form, or for none."""
    st.session_state["deciding"] = (pair, form)
    st.session_state.pop("not-recorded", None)


def say_fault(client: str, product: str) -> None:
    """Say why the last decision on a client and a product was not recorded; nothing where it was."""
    whose, fault = st.session_state.get("not-recorded", (None, ""))
    if whose == (client, product):
        st.error(in_markdown(fault, 600), icon=":material/error:")


def say_lost() -> None:
    """Say once why the last decision was not recorded, where its card is not there any more."""
    _, fault = st.session_state.pop("not-recorded", (None, ""))
    if fault:
        st.error(in_markdown(fault, 600), icon=":material/error:")


def cancel() -> None:
    """Show a button that closes the form."""
    st.button("Close", type="tertiary", on_click=ask, args=(None, None), key="cancel-decision")


def show_form(kind: Kind, form: Form, *, note: str = "Note for the record") -> None:
    """Show the form of a kind; what it makes is recorded only if it is still what the screen shows."""
    question, button = WORDS[kind]
    reasons = REASONS[kind]
    seen = journal.newest(form.client, form.product)
    with st.form(f"form-{kind}", border=False, enter_to_submit=False):
        st.pills(question, list(reasons), format_func=reasons.__getitem__, key=f"reason-{kind}", wrap=True)
        if kind == "later":
            today = desk.today()
            st.date_input(
                "Put off until", today + WEEK, min_value=today, format="YYYY-MM-DD", width=220, key="due"
            )
        st.text_area(
            note,
            placeholder="The client may ask to see it",
            max_chars=LONGEST_NOTE,
            height=72,
            key=f"note-{kind}",
        )
        if kind == "reject":
            usual = settings().hide_rejected_days
            choices = sorted({*HIDES, usual})
            st.selectbox(
                "Hide it from this client's list",
                choices,
                index=choices.index(usual),
                format_func=lambda days: f"for {days:,} days" if days else "not at all",
                width=220,
                key="hide-days",
            )
        say_fault(form.client, form.product)
        with st.container(horizontal=True, gap="small"):
            with st.container(width="content", key=f"record-{kind}"):
                # Another button for each thing shown: a click on its way while the page changes records
                # what it was made on, not what stands there by then.
                st.form_submit_button(
                    button,
                    on_click=_submit,
                    args=(kind, form, seen),
                    key=f"record-{kind}-{form.token(seen)}",
                )
            st.form_submit_button(
                "Cancel", type="tertiary", on_click=ask, args=(None, None), key=f"cancel-{kind}"
            )


def _submit(kind: Kind, form: Form, seen: int) -> None:
    """Record what the form holds; where that cannot be, it is said."""
    state = st.session_state
    given = Given(
        state.get(f"reason-{kind}"),
        state.get(f"note-{kind}") or "",
        state.get("due") if kind == "later" else None,
        int(state.get("hide-days") or 0) if kind == "reject" else 0,
    )
    try:
        journal.record(form.make(given), seen)
    except (DecisionError, StoreError) as error:
        state["not-recorded"] = ((form.client, form.product), str(error))
    else:
        ask(None, None)
        form.then()


def show(entry: Entry, pair: Pair) -> None:
    """Show a decision that stands, in one line, with what can follow it and the form that was asked for."""
    log = journal.decisions()
    decision = entry.decision
    with st.container(border=True, key="recorded", gap="small"):
        st.markdown(line(entry))
        about = [decision.reason_text, f"“{decision.note}”" if decision.note else entry.lost]
        st.caption(in_markdown(". ".join(filter(None, about)), 2100))
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
    by = f" by {in_markdown(name_of(entry.user), 40)}" if entry.user else ""
    override = " :red-badge[Override]" if decision.override else ""
    return (
        f"{ICONS.get(decision.kind, ':material/notes:')} **{decisions.KINDS[decision.kind]}** "
        f"{desk.when(entry.created)}{by}, recorded as no. {entry.sequence:,} "
        f"(`{entry.hash[: decisions.SHORT]}`){override}"
    )


def actions(entry: Entry, pair: Pair) -> None:
    """Show what can follow an entry that stands, and the form of what was asked for."""
    log, kind, asked = journal.decisions(), entry.decision.kind, form_asked(pair)
    if not log.stands(entry) or not desk.may("decide"):
        return
    offers = [("answer", "Client's answer", ":material/forum:")] if kind == "accept" else []
    offers += [("done", "Done", ":material/task_alt:")] if kind == "follow" and log.open(entry) else []
    offers.append(("withdraw", "Withdraw", ":material/undo:"))
    with st.container(horizontal=True, gap="small"):
        for form, title, icon in offers:
            st.button(
                title,
                icon=icon,
                type="tertiary",
                on_click=ask,
                args=(pair, form),
                key=f"follow-{form}",
            )
    if asked == "answer" and kind == "accept":
        show_form("answer", _follow(answer, entry))
    elif asked == "done" and kind == "follow":
        show_form("done", _follow(done, entry))
    elif asked == "withdraw":
        show_form("withdraw", _follow(withdraw, entry))


def _follow(make: Callable[[Decision, str, str | None, str], Decision], entry: Entry) -> Form:
    decision = entry.decision
    return Form(
        decision.client,
        decision.product,
        entry.id,
        lambda given: make(decision, entry.id, given.reason, given.note),
    )

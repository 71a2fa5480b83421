"""Reminders on a page: the notes and follow-ups of a client, and the form that keeps another one."""

import streamlit as st

from finrec_core.advice.decision import LONGEST_NOTE, Decision, DecisionError, done
from finrec_core.advice.decision_log import Entry
from finrec_core.advice.reminder import follow_up, note
from finrec_core.store import StoreError
from finrec_core.terms import wording
from finrec_core.terms.user import name_of
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation import decisions
from pages.frame import desk, journal, turn
from pages.shared.decision import ICONS, WEEK

MOST = 20  # that are listed; all of them stand among the decisions
NOTE, FOLLOW = "Note", "Follow-up"
FAULT = "reminder-fault"  # in the session: whose reminder could not be kept, and why


@turn.fragment
def show(run: str, client: str, name: str) -> None:
    """Show a button that opens the notes and follow-ups of a client, with how many there are."""
    log = journal.decisions()
    kept = log.kept(client)
    label = f"Notes **{len(kept):,}**" if kept else "Notes"
    with st.popover(label, type="tertiary", icon=":material/sticky_note_2:", key="reminders"):
        for entry in kept[:MOST]:
            with st.container(gap=None):
                _entry(entry)
        if len(kept) > MOST:
            st.caption(f"{len(kept) - MOST:,} older ones stand among the decisions.")
        if desk.may("decide"):
            _form(run, client, name)
        elif not kept:
            st.caption("Nothing was noted.")


def _entry(entry: Entry) -> None:
    decision, log = entry.decision, journal.decisions()
    by = f" by {in_markdown(name_of(entry.user), 40)}" if entry.user else ""
    icon = ICONS.get(decision.kind, ":material/notes:")
    state = decisions.state(log, entry, desk.today())
    product = decision.product_name or decision.product
    about = wording.capital(", ".join(filter(None, [in_markdown(product, 60) if product else "", state])))
    said = f"{desk.when(entry.created)}{by}, no. {entry.sequence:,}"
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"{icon} {in_markdown(decision.note or entry.lost, 400)}", width="content")
        if log.open(entry) and desk.may("decide"):
            st.button(
                "Done",
                type="tertiary",
                icon=":material/task_alt:",
                on_click=end,
                args=(entry,),
                key=f"done-{entry.id}",
            )
    st.caption(f"{said}. {about}." if about else f"{said}.")


def _form(run: str, client: str, name: str) -> None:
    """Show what keeps a note or a follow-up of a client."""
    kind = st.segmented_control(
        "What to keep", [NOTE, FOLLOW], default=NOTE, required=True, label_visibility="collapsed", key="keep"
    )
    with st.form("reminder", border=False, enter_to_submit=False, clear_on_submit=False):
        st.text_area(
            "Note on this client" if kind == NOTE else "What is to be done?",
            placeholder="The client may ask to see it",
            max_chars=LONGEST_NOTE,
            height=72,
            key=f"reminder-{client}",
        )
        if kind == FOLLOW:
            today = desk.today()
            st.date_input(
                "On", today + WEEK, min_value=today, format="YYYY-MM-DD", width=220, key="reminder-due"
            )
        whose, fault = st.session_state.get(FAULT, (None, ""))
        if whose == client:
            st.error(in_markdown(fault, 400), icon=":material/error:")
        st.form_submit_button(
            "Keep", on_click=_keep, args=(run, client, name, kind == FOLLOW), key="keep-reminder"
        )


def _keep(run: str, client: str, name: str, follows: bool) -> None:
    state = st.session_state
    text = state.get(f"reminder-{client}") or ""

    def made() -> Decision:
        if not follows:
            return note(client, text, client_name=name, run=run)
        return follow_up(client, text, state.get("reminder-due"), desk.today(), client_name=name, run=run)

    try:
        journal.record(made())
    except (DecisionError, StoreError) as error:
        state[FAULT] = (client, str(error))
    else:
        state.pop(FAULT, None)
        state[f"reminder-{client}"] = ""


def end(entry: Entry) -> None:
    """Record that a follow-up is done; it can be withdrawn among the decisions."""
    try:
        journal.record(done(entry.decision, entry.id, "done"))
    except (DecisionError, StoreError) as error:
        st.session_state[FAULT] = (entry.decision.client, str(error))
    else:
        st.session_state.pop(FAULT, None)


def say_lost() -> None:
    """Say once why the last reminder was not recorded, where its form is not there."""
    _, fault = st.session_state.pop(FAULT, (None, ""))
    if fault:
        st.error(in_markdown(fault, 400), icon=":material/error:")

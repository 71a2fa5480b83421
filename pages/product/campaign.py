"""The campaign of a product: which clients are wanted, and the chosen ones as follow-ups."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import streamlit as st

from finrec_core.advice import Rules
from finrec_core.advice.campaign import (
    FIELDS,
    Wanted,
    asked_since,
    categories,
    choices,
    wanted_rows,
)
from finrec_core.advice.decision import LONGEST_NOTE, DecisionError
from finrec_core.advice.reminder import follow_up as reminder
from finrec_core.advice.reverse import Reverse, kinds
from finrec_core.advice.verdict import KINDS
from finrec_core.dataset.naming import client_names, product_names
from finrec_core.store import StoreError
from finrec_core.terms import wording
from finrec_core.views.markdown import in_markdown
from pages.frame import desk, journal

LATELY = (0, 30, 90, 180)  # days
SAID = "campaign-said"  # in the session: what became of the last follow-ups


def filtered(run: str, found: Reverse, rules: Rules) -> Reverse:
    """Show what clients can be chosen by, and return the standing with those that are wanted."""
    data = desk.model(run).dataset
    verdicts = kinds(data, data.product_rows[found.product], rules, desk.today())
    with st.expander("Which clients", icon=":material/filter_list:", key="campaign"):
        fields = st.grid(3, min_column_width=200, gap="small")
        values: dict[str, tuple[str, ...]] = {}
        if verdicts is not None:
            with fields.cell():
                values["verdicts"] = several("Verdict", list(KINDS), "campaign-verdict")
        for column in FIELDS:
            if options := choices(data, column):
                with fields.cell():
                    values[column] = several(wording.capital(column), options, f"campaign-{column}")
        if shelves := list(categories(data)):
            with fields.cell():
                values["has"] = several("Has each of", shelves, "campaign-has")
            with fields.cell():
                values["lacks"] = several("Has none of", shelves, "campaign-lacks")
        days = 0
        if desk.may("see decisions"):
            with fields.cell():
                days = st.selectbox(
                    "Not asked for",
                    LATELY,
                    format_func=lambda days: f"{days} days" if days else "any time",
                    help="Clients about whom an entry of the record was written since are left out.",
                    key="campaign-unasked",
                )
    since = datetime.now(UTC) - timedelta(days=days) if days else None
    asked = asked_since(journal.decisions(), since) if since else set()
    kept = wanted_rows(data, Wanted(**values), verdicts=verdicts, asked=asked)
    chosen = found.among(kept, found.holders)
    if len(chosen.clients) < len(found.clients):
        st.caption(f"{len(chosen.clients):,} of {wording.counted(len(found.clients), 'client')}.")
    return chosen


def several(title: str, options: list[str], key: str) -> tuple[str, ...]:
    """Show a field of which several values can be chosen, and return them; none asks for all."""
    return tuple(
        st.multiselect(
            title,
            options,
            format_func=lambda value: wording.capital(wording.name(value, longest=40)),
            placeholder="Any",
            key=key,
        )
    )


def token(found: Reverse) -> str:
    """Return a short name of the clients that are shown, so that no tick outlives them."""
    return sha256(found.clients.tobytes()).hexdigest()[:8]


def follow_up(run: str, product: str, clients: Sequence[str]) -> None:
    """Show the form that makes the chosen clients follow-ups on Today, and what became of the last ones."""
    if said := st.session_state.pop(SAID, ""):
        st.info(in_markdown(said, 600), icon=":material/event:")
    if not desk.may("decide"):
        return
    label = f"Follow up {wording.counted(len(clients), 'client')}" if clients else "Follow up"
    with st.popover(label, icon=":material/event:", disabled=not clients, key="campaign-follow"):
        today = desk.today()
        text = st.text_area(
            "What is to be done?",
            placeholder="Talk about this product",
            max_chars=LONGEST_NOTE,
            height=72,
            key="campaign-text",
        )
        due = st.date_input(
            "On", today + timedelta(days=7), min_value=today, format="YYYY-MM-DD", key="campaign-due"
        )
        st.button(
            "Record follow-ups",
            on_click=_record,
            args=(run, product, tuple(clients)),
            disabled=not (text.strip() and due),
            key="campaign-record",
        )


def _record(run: str, product: str, clients: tuple[str, ...]) -> None:
    """Record a follow-up of each client, an entry each, and note how many there are and which are not."""
    data, state = desk.model(run).dataset, st.session_state
    names, row = client_names(data), data.product_rows[product]
    faults: list[str] = []
    for client in clients:
        try:
            journal.record(
                reminder(
                    client,
                    state.get("campaign-text") or "",
                    state.get("campaign-due"),
                    desk.today(),
                    client_name=wording.name(names[data.client_rows[client]], client),
                    product=product,
                    product_name=wording.name(product_names(data)[row], product),
                    category=data.products["category"][row].as_py() or "",
                    run=run,
                )
            )
        except (DecisionError, StoreError) as error:
            faults.append(f"{client}: {error}")
    done = wording.counted(len(clients) - len(faults), "follow-up")
    state[SAID] = " ".join(
        [f"{wording.capital(done)} recorded; they stand on Today on their day.", *faults[:5]]
    )

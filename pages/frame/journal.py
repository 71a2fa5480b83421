"""The journal: what was decided and what was shown, read from the store's logs and written to them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import streamlit as st

from finrec_core.access import Scope
from finrec_core.advice.changes import Change, changed, gone
from finrec_core.advice.decision import Decision
from finrec_core.advice.decision_log import DecisionLog, check
from finrec_core.advice.snapshot import LENGTH, Snapshot, lines
from finrec_core.store import LogRow
from finrec_core.terms.bounds import MOST_ROWS
from pages.frame import desk, memory


def decisions() -> DecisionLog:
    """Return all decisions about clients who may be seen, in brief; only rows written since are read."""
    store, seen = desk.store(), desk.scope()

    def read(known: DecisionLog | None) -> DecisionLog:
        log = known or DecisionLog()
        rows = store.decisions_in_brief(after=log.sequence)
        return log.with_rows(rows) if rows else log

    # Whose branch a client is of, the data of the model in use says.
    active = store.active_run() if seen.branches is not None else None
    return memory.shelf("journal", 8).renewed((seen, active and active.run), read)


def hidden(client: str) -> dict[str, date]:
    """Return the products that were rejected for a client and are hidden today, each until which day."""
    return decisions().hidden(client, desk.today())


def record(decision: Decision) -> LogRow:
    """Write a decision; raises `DecisionError` where it cannot follow what the log holds by now."""
    person = desk.person()
    return desk.store().add_decision(
        kind=decision.kind,
        client=decision.client,
        product=decision.product,
        run=decision.run,
        content=decision.content | {"person": person.to_json()},
        user=person.user,
        check=lambda rows: check(decision, rows),
    )


def snapshot(run: str, client: str, product: str) -> Snapshot:
    """Return what the desk shows of a product for a client now, under the rules in force."""
    version, _ = desk.rules(run)
    desk.client_row(run)(client)
    return _snapshot(run, client, product, version, desk.today(), seen=desk.scope())


def shown(run: str, client: str, product: str) -> None:
    """Log the list that is shown, once for each session, client, run and version of the rules."""
    version, _ = desk.rules(run)
    seen = st.session_state.setdefault("lists-shown", set())
    key = (run, client, version, desk.today())  # verdicts change as profiles grow old
    if key in seen:
        return
    made = replace(snapshot(run, client, product), taken=datetime.now(UTC).isoformat(timespec="seconds"))
    person = desk.person()
    content = {"snapshot": made.to_json(), "person": person.to_json()}
    desk.store().log_shown(client=client, run=run, content=content, user=person.user)
    seen.add(key)


def looked_at(most: int) -> list[tuple[LogRow, Snapshot]]:
    """Return the last list shown of each client, of those looked at last, newest first."""
    found = []
    bounds = desk.scope().branches is not None  # then there may be others in between
    for row in desk.store().last_shown(MOST_ROWS if bounds else most)[:most]:
        try:
            found.append((row, Snapshot.from_json(row.content.get("snapshot", {}))))
        except ValueError:  # a row that was tampered with; the check of the chain names it
            continue
    return found


def changes(run: str, most: int) -> list[Change]:
    """Return how the lists of the clients looked at last differ from those that were shown of them.

    Clients of another dataset than the run's are left out.
    """
    version, _ = desk.rules(run)
    return _changes(run, version, desk.today(), desk.store().heads()["shown"], most, seen=desk.scope())


@memory.remembered(show_spinner="Comparing lists", max_entries=4)
def _changes(run: str, version: int, on: date, head: str, most: int, *, seen: Scope) -> list[Change]:
    # `on`, `head` and `seen` are part of the key only: profiles grow old, lists are looked at, and each
    # sees the clients of its branch.
    row, dataset = desk.store().run(run), desk.model(run).dataset
    found = []
    for _, before in looked_at(most):
        if before.dataset != row.dataset:
            continue
        if before.client not in dataset.client_rows:
            found.append(gone(before))
            continue
        ranking, suits = desk.ranking(run, before.client), desk.suitability(run, before.client)
        now = lines(dataset, ranking, ranking.order[:LENGTH], suits)
        change = changed(before, now, row, None if suits is None else version)
        found += [change] if change else []
    return found


@memory.remembered(max_entries=128)
def _snapshot(run: str, client: str, product: str, version: int, on: date, *, seen: Scope) -> Snapshot:
    # `on` and `seen` are part of the key only: verdicts change as profiles grow old, and reasons are told
    # as far as who looks at them may see.
    return Snapshot.of(
        desk.model(run).dataset,
        desk.store().run(run),
        desk.explanation(run, client, product, 0),
        desk.ranking(run, client),
        suitability=desk.suitability(run, client),
        rules_version=version,
        taken=datetime.now(UTC),
    )

"""The journal: what was decided and what was shown, read from the store's logs and written to them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time

import streamlit as st

from finrec_core import access
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
    access.permit(desk.person(), "see decisions")
    return _log(desk.scope())


def _log(seen: Scope) -> DecisionLog:
    store = desk.whole_store()
    active = store.active_run() if seen.branches is not None else None
    data = None if active is None else desk.model(active.run).dataset  # it says whose branch a client is of

    def read(known: DecisionLog | None) -> DecisionLog:
        log = known or DecisionLog()
        rows = store.decisions_in_brief(after=log.sequence)
        if seen.branches is not None:
            rows = [row for row in rows if data is not None and seen.sees(data, row.client)]
        return log.with_rows(rows) if rows else log

    return memory.shelf("journal", 8).renewed((seen, active and active.run), read)


def hidden(client: str) -> dict[str, date]:
    """Return the products that were rejected for a client and are hidden today, each until which day."""
    return decisions().hidden(client, desk.today())


def newest(client: str, product: str) -> int:
    """Return the place in the log of the last entry on a client and a product, 0 where there is none."""
    entry = decisions().newest.get((client, product))
    return 0 if entry is None else entry.sequence


def record(decision: Decision, seen: int | None = None) -> LogRow:
    """Write a decision made where `seen` was the newest entry on its client and product, None for any.

    Raises `DecisionError` where it cannot follow what the log holds by now, `StoreError` where the client's
    data was erased.
    """
    person = desk.person()
    return desk.store().add_decision(
        kind=decision.kind,
        client=decision.client,
        product=decision.product,
        run=decision.run,
        content=decision.content | {"person": person.to_json()},
        user=person.user,
        check=lambda rows: check(decision, rows, seen),
    )


def snapshot(run: str, client: str, product: str, version: int, on: date) -> Snapshot:
    """Return what the desk shows of a product for a client under a version of the rules on a day."""
    desk.client_row(run)(client)
    return replace(_snapshot(run, client, product, version, on, seen=desk.scope()), taken=_moment())


def shown(run: str, client: str, product: str, version: int, on: date) -> None:
    """Log the list that is shown, once for each session, client, run and version of the rules.

    Raises `StoreError` where the client's data was erased meanwhile.
    """
    seen = st.session_state.setdefault("lists-shown", set())
    key = (run, client, version, on)  # verdicts change as profiles grow old
    if key in seen:
        return
    made, person = snapshot(run, client, product, version, on), desk.person()
    content = {"snapshot": made.to_json(), "person": person.to_json()}
    desk.store().log_shown(client=client, run=run, content=content, user=person.user)
    seen.add(key)


def _moment() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def looked_at(most: int) -> list[tuple[LogRow, Snapshot]]:
    """Return the last list shown of each client, of those looked at last, newest first."""
    bounds = desk.scope().branches is not None  # then there may be others in between
    return _readable(desk.store().last_shown(MOST_ROWS if bounds else most)[:most])


def _readable(rows: Iterable[LogRow]) -> list[tuple[LogRow, Snapshot]]:
    found = []
    for row in rows:
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
    # `head` is part of the key only: lists are looked at meanwhile.
    store, dataset = desk.whole_store(), desk.model(run).dataset
    row, found = store.run(run), []
    last = store.last_shown(most if seen.branches is None else MOST_ROWS)
    for _, before in _readable([one for one in last if seen.sees(dataset, one.client)][:most]):
        if before.dataset != row.dataset:
            continue
        if before.client not in dataset.client_rows:
            found.append(gone(before))
            continue
        ranking, suits = desk.ranked(run, before.client), desk.judged(run, before.client, version, on)
        now = lines(dataset, ranking, ranking.order[:LENGTH], suits)
        change = changed(before, now, row, None if suits is None else version)
        found += [change] if change else []
    return found


@memory.remembered(max_entries=128)
def _snapshot(run: str, client: str, product: str, version: int, on: date, *, seen: Scope) -> Snapshot:
    # When it is taken is put in by whoever takes it: a kept one is shown again later.
    return Snapshot.of(
        desk.model(run).dataset,
        desk.whole_store().run(run),
        desk.explained(run, client, product, 0, seen),
        desk.ranked(run, client),
        suitability=desk.judged(run, client, version, on),
        rules_version=version,
        taken=datetime.combine(on, time(), UTC),
    )

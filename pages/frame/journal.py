"""The journal: what was decided and what was shown, read from the store's logs and written to them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import streamlit as st

from finrec_core.advice.changes import Change, changed, gone
from finrec_core.advice.decision import Decision
from finrec_core.advice.decision_log import DecisionLog, check
from finrec_core.advice.snapshot import LENGTH, Snapshot, lines
from finrec_core.store import LogRow
from finrec_core.terms.user import user
from pages.frame import desk, memory


def decisions() -> DecisionLog:
    """Return all decisions in brief; only the rows written since the last call are read."""

    def read(known: DecisionLog | None) -> DecisionLog:
        log = known or DecisionLog()
        rows = desk.store().decisions_in_brief(after=log.sequence)
        return log.with_rows(rows) if rows else log

    return memory.shelf("journal", 1).renewed("log", read)


def hidden(client: str) -> dict[str, date]:
    """Return the products that were rejected for a client and are hidden today, each until which day."""
    return decisions().hidden(client, desk.today())


def newest(client: str, product: str) -> int:
    """Return the place in the log of the last entry on a client and a product, 0 where there is none."""
    entry = decisions().newest.get((client, product))
    return 0 if entry is None else entry.sequence


def record(decision: Decision, seen: int) -> LogRow:
    """Write a decision made where `seen` was the newest entry on its client and product.

    Raises `DecisionError` where it cannot follow what the log holds by now, `StoreError` where the client's
    data was erased.
    """
    return desk.store().add_decision(
        kind=decision.kind,
        client=decision.client,
        product=decision.product,
        run=decision.run,
        content=decision.content,
        user=user(),
        check=lambda rows: check(decision, rows, seen),
    )


def snapshot(run: str, client: str, product: str, version: int, on: date) -> Snapshot:
    """Return what the desk shows of a product for a client under a version of the rules on a day."""
    return replace(_snapshot(run, client, product, version, on), taken=_moment())


def shown(run: str, client: str, product: str, version: int, on: date) -> None:
    """Log the list that is shown, once for each session, client, run and version of the rules.

    Raises `StoreError` where the client's data was erased meanwhile.
    """
    seen = st.session_state.setdefault("lists-shown", set())
    key = (run, client, version, on)  # verdicts change as profiles grow old
    if key in seen:
        return
    made = snapshot(run, client, product, version, on)
    desk.store().log_shown(client=client, run=run, content={"snapshot": made.to_json()}, user=user())
    seen.add(key)


def _moment() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def looked_at(most: int) -> list[tuple[LogRow, Snapshot]]:
    """Return the last list shown of each client, of those looked at last, newest first."""
    found = []
    for row in desk.store().last_shown(most):
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
    return _changes(run, version, desk.today(), desk.store().heads()["shown"], most)


@memory.remembered(show_spinner="Comparing lists", max_entries=4)
def _changes(run: str, version: int, on: date, head: str, most: int) -> list[Change]:
    # `head` is part of the key only: lists are looked at meanwhile.
    row, dataset = desk.store().run(run), desk.model(run).dataset
    found = []
    for _, before in looked_at(most):
        if before.dataset != row.dataset:
            continue
        if before.client not in dataset.client_rows:
            found.append(gone(before))
            continue
        ranking, suits = desk.ranking(run, before.client), desk.verdicts(run, before.client, version, on)
        now = lines(dataset, ranking, ranking.order[:LENGTH], suits)
        change = changed(before, now, row, None if suits is None else version)
        found += [change] if change else []
    return found


@memory.remembered(max_entries=128)
def _snapshot(run: str, client: str, product: str, version: int, on: date) -> Snapshot:
    # When it is taken is put in by whoever takes it: a kept one is shown again later.
    return Snapshot.of(
        desk.model(run).dataset,
        desk.store().run(run),
        desk.explanation(run, client, product, 0),
        desk.ranking(run, client),
        suitability=desk.verdicts(run, client, version, on),
        rules_version=version,
        taken=datetime.combine(on, time(), UTC),
    )

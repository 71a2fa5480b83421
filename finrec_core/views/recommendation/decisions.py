"""Decisions in words and as tables: what was decided, what was shown, how it stands today, exports."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
import pyarrow as pa

from finrec_core.advice.decision import DAYS, Kind
from finrec_core.advice.decision_log import DecisionLog, Entry
from finrec_core.advice.snapshot import Line, Snapshot
from finrec_core.explain import Contribution, Shown
from finrec_core.explain.points import ShownContribution
from finrec_core.narrative import Labels
from finrec_core.narrative.former import badge
from finrec_core.store import LogRow
from finrec_core.store.clients import fold
from finrec_core.terms import wording
from finrec_core.terms.user import name_of

KINDS: Mapping[Kind, str] = {
    "accept": "Accepted",
    "reject": "Rejected",
    "later": "Put off",
    "answer": "Client's answer",
    "withdraw": "Withdrawn",
    "note": "Note",
    "follow": "Follow-up",
    "done": "Follow-up ended",
}
EXPORTED = (
    *("sequence", "created", "user", "kind", "client", "client_name", "product", "product_name", "category"),
    *("reason", "note", "due", "hidden_until", "override", "verdict", "about", "withdrawn_by", "run"),
    *("in_use", "id", "hash", "log_hash"),
)
WAITS = "Waits"  # for the client's answer
TRACES = ("Accepted", WAITS, "Rejected", "Put off")
SHORT = 12  # characters of a hash that a person compares


@dataclass(frozen=True)
class Wanted:
    """Which entries to list; what is empty or None asks for all. `since` counts in, `until` does not."""

    client: str = ""
    product: str = ""
    kinds: tuple[Kind, ...] = ()
    users: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    overrides: bool = False
    open: bool = False


def matching(log: DecisionLog, wanted: Wanted) -> list[Entry]:
    """Return the entries that are wanted, newest first; clients and products by a part of name or id."""
    client, product = fold(wanted.client), fold(wanted.product)

    def fits(entry: Entry) -> bool:
        decision = entry.decision
        return (
            (not wanted.kinds or decision.kind in wanted.kinds)
            and (not wanted.users or entry.user in wanted.users)
            and (wanted.since is None or entry.created >= wanted.since)
            and (wanted.until is None or entry.created < wanted.until)
            and (not wanted.overrides or decision.override)
            and (not client or _holds(client, decision.client_name, decision.client))
            and (not product or _holds(product, decision.product_name, decision.product))
            and (not wanted.open or log.open(entry))
        )

    return [entry for entry in reversed(log.entries) if fits(entry)]


def state(log: DecisionLog, entry: Entry, today: date) -> str:
    """Return how an entry stands today, as "waits for the client's answer" or "withdrawn"; "" for nothing."""
    decision = entry.decision
    if entry.id in log.withdrawn:
        return f"withdrawn by no. {log.withdrawn[entry.id].sequence:,}"
    if decision.kind == "note":
        return ""
    if decision.kind == "follow":
        return "ended" if entry.id in log.ended else due(decision.due or today, today)
    if decision.about is not None:
        about = next((one for one in log.entries if one.id == decision.about), None)
        return "" if about is None else f"about no. {about.sequence:,}"
    if log.current(decision.client, decision.product) is not entry:
        return "decided anew since"
    if decision.kind == "accept":
        answer = log.answer(entry)
        said = {"took": "client took it", "declined": "client declined", "undecided": "client is undecided"}
        return "waits for the client's answer" if answer is None else said.get(answer.reason, answer.reason)
    if decision.kind == "later" and decision.due is not None:
        return due(decision.due, today)
    if decision.hidden_until is not None and today < decision.hidden_until:
        return f"hidden until {wording.day(decision.hidden_until)}"
    return ""


def traces(log: DecisionLog, client: str) -> dict[str, str]:
    """Return how the decisions stand on the products of a client, by product, as a list marks them."""
    found = {}
    for (whose, product), entry in log.last.items():
        if whose == client:
            waits = entry.decision.kind == "accept" and log.open(entry)
            found[product] = WAITS if waits else KINDS[entry.decision.kind]
    return found


def following(product: str, listed: Sequence[str], decided: Container[str]) -> str | None:
    """Return the next product of a list, behind one and then from the top, that is not decided on yet."""
    at = listed.index(product) + 1 if product in listed else 0
    left = (one for one in [*listed[at:], *listed[:at]] if one not in decided and one != product)
    return next(left, None)


def due(day: date, today: date) -> str:
    """Return when something put off is due, as "due today" or "overdue since 3 Mar 2026"."""
    if day == today:
        return "due today"
    return f"overdue since {wording.day(day)}" if day < today else f"until {wording.day(day)}"


def table(
    entries: Iterable[Entry], log: DecisionLog, *, today: date, when: Callable[[datetime], str]
) -> pd.DataFrame:
    """Return entries for the screen: No., When, Decision, Client, Product, Reason, State, By.

    `when` writes a time as the reader's clock shows it.
    """
    rows = [
        (
            entry.sequence,
            when(entry.created),
            [KINDS[entry.decision.kind], *(["Override"] if entry.decision.override else [])],
            entry.decision.client_name or entry.decision.client,
            entry.decision.product_name or entry.decision.product,
            entry.decision.reason_text,
            wording.capital(state(log, entry, today)),
            name_of(entry.user),
        )
        for entry in entries
    ]
    names = ["No.", "When", "Decision", "Client", "Product", "Reason", "State", "By"]
    return pd.DataFrame(rows, columns=names)


def export(entries: Sequence[Entry], log: DecisionLog, head: str) -> pa.Table:
    """Return entries as a table for a file, a column for each of `EXPORTED`.

    Where what was shown was erased, the note says so. `log_hash` is the newest hash of the whole log, in
    each row: a row cut off later shows against it.
    """
    rows = []
    for entry in entries:
        decision = entry.decision
        brief = {name: value for name, value in decision.content["decision"].items() if name not in DAYS}
        taken_back = log.withdrawn.get(entry.id)
        rows.append(
            brief
            | ({"note": entry.lost} if entry.lost else {})
            | {name: getattr(decision, name) for name in ("kind", "client", "product", "run", *DAYS)}
            | {"sequence": entry.sequence, "id": entry.id, "created": entry.created, "user": entry.user}
            | {"withdrawn_by": taken_back and taken_back.id, "hash": entry.hash, "log_hash": head}
        )
    kinds: dict[str, pa.DataType] = {
        "sequence": pa.int64(),
        "created": pa.timestamp("us", "UTC"),
        "override": pa.bool_(),
    } | dict.fromkeys(DAYS, pa.date32())
    return pa.Table.from_pylist(
        rows, schema=pa.schema([(name, kinds.get(name, pa.string())) for name in EXPORTED])
    )


def document(rows: Sequence[LogRow], head: str) -> dict[str, Any]:
    """Return rows of the log whole, what was shown included, with the newest hash of the log."""
    return {
        "log_hash": head,
        "decisions": [asdict(row) | {"created": row.created.isoformat()} for row in rows],
    }


def view(snapshot: Snapshot) -> tuple[Shown, Labels] | None:
    """Return the bars of a snapshot as the figure takes them, None where it has no points."""
    if snapshot.start is None or snapshot.total is None:
        return None
    # Each bar is a product named after its place: what it is called is all that is known of it.
    titles = {str(place): reason.title for place, reason in enumerate(snapshot.reasons)}
    rows = [
        ShownContribution(Contribution("interaction", str(place), reason.title, 0.0), reason.points)
        for place, reason in enumerate(snapshot.reasons)
    ]
    labels = Labels(client=snapshot.client_name, product=snapshot.product_name, products=titles)
    return Shown(snapshot.start, tuple(rows), (), (), snapshot.total), labels


def lines(snapshot: Snapshot, shown: tuple[Line, ...]) -> pd.DataFrame:
    """Return lines of a snapshot: #, Product, and what any has of Held before, Category, Points, Verdict."""
    frame = pd.DataFrame(
        [
            (
                line.rank,
                line.name,
                badge(line.former),
                wording.name(line.category),
                None if line.points is None else wording.plain(line.points),
                None if line.verdict is None else wording.capital(line.verdict),
            )
            for line in shown
        ],
        columns=["#", "Product", "Held before", "Category", "Points", "Verdict"],
    )
    empty = [name for name in ("Points", "Verdict") if frame[name].isna().all()]
    empty += [] if frame["Held before"].any() else ["Held before"]
    empty += ["Category"] if not any(line.category for line in snapshot.lines) else []
    return frame.drop(columns=empty)


def _holds(text: str, *values: str) -> bool:
    return any(text in fold(value) for value in values)

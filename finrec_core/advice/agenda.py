"""The agenda: what an adviser has to do today, read from the log of decisions and from lists that changed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from finrec_core.advice.changes import Change
from finrec_core.advice.checks import verdict
from finrec_core.advice.decision import Decision
from finrec_core.advice.decision_log import DecisionLog, Entry
from finrec_core.advice.rules import Rules
from finrec_core.advice.suitability import judged
from finrec_core.dataset import Dataset
from finrec_core.narrative.former import formers
from finrec_core.terms import wording

Kind = Literal["unfit", "follow", "due", "answer", "changed"]
DATED: tuple[Kind, ...] = ("follow", "due")  # what stands on a day that somebody chose
Fault = Callable[[Entry], str]  # as `unfit` tells it of a decision


@dataclass(frozen=True, repr=False)
class Task:
    """One thing to do for a client, and since when it waits.

    "unfit": a decision whose product is no longer offered or no longer fits, which `fault` says; "follow":
    a follow-up whose day has come; "due": what was put off until now; "answer": an accepted product without
    the client's answer; "changed": a list that is another one than was last shown. `entry` is what stands in
    the log, `change` what changed: one of them is there. `own` are the person's own clients; `known` tells
    whether the model in use knows the client.
    """

    kind: Kind
    client: str
    name: str
    since: date
    entry: Entry | None = None
    change: Change | None = None
    fault: str = ""
    own: bool = False
    known: bool = True

    def __post_init__(self) -> None:
        if (self.entry is None) == (self.change is None):
            raise ValueError("a task is about an entry or about a change.")

    def __repr__(self) -> str:
        return f"Task({self.kind} {self.client!r} since {self.since})"

    @property
    def key(self) -> str:
        """A name for the task that no other one has."""
        return f"{self.kind}-{self.entry.id if self.entry is not None else self.client}"


def agenda(
    log: DecisionLog,
    changes: Iterable[Change],
    today: date,
    *,
    fault: Fault = lambda entry: "",
    owns: Callable[[str], bool] = lambda client: False,
    knows: Callable[[str], bool] = lambda client: True,
    local: Callable[[datetime], datetime] = lambda when: when,
) -> tuple[Task, ...]:
    """Return what is to be done today, one's own clients first, then by kind, the oldest first.

    `fault` is asked of each decision that is open; `owns` and `knows` tell of a client's id whether it is
    the person's own, and whether the model knows it; `local` gives times by the person's clock.
    """

    def task(kind: Kind, entry: Entry, since: date, said: str = "") -> Task:
        who = entry.decision.client
        name = entry.decision.client_name or who
        return Task(kind, who, name, since, entry, fault=said, own=owns(who), known=knows(who))

    found = []
    for entry in log.waiting():
        said = fault(entry)
        found.append(task("unfit" if said else "answer", entry, local(entry.created).date(), said))
    for entry in log.put_off():
        due = entry.decision.due or today
        if said := fault(entry):
            found.append(task("unfit", entry, local(entry.created).date(), said))
        elif due <= today:
            found.append(task("due", entry, due))
    found += [
        task("follow", entry, entry.decision.due or today)
        for entry in log.follow_ups()
        if (entry.decision.due or today) <= today
    ]
    for change in changes:
        who, taken = change.before.client, datetime.fromisoformat(change.before.taken)
        name = change.before.client_name or who
        since = local(taken).date()
        found.append(Task("changed", who, name, since, change=change, own=owns(who), known=not change.gone))
    order = {kind: place for place, kind in enumerate(get_args(Kind))}
    return tuple(sorted(found, key=lambda one: (not one.own, order[one.kind], one.since)))


def ahead(log: DecisionLog, today: date) -> list[Entry]:
    """Return what has a later day, put off or to follow up, the earliest first."""
    found = [*log.put_off(), *log.follow_ups()]
    later = [entry for entry in found if (entry.decision.due or today) > today]
    return sorted(later, key=lambda entry: (entry.decision.due or today, entry.sequence))


def unfit(dataset: Dataset, rules: Rules, today: date, decision: Decision) -> str:
    """Return why a decision cannot stand as it is, as a sentence: its product is gone, or fits no more.

    "" where it can, where it was decided although it did not fit, or where the data knows no such client.
    """
    row = dataset.client_rows.get(decision.client)
    if row is None or not decision.product:
        return ""
    product = dataset.product_rows.get(decision.product)
    if product is None:
        return "The product is not in the data any more."
    if not dataset.available[product]:
        return "The product is not offered any more."
    if decision.verdict == "does not fit" or not judged(dataset, rules):
        return ""
    values = dataset.products.slice(product, 1).to_pylist()[0]
    client = dataset.clients.slice(row, 1).to_pylist()[0]
    found = verdict(values, client, rules, today, formers(dataset, row).get(product, ""))
    return f"It does not fit any more: {wording.inside(found.reason)}" if found.kind == "does not fit" else ""

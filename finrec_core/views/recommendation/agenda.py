"""The agenda in words: what each task is, why it is there and since when it waits."""

from collections.abc import Mapping
from datetime import date

from finrec_core.advice.agenda import DATED, Kind, Task
from finrec_core.advice.changes import Cause
from finrec_core.terms import wording
from finrec_core.terms.user import name_of
from finrec_core.views.recommendation.decisions import due

KINDS: Mapping[Kind, str] = {
    "unfit": "No longer fits",
    "follow": "Follow-up",
    "due": "Put off until now",
    "answer": "Answer awaited",
    "changed": "List changed",
}
CAUSES: Mapping[Cause, str] = {
    "data": "New data",
    "model": "Another model",
    "rules": "Other rules",
    "profile": "A profile that grew old",
}
UNKNOWN = "The model in use does not know this client."


def what(task: Task) -> str:
    """Return what is to be done, as "Ask for the answer on Savings Plan"; not escaped."""
    if task.entry is None:
        return "Look at the list anew"
    decision = task.entry.decision
    product = wording.name(decision.product_name, decision.product) if decision.product else ""
    if task.kind == "follow":
        about = f" ({product})" if product else ""
        return f"{decision.note or 'Follow up'}{about}"
    return {
        "unfit": f"Look again at {product}",
        "due": f"Decide on {product}",
        "answer": f"Ask for the answer on {product}",
    }[task.kind]


def why(task: Task) -> str:
    """Return why it is to be done, as sentences; not escaped."""
    if task.change is not None:
        causes = wording.joined([CAUSES[task.change.causes[0]], *_inside(task.change.causes[1:])])
        return " ".join([f"{causes}.", *task.change.sentences])
    if task.entry is None:
        return ""
    decision, by = task.entry.decision, name_of(task.entry.user)
    said = [task.fault, task.entry.lost]
    if task.kind == "follow":
        said.append(f"Asked for by {by}." if by else "")
    elif task.kind == "due":
        said += [f"{decision.reason_text}.", f"“{decision.note}”" if decision.note else ""]
    else:
        did = "Accepted" if decision.kind == "accept" else "Put off"
        said.append(f"{did}{f' by {by}' if by else ''}: {wording.inside(decision.reason_text)}.")
    return " ".join(filter(None, [*said, "" if task.known else UNKNOWN]))


def when(task: Task, today: date) -> str:
    """Return since when it waits, as "due today" or "since 3 Mar 2026"."""
    if task.kind in DATED:
        return due(task.since, today)
    return "since today" if task.since == today else f"since {wording.day(task.since)}"


def counts(tasks: tuple[Task, ...]) -> dict[Kind, str]:
    """Return the kinds that there are, each with its name and how many tasks it has."""
    found = {kind: sum(task.kind == kind for task in tasks) for kind in KINDS}
    return {kind: f"{KINDS[kind]} {count:,}" for kind, count in found.items() if count}


def _inside(causes: tuple[Cause, ...]) -> list[str]:
    return [wording.inside(CAUSES[cause]) for cause in causes]

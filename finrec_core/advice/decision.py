"""The decision: what an adviser decided about a product for a client, checked before it is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, Self, get_args

from finrec_core.advice.snapshot import Snapshot

Kind = Literal["accept", "reject", "later", "answer", "withdraw", "note", "follow", "done"]
ACTIONS: tuple[Kind, ...] = ("accept", "reject", "later")  # what an adviser decides on a card
KEPT: tuple[Kind, ...] = ("note", "follow")  # what an adviser keeps on a client, about no earlier entry
# Reason codes of each kind, and their words on the screen. A client's answer is one too.
REASONS: Mapping[Kind, Mapping[str, str]] = {
    "accept": {
        "need": "Meets a stated need",
        "asked": "The client asked for it",
        "better": "Better than what the client has",
        "review": "Result of a review",
        "other": "Other",
    },
    "reject": {
        "risk": "Too much risk",
        "cost": "Cost",
        "alike": "Has something alike",
        "need": "No need for it",
        "client": "Client said no",
        "other": "Other",
    },
    "later": {
        "talk": "Talk to the client first",
        "facts": "Facts to be completed",
        "specialist": "Ask a specialist",
        "time": "Not the right time",
        "other": "Other",
    },
    "answer": {"took": "Took it", "declined": "Declined", "undecided": "Undecided"},
    "withdraw": {
        "mistake": "Recorded by mistake",
        "wrong": "Wrong client or product",
        "facts": "Facts have changed",
        "other": "Other",
    },
    "note": {"noted": "Noted"},
    "follow": {"follow": "To follow up"},
    "done": {"done": "Done", "dropped": "Not needed any more"},
}
CHOOSE: Mapping[Kind, str] = {
    "answer": "Choose what the client said.",
    "done": "Choose whether it is done.",
}
LONGEST_NOTE = 2000  # characters
DAYS = ("due", "hidden_until")


class DecisionError(ValueError):
    """A decision that cannot be recorded; the message says why, and what would make it possible."""


@dataclass(frozen=True, repr=False)
class Decision:
    """One decision, or an entry about an earlier one.

    "accept": the adviser will recommend the product; `override` where it does not fit, which `note` then
    justifies. "reject": not for this client, and hidden from the list until `hidden_until`. "later": put
    off until `due`. "answer": what the client said to the entry `about`; "withdraw": that entry does not
    count any more. "note" and "follow" are kept on a client, with no product or with one: what `note` says,
    and what it says is to be done on the day `due`; "done" ends the follow-up `about`. `verdict` is the
    kind of verdict shown, None where there was none. `in_use` names the model that was in use where it was
    not `run`, the one shown. `snapshot` holds what was shown.
    """

    kind: Kind
    client: str
    product: str
    run: str
    reason: str
    note: str = ""
    due: date | None = None
    hidden_until: date | None = None
    override: bool = False
    about: str | None = None
    client_name: str = ""
    product_name: str = ""
    category: str = ""
    verdict: str | None = None
    in_use: str | None = None
    snapshot: Snapshot | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f'a decision cannot be of kind "{self.kind}".')
        if (self.about is None) != (self.kind in (*ACTIONS, *KEPT)):
            raise ValueError("an answer, an end or a withdrawal is about an entry, and nothing else is.")

    def __repr__(self) -> str:
        return f"Decision({self.kind} {self.product!r} for {self.client!r}: {self.reason})"

    @property
    def reason_text(self) -> str:
        """The words of the reason code; the code itself where this version does not know it."""
        return REASONS[self.kind].get(self.reason, self.reason)

    @property
    def content(self) -> dict[str, Any]:
        """What the log keeps: the decision in brief, and what was shown."""
        brief = {name: getattr(self, name) for name in self.__dataclass_fields__}
        for name in ("kind", "client", "product", "run", "snapshot"):  # columns of the log, or beside it
            del brief[name]
        for name in DAYS:
            brief[name] = None if brief[name] is None else brief[name].isoformat()
        return {"decision": brief} | ({} if self.snapshot is None else {"snapshot": self.snapshot.to_json()})

    @classmethod
    def read(cls, kind: str, client: str, product: str, run: str, content: Mapping[str, Any]) -> Self:
        """Return the decision that a row of the log holds; `content` is all of it, or what is in brief.

        Raises `ValueError` where it is none.
        """
        try:
            brief = dict(content.get("decision", content))
            days = {name: date.fromisoformat(brief[name]) for name in DAYS if brief.get(name)}
            shown = content.get("snapshot")
            snapshot = None if shown is None else Snapshot.from_json(shown)
            return cls(kind, client, product, run, **brief | days, snapshot=snapshot)  # type: ignore[arg-type]
        except TypeError as error:
            raise ValueError(f"these values are no decision ({error}).") from error


def decide(
    kind: Kind,
    snapshot: Snapshot,
    *,
    reason: str | None,
    today: date,
    note: str = "",
    due: date | None = None,
    hidden_until: date | None = None,
    in_use: str | None = None,
) -> Decision:
    """Return the decision on what a snapshot shows; raises `DecisionError` where it cannot be recorded.

    `in_use` is the model in use now.
    """
    if kind not in ACTIONS:
        raise ValueError(f'"{kind}" is no decision on a recommendation.')
    if kind == "accept" and (refused := refusal(snapshot)):
        raise DecisionError(refused)
    verdict = snapshot.verdict
    override = kind == "accept" and verdict is not None and verdict.kind == "does not fit"
    if override and not note.strip():
        raise DecisionError("This product does not fit: say in the note why it is recommended all the same.")
    if kind == "later" and due is None:
        raise DecisionError("Say until when to put it off.")
    if due is not None and due < today:
        raise DecisionError("The day it is put off until lies in the past: choose today or a later one.")
    if hidden_until is not None and hidden_until <= today:
        raise DecisionError("The day until which it is hidden must lie after today.")
    return Decision(
        kind=kind,
        client=snapshot.client,
        product=snapshot.product,
        run=snapshot.run,
        reason=_reason(kind, reason, note),
        note=noted(note),
        due=due if kind == "later" else None,
        hidden_until=hidden_until if kind == "reject" else None,
        override=override,
        client_name=snapshot.client_name,
        product_name=snapshot.product_name,
        category=snapshot.category,
        verdict=None if verdict is None else verdict.kind,
        in_use=in_use if in_use != snapshot.run else None,
        snapshot=snapshot,
    )


def refusal(snapshot: Snapshot) -> str:
    """Return why what is shown cannot be accepted, "" where it can: an investment needs every fact."""
    verdict = snapshot.verdict
    if verdict is None or verdict.rule_set != "investment" or not verdict.missing:
        return ""
    facts = " ".join(check.sentence for check in verdict.checks if check.outcome in ("missing", "old"))
    return f"An investment cannot be accepted while a fact is missing or old. {facts}"


def answer(decision: Decision, about: str, reason: str | None, note: str = "") -> Decision:
    """Return what the client said to an accepted product, whose entry has the id `about`."""
    return _about("answer", decision, about, reason, note)


def done(decision: Decision, about: str, reason: str | None, note: str = "") -> Decision:
    """Return the entry that ends a follow-up, whose entry has the id `about`."""
    return _about("done", decision, about, reason, note)


def withdraw(decision: Decision, about: str, reason: str | None, note: str = "") -> Decision:
    """Return the entry that takes back another one, whose id is `about`."""
    if decision.kind == "withdraw":
        raise DecisionError("A withdrawal cannot be withdrawn: decide anew instead.")
    return _about("withdraw", decision, about, reason, note)


def _about(kind: Kind, decision: Decision, about: str, reason: str | None, note: str) -> Decision:
    return replace(
        decision,
        kind=kind,
        about=about,
        reason=_reason(kind, reason, note),
        note=noted(note),
        due=None,
        hidden_until=None,
        override=False,
        in_use=None,
        snapshot=None,
    )


def _reason(kind: Kind, reason: str | None, note: str) -> str:
    """Return a reason code that is known; "other" says nothing without a note."""
    if reason is None:
        raise DecisionError(CHOOSE.get(kind, "Choose a reason."))
    if reason not in REASONS[kind]:
        raise DecisionError(f'"{reason}" is no reason here; there are {", ".join(REASONS[kind])}.')
    if reason == "other" and not note.strip():
        raise DecisionError("Say in the note what the other reason is.")
    return reason


def noted(note: str) -> str:
    """Return a note as it is kept; raises `DecisionError` where it is too long."""
    if len(note) > LONGEST_NOTE:
        raise DecisionError(f"The note is longer than {LONGEST_NOTE:,} characters: shorten it.")
    return note.strip()

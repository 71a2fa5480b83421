"""The decision log read: which entries stand, what is open, put off or hidden, and what may follow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, Self

from finrec_core.advice.decision import ACTIONS, KEPT, Decision, DecisionError, Kind


class ShownRow(Protocol):
    """A row of the store's log of lists shown."""

    @property
    def created(self) -> datetime:
        """When it was written."""

    @property
    def client(self) -> str:
        """The client's id."""

    @property
    def run(self) -> str:
        """The run that was shown."""


class Row(ShownRow, Protocol):
    """A row of the store's log of decisions."""

    @property
    def sequence(self) -> int:
        """Its place in the log, from 1."""

    @property
    def id(self) -> str:
        """Its name, which later rows refer to."""

    @property
    def user(self) -> str:
        """Who wrote it."""

    @property
    def kind(self) -> str:
        """The kind of decision."""

    @property
    def product(self) -> str:
        """The product's id."""

    @property
    def content(self) -> Mapping[str, Any]:
        """The decision, whole or in brief."""

    @property
    def hash(self) -> str:
        """The hash of the row."""

    @property
    def lost(self) -> str:
        """The sentence that stands for what was shown and noted, once the client was erased; else ""."""


@dataclass(frozen=True)
class Entry:
    """A decision with its place in the log; `lost` says so where what was shown and noted was erased."""

    sequence: int
    id: str
    created: datetime
    user: str
    hash: str
    decision: Decision
    lost: str = ""

    @classmethod
    def of(cls, row: Row) -> Self:
        """Return the entry of a row; raises `ValueError` where the row holds no decision."""
        decision = Decision.read(row.kind, row.client, row.product, row.run, row.content)
        return cls(row.sequence, row.id, row.created, row.user, row.hash, decision, row.lost)


Pair = tuple[str, str]  # client and product


@dataclass(frozen=True, repr=False)
class DecisionLog:
    """All entries, oldest first, and what they come to.

    `withdrawn`, `answered` and `ended` name the entry that withdraws another one, answers it or ends it as
    a follow-up, by that one's id; `last` is the last decision on each client and product that was not
    withdrawn, `newest` the last entry of any kind. `unreadable` counts rows that hold no decision,
    `sequence` is the place of the last row read.
    """

    entries: tuple[Entry, ...] = ()
    unreadable: int = 0
    sequence: int = 0
    withdrawn: Mapping[str, Entry] = field(init=False)
    answered: Mapping[str, Entry] = field(init=False)
    ended: Mapping[str, Entry] = field(init=False)
    last: Mapping[Pair, Entry] = field(init=False)
    newest: Mapping[Pair, Entry] = field(init=False)

    def __post_init__(self) -> None:
        withdrawn = {str(e.decision.about): e for e in self.entries if e.decision.kind == "withdraw"}
        standing = [e for e in self.entries if e.id not in withdrawn and e.decision.kind != "withdraw"]
        answered = {str(e.decision.about): e for e in standing if e.decision.kind == "answer"}
        ended = {str(e.decision.about): e for e in standing if e.decision.kind == "done"}
        last = {(e.decision.client, e.decision.product): e for e in standing if e.decision.kind in ACTIONS}
        newest = {(e.decision.client, e.decision.product): e for e in self.entries}
        found = {"withdrawn": withdrawn, "answered": answered, "ended": ended, "last": last, "newest": newest}
        for name, value in found.items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return f"DecisionLog({len(self.entries):,} entries, {len(self.last):,} decisions stand)"

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Self:
        """Read rows, oldest first."""
        return cls().with_rows(rows)

    def with_rows(self, rows: Iterable[Row]) -> Self:
        """Return the log with the rows that were written since."""
        entries, unreadable, sequence = list(self.entries), self.unreadable, self.sequence
        for row in rows:
            sequence = row.sequence
            try:
                entries.append(Entry.of(row))
            except ValueError:  # a row that was tampered with; the check of the chain names it
                unreadable += 1
        return type(self)(tuple(entries), unreadable, sequence)

    def stands(self, entry: Entry) -> bool:
        """Return whether an entry counts: it was not withdrawn and is no withdrawal itself."""
        return entry.id not in self.withdrawn and entry.decision.kind != "withdraw"

    def answer(self, entry: Entry) -> Decision | None:
        """Return the last thing that the client said to an accepted product."""
        found = self.answered.get(entry.id)
        return None if found is None else found.decision

    def current(self, client: str, product: str) -> Entry | None:
        """Return the decision that stands on a client and a product."""
        return self.last.get((client, product))

    def open(self, entry: Entry) -> bool:
        """Return whether something is to follow: put off, a follow-up, or accepted without a clear answer."""
        decision = entry.decision
        if decision.kind == "follow":
            return self.stands(entry) and entry.id not in self.ended
        if self.current(decision.client, decision.product) is not entry:
            return False
        if decision.kind == "accept":
            answer = self.answer(entry)
            return answer is None or answer.reason == "undecided"
        return decision.kind == "later"

    def kept(self, client: str) -> list[Entry]:
        """Return the notes and follow-ups of a client that stand, newest first."""
        return [
            entry
            for entry in reversed(self.entries)
            if entry.decision.client == client and entry.decision.kind in KEPT and self.stands(entry)
        ]

    def waiting(self) -> list[Entry]:
        """Return what was accepted and waits for the client's answer, the oldest first."""
        found = [
            entry for entry in self.last.values() if entry.decision.kind == "accept" and self.open(entry)
        ]
        return sorted(found, key=lambda entry: entry.sequence)

    def follow_ups(self) -> list[Entry]:
        """Return the follow-ups that are not done, the earliest day first."""
        found = [entry for entry in self.entries if entry.decision.kind == "follow" and self.open(entry)]
        return sorted(found, key=_day)

    def put_off(self) -> list[Entry]:
        """Return what is put off, the earliest day first."""
        later = [entry for entry in self.last.values() if entry.decision.kind == "later"]
        return sorted(later, key=_day)

    def due(self, today: date) -> list[Entry]:
        """Return what was put off until today or an earlier day, the earliest first."""
        return [entry for entry in self.put_off() if (entry.decision.due or date.max) <= today]

    def hidden(self, client: str, today: date) -> dict[str, date]:
        """Return the products that were rejected for a client and are hidden today, each with its day."""
        return {
            product: entry.decision.hidden_until
            for (whose, product), entry in self.last.items()
            if whose == client
            and entry.decision.kind == "reject"
            and entry.decision.hidden_until is not None
            and today < entry.decision.hidden_until
        }


def check(decision: Decision, rows: Sequence[Row], seen: int | None = None) -> None:
    """Raise `DecisionError` where a decision cannot follow the rows of its client and product.

    `seen` is the place in the log of the last of them that stood on the screen when it was decided, 0 for
    none, None where nothing was shown: what came later is to be seen first. A withdrawal needs an entry that
    stands and is none itself, an answer an accepted product that stands.
    """
    log = DecisionLog.of(rows)
    if seen is not None and log.entries and log.entries[-1].sequence != seen:
        raise DecisionError(_meanwhile(log.entries[-1]))
    if decision.about is None:
        return
    entry = next((entry for entry in log.entries if entry.id == decision.about), None)
    if entry is None:
        raise DecisionError("The entry that this is about is not in the log.")
    if entry.decision.kind == "withdraw":
        raise DecisionError("A withdrawal cannot be withdrawn or answered: decide anew instead.")
    if not log.stands(entry):
        raise DecisionError("This entry was withdrawn already.")
    if decision.kind == "answer" and entry.decision.kind != "accept":
        raise DecisionError("Only an accepted product has a client's answer.")
    if decision.kind == "done" and entry.decision.kind != "follow":
        raise DecisionError("Only a follow-up can be done.")
    if decision.kind == "done" and entry.id in log.ended:
        raise DecisionError("This follow-up is ended already.")


def _day(entry: Entry) -> tuple[date, int]:
    """Return the order of what has a day."""
    return entry.decision.due or date.max, entry.sequence


def _meanwhile(entry: Entry) -> str:
    """Return what another one did while a form was open."""
    did: Mapping[Kind, str] = {
        "accept": "accepted it",
        "reject": "rejected it",
        "later": "put it off",
        "answer": "recorded the client's answer",
        "withdraw": "withdrew a decision on it",
        "note": "wrote a note on it",
        "follow": "asked for a follow-up on it",
        "done": "ended a follow-up on it",
    }
    who = f"{entry.user} " if entry.user else "Somebody "
    return (
        f"{who}{did[entry.decision.kind]} while this was open (no. {entry.sequence:,}), so yours is not "
        "recorded. Look at it, then decide."
    )

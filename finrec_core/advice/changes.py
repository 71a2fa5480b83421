"""Changes: how a client's list differs from the last one shown, and what did it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from finrec_core.advice.snapshot import LENGTH, Line, Snapshot, Trained
from finrec_core.terms import wording

Cause = Literal["data", "model", "rules", "profile"]


@dataclass(frozen=True, repr=False)
class Change:
    """What is new in a client's first lines: what came in, dropped out or leads, and verdicts that flipped.

    `flipped` holds the lines of now whose verdict was another one. `first` is the product that leads now,
    None where the same one leads. `gone`: the data of the model does not hold the client any more. `causes`
    are in the order data, model, rules, a profile that grew old.
    """

    before: Snapshot
    causes: tuple[Cause, ...]
    came: tuple[Line, ...] = ()
    left: tuple[Line, ...] = ()
    flipped: tuple[Line, ...] = ()
    first: Line | None = None
    gone: bool = False

    def __post_init__(self) -> None:
        if not self.causes or not set(self.causes) <= set(get_args(Cause)):
            raise ValueError("a change has a cause among data, model, rules and profile.")

    def __repr__(self) -> str:
        return (
            f"Change({self.before.client}: {len(self.came)} in, {len(self.left)} out, "
            f"{len(self.flipped)} verdicts, by {', '.join(self.causes)})"
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """What changed, a plain sentence each: in, out, first, verdicts."""
        if self.gone:
            return ("The client is not in the data any more.",)
        said = [_named("Came in", self.came), _named("Dropped out", self.left)]
        if self.first is not None:
            said.append(f"Now first: {self.first.title}.")
        was = {line.product: line.verdict for line in self.before.lines}
        said += [
            f"{line.name}: {line.verdict or 'not checked'} now, {was[line.product] or 'not checked'} then."
            for line in self.flipped
        ]
        return tuple(filter(None, said))


def changed(
    before: Snapshot, now: Sequence[Line], trained: Trained, rules_version: int | None
) -> Change | None:
    """Return how a client's first lines differ from those that a snapshot shows, None where they do not.

    `now` are the first lines in the model of `trained` with their verdicts under the rules of
    `rules_version`, at least as many as were shown then. Under the same rules and data a verdict flips
    because a profile grew old.
    """
    then = {line.product: line for line in before.lines[:LENGTH]}
    lines = {line.product: line for line in now[:LENGTH]}
    came = tuple(line for product, line in lines.items() if product not in then)
    left = tuple(line for product, line in then.items() if product not in lines)
    flipped = tuple(
        line for product, line in lines.items() if product in then and then[product].verdict != line.verdict
    )
    leads = now[0] if now and before.lines and now[0].product != before.lines[0].product else None
    if not (came or left or flipped or leads):
        return None
    causes = _trained(before, trained) if came or left or leads else ()
    if flipped:
        fresh = before.content_hash != trained.content_hash
        same = before.rules_version == rules_version
        cause: Cause = "rules" if not same else "data" if fresh else "profile"
        causes = tuple(dict.fromkeys((*causes, cause)))
    order = {cause: place for place, cause in enumerate(get_args(Cause))}
    return Change(
        before=before,
        causes=tuple(sorted(causes or ("data",), key=order.__getitem__)),
        came=came,
        left=left,
        flipped=flipped,
        first=leads,
    )


def gone(before: Snapshot) -> Change:
    """Return the change of a client that the data does not hold any more."""
    return Change(before=before, causes=("data",), gone=True)


def _trained(before: Snapshot, trained: Trained) -> tuple[Cause, ...]:
    """Return what about the model's training differs: what it learned from, and else the model itself."""
    data: tuple[Cause, ...] = ("data",) if before.content_hash != trained.content_hash else ()
    return (*data, *(("model",) if before.run != trained.run else ()))


def _named(what: str, lines: Sequence[Line]) -> str:
    return f"{what}: {wording.joined([line.title for line in lines])}." if lines else ""

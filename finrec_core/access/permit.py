"""The permit: that a person may do something, checked against the table; nothing else makes one."""

from dataclasses import dataclass

from finrec_core.access.error import AccessError
from finrec_core.access.person import Person
from finrec_core.access.table import ACTIONS, PAGES, Action, who

_SEAL = object()


@dataclass(frozen=True)
class Permit:
    """A person and what it may do, as `permit` found it; `AccessError` where anybody else makes one."""

    person: Person
    action: Action | None
    seal: object

    def __post_init__(self) -> None:
        if self.seal is not _SEAL:
            raise AccessError("A permit is made by the check alone.")


def may(person: Person, action: Action | None) -> bool:
    """Return whether a person may do something; None is what everybody with a role may do."""
    return bool(person.roles) if action is None else bool(person.roles & set(ACTIONS[action].roles))


def permit(person: Person, action: Action | None) -> Permit:
    """Return the permit of a person for an action; raises `AccessError`, one sentence, where it has none."""
    if not may(person, action):
        if action is None or not person.roles:
            raise AccessError(f"{person.name} has no role on this desk: ask whoever gives out the roles.")
        raise AccessError(f"{person.name} may not {ACTIONS[action].words}: that is for {who(action)}.")
    return Permit(person, action, _SEAL)


def may_open(person: Person, page: str) -> bool:
    """Return whether a page, by its place in the address, opens for a person; one that is not known never."""
    return page in PAGES and may(person, PAGES[page])

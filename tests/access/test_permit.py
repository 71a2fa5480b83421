"""Who may do what: the table, the permit that nothing else makes, and the guard before the store."""

import inspect
from dataclasses import replace
from typing import get_args

import pytest

from finrec_core.access import ACTIONS, PAGES, AccessError, Action, Guard, Permit, Person, may_open, permit
from finrec_core.access.table import CLOSED, ROLES, STORE, Role
from finrec_core.store import Store

ANA = Person("24", "Ana Lind", "https://id.bank.example", frozenset({"adviser"}), frozenset({"Harbour"}))
CHANGES = {"decide", "import", "train", "write lists", "keep models", "publish", "set rules", "erase"}


def who(*roles: Role) -> Person:
    return replace(ANA, roles=frozenset(roles))


def test_every_action_is_in_the_table() -> None:
    assert set(ACTIONS) == set(get_args(Action))
    assert {action for action in STORE.values() if action} <= set(ACTIONS)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", get_args(Action))
def test_a_permit_follows_the_table(role: Role, action: Action) -> None:
    person = who(role)
    if role in ACTIONS[action].roles:
        assert permit(person, action).person == person
    else:
        with pytest.raises(AccessError, match="Ana Lind may not"):
            permit(person, action)


def test_the_auditor_changes_nothing() -> None:
    assert {action for action, allowed in ACTIONS.items() if "auditor" in allowed.roles} & CHANGES == set()


def test_without_a_role_nothing_opens() -> None:
    assert not any(may_open(who(), page) for page in PAGES)
    assert not may_open(who("analyst"), "no-such-page")
    with pytest.raises(AccessError, match="has no role"):
        permit(who(), None)


def test_nobody_else_makes_a_permit() -> None:
    with pytest.raises(AccessError, match="by the check alone"):
        Permit(who("analyst"), "erase", object())


def commands() -> dict[str, object]:
    """Return the public commands of the store."""
    found = {name: value for name, value in inspect.getmembers(Store) if not name.startswith("_")}
    return {name: value for name, value in found.items() if callable(value)}


def test_every_command_of_the_store_is_in_the_table() -> None:
    assert set(commands()) - CLOSED - set(STORE) == set(), "access/table.py: who may call it?"
    assert set(STORE) - set(commands()) == {"anchors_file", "file", "runs_folder"}


def test_every_command_that_writes_is_an_action_and_no_auditor_may_call_it() -> None:
    writing = {name for name, value in commands().items() if ".writing()" in inspect.getsource(value)}  # type: ignore[arg-type]
    assert {"add_decision", "publish", "erase_client", "add_rules"} <= writing
    for name in writing - CLOSED - {"log_shown"}:  # the desk itself logs what anybody looked at
        action = STORE[name]
        assert action is not None, name
        assert "auditor" not in ACTIONS[action].roles, name


class Rows:
    """A store that notes what reaches it."""

    def __init__(self) -> None:
        self.called: list[tuple[str, dict[str, object]]] = []

    def publish(self, run: str, *, reason: str = "", user: str = "") -> str:
        self.called.append(("publish", {"run": run, "user": user}))
        return run

    def add_decision(self, *, kind: str, client: str, user: str = "") -> None:
        self.called.append(("add_decision", {"client": client, "user": user}))

    def search_clients(self, text: str, *, within: object = None) -> object:
        return within

    def rebuild(self) -> None:
        self.called.append(("rebuild", {}))

    def close(self) -> None:
        self.called.append(("close", {}))


def guarded(person: Person, sees: str = "mine") -> tuple[Rows, Guard]:
    rows = Rows()
    return rows, Guard(rows, lambda: person, lambda client: client == sees)


def test_a_guard_checks_when_it_is_called_and_signs_with_the_person() -> None:
    rows, guard = guarded(who("publish"))
    assert guard.publish("r1", reason="better", user="somebody else") == "r1"
    assert rows.called == [("publish", {"run": "r1", "user": ANA.user})]
    rows, guard = guarded(who("adviser"))
    with pytest.raises(AccessError, match="may not put a model into use"):
        guard.publish("r1")
    assert rows.called == []


def test_a_guard_that_was_handed_on_asks_again_who_it_is() -> None:
    rows, now = Rows(), [who("publish")]
    publish = Guard(rows, lambda: now[0], lambda _: True).publish
    now[0] = who("adviser")
    with pytest.raises(AccessError):
        publish("r1")
    assert rows.called == []


@pytest.mark.parametrize("name", ["rebuild", "close", "_connection"])
def test_what_is_not_in_the_table_is_nobodys(name: str) -> None:
    rows, guard = guarded(Person.local("Ana"))
    with pytest.raises(AccessError, match="No page may call"):
        getattr(guard, name + "_" if name == "_connection" else name)()
    assert rows.called == []


def test_a_client_of_another_branch_is_as_one_that_there_is_not() -> None:
    rows, guard = guarded(who("adviser"))
    guard.add_decision(kind="accept", client="mine")
    with pytest.raises(AccessError, match="finds none"):
        guard.add_decision(kind="accept", client="theirs")
    assert [values["client"] for _, values in rows.called] == ["mine"]
    assert guard.search_clients("a")("mine")
    assert not guard.search_clients("a")("theirs")

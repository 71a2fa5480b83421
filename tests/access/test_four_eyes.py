"""Four eyes: who trained a model or wrote rules does not put them into use alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from finrec_core.access import AccessError, Guard, Person
from finrec_core.access.table import Role
from finrec_core.settings import settings
from finrec_core.store import Store
from tests.store.conftest import make_run


def person(name: str, *roles: Role) -> Person:
    return Person(name, name, "https://id.bank.example", frozenset(roles))


ANA, BEN = person("ana", "analyst", "publish", "rules"), person("ben", "publish", "rules")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("FINREC_FOUR_EYES", "true")
    settings.cache_clear()
    with Store(tmp_path / "s.duckdb") as opened:
        yield opened
    settings.cache_clear()


def guarded(store: Store, who: Person) -> Guard:
    return Guard(store, lambda: who, lambda _: True)


def test_rules_are_proposed_by_one_and_put_in_force_by_another(store: Store) -> None:
    content, other = {"otherwise": "plain"}, {"otherwise": "strict"}
    with pytest.raises(AccessError, match="not proposed"):
        guarded(store, ANA).add_rules(content, reason="new")
    guarded(store, ANA).propose_rules(content, reason="new", user="somebody else")
    waiting = store.rules_proposal()
    assert waiting is not None
    assert waiting.user == ANA.user
    with pytest.raises(AccessError, match="You wrote these rules"):
        guarded(store, ANA).add_rules(content, reason="new")
    with pytest.raises(AccessError, match="not proposed"):
        guarded(store, BEN).add_rules(other, reason="new")
    assert store.rules() is None
    made = guarded(store, BEN).add_rules(content, reason="new")
    assert (made.version, made.user) == (1, BEN.user)
    guarded(store, BEN).drop_proposal(waiting.id)
    assert store.rules_proposal() is None


def test_a_model_is_put_into_use_by_another_and_the_first_one_not_by_itself(store: Store) -> None:
    (store.runs_folder / "r1").mkdir(parents=True)
    (store.runs_folder / "r1" / "run.json").write_text("{}", "utf-8")
    store.add_run(replace(make_run("r1"), user=ANA.user), activate=False)
    assert store.active_run() is None
    with pytest.raises(AccessError, match="You trained this model"):
        guarded(store, ANA).publish("r1", reason="better")
    assert store.active_run() is None
    assert guarded(store, BEN).publish("r1", reason="better").run == "r1"


def test_without_the_setting_one_is_enough(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINREC_FOUR_EYES", "false")
    settings.cache_clear()
    assert guarded(store, ANA).add_rules({"otherwise": "plain"}, reason="new").version == 1

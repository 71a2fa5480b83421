from collections import Counter
from datetime import date

import numpy as np
import pytest

from finrec_core.demo.catalogue import TASTES
from finrec_core.demo.people import ADVISERS, AS_OF, BRANCHES, people
from tests.demo.banks import bank


def test_clients_have_names_of_their_own():
    names = bank().dataset.clients["name"].to_pylist()
    assert len(set(names)) == 400
    assert all(len(name.split()) >= 2 for name in names)


def test_profiles_are_mostly_there_at_times_missing_and_at_times_old():
    clients = bank().dataset.clients
    for column in ("risk_tolerance", "horizon_years", "knowledge", "loss_capacity", "profile_date"):
        assert 1 <= clients[column].null_count <= 45, column
    dates = [day for day in clients["profile_date"].to_pylist() if day]
    assert max(dates) < AS_OF
    assert 20 <= sum(day < date(2024, 1, 1) for day in dates) <= 120
    assert {*clients["risk_tolerance"].to_pylist()} == {None, 1, 2, 3, 4, 5, 6, 7}
    assert len(set(clients["segment"].to_pylist())) == 5
    assert len(set(clients["branch"].to_pylist())) == 8


def test_bold_tastes_go_with_a_bold_profile():
    who = bank().truth.people
    growth, safety = who.tastes[:, TASTES.index("growth")], who.tastes[:, TASTES.index("safety")]
    assert who.risk[growth > 0.4].mean() > who.risk[safety > 0.4].mean() + 1.5


def test_ties_are_households_colleagues_and_friends_each_once():
    dataset, who = bank().dataset, bank().truth.people
    kinds = Counter(dataset.ties["kind"].to_pylist())
    assert set(kinds) == {"household", "colleague", "friend"}
    assert min(kinds.values()) >= 40
    pairs = dataset.tie_rows
    assert (pairs[:, 0] < pairs[:, 1]).all()
    assert len(np.unique(pairs, axis=0)) == len(pairs)
    same = who.household[pairs[:, 0]] == who.household[pairs[:, 1]]
    assert same.tolist() == [kind == "household" for kind in dataset.ties["kind"].to_pylist()]


def test_a_household_shares_its_tastes_and_often_its_name():
    who, dataset = bank().truth.people, bank().dataset
    unit = who.tastes / np.linalg.norm(who.tastes, axis=1, keepdims=True)
    home = np.array([kind == "household" for kind in dataset.ties["kind"].to_pylist()])
    left, right = dataset.tie_rows[home].T
    likeness = np.einsum("pt,pt->p", unit[left], unit[right]).mean()
    assert likeness > (unit @ unit.T).mean() + 0.3
    last = [name.split()[-1] for name in dataset.clients["name"].to_pylist()]
    assert np.mean([last[u] == last[v] for u, v in zip(left, right, strict=True)]) > 0.5


def test_a_crowd_is_made_the_same_twice():
    first, second = people(500, seed=3), people(500, seed=3)
    assert first.clients.equals(second.clients)
    assert first.ties.equals(second.ties)
    assert not people(500, seed=4).clients.equals(first.clients)
    assert repr(first).startswith("People(500 clients, ")


@pytest.mark.parametrize("clients", [1, 2, 5])
def test_even_a_handful_is_a_bank(clients):
    assert len(people(clients, seed=0).clients) == clients


def test_nobody_is_no_bank():
    with pytest.raises(ValueError, match="at least one client, not 0"):
        people(0, seed=7)


def test_an_adviser_works_in_the_clients_branch_and_is_the_one_whom_its_reviews_speak_of():
    made = bank()
    clients = made.dataset.clients
    for branch, adviser in zip(clients["branch"].to_pylist(), clients["adviser"].to_pylist(), strict=True):
        assert adviser in ADVISERS[BRANCHES.index(branch)]
    names = {name for branch in ADVISERS for name in branch}
    rows, spoken = made.dataset.client_rows, 0
    events = made.dataset.interactions
    for client, review in zip(events["client_id"].to_pylist(), events["review"].to_pylist(), strict=True):
        found = {name for name in names if name in (review or "")}
        spoken += bool(found)
        assert found <= {clients["adviser"][rows[client]].as_py()}
    assert spoken > 20

"""Whose clients are seen: by branch where the data gives one, alike for odd spellings, one key for caches."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from finrec_core.access import EVERYBODY, Person, Scope, scope_of
from finrec_core.access.table import Role
from finrec_core.dataset import Dataset
from finrec_core.demo.bank import demo_bank

ODD = "Zu\u0308rich, “Hill” <b>&'; --"  # as one part of it may be written in two ways


@pytest.fixture(scope="module")
def bank() -> Dataset:
    """Return a bank in which every third client is of an odd branch, the fourth of none."""
    made = demo_bank(12, 10, 1).dataset
    rows = made.clients.to_pylist()
    for number, row in enumerate(rows):
        row["branch"] = ODD if number % 3 == 0 else "Harbour"
    rows[4]["branch"] = None
    return replace(made, clients=pa.Table.from_pylist(rows, schema=made.clients.schema))


def person(*roles: Role, branches: frozenset[str] | None) -> Person:
    return Person("24", "Ana", "https://id.bank.example", frozenset(roles), branches)


def test_a_branch_is_the_same_however_it_is_written(bank: Dataset) -> None:
    seen = Scope(frozenset({"Z\u00fcrich, “Hill” <b>&'; --"}))
    rows = seen.rows(bank)
    assert rows is not None
    assert np.flatnonzero(rows).tolist() == [0, 3, 6, 9]
    keys = bank.clients["client_id"].to_pylist()
    assert seen.of(bank, [*keys, "nobody"]) == [keys[0], keys[3], keys[6], keys[9]]


def test_a_client_without_a_branch_is_of_nobodys(bank: Dataset) -> None:
    both = Scope(frozenset({"Z\u00fcrich, “Hill” <b>&'; --", "Harbour"}))
    keys = bank.clients["client_id"].to_pylist()
    assert both.of(bank, keys) == [key for number, key in enumerate(keys) if number != 4]
    assert EVERYBODY.sees(bank, keys[4])


def test_without_a_branch_nobody_is_seen_and_data_without_branches_sets_no_bounds(bank: Dataset) -> None:
    none = Scope(frozenset())
    assert none.of(bank, bank.clients["client_id"].to_pylist()) == []
    bare = bank.clients.set_column(
        bank.clients.column_names.index("branch"), "branch", pa.nulls(len(bank.clients), pa.string())
    )
    plain = replace(bank, clients=bare)
    assert none.rows(plain) is None
    assert none.sees(plain, bank.clients["client_id"][4].as_py())


@pytest.mark.parametrize(
    ("roles", "branches", "found"),
    [
        (("adviser",), frozenset({"Hill"}), Scope(frozenset({"Hill"}))),
        (("adviser",), frozenset(), Scope(frozenset())),
        (("adviser",), None, EVERYBODY),
        (("adviser", "erase", "publish", "rules"), frozenset({"Hill"}), Scope(frozenset({"Hill"}))),
        (("adviser", "analyst"), frozenset({"Hill"}), EVERYBODY),
        (("auditor",), frozenset(), EVERYBODY),
    ],
)
def test_an_adviser_is_bound_and_analyst_and_auditor_are_not(
    roles: tuple[Role, ...], branches: frozenset[str] | None, found: Scope
) -> None:
    assert scope_of(person(*roles, branches=branches)) == found


def test_scopes_of_the_same_branches_are_one_key() -> None:
    assert len({Scope(frozenset({"a", "b"})), Scope(frozenset({"b", "a"})), Scope(frozenset({"a"}))}) == 2

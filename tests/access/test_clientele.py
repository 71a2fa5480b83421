"""The clientele: whose clients are whose, by names that people and data write differently."""

import pandas as pd
import pytest

from finrec_core.access import Clientele, Person
from finrec_core.access.person import Provider
from finrec_core.dataset import Dataset
from finrec_core.intake.frames import from_frames

ADVISERS = ["Ana Lima", " ana lima ", "Bo Strand", None, "", "Ana Lima Prado"]


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    clients = pd.DataFrame({"client_id": [f"c{n}" for n in range(6)], "adviser": ADVISERS})
    pairs = pd.DataFrame({"client_id": [f"c{n}" for n in range(6)], "product_id": ["p1", "p2"] * 3})
    return from_frames(pairs, clients=clients)


def mine(dataset: Dataset, *names: str) -> list[str]:
    own = Clientele.of(Person("s", "n", "i", frozenset(), adviser=frozenset(names)))
    return [client for client in dataset.client_rows if own.owns(dataset, client)]


def test_names_are_compared_as_people_read_them(dataset: Dataset) -> None:
    assert mine(dataset, "ANA LIMA") == ["c0", "c1"]
    assert mine(dataset, "Bo Strand", "Ana Lima Prado") == ["c2", "c5"]


@pytest.mark.parametrize("names", [(), ("",), (" ",), ("Nobody",)])
def test_a_client_without_an_adviser_is_nobodys(dataset: Dataset, names: tuple[str, ...]) -> None:
    assert mine(dataset, *names) == []
    assert not Clientele(frozenset({"ana lima"})).owns(dataset, "unknown")


def test_data_without_the_column_makes_nobody_anybodys() -> None:
    pairs = pd.DataFrame({"client_id": ["c1", "c2"], "product_id": ["p1", "p1"]})
    assert Clientele(frozenset({"c1", ""})).rows(from_frames(pairs)) is None


def test_the_name_of_a_local_desk_is_the_advisers() -> None:
    assert Clientele.of(Person.local("Ana Lima")).names == {"ana lima"}


def test_a_sign_in_names_the_adviser_by_the_claim_that_is_set() -> None:
    claims = {
        "iss": "i",
        "aud": "d",
        "sub": "7",
        "iat": 0,
        "exp": 100,
        "name": "Ana",
        "rm": ["R-12", 5, "\u200b"],
    }
    named = Person.from_claims(claims, Provider("i", "d", adviser="rm"), now=10)
    assert named.adviser == {"R-12"}
    assert Person.from_claims(claims, Provider("i", "d"), now=10).adviser == {"Ana"}
    assert Person.from_claims(claims, Provider("i", "d", adviser=""), now=10).adviser == frozenset()

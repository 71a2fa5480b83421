"""The campaign: which clients are wanted."""

from datetime import timedelta

import numpy as np
import pytest

from finrec_core.advice.campaign import Wanted, asked_since, categories, choices, wanted_rows
from finrec_core.advice.decision import withdraw
from finrec_core.advice.decision_log import DecisionLog
from finrec_core.dataset import Dataset
from tests.advice.made import NOW, decided, row
from tests.store.conftest import table


@pytest.fixture(scope="module")
def bank() -> Dataset:
    people = [
        ("a", "Private", "North", "Lind"),
        ("b", "Private", "South", None),
        ("c", "Family", "North", "Holm"),
    ]
    rows = [("a", "card"), ("b", "card"), ("b", "fund"), ("c", "fund")]
    return Dataset(
        clients=table(
            "clients",
            [{"client_id": k, "segment": s, "branch": b, "adviser": v} for k, s, b, v in people],
        ),
        products=table(
            "products", [{"product_id": k, "category": c} for k, c in (("card", "Cards"), ("fund", "Funds"))]
        ),
        interactions=table("interactions", [{"client_id": c, "product_id": p} for c, p in rows]),
        ties=table("ties", []),
    )


def found(bank: Dataset, asked: tuple[str, ...] = (), **wanted) -> str:
    kept = wanted_rows(bank, Wanted(**wanted), verdicts=None, asked=asked)
    return "".join(np.array(list(bank.client_rows))[kept])


@pytest.mark.parametrize(
    ("wanted", "who"),
    [
        ({}, "abc"),
        ({"segment": ("Private",)}, "ab"),
        ({"branch": ("North",)}, "ac"),
        ({"adviser": ("Lind", "Holm")}, "ac"),
        ({"has": ("Cards",)}, "ab"),
        ({"has": ("Cards", "Funds")}, "b"),
        ({"lacks": ("Cards",)}, "c"),
        ({"has": ("Funds",), "segment": ("Private",)}, "b"),
        ({"segment": ("Nobody",)}, ""),
    ],
)
def test_clients_are_wanted_by_what_is_known_of_them(bank: Dataset, wanted: dict, who: str) -> None:
    assert found(bank, **wanted) == who


def test_verdicts_count_where_they_can_be_told(bank: Dataset) -> None:
    verdicts = np.array(["fits", "check", "does not fit"])
    kept = wanted_rows(bank, Wanted(verdicts=("fits", "check")), verdicts=verdicts)
    assert kept.tolist() == [True, True, False]
    assert wanted_rows(bank, Wanted(verdicts=("fits",)), verdicts=None).all()


def test_who_was_asked_lately_is_left_out(bank: Dataset) -> None:
    accepted = decided("accept", client="a")
    taken_back = decided("reject", client="b")
    log = DecisionLog.of(
        [row(1, accepted), row(2, taken_back), row(3, withdraw(taken_back, "row-2", "mistake"))]
    )
    assert asked_since(log, NOW - timedelta(days=1)) == {"a"}
    assert asked_since(log, NOW + timedelta(days=1)) == set()
    assert asked_since(log, None) == set()
    assert found(bank, asked=("a", "unknown")) == "bc"


def test_what_can_be_chosen_is_what_the_data_has(bank: Dataset) -> None:
    assert choices(bank, "segment") == ["Family", "Private"]
    assert categories(bank) == ["Cards", "Funds"]
    one = Dataset(
        clients=table("clients", [{"client_id": "a", "segment": "Private"}]),
        products=bank.products,
        interactions=table("interactions", [{"client_id": "a", "product_id": "card"}]),
        ties=table("ties", []),
    )
    assert choices(one, "segment") == choices(one, "adviser") == []

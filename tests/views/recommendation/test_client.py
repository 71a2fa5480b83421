import pyarrow as pa
import pytest

from finrec_core.dataset import SCHEMAS, Dataset
from finrec_core.views.recommendation.client import client_line, example_clients


def table(name: str, rows: list[dict]) -> pa.Table:
    empty = dict.fromkeys(SCHEMAS[name].names)
    return pa.Table.from_pylist([empty | row for row in rows], schema=SCHEMAS[name])


@pytest.fixture
def bank() -> Dataset:
    days = {"Old": 1, "New": 9}
    pairs = [("a", "Old", 5), ("a", "New", 4), ("a", "Bad", 1), ("b", "Old", 5)]
    return Dataset(
        clients=table(
            "clients",
            [
                {
                    "client_id": "a",
                    "name": "ann",
                    "risk_tolerance": 4,
                    "horizon_years": 12.0,
                    "knowledge": "basic",
                },
                {"client_id": "b", "horizon_years": 2.5},
                {"client_id": "c"},
            ],
        ),
        products=table(
            "products", [{"product_id": key, "name": f"{key} fund"} for key in ("Old", "New", "Bad")]
        ),
        interactions=table(
            "interactions",
            [
                {
                    "client_id": client,
                    "product_id": product,
                    "rating": stars,
                    "timestamp": days.get(product, 3) * 86_400_000_000,
                }
                for client, product, stars in pairs
            ],
        ),
        ties=table(
            "ties",
            [
                {"client_id": "a", "other_client_id": "b", "kind": "household"},
                {"client_id": "c", "other_client_id": "a", "kind": "colleague"},
            ],
        ),
        rating_limit=3.0,
    )


def test_a_client_stands_on_one_line(bank: Dataset) -> None:
    line = client_line(bank, "a")
    assert line.name == "Ann"
    assert line.profile == (("Risk tolerance", "4 of 7"), ("Horizon", "12 years"))
    assert line.more == (("Knowledge", "Basic"),)
    assert line.has == ("New fund", "Old fund")
    assert line.low == ("Bad fund",)
    assert sorted(line.close_to) == ["1 colleague", "1 household member"]
    assert line.evidence == "2 products, 2 connections"
    assert not line.cold


def test_a_client_of_whom_little_is_known(bank: Dataset) -> None:
    assert client_line(bank, "b").name == "Client b"
    assert client_line(bank, "b").profile == (("Horizon", "2.5 years"),)
    assert client_line(bank, "c").evidence == "no products, 1 connection"
    alone = client_line(bank.take(bank.positive & False), "c")
    assert not alone.cold  # it has a tie


def test_the_clients_to_begin_with_are_those_with_most_to_see(bank: Dataset) -> None:
    assert example_clients(bank, 2) == ["a", "b"]
    assert len(example_clients(bank, 99)) == 3

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from finrec_core.advice import Rules, Suitability
from finrec_core.dataset import SCHEMAS, Dataset
from finrec_core.explain.points import PointScale
from finrec_core.recommender import Ranking
from finrec_core.views.recommendation import product_list


@pytest.fixture
def bank() -> Dataset:
    products = [
        {"product_id": "p0", "name": "A", "category": "Funds", "risk_class": 3, "min_horizon_years": 5.0},
        {"product_id": "p1", "name": "B", "category": "cards", "ongoing_cost_pct": 0.4},
        {"product_id": "p2", "category": "Funds", "min_horizon_years": 1.0, "available": False},
        {"product_id": "p3", "name": "D"},
    ]
    tables = {
        "clients": [{"client_id": "c", "risk_tolerance": 4}, {"client_id": "d"}],
        "products": products,
        "interactions": [{"client_id": "c", "product_id": "p3"}],
        "ties": [],
    }
    made = {
        name: pa.Table.from_pylist(
            [dict.fromkeys(SCHEMAS[name].names) | row for row in rows], schema=SCHEMAS[name]
        )
        for name, rows in tables.items()
    }
    return Dataset(**made)


def ranking(scores: list[float], order: list[int]) -> Ranking:
    ranks = np.zeros(len(scores), dtype=np.int64)
    ranks[order] = np.arange(1, len(order) + 1)
    values = np.array(scores)
    return Ranking("c", values, np.array(order), ranks, PointScale.of(values[order]))


def test_rows_stand_with_the_ranks_and_points_of_the_whole_list(bank: Dataset) -> None:
    best = ranking([1.0, 3.0, 0.5, 9.0], [1, 0, 2])
    frame = product_list.ranked(bank, best, np.array([1, 3, 0]), None)
    assert list(frame) == ["rank", "id", "product", "category", "points"]
    assert frame["rank"].to_list() == [1, pd.NA, 2]
    assert frame["product"].tolist() == ["B", "D", "A"]
    assert frame["category"].tolist() == ["cards", "–", "Funds"]
    assert frame["points"].tolist()[0] == 100
    assert product_list.categories(bank) == ["cards", "Funds"]


def test_verdicts_stand_beside_the_points(bank: Dataset) -> None:
    suits = Suitability.of(
        bank, "c", Rules({"cards": "everyday"}, checks=("risk class",)), date(2026, 11, 25)
    )
    frame = product_list.ranked(bank, ranking([1.0, 3.0, 0.5, 9.0], [1, 0]), np.array([0, 1, 2, 3]), suits)
    assert frame["verdict"].tolist() == [["Fits"], ["Fits"], ["Does not fit"], ["Check"]]


def test_equal_scores_have_ranks_and_no_points(bank: Dataset) -> None:
    assert "points" not in product_list.ranked(bank, ranking([1.0] * 4, [0, 1]), np.array([0, 1]), None)


def test_data_without_categories_has_no_such_column(bank: Dataset) -> None:
    position = bank.products.schema.get_field_index("category")
    bare = replace(bank, products=bank.products.set_column(position, "category", pa.nulls(4, pa.string())))
    frame = product_list.ranked(bare, ranking([1.0, 2.0, 3.0, 4.0], [1, 0]), np.array([1, 0]), None)
    assert list(frame) == ["rank", "id", "product", "points"]


@pytest.mark.parametrize("name", ["N" * 86, "長" * 300, "צ" * 300, "🏦" * 300])
def test_long_names_stay_whole(bank: Dataset, name: str) -> None:
    names = pa.array([name, *bank.products["name"].to_pylist()[1:]])
    position = bank.products.schema.get_field_index("name")
    named = replace(bank, products=bank.products.set_column(position, "name", names))
    frame = product_list.ranked(named, ranking([1.0, 2.0, 3.0, 4.0], [0]), np.array([0]), None)
    assert frame["product"][0].strip("\u2068\u2069") == name


def test_any_product_can_be_looked_up(bank: Dataset) -> None:
    found = product_list.choices(bank, ranking([1.0, 3.0, 0.5, 9.0], [1, 0]), 3)
    assert found == {"p1": "B, 1st", "p0": "A, 2nd", "p2": "p2, not on the list"}


def test_what_is_known_of_a_product_stands_on_one_line(bank: Dataset) -> None:
    said = "Funds. Risk class 3 of 7, tolerance 4. Recommended holding period 5 years"
    assert product_list.facts(bank, "p0", "c") == said
    assert "tolerance" not in product_list.facts(bank, "p0", "d")
    assert product_list.facts(bank, "p1", "c") == "cards. Costs 0.40 % a year"
    assert (
        product_list.facts(bank, "p2", "c")
        == "Funds. Recommended holding period 1 year. Not offered any more"
    )
    assert product_list.facts(bank, "p3", "c") == ""

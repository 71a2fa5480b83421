"""History: of several rows of one client or product the newest decides, whatever their order."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finrec_core.dataset.history import unite
from tests.dataset.tables import table

OLD, NEW = date(2019, 5, 1), date(2024, 5, 1)


def clients(*rows: dict) -> pa.Table:
    return table("clients", [{"client_id": "c1", **row} for row in rows])


def one(found) -> dict:
    (row,) = found.rows.to_pylist()
    return {name: value for name, value in row.items() if value is not None}


@pytest.mark.parametrize("turned", [False, True])
def test_the_newest_date_decides_suitability_as_a_whole_and_other_cells_are_filled(turned):
    rows = [
        {"profile_date": OLD, "risk_tolerance": 6, "horizon_years": 10, "name": "Ann", "segment": "retail"},
        {"profile_date": NEW, "risk_tolerance": 1, "segment": "private"},
    ]
    found = unite("clients", clients(*(rows[::-1] if turned else rows)))
    assert one(found) == {
        "client_id": "c1",
        "name": "Ann",
        "segment": "private",
        "risk_tolerance": 1,  # and no horizon: that of 2019 is of another profile
        "profile_date": NEW,
    }
    assert found.older.tolist() == [not turned, turned]
    assert found.kept.tolist() == [0 if turned else 1]
    assert not any(cells.any() for cells in found.open.values())
    assert repr(found) == "History(2 rows of 1 ids, 1 older)"


def test_rows_that_agree_fill_each_other_and_a_row_without_a_date_fills_what_a_dated_one_leaves_open():
    found = unite("clients", clients({"risk_tolerance": 3}, {"profile_date": OLD, "name": "Ann"}))
    assert one(found) == {"client_id": "c1", "name": "Ann", "risk_tolerance": 3, "profile_date": OLD}
    assert found.contradicts.tolist() == ["", ""]
    assert not found.older.any()


def test_of_rows_that_contradict_each_other_the_first_by_content_stays_with_its_facts_alone():
    rows = clients({"risk_tolerance": 6, "horizon_years": 9}, {"risk_tolerance": 1}, {"risk_tolerance": 1})
    for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2]):
        found = unite("clients", rows.take(order))
        assert one(found) == {"client_id": "c1", "risk_tolerance": 1}
        assert sorted(found.contradicts) == ["", "", "risk_tolerance"]
        assert {name for name, cells in found.open.items() if cells.any()} == {"risk_tolerance"}
    assert one(found.emptied()) == {"client_id": "c1"}
    assert one(unite("clients", rows, np.array([3, 2, 1]))) == {
        "client_id": "c1",
        "risk_tolerance": 6,
        "horizon_years": 9.0,
    }


def test_a_dated_row_stands_before_one_without_a_date_that_says_otherwise():
    found = unite("clients", clients({"risk_tolerance": 1}, {"risk_tolerance": 6, "profile_date": OLD}))
    assert one(found)["risk_tolerance"] == 6
    assert found.contradicts.tolist() == ["risk_tolerance", ""]


def test_products_go_by_valid_from_and_two_of_one_day_may_differ():
    rows = table(
        "products",
        [
            {"product_id": "b", "risk_class": 3, "valid_from": NEW, "available": False},
            {"product_id": "a", "risk_class": 2},
            {"product_id": "b", "risk_class": 5, "valid_from": OLD, "available": True, "name": "B"},
            {"product_id": "b", "risk_class": 4, "valid_from": NEW},
        ],
    )
    found = unite("products", rows)
    b = found.rows.to_pylist()[found.of[0]]
    assert (b["risk_class"], b["available"], b["name"]) == (3, False, "B")
    assert found.of.tolist().count(found.of[0]) == 3
    assert found.older.tolist() == [False, False, True, False]
    assert found.contradicts.tolist() == ["", "", "", "risk_class"]


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "client_id": st.sampled_from(["c1", "c2"]),
            "name": st.sampled_from([None, "Ann", "Bob"]),
            "risk_tolerance": st.sampled_from([None, 1, 6]),
            "horizon_years": st.sampled_from([None, 1.0, 9.0]),
            "profile_date": st.sampled_from([None, OLD, NEW]),
        }
    ),
    min_size=1,
    max_size=8,
)


@given(ROWS, st.randoms())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_rows_changes_nothing_and_no_older_profile_decides(rows, random):
    found = unite("clients", table("clients", rows))
    shuffled = unite("clients", table("clients", random.sample(rows, len(rows))))
    assert shuffled.rows.sort_by("client_id").equals(found.rows.sort_by("client_id"))
    for row in found.rows.to_pylist():
        mine = [other for other in rows if other["client_id"] == row["client_id"]]
        dates = [other["profile_date"] for other in mine if other["profile_date"]]
        assert row["profile_date"] == max(dates, default=None)
        fresh = [other for other in mine if other["profile_date"] in (None, max(dates, default=None))]
        for name in ("risk_tolerance", "horizon_years"):
            assert row[name] is None or row[name] in [other[name] for other in fresh]
    once = unite("clients", found.rows)
    assert once.rows.sort_by("client_id").equals(found.rows.sort_by("client_id"))

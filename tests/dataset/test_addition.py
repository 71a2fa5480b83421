"""Appending: what is added, what is changed, and that doing it twice changes nothing more."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finrec_core.dataset import TABLES, Dataset
from finrec_core.dataset.addition import Counts, append
from finrec_core.dataset.schema import TIME
from tests.dataset.specimen import datasets
from tests.dataset.tables import dataset
from tests.dataset.tables import table as rows_of


def test_new_rows_come_after_the_old_ones_and_the_settings_stay():
    base = dataset([("c1", "p1", 1)], name="bank", verb="bought", rating_limit=3.0)
    added = dataset([("c2", "p1"), ("c1", "p2")], ties=[("c1", "c2", "friend")], verb="has")
    made = append(base, added)
    assert (made.dataset.name, made.dataset.verb, made.dataset.rating_limit) == ("bank", "bought", 3.0)
    assert made.dataset.clients["client_id"].to_pylist() == ["c1", "c2"]
    assert made.dataset.products["product_id"].to_pylist() == ["p1", "p2"]
    assert [made.counts[table] for table in TABLES] == [
        Counts(2, 0, 0) if table == "interactions" else Counts(1, 0, 1 if table != "ties" else 0)
        for table in TABLES
    ]
    assert not len(made.repairs)


def test_an_interaction_of_a_pair_that_is_there_is_an_event_more():
    base = dataset([("c1", "p1", 1, 2.0, "a")])
    made = append(base, dataset([("c1", "p1", 2, 4.0, "b"), ("c1", "p1", 1, 2.0)]))
    assert made.counts["interactions"] == Counts(2, 0, 0)
    assert [r["review"] for r in made.dataset.interactions.to_pylist()] == ["a", "b", None]
    assert not len(made.repairs)


@pytest.mark.parametrize(
    ("day", "there", "added", "fresh"),
    [(5, 1, 1, 0), (5, 1, 3, 2), (5, 3, 1, 0), (None, 2, 3, 1), (None, 1, 0, 0), (5, 0, 2, 2)],
)
def test_events_without_a_time_of_day_are_counted_and_the_larger_count_stays(day, there, added, fresh):
    other = [("c2", "p1", 1)]
    base, more = (dataset(other + [("c1", "p1", day, 3.0, "same")] * count) for count in (there, added))
    made = append(base, more)
    assert made.counts["interactions"] == Counts(fresh, 0, added - fresh + 1)
    assert append(made.dataset, more).changes_nothing


def test_an_event_with_a_time_of_day_is_the_same_one_however_often_it_stands():
    noon = pa.array([datetime(2024, 1, 5, 12, tzinfo=UTC)] * 3, TIME)
    three = dataset([("c1", "p1", 5)] * 3)
    three = replace(three, interactions=three.interactions.set_column(2, "timestamp", noon))
    made = append(dataset([("c1", "p2")]), three)
    assert made.counts["interactions"] == Counts(1, 0, 2)
    assert append(made.dataset, three).changes_nothing


def test_an_event_with_another_cell_is_another_event():
    first = {"client_id": "c1", "product_id": "p1", "action": "takes", "amount": 5.0}
    whole = dataset([("c1", "p1")])
    base = replace(whole, interactions=rows_of("interactions", [first]))
    rows = [first, first | {"amount": -5.0, "action": "gives_up"}, first | {"amount": None}]
    made = append(base, replace(whole, interactions=rows_of("interactions", rows)))
    assert made.counts["interactions"] == Counts(2, 0, 1)


OLD, NEW = date(2019, 5, 1), date(2024, 5, 1)
LAST = {"client_id": "c1", "profile_date": NEW, "risk_tolerance": 1, "name": "Ann"}


def profiles(base: dict, added: dict) -> tuple[dict, list[tuple]]:
    """The client c1 after an append, and column and reason of what was reported."""
    sides = (dataset([("c1", "p1")], clients=[{"client_id": "c1", **side}]) for side in (base, added))
    made = append(*sides)
    told = [(line["column"], line["reason"]) for line in made.repairs.to_pylist()]
    return made.dataset.clients.to_pylist()[0], told


def test_an_older_profile_changes_nothing_and_is_reported():
    older = {"profile_date": OLD, "risk_tolerance": 6, "horizon_years": 10, "segment": "retail"}
    client, told = profiles(LAST, older)
    assert {name: value for name, value in client.items() if value is not None} == LAST
    assert told == [("profile_date", "Older row, not taken: of 2019-05-01, beside 2024-05-01")]


def test_a_newer_profile_decides_as_a_whole():
    older = {"profile_date": OLD, "risk_tolerance": 6, "horizon_years": 10, "segment": "retail"}
    client, told = profiles(older, LAST)
    assert (client["risk_tolerance"], client["horizon_years"]) == (1, None)
    assert (client["name"], client["segment"]) == ("Ann", "retail")
    assert ("horizon_years", "Changed by what was appended: 10 became nothing") in told
    assert ("risk_tolerance", "Changed by what was appended: 6 became 1") in told


def test_a_profile_without_a_date_replaces_no_fact_of_a_dated_one_but_fills_what_is_open():
    client, told = profiles(LAST, {"risk_tolerance": 6, "horizon_years": 3, "name": "Anna"})
    assert (client["risk_tolerance"], client["horizon_years"], client["name"]) == (1, 3.0, "Anna")
    assert told == [
        ("risk_tolerance", "Without a date, not taken: 6 beside 1 of 2024-05-01"),
        ("name", 'Changed by what was appended: "Ann" became "Anna"'),
    ]


def test_a_dated_profile_replaces_one_without_a_date_and_one_of_the_same_day():
    for day in (None, NEW):
        client, told = profiles({"risk_tolerance": 6, "horizon_years": 3, "profile_date": day}, LAST)
        assert (client["risk_tolerance"], client["horizon_years"]) == (1, 3.0)
        assert told == [("risk_tolerance", "Changed by what was appended: 6 became 1")]


def test_facts_that_contradict_each_other_without_a_newer_date_are_told_and_either_row_may_stand():
    base, added = (
        dataset(
            [("c1", "p1"), ("c2", "p1")],
            clients=[
                {"client_id": "c1", "risk_tolerance": risk, "name": name},
                {"client_id": "c2", "risk_tolerance": risk, "profile_date": day},
            ],
            products=[{"product_id": "p1", "risk_class": risk, "valid_from": NEW}],
        )
        for risk, name, day in ((6, "Ann", OLD), (1, "Anna", NEW))
    )
    made, kept = append(base, added), append(base, added, standing=True)
    assert made.contradicted == kept.contradicted == {"clients": 1, "products": 1}
    assert made.contradiction == '"p1", whose risk_class was 6 and would be 1'
    assert [one["risk_tolerance"] for one in made.dataset.clients.to_pylist()] == [1, 1]
    rows = kept.dataset.clients.to_pylist()
    assert [(one["risk_tolerance"], one["name"]) for one in rows] == [(6, "Anna"), (1, None)]
    assert kept.dataset.products["risk_class"].to_pylist() == [6]
    told = [(row["column"], row["value"], row["reason"]) for row in kept.repairs.to_pylist()]
    assert ("risk_tolerance", "c1", "Contradicts what is there, not taken: 1 beside 6") in told
    assert append(made.dataset, added).contradicted == {}
    assert append(base, base).contradiction == ""


def test_products_go_by_valid_from():
    old = {"product_id": "p1", "risk_class": 7, "valid_from": OLD}
    new = {"product_id": "p1", "risk_class": 2, "valid_from": NEW}
    both = [dataset([("c1", "p1")], products=[one]) for one in (old, new)]
    for base, added in (both, both[::-1]):
        assert append(base, added).dataset.products["risk_class"].to_pylist() == [2]


def test_a_newer_row_fills_empty_cells_and_replaces_what_it_says_otherwise():
    base = dataset(
        [("c1", "p1")],
        clients=[{"client_id": "c1", "name": "Ann", "knowledge": "basic", "horizon_years": 2.5}],
        products=[{"product_id": "p1", "available": True}],
    )
    added = dataset(
        [("c1", "p1")],
        clients=[{"client_id": "c1", "knowledge": "advanced", "segment": "private"}],
        products=[{"product_id": "p1", "available": False}],
    )
    made = append(base, added)
    (client,), (product,) = made.dataset.clients.to_pylist(), made.dataset.products.to_pylist()
    assert (client["name"], client["knowledge"], client["segment"]) == ("Ann", "advanced", "private")
    assert client["horizon_years"] == 2.5
    assert product["available"] is False
    assert made.counts["clients"] == Counts(0, 1, 0)
    assert made.repairs.select(["file", "column", "value", "reason"]).to_pylist() == [
        {
            "file": "products",
            "column": "available",
            "value": "p1",
            "reason": "Changed by what was appended: True became False",
        },
        {
            "file": "clients",
            "column": "knowledge",
            "value": "c1",
            "reason": 'Changed by what was appended: "basic" became "advanced"',
        },
    ]


def test_the_same_tie_stays_one_and_another_kind_is_another_tie():
    base = dataset([("c1", "p1"), ("c2", "p1")], ties=[("c1", "c2", "friend")])
    added = dataset([("c1", "p1"), ("c2", "p1")], ties=[("c1", "c2", "friend"), ("c1", "c2", "household")])
    made = append(base, added)
    assert made.counts["ties"] == Counts(1, 0, 1)
    assert len(made.dataset.ties) == 2


@given(datasets(), datasets())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_appending_twice_gives_what_appending_once_gives(base, added):
    once = append(base, added)
    twice = append(once.dataset, added)
    assert twice.dataset.content_hash == once.dataset.content_hash
    assert twice.changes_nothing
    assert append(base, base).changes_nothing


@given(datasets(), st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_part_appended_to_the_rest_is_the_whole(whole, data):
    marks = {
        table: np.array(
            data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))), dtype=bool
        )
        for table in TABLES
        for rows in [getattr(whole, table)]
    }
    made = append(_part(whole, marks, wanted=False), _part(whole, marks, wanted=True))
    assert made.dataset.content_hash == whole.content_hash
    assert not len(made.repairs)


def _part(whole: Dataset, marks: dict[str, np.ndarray], *, wanted: bool) -> Dataset:
    """Return the rows marked so, and of clients and products what these rows name, then by id alone."""
    tables = {table: getattr(whole, table).filter(pa.array(marks[table] == wanted)) for table in TABLES}
    named = {
        "clients": [
            tables["interactions"]["client_id"],
            tables["ties"]["client_id"],
            tables["ties"]["other_client_id"],
        ],
        "products": [tables["interactions"]["product_id"]],
    }
    for table, columns in named.items():
        key = tables[table].schema.names[0]
        ids = pc.unique(
            pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())
        )
        new = ids.filter(pc.invert(pc.is_in(ids, value_set=tables[table][key].combine_chunks())))
        empty = pa.table({key: new})
        tables[table] = pa.concat_tables([tables[table], empty], promote_options="default")
    return Dataset(**tables)


def test_a_million_rows_are_appended_in_seconds():
    rng = np.random.default_rng(0)
    cells = np.unique(rng.integers(0, 50_000 * 2_000, 1_000_000))
    pairs = {
        "client_id": pa.array((cells // 2_000).astype(str)),
        "product_id": pa.array((cells % 2_000).astype(str)),
    }
    rows = pa.table(pairs)
    empty = dataset([("0", "0")])
    made = Dataset(
        clients=_ids(empty.clients, rows["client_id"]),
        products=_ids(empty.products, rows["product_id"]),
        interactions=pa.concat_tables([empty.interactions.slice(0, 0), rows], promote_options="default"),
        ties=empty.ties,
    )
    half = made.take(np.arange(len(cells)) % 2 == 0)
    began = time.monotonic()
    assert append(half, made).counts["interactions"] == Counts(
        len(cells) // 2, 0, len(cells) - len(cells) // 2
    )
    assert time.monotonic() - began < 30  # 2 s on an idle core


def _ids(table: pa.Table, column: pa.ChunkedArray) -> pa.Table:
    rows = pa.table({table.schema.names[0]: pc.unique(column)})
    return pa.concat_tables([table.slice(0, 0), rows], promote_options="default")

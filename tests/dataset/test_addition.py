"""Appending: what is added, what is changed, and that doing it twice changes nothing more."""

import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finrec_core.dataset import TABLES, Dataset
from finrec_core.dataset.addition import Counts, append
from finrec_core.dataset.report import reason_counts
from finrec_core.dataset.schema import LONGEST_TEXT
from tests.dataset.tables import dataset
from tests.dataset.test_export import datasets


def row(data: Dataset, client: str = "c1", product: str = "p1") -> dict:
    rows = data.interactions.to_pylist()
    return next(r for r in rows if (r["client_id"], r["product_id"]) == (client, product))


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


@pytest.mark.parametrize(
    ("before", "after", "day", "rating"),
    [
        ((1, 2.0), (2, 4.0), 2, 4.0),
        ((2, 2.0), (1, 4.0), 2, 2.0),
        ((2, 2.0), (2, 4.0), 2, 4.0),
        ((None, 2.0), (1, 4.0), 1, 4.0),
        ((1, 2.0), (None, 4.0), 1, 2.0),
        ((None, 2.0), (None, 4.0), None, 4.0),
        ((2, None), (1, 4.0), 2, 4.0),
        ((1, 2.0), (2, None), 2, 2.0),
    ],
)
def test_the_latest_known_time_and_rating_win(before, after, day, rating):
    made = append(dataset([("c1", "p1", *before)]), dataset([("c1", "p1", *after)]))
    merged = row(made.dataset)
    assert merged["timestamp"] is None if day is None else merged["timestamp"].day == day
    assert merged["rating"] == rating


@pytest.mark.parametrize(
    ("before", "after", "review"),
    [
        ((1, 1, "a"), (2, 1, "b"), "a\nb"),
        ((2, 1, "a"), (1, 1, "b"), "b\na"),
        ((1, 1, "a\nb"), (2, 1, "b"), "a\nb"),
        ((1, 1, "b"), (2, 1, "a\nb"), "a\nb"),
        ((1, 1, "good"), (2, 1, "go"), "good\ngo"),
        ((1, 1, None), (2, 1, "b"), "b"),
        ((2, 1, "a"), (1, 1, None), "a"),
    ],
)
def test_reviews_are_joined_in_the_order_of_time_and_not_repeated(before, after, review):
    made = append(dataset([("c1", "p1", *before)]), dataset([("c1", "p1", *after)]))
    assert row(made.dataset)["review"] == review


def test_a_review_that_grows_too_long_is_cut_and_told_and_stays_so():
    base = dataset([("c1", "p1", 2, 1, "a" * (LONGEST_TEXT - 1))])
    added = dataset([("c1", "p1", 2, 1, "bbbb")])
    once = append(base, added)
    assert row(once.dataset)["review"] == "a" * (LONGEST_TEXT - 1) + "\n"
    assert ("Text longer than 20,000 characters, cut", 1) in reason_counts(once.repairs)
    twice = append(once.dataset, added)
    assert twice.dataset.content_hash == once.dataset.content_hash
    assert len(twice.repairs) == 1  # still told: these words are not in the data


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
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_appending_twice_gives_what_appending_once_gives(base, added):
    once = append(base, added)
    twice = append(once.dataset, added)
    assert twice.dataset.content_hash == once.dataset.content_hash
    assert twice.changes_nothing
    assert append(base, base).changes_nothing


@given(datasets(), st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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

"""The difference of two versions: counted, named row by row, and empty where nothing differs."""

from dataclasses import replace

import pyarrow as pa
from hypothesis import HealthCheck, given, settings

from finrec_core.dataset import TABLES
from finrec_core.dataset.addition import append
from finrec_core.dataset.difference import ROWS, Difference
from tests.dataset.specimen import datasets
from tests.dataset.tables import dataset


def test_rows_added_removed_and_changed_are_told_apart():
    old = dataset(
        [("c1", "p1", 1, 5), ("c1", "p2", 2)],
        clients=[{"client_id": "c1", "segment": "private"}, {"client_id": "c2"}],
        ties=[("c1", "c2", "friend")],
    )
    new = dataset(
        [("c1", "p1", 1, 4), ("c3", "p1", 3)],
        clients=[{"client_id": "c3"}, {"client_id": "c1"}],
        products=[{"product_id": "p1", "name": "Savings"}],
        verb="bought",
    )
    found = Difference.between(old, new)
    assert found.counts() == {
        "clients": {"added": 1, "removed": 1, "changed": 1, "same": 0},
        "products": {"added": 0, "removed": 1, "changed": 1, "same": 0},
        "interactions": {"added": 1, "removed": 1, "changed": 1, "same": 0},
        "ties": {"added": 0, "removed": 1, "changed": 0, "same": 0},
    }
    assert found.settings == {"verb": ("has", "bought")}
    assert not found.nothing
    assert found.rows().schema == ROWS
    assert [tuple(line.values()) for line in found.rows().to_pylist()] == [
        ("interactions", "added", "c3", "p1", None, None, None),
        ("interactions", "removed", "c1", "p2", None, None, None),
        ("interactions", "changed", "c1", "p1", "rating", "5", "4"),
        ("products", "removed", "p2", None, None, None, None),
        ("products", "changed", "p1", None, "name", None, "Savings"),
        ("clients", "added", "c3", None, None, None, None),
        ("clients", "removed", "c2", None, None, None, None),
        ("clients", "changed", "c1", None, "segment", "private", None),
        ("ties", "removed", "c1", "c2", None, None, None),
    ]


def test_events_are_the_same_as_often_as_they_stand_in_both():
    old = dataset([("c1", "p1", 1, 5), ("c1", "p1", 1, 5), ("c1", "p1", 2, 3), ("c1", "p1", 4, 1)])
    new = dataset([("c1", "p1", 2, 4), ("c1", "p1", 1, 5), ("c1", "p1", 2, 3), ("c1", "p1", 4, 2)])
    found = Difference.between(old, new).tables["interactions"]
    assert [(row["timestamp"].day, row["rating"]) for row in found.added.to_pylist()] == [(2, 4)]
    assert [(row["timestamp"].day, row["rating"]) for row in found.removed.to_pylist()] == [(1, 5)]
    assert found.cells.select(["column", "before", "after"]).to_pylist() == [
        {"column": "rating", "before": "1", "after": "2"}
    ]
    assert (found.changed, found.same) == (1, 2)


@given(datasets())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_version_does_not_differ_from_itself_in_any_order_of_rows(data):
    turned = {
        table: rows.take(pa.array(range(len(rows) - 1, -1, -1), pa.int64()))
        for table in TABLES
        for rows in [getattr(data, table)]
    }
    found = Difference.between(data, replace(data, **turned, name="other"))
    assert found.nothing
    assert not len(found.rows())


@given(datasets(), datasets())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_difference_of_an_append_is_what_the_append_says(base, added):
    made = append(base, added)
    found = Difference.between(base, made.dataset)
    for table, counts in found.counts().items():
        assert (counts["added"], counts["changed"]) == (made.counts[table].added, made.counts[table].changed)
        assert counts["removed"] == 0


@given(datasets(), datasets())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_one_way_adds_the_other_way_removes(one, other):
    there, back = Difference.between(one, other).counts(), Difference.between(other, one).counts()
    for table in TABLES:
        assert there[table]["added"] == back[table]["removed"]
        assert there[table]["changed"] == back[table]["changed"]
    equal = one.content_hash == other.content_hash
    assert Difference.between(one, other).nothing == equal

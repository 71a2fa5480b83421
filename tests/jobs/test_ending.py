"""The ending of jobs: a result that cannot be taken in fails alone, whatever is wrong with it."""

import json

import pytest

from finrec_core import jobs

RESULT = {
    "dataset": "demo",
    "version": 1,
    "content_hash": "ab",
    "created": "2026-01-01T00:00:00+00:00",
    "seconds": 1.0,
    "encoder": "tf-idf",
    "seed": 7,
    "metrics": {},
    "constants": {},
    "user": "ana",
}
BAD = "20260101-000001-000"  # between two others


def finished(store, run, result, kind="train", source=None):
    folder = store.runs_folder / run
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{}")
    order = {"kind": kind, "created": RESULT["created"], "source": source}
    (folder / "job.json").write_text(json.dumps(order))
    (folder / "result.json").write_text(json.dumps(result))
    return jobs.Job(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 2**64 - 1},
        {"version": 2**40},
        {"version": "one"},
        {"dataset": None},
        {"seconds": "long"},
        {"seconds": 10**400},
        {"metrics": {"ndcg@20": float("nan")}},
        {"created": "0001-01-01T00:00:00+14:00"},
        {"encoder": "\ud800"},
    ],
    ids=str,
)
def test_a_result_that_the_store_cannot_hold_fails_alone(store, changes):
    """Guards a desk of which no page could be opened any more, for one folder."""
    bad = finished(store, BAD, RESULT | changes)
    good = [finished(store, f"20260101-00000{number}-000", RESULT).run for number in (0, 2)]
    assert [row.run for row in jobs.collect(store)] == good
    assert jobs.collect(store) == []
    state = bad.state()
    assert (state.status, state.message) == (
        "failed",
        f"The result of run {BAD} cannot be read: start it again.",
    )
    assert state.advice
    assert jobs.failed(store.runs_folder) == bad


@pytest.mark.parametrize(
    ("changes", "document"), [({"version": 2**40}, {"a": 1}), ({}, {"a": float("nan")}), ({}, [1])]
)
def test_a_comparison_that_the_store_cannot_hold_does_not_stop_the_others(store, changes, document):
    source = store.version("demo").to_json() | changes
    source.pop("dataset")
    finished(store, BAD, document, kind="compare", source=source)
    good = finished(store, "20260101-000002-000", RESULT)
    assert [row.run for row in jobs.collect(store)] == [good.run]
    assert store.comparisons("demo", 1) == []

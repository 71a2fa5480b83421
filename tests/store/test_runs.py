"""Runs: added and published in one step, rolled back to, missed when their folder is gone."""

import shutil

import pytest

from finrec_core.store import Store, StoreError, runs
from tests.store.conftest import make_run


def test_the_first_run_becomes_the_active_model_and_the_second_does_not(store, run_folder):
    assert store.active_run() is None
    run_folder("a")
    run_folder("b")
    first = store.add_run(make_run("a"))
    second = store.add_run(make_run("b"))
    assert (first.active, second.active) == (True, False)
    assert store.active_run() == first
    assert [row.run for row in store.runs()] == ["b", "a"]


def test_a_run_comes_back_as_it_was(store, run_folder):
    run_folder("a")
    store.add_run(make_run("a"))
    assert store.run("a") == make_run("a", active=True)
    assert store.run("a").label == "demo@1"
    assert store.run_folder("a") == store.runs_folder / "a"


def test_publishing_moves_the_model_forward_and_back(store, run_folder):
    for name in "abc":
        run_folder(name)
        store.add_run(make_run(name))
    for name in ("c", "a", "b", "a"):
        assert store.publish(name, reason="better", user="ana").active
        assert store.active_run().run == name
        assert [row.run for row in store.runs() if row.active] == [name]


def test_publishing_a_new_run_adds_it_in_the_same_step(store, run_folder):
    run_folder("a")
    assert store.publish(make_run("a"), reason="first").active
    assert store.active_run().run == "a"


def test_a_failure_while_publishing_leaves_nothing(store, run_folder, monkeypatch):
    run_folder("a")
    run_folder("b")
    store.add_run(make_run("a"))

    def fail(*_, **__):
        raise RuntimeError("the power went")

    monkeypatch.setattr(runs, "activate", fail)
    with pytest.raises(RuntimeError, match="power"):
        store.publish(make_run("b"))
    assert [row.run for row in store.runs()] == ["a"]
    assert store.active_run().run == "a"


def test_a_run_that_is_there_stays_as_it_is(store, run_folder):
    # Guards: two sessions take in the same finished training.
    run_folder("a")
    store.add_run(make_run("a"))
    assert store.add_run(make_run("a", seconds=99.0)).seconds == 12.5
    assert len(store.runs()) == 1


def test_a_run_whose_folder_is_gone_is_listed_but_cannot_serve(store, run_folder):
    shutil.rmtree(run_folder("a").parent / "a")
    with pytest.raises(StoreError, match="folder of run a is gone"):
        store.add_run(make_run("a"))
    assert store.runs() == []
    run_folder("b")
    store.add_run(make_run("b"))
    shutil.rmtree(store.runs_folder / "b")
    assert store.active_run().missing
    assert [row.missing for row in store.runs()] == [True]
    with pytest.raises(StoreError, match="folder of run b is gone: publish another run, or train again"):
        store.run_folder("b")
    with pytest.raises(StoreError, match="gone"):
        store.publish("b")


def test_an_unknown_run_is_answered_with_the_newest(store, run_folder):
    with pytest.raises(StoreError, match=r'no run "x" \(the newest: none yet\)'):
        store.run("x")
    run_folder("a")
    store.add_run(make_run("a"))
    with pytest.raises(StoreError, match=r'no run "x" \(the newest: a\)'):
        store.publish("x")


@pytest.mark.parametrize("name", ["", "..", "../a", "a/b", "/tmp", ".a", "a\n", "x" * 101])
def test_a_run_is_named_by_a_plain_folder_name(name):
    with pytest.raises(StoreError, match="no name of a run"):
        make_run(name)


def test_values_that_json_does_not_know_are_refused(store, run_folder):
    run_folder("a")
    with pytest.raises(StoreError, match="cannot keep these values"):
        store.add_run(make_run("a", metrics={"ndcg@20": float("nan")}))
    assert store.runs() == []


def test_runs_may_lie_elsewhere_and_outlive_the_process(tmp_path):
    folder = tmp_path / "elsewhere" / "a"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{}")
    for _ in range(2):
        with Store(tmp_path / "s.duckdb", runs_folder=tmp_path / "elsewhere") as store:
            store.add_run(make_run("a"))
            assert store.active_run().run == "a"
            assert not store.active_run().missing


def test_every_time_that_a_run_came_into_use_is_kept_with_its_reason(store):
    first, second = make_run("20260101-000000-000"), make_run("20260102-000000-000")
    for row in (first, second):
        (store.runs_folder / row.run).mkdir(parents=True)
        (store.runs_folder / row.run / "run.json").write_text("{}")
        store.add_run(row, user="ana")
    store.publish(second.run, reason="better", user="bo")
    store.publish(first.run, reason="back", user="ana")
    assert [(one.reason, one.user) for one in store.publications(first.run)] == [
        ("the first model", "ana"),
        ("back", "ana"),
    ]
    assert [one.reason for one in store.publications(second.run)] == ["better"]
    assert store.publications("nobody") == []

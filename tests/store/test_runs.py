"""Runs: added, published, rolled back to, pinned and removed; missed when their folder is gone."""

import shutil
from datetime import UTC, datetime

import pytest

from finrec_core.store import Store, StoreError, activations, removals
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

    monkeypatch.setattr(activations, "activate", fail)
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


@pytest.fixture
def trained(store, run_folder):
    """Add runs by their names, the first of them active."""

    def make(names):
        for name in names:
            run_folder(name)
            store.add_run(make_run(name))

    return make


def test_the_history_tells_who_put_what_in_use_and_why(store, trained):
    trained("ab")
    store.publish("b", reason="better on new clients", user="ana")
    store.roll_back(reason="advisers complained", user="ben")
    told = [(one.run, one.step, one.reason, one.user, one.label) for one in store.activations()]
    assert told == [
        ("a", "roll back", "advisers complained", "ben", "demo@1"),
        ("b", "publish", "better on new clients", "ana", "demo@1"),
        ("a", "publish", "the first model", "ana", "demo@1"),
    ]


@pytest.mark.parametrize(
    ("steps", "targets"),
    [
        ("abc", "ba"),
        ("abcc", "ba"),  # published again: nothing changed
        ("aba", "ba"),  # an older one published on purpose: the step back goes to what it replaced
        ("abab", "ab"),
    ],
)
def test_steps_back_go_further_back_each_time(store, trained, steps, targets):
    trained("abc")
    for run in steps[1:]:
        store.publish(run)
    for target in dict.fromkeys(targets):
        if target == store.active_run().run:
            continue
        assert store.run_before().run == target
        assert store.roll_back().run == target
    assert [row.run for row in store.runs() if row.active] == [store.active_run().run]


def test_a_step_back_leaves_out_what_is_not_there_any_more(store, trained):
    trained("abcd")
    for run in "bcd":
        store.publish(run)
    store.remove_run("c")
    shutil.rmtree(store.runs_folder / "b")
    assert store.roll_back().run == "a"
    assert store.run_before() is None
    with pytest.raises(StoreError, match="No model was in use before this one"):
        store.roll_back()


def test_publishing_and_rolling_back_notice_that_another_was_faster(store, trained):
    trained("abc")
    store.publish("b", user="ben", instead_of="a")
    for late in (lambda: store.publish("c", instead_of="a"), lambda: store.roll_back(instead_of="a")):
        with pytest.raises(StoreError, match="Meanwhile ben put run b in use"):
            late()
    assert store.active_run().run == "b"
    assert len(store.activations()) == 2


def test_a_pinned_run_cannot_be_removed_until_it_is_not(store, trained):
    trained("ab")
    assert store.pin_run("b", user="ana").pinned
    assert store.pin_run("b").pinned  # twice does nothing
    with pytest.raises(StoreError, match="Run b is pinned: take the pin off first"):
        store.remove_run("b")
    assert (store.runs_folder / "b").is_dir()
    assert not store.unpin_run("b").pinned
    store.remove_run("b")
    assert [row.run for row in store.runs()] == ["a"]


def test_the_active_run_cannot_be_removed(store, trained):
    trained("a")
    with pytest.raises(StoreError, match="is the model in use: publish another one first"):
        store.remove_run("a")
    assert store.active_run() == store.run("a")


def test_a_removed_run_goes_with_its_folder_and_stays_in_the_history(store, trained):
    trained("ab")
    store.publish("b", user="ana")
    store.add_decision(kind="accepted", client="c", product="p", run="a", content={})
    used = store.run_use("a")
    assert (used.decisions, used.lists, used.activations, used.size) == (1, 0, 1, 2)
    assert store.remove_run("a", user="ana").run == "a"
    assert [row.run for row in store.runs()] == ["b"]
    assert list(store.runs_folder.iterdir()) == [store.runs_folder / "b"]
    first = store.activations()[-1]
    assert (first.run, first.removed, first.label, first.trained) == ("a", True, "demo@1", make_run().created)
    assert [row.run for row in store.decisions()] == ["a"]
    with pytest.raises(StoreError, match='no run "a"'):
        store.publish("a")


def test_a_run_whose_folder_is_gone_can_be_removed(store, trained):
    trained("ab")
    shutil.rmtree(store.runs_folder / "b")
    assert store.run_use("b").size == 0
    store.remove_run("b")
    assert [row.run for row in store.runs()] == ["a"]


def test_a_removal_that_fails_leaves_run_and_folder(store, trained, monkeypatch):
    trained("ab")

    def fail(*_, **__):
        raise RuntimeError("the power went")

    monkeypatch.setattr(removals, "remove", fail)
    with pytest.raises(RuntimeError, match="power"):
        store.remove_run("b")
    assert not store.run("b").missing


@pytest.mark.parametrize("committed", [False, True])
def test_a_removal_that_was_killed_is_finished_or_taken_back(tmp_path, committed):
    file, folder = tmp_path / "s.duckdb", tmp_path / "runs"
    with Store(file) as store:
        for name in "ab":
            (folder / name).mkdir(parents=True)
            (folder / name / "run.json").write_text("{}")
            store.add_run(make_run(name))
        removals.put_away(folder / "b")
        if committed:
            with store._connection.writing() as cursor:
                removals.remove(cursor, make_run("b"), user="")
    with Store(file) as store:
        assert [row.run for row in store.runs() if not row.missing] == (["a"] if committed else ["b", "a"])
        assert sorted(one.name for one in folder.iterdir()) == (["a"] if committed else ["a", "b"])


def test_an_activation_of_an_older_store_reads_as_published(store, trained):
    trained("a")
    with store._connection.writing() as cursor:
        cursor.execute("UPDATE activations SET step = NULL")
    assert [one.step for one in store.activations()] == ["publish"]


def test_rolling_back_goes_to_the_run_that_was_shown_or_nowhere(store, trained):
    """Guards a dialog that named one run while another had become the one before."""
    trained("abc")
    for run in "bc":
        store.publish(run)
    store.remove_run("b")
    assert len(store.trained()) == 3  # when the removed one was trained is known still
    with pytest.raises(StoreError, match="Run b, which was to come back, is gone"):
        store.roll_back(instead_of="c", to="b")
    assert store.active_run().run == "c"
    assert store.roll_back(instead_of="c", to="a").run == "a"


def test_publishing_the_active_run_again_leaves_the_history_alone(store, trained):
    trained("a")
    assert store.publish("a", reason="once more").active
    assert [one.reason for one in store.activations()] == ["the first model"]


@pytest.mark.parametrize(
    "changes",
    [
        *({"seed": seed} for seed in (-1, 1.5, "7", None, 2**63)),
        *({"version": version} for version in (None, "1", 2**31)),
        *({"seconds": seconds} for seconds in (None, "long", float("nan"), 10**400)),
        *({"dataset": None}, {"encoder": "\ud800"}, {"user": 5}, {"metrics": [1]}, {"constants": None}),
        {"created": datetime.min.replace(tzinfo=UTC)},
    ],
)
def test_what_the_store_cannot_hold_is_no_run(changes):
    with pytest.raises(StoreError, match="Run 20260101-000000-000: its "):
        make_run(**changes)

from dataclasses import replace
from datetime import UTC, datetime

from finrec_core.store import RunRow
from finrec_core.views.model import figures


def run(name: str, value: float, **changes: object) -> RunRow:
    arms = {
        arm: {"ndcg@20": {"value": value + more, "ci95": [value + more - 0.1, value + more + 0.1]}}
        for arm, more in (("fused", 0.0), ("ease", -0.05))
    }
    row = RunRow(
        run=name,
        dataset="bank",
        version=1,
        content_hash="x",
        created=datetime(2026, 1, 1, tzinfo=UTC),
        seconds=1.0,
        encoder="e",
        seed=0,
        metrics={"protocols": {"per-client": {"arms": arms}}},
    )
    return replace(row, **changes)


def test_a_run_has_its_figures_in_words() -> None:
    assert figures.figure(run("a", 0.2744), "ndcg@20") == "0.274"
    assert figures.figure(run("a", 0.2744), "mrr") == "–"
    assert figures.value(run("a", 0.5, metrics={}), "ndcg@20") is None


def test_the_model_in_use_stands_beside_one_tested_on_the_same_data() -> None:
    new, old = run("new", 0.4), run("old", 0.3)
    named = [(dot.name, round(dot.value, 2), dot.ours) for dot in figures.dots_of(new, old, "ndcg@20")]
    assert named == [("Fused", 0.4, True), ("EASE", 0.35, False), ("Model in use", 0.3, False)]


def test_runs_on_other_data_do_not_compare() -> None:
    new = run("new", 0.4)
    for other in (None, new, run("old", 0.3, content_hash="y"), run("old", 0.3, seed=1)):
        assert not figures.comparable(new, other)
        assert len(figures.dots_of(new, other, "ndcg@20")) == 2


def test_the_training_before_is_the_newest_older_one_of_the_same_dataset() -> None:
    days = {name: datetime(2026, 1, day, tzinfo=UTC) for day, name in enumerate("abcd", start=1)}
    a, b, d = (run(name, 0.3, created=days[name]) for name in "abd")
    other = run("c", 0.3, created=days["c"], dataset="another bank")
    assert figures.before(d, [d, other, a, b]) == b
    assert figures.before(a, [d, other, a, b]) is None


def test_a_change_is_known_only_between_figures_that_compare() -> None:
    new, old = run("new", 0.4), run("old", 0.3949)
    assert figures.change(new, old, "ndcg@20") == "+0.005"
    assert figures.change(new, old, "mrr") == ""
    for other in (None, run("old", 0.3, seed=1), run("old", 0.3, metrics={})):
        assert figures.change(new, other, "ndcg@20") == ""

"""Decisions in words and tables: what is found, how it stands, what was shown, and what an export holds."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given

from finrec_core.advice.decision import Kind, answer, decide, withdraw
from finrec_core.advice.decision_log import DecisionLog
from finrec_core.dataset import csv_report
from finrec_core.store import Store
from finrec_core.views.charts import bars
from finrec_core.views.charts.theme import LIGHT
from finrec_core.views.recommendation import decisions
from finrec_core.views.recommendation.decisions import (
    EXPORTED,
    Wanted,
    document,
    due,
    export,
    following,
    matching,
    state,
    table,
    traces,
)
from tests.advice.made import NOW, TODAY, decided, line, row, snapshot, snapshots, verdict

HEAD = "a" * 64


def override():
    shown = snapshot(verdict=verdict("failed"), client="c2", client_name="Łukasz Żak", product="p2")
    return decide("accept", shown, reason="asked", note="=1+1", today=TODAY)


@pytest.fixture
def log():
    """An accepted product with its answer, one put off, an override, one rejected and withdrawn."""
    accepted, rejected = decided("accept"), decided("reject", product="p4", hidden_until=date(2026, 6, 8))
    made = [
        accepted,
        answer(accepted, "row-1", "took"),
        decided("later", product="p3", due=TODAY),
        override(),
        rejected,
        withdraw(rejected, "row-5", "mistake"),
    ]
    days = [NOW + timedelta(days=number) for number in range(6)]
    rows = [row(n, one, created=days[n - 1], user="bo" if n == 3 else "ana") for n, one in enumerate(made, 1)]
    return DecisionLog.of(rows)


def numbers(found):
    return [entry.sequence for entry in found]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [6, 5, 4, 3, 2, 1]),
        ({"client": "zak luk"}, []),
        ({"client": "LUKASZ Z"}, [4]),
        ({"client": "c2"}, [4]),
        ({"product": "p3"}, [3]),
        ({"product": "nordlys climate"}, [6, 5, 4, 3, 2, 1]),
        ({"kinds": ("later", "reject")}, [5, 3]),
        ({"users": ("bo",)}, [3]),
        ({"since": NOW + timedelta(days=4)}, [6, 5]),
        ({"until": NOW + timedelta(days=1)}, [1]),
        ({"overrides": True}, [4]),
        ({"open": True}, [4, 3]),
        ({"open": True, "kinds": ("accept",)}, [4]),
    ],
)
def test_entries_are_found_by_any_of_the_filters(log, wanted, found):
    assert numbers(matching(log, Wanted(**wanted))) == found


def test_each_entry_says_how_it_stands(log):
    assert [state(log, entry, TODAY) for entry in log.entries] == [
        "client took it",
        "about no. 1",
        "due today",
        "waits for the client's answer",
        "withdrawn by no. 6",
        "about no. 5",
    ]


def test_what_was_rejected_is_hidden_until_its_day_and_what_followed_is_said():
    rejected = decided("reject", hidden_until=date(2026, 6, 8))
    alone = DecisionLog.of([row(1, rejected)])
    assert state(alone, alone.entries[0], TODAY) == "hidden until 8 Jun 2026"
    assert state(alone, alone.entries[0], date(2026, 6, 8)) == ""
    followed = DecisionLog.of([row(1, rejected), row(2, decided("accept"))])
    assert state(followed, followed.entries[0], TODAY) == "decided anew since"


@pytest.mark.parametrize(
    ("day", "said"), [(0, "due today"), (-1, "overdue since 9 Mar 2026"), (1, "until 11 Mar 2026")]
)
def test_when_something_is_due_is_said(day, said):
    assert due(TODAY + timedelta(days=day), TODAY) == said


def test_the_table_of_the_screen(log):
    frame = table(matching(log, Wanted()), log, today=TODAY, when=lambda moment: f"{moment:%d %b}")
    assert frame["No."].tolist() == [6, 5, 4, 3, 2, 1]
    assert frame.loc[2].tolist() == [
        4,
        "13 Mar",
        ["Accepted", "Override"],
        "Łukasz Żak",
        "Nordlys Climate Bond Fund",
        "The client asked for it",
        "Waits for the client's answer",
        "ana",
    ]
    assert list(table([], log, today=TODAY, when=str).columns) == list(frame.columns)


def test_an_export_holds_every_column_and_the_newest_hash(log):
    made = export(matching(log, Wanted()), log, HEAD)
    assert tuple(made.schema.names) == EXPORTED
    assert set(made["log_hash"].to_pylist()) == {HEAD}
    withdrawn = made.slice(1, 1).to_pylist()[0]
    assert withdrawn["withdrawn_by"] == "row-6"
    assert (withdrawn["kind"], withdrawn["reason"], withdrawn["hidden_until"]) == (
        "reject",
        "cost",
        date(2026, 6, 8),
    )
    assert made["override"].to_pylist() == [False, False, True, False, False, False]
    assert made["about"].to_pylist()[:2] == ["row-5", None]
    assert export([], log, HEAD).num_rows == 0


def test_no_cell_of_the_csv_file_runs_as_a_formula(log):
    text = csv_report(export(matching(log, Wanted(overrides=True)), log, HEAD)).decode("utf-8-sig")
    assert ",'=1+1," in text


def test_the_document_holds_what_was_shown(tmp_path):
    made = override()
    with Store(tmp_path / "s.duckdb") as store:
        written = store.add_decision(
            kind="accept", client="c2", product="p2", run="r1", content=made.content, user="ana"
        )
        whole = document(store.decisions(), store.heads()["decisions"])
    assert whole["log_hash"] == written.hash
    one = whole["decisions"][0]
    assert one["content"]["snapshot"]["sentence"] == "Marta has Savings Plan (+86)."
    assert datetime.fromisoformat(one["created"]).tzinfo == UTC
    assert set(decisions.KINDS) == set(get_args(Kind))


def test_the_bars_are_those_of_the_snapshot():
    view, labels = decisions.view(snapshot())
    figure = bars.bars(view, labels, LIGHT)
    assert [note.text for note in figure.layout.annotations] == ["11", "+86", "−5", "<b>92</b>"]
    assert figure.layout.yaxis.ticktext[1:3] == ("Savings Plan", "2 friends")
    assert bars.alternative(view, labels) == (
        "Starting point 11. Savings Plan raises it by 86. 2 friends lowers it by 5. Total 92 points."
    )


def test_a_flat_list_has_no_bars():
    assert decisions.view(snapshot(start=None, total=None, points=None, reasons=())) is None


@given(snapshots())
def test_every_snapshot_can_be_drawn(made):
    assert (decisions.view(made) is None) == (made.total is None)
    if drawn := decisions.view(made):
        assert drawn[0].total == made.total
        bars.bars(*drawn, LIGHT)
        assert bars.alternative(*drawn)
    assert len(decisions.lines(made, made.lines)) == len(made.lines)


def test_the_list_has_the_columns_that_there_are():
    made = snapshot(lines=(line(1), line(2, verdict="check")))
    assert decisions.lines(made, made.lines).values.tolist() == [
        [1, "Product 1", "Funds", "100", "Fits"],
        [2, "Product 2", "Funds", "99", "Check"],
    ]
    bare = snapshot(lines=(line(1, verdict=None, points=None, category=""),))
    assert decisions.lines(bare, bare.lines).values.tolist() == [[1, "Product 1"]]


def test_a_list_marks_how_each_decision_stands(log):
    assert traces(log, "c1") == {"p1": "Accepted", "p3": "Put off"}  # p4 was rejected, and that withdrawn
    assert traces(log, "c2") == {"p2": "Waits"}
    assert traces(log, "nobody") == {}
    assert set(traces(log, "c1").values()) | {"Waits", "Rejected"} == set(decisions.TRACES)


@pytest.mark.parametrize(
    ("product", "decided", "found"),
    [
        ("a", {"a"}, "b"),
        ("b", {"b", "c"}, "a"),  # from the top again
        ("c", {"a", "b", "c"}, None),
        ("b", {"a", "c"}, None),  # only itself is left
        ("x", {"a"}, "b"),  # not on the list
    ],
)
def test_the_next_product_that_is_not_decided_on(product, decided, found):
    assert following(product, ["a", "b", "c"], decided) == found

"""The snapshot: what was shown, as values that add up, name nobody else and come back as they were."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from finrec_core.advice.snapshot import Line, ShownReason, Snapshot
from finrec_core.explain import shown
from tests.advice.made import snapshot, snapshots


@given(snapshots())
def test_it_comes_back_from_json_as_it_was(made):
    assert Snapshot.from_json(json.loads(json.dumps(made.to_json()))) == made


@pytest.mark.parametrize("change", [{"total": 93}, {"start": None}, {"total": None}])
def test_points_that_do_not_add_up_are_refused(change):
    with pytest.raises(ValueError, match="do not add up"):
        replace(snapshot(), **change)


@pytest.mark.parametrize("change", [{"lines": [{"rank": 1}]}, {"reasons": 3}, {"client_facts": ["a"]}])
def test_values_that_are_no_snapshot_are_refused(change):
    with pytest.raises(ValueError, match=r"no snapshot|not enough values"):
        Snapshot.from_json(snapshot().to_json() | change)


def test_values_without_a_snapshot_are_refused():
    with pytest.raises(ValueError, match="no snapshot"):
        Snapshot.from_json({})


def test_it_holds_what_the_screen_shows(taken, ranked, profiled):
    explanation, ranking = ranked("c010", 2)
    made, view = taken("c010", 2), shown(explanation.client_lens, ranking.scale)
    assert (made.rank, made.offered, made.points) == (2, len(ranking.order), view.total)
    assert (made.start, made.total) == (view.start, view.total)
    rows = [(row.exact.kind, row.points) for row in view.rows]
    groups = [(group.kind, group.points, group.count) for group in view.groups]
    assert [(r.kind, r.points) for r in made.reasons[: len(rows)]] == rows
    assert [(r.kind, r.points, r.count) for r in made.reasons[len(rows) :]] == groups
    keys = [profiled.products["product_id"][int(row)].as_py() for row in ranking.order[:10]]
    assert [line.product for line in made.lines] == keys
    assert [line.rank for line in made.lines] == list(range(1, 11))
    assert made.lines[1].points == made.points
    assert (made.run, made.version, made.rules_version) == ("20260301-091200-000", 3, 2)
    assert made.taken == "2026-03-10T14:30:00+00:00"
    assert dict(made.client_facts) == {
        "Segment": "Private",
        "Risk tolerance": "4 of 7",
        "Horizon": "12.5 years",
        "Knowledge": "Informed",
        "Capacity for loss": "Limited",
    }
    assert dict(made.product_facts)["Ongoing cost"] == "0.85 % a year"
    assert dict(made.product_facts)["Recommended holding period"] == "5 years"
    assert (made.profile_date, made.verb, made.client_name) == ("2026-01-05", "has", "Client c010")


def test_verdicts_stand_beside_the_lines_and_alternatives_fit(taken):
    made = taken("c010", 1)
    risks = {line.product: 1 + int(line.product[1:]) % 7 for line in (*made.lines, *made.alternatives)}
    assert {line.verdict for line in made.lines} == {"fits", "does not fit"}
    for line in (*made.lines, *made.alternatives):
        assert line.verdict == ("fits" if risks[line.product] <= 4 else "does not fit")
    assert len(made.alternatives) == 3
    assert {line.verdict for line in made.alternatives} == {"fits"}
    assert made.product not in {line.product for line in made.alternatives}
    fitting = [line for line in made.lines if line.verdict == "fits" and line.product != made.product]
    assert list(made.alternatives)[: len(fitting)] == fitting[:3]


def test_without_profiles_there_is_no_verdict_and_the_next_best_are_the_alternatives(taken, planted_bank):
    made = taken("c010", 1, dataset=planted_bank.dataset)
    assert (made.verdict, made.rules_version, made.profile_date) == (None, None, None)
    assert made.alternatives == made.lines[1:4]
    assert made.client_facts == ()


def test_a_client_with_nothing_has_a_list_of_popularity(taken):
    made = taken("c000", 1)
    assert (made.branch, made.reasons, made.start) == ("popularity", (), made.total)
    assert set(made.evidence.values()) == {0}


def test_what_the_client_has_is_no_line_of_the_list_and_has_no_rank(taken, profiled):
    mine = profiled.pair_products[(profiled.pair_clients == profiled.client_rows["c010"]) & profiled.positive]
    key = f"p{int(mine[0]):03}"
    made = taken("c010", key)
    assert made.rank is None
    assert key not in {line.product for line in made.lines}


def test_nobody_else_stands_in_it(taken, profiled, monkeypatch):
    monkeypatch.setenv("FINREC_SHOW_TIE_NAMES", "true")
    made = taken("c003", 1)  # tied to c007
    assert any(reason.kind == "tie" for reason in made.reasons)
    text = json.dumps(made.to_json())
    others = set(profiled.clients["client_id"].to_pylist()) - {"c003"}
    assert not [key for key in others if key in text]
    assert "review" not in text.replace('"reviews"', "")


def test_a_line_has_a_verdict_that_there_is():
    with pytest.raises(ValueError, match='the verdict "good"'):
        Line(1, "p", "P", "", 1, "good")
    assert repr(snapshot()) == "Snapshot(c1 / p1: rank 2, 2 reasons, 2 lines)"
    assert ShownReason("tie", "A friend", 3).count == 1

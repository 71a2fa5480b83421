"""What advisers made of a model, in words and figures: counts as they are, hostile names as text."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from finrec_core.advice.decision_log import DecisionLog
from finrec_core.advice.monitoring import Decided, Monitoring
from finrec_core.dataset import csv_report
from finrec_core.views.charts.theme import LIGHT
from finrec_core.views.model import monitoring
from tests.hostile import TEXTS

START = datetime(2026, 3, 2, 10, tzinfo=UTC)


def made(kind="accept", number=0, **changes):
    values = {"run": "r1", "rank": 1, "verdict": "fits", "override": False, "user": "ana"} | changes
    return Decided(kind=kind, when=START + timedelta(days=number), **values)


def found(*decisions, **changes):
    return replace(Monitoring(tuple(decisions), 0, 0, 0, 0, 0), **changes)


EMPTY = Monitoring.of(DecisionLog(), {})


def test_the_sentence_counts_what_stands():
    said = monitoring.sentence(
        found(
            *(made(number=k) for k in range(6)),
            *(made("reject", k) for k in range(3)),
            made("later"),
            made(override=True, verdict="does not fit"),
            lists=9,
            led=1,
        )
    )
    assert said == (
        "11 decisions stand: 7 accepted, 3 rejected, 1 put off. Accept rate 70 %, 95 % interval 40 % to "
        "89 %. 1 override: accepted although the product does not fit. 1 of 9 lists shown was followed by a "
        "decision."
    )
    assert monitoring.sentence(EMPTY) == "Nothing that stands was decided on these lists yet."
    about = monitoring.about(found(made(), withdrawn=2, corrected=1))
    assert "Not counted: 1 decided anew since and 2 withdrawn." in about
    assert "little more than chance" in about


@pytest.mark.parametrize("kind", monitoring.KINDS)
def test_tables_and_dots_hold_the_same_figures(kind):
    whole = found(*(made(number=k) for k in range(3)), made("reject", 40, rank=12, run="r2", user="bo"))
    tallies = monitoring.TALLIES[kind](whole)
    table = monitoring.table(tallies, kind, {"r1": "Model of 1 Mar 09:12"})
    rows = monitoring.rates(tallies, kind, {"r1": "Model of 1 Mar 09:12"})
    assert table["Decisions"].tolist() == [row.name for row in rows]
    assert table["Accepted"].astype(int).sum() == 3
    rates = [f"{row.value:.0f} %" for row in rows]
    assert table["Accept rate"].tolist() == rates
    assert all(", few" in cell for cell in table["95 % interval"])
    if kind == "model":
        assert table["Decisions"].tolist() == ["Model of 1 Mar 09:12", "Model r2 (removed)"]


def test_a_fall_is_said_and_what_is_not_settled_too():
    before = [made(number=k % 20, run="r1") for k in range(60)]
    after = [made("reject" if k % 2 else "accept", 60 + k % 20, run="r2") for k in range(60)]
    models = {"r1": "Model of 1 Mar 09:12", "r2": "Model of 1 May 10:00"}
    model, month = monitoring.drifts(found(*before, *after), models)
    assert model.startswith(
        "From model of 1 Mar 09:12 to model of 1 May 10:00 the accept rate fell from 100 % to"
    )
    assert month.startswith("From Mar 2026 to May 2026 the accept rate fell")
    (same,) = monitoring.drifts(found(*before[:3], made("reject", 3, run="r2")), models)
    assert "not settled" in same


def test_the_weeks_are_drawn_and_listed():
    whole = found(made(number=0), made("reject", 0), made("later", 15))
    figure = monitoring.weeks(whole, LIGHT)
    assert [list(bar.y) for bar in figure.data] == [[1, 0, 0], [1, 0, 0], [0, 0, 1]]
    assert monitoring.weeks_table(whole).values.tolist()[0] == ["16 Mar 2026", "0", "0", "1"]
    assert "week of 2 Mar 2026: 1 accepted, 1 rejected, 0 put off" in monitoring.weeks_alternative(whole)


def test_the_document_and_the_file_hold_every_count():
    whole = found(made(number=0, user=TEXTS[6]), made("reject", 8, verdict=None, rank=None))
    document = monitoring.document(whole)
    assert (document["accepted"], document["rejected"], document["accept_rate"]) == (1, 1, 0.5)
    assert [one["name"] for one in document["by"]["rank"]] == ["1", "none"]
    assert document["by"]["week"][0]["name"] == "2026-03-02"
    file = csv_report(monitoring.export(whole)).decode("utf-8-sig")
    assert "'=HYPERLINK" in file  # a spreadsheet shows it and runs nothing
    assert file.count("\n") == 1 + sum(len(each) for each in document["by"].values())
    assert monitoring.document(EMPTY)["accept_rate"] is None

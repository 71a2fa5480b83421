"""What advisers made of recommendations, against decisions counted by hand."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from finrec_core.advice.decision import answer, decide, withdraw
from finrec_core.advice.decision_log import DecisionLog
from finrec_core.advice.monitoring import NO_RANK, NO_VERDICT, Monitoring, Tally, drift
from tests.advice.made import TODAY, decided, row, snapshot, verdict

START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)  # a Monday


@dataclass(frozen=True)
class List:
    """A list shown, as the store's log has it."""

    client: str
    created: datetime
    run: str = "r1"


def log_of(*decisions, days=(), users=()):
    """Return the log of decisions, one a day from `START` on unless `days` says which."""
    rows = []
    for number, one in enumerate(decisions, start=1):
        day = days[number - 1] if days else number - 1
        user = users[number - 1] if users else "ana"
        rows.append(replace(row(number, one), created=START + timedelta(days=day), user=user))
    return DecisionLog.of(rows)


def counted(tallies):
    return {one.name: (one.accepted, one.rejected, one.put_off) for one in tallies}


@pytest.fixture
def log():
    accepted = decided("accept", product="p1")
    mistaken = decided("accept", product="p9")
    override = decide(
        "accept",
        snapshot(product="p5", verdict=verdict("failed")),
        reason="need",
        note="the client insists",
        today=TODAY,
    )
    unchecked = decide("reject", snapshot(product="p6", verdict=None), reason="cost", today=TODAY)
    return log_of(
        accepted,  # row-1
        answer(accepted, "row-1", "took"),
        decided("reject", product="p2"),
        decided("later", product="p3"),
        decided("later", product="p4"),
        decided("accept", product="p4"),  # corrects row-5
        mistaken,
        withdraw(mistaken, "row-7", "mistake"),
        override,
        unchecked,
        replace(decided("reject", product="p7"), run="r2"),
        days=(0, 0, 1, 1, 2, 7, 8, 9, 21, 22, 31),
        users=("ana", "ana", "bo", "bo", "ana", "ana", "ana", "ana", "bo", "ana", "bo"),
    )


RANKS = {"row-1": 1, "row-3": 2, "row-4": 10, "row-5": 4, "row-6": 4, "row-7": 1, "row-9": 11, "row-11": None}


def test_each_client_and_product_counts_once_as_it_stands(log):
    found = Monitoring.of(log, RANKS)
    whole = found.whole
    assert (whole.accepted, whole.rejected, whole.put_off) == (3, 3, 1)
    assert (whole.overrides, whole.took, whole.declined) == (1, 1, 0)
    assert (found.withdrawn, found.corrected, found.unreadable) == (1, 1, 0)
    assert whole.decisions == 7
    assert whole.rate == 0.5
    assert whole.interval == pytest.approx((0.1876, 0.8124), abs=1e-4)
    assert whole.few


def test_by_rank_verdict_model_adviser_and_month(log):
    found = Monitoring.of(log, RANKS)
    assert counted(found.by_rank()) == {
        "1": (1, 0, 0),
        "2-3": (0, 1, 0),
        "4-10": (1, 0, 1),
        "> 10": (1, 0, 0),
        NO_RANK: (0, 2, 0),
    }
    assert counted(found.by_verdict()) == {
        "fits": (2, 2, 1),
        "does not fit": (1, 0, 0),
        NO_VERDICT: (0, 1, 0),
    }
    assert counted(found.by_model()) == {"r1": (3, 2, 1), "r2": (0, 1, 0)}
    assert counted(found.by_adviser()) == {"ana": (2, 1, 0), "bo": (1, 2, 1)}
    assert counted(found.by_month()) == {"2026-03": (3, 2, 1), "2026-04": (0, 1, 0)}


def test_weeks_have_no_gaps_and_begin_by_the_readers_clock(log):
    found = Monitoring.of(log, RANKS).by_week()
    assert [day.isoformat() for day in found] == [
        *("2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30")
    ]
    assert [one.decisions for one in found.values()] == [3, 1, 0, 2, 1]
    late = log_of(decided("accept"), days=(6.99,))  # Sunday night in London is Monday in Sydney
    sydney = Monitoring.of(late, {}, local=lambda when: when.astimezone(timezone(timedelta(hours=11))))
    assert [*Monitoring.of(late, {}).by_week()] == [date(2026, 3, 9)]
    assert [*sydney.by_week()] == [date(2026, 3, 9)]
    early = log_of(decided("accept"), days=(6.5,))
    assert [*Monitoring.of(early, {}).by_week()] == [date(2026, 3, 2)]
    assert [*Monitoring.of(early, {}, local=lambda when: when + timedelta(hours=11)).by_week()] == [
        date(2026, 3, 9)
    ]


def test_one_model_counts_its_own(log):
    found = Monitoring.of(log, RANKS, [List("c1", START), List("c1", START, "r2")], run="r2")
    assert counted(found.by_model()) == {"r2": (0, 1, 0)}
    assert (found.lists, found.led, found.withdrawn, found.corrected) == (1, 1, 0, 0)


def test_a_list_led_to_a_decision_where_one_came_before_the_next_list(log):
    day = timedelta(days=1)
    lists = [
        List("c1", START - 2 * day),  # nothing until the next list
        List("c1", START - day),
        List("c1", START + 8.5 * day),  # the decision of day 8 came before; days 21 and 22 follow
        List("c1", START + 40 * day),  # after the last
        List("c2", START),  # nobody decided for this client
        List("c1", START + 30 * day, "r2"),
    ]
    found = Monitoring.of(log, RANKS, lists)
    assert (found.lists, found.led) == (6, 3)


def test_nothing_decided_is_counted_as_nothing():
    found = Monitoring.of(DecisionLog(), {})
    assert found.whole == Tally("")
    assert found.whole.rate is found.whole.interval is None
    assert found.by_week() == {}
    assert found.by_model() == ()
    assert drift(found.by_model()) is None


def test_a_change_is_settled_where_its_interval_does_not_hold_nothing():
    fell = drift([Tally("a", accepted=80, rejected=20), Tally("empty"), Tally("b", accepted=40, rejected=60)])
    assert fell is not None
    assert (fell.before.name, fell.after.name) == ("a", "b")
    assert fell.gap == pytest.approx(-0.4)
    assert fell.high < 0
    assert fell.settled
    tiny = drift([Tally("a", accepted=3), Tally("b", rejected=9)])
    assert tiny is not None
    assert tiny.high < 0
    assert not tiny.settled
    open_ = drift([Tally("a", accepted=4, rejected=2), Tally("b", accepted=3, rejected=3)])
    assert open_ is not None
    assert not open_.settled


def test_entries_that_cannot_be_read_are_counted():
    rows = [row(1, decided("accept")), replace(row(2, decided("reject", product="p2")), kind="nonsense")]
    found = Monitoring.of(DecisionLog.of(rows), {})
    assert (found.whole.decisions, found.unreadable) == (1, 1)

"""Notes and follow-ups: what can be kept, what is open, and what ends it."""

from datetime import timedelta

import pytest

from finrec_core.advice.decision import LONGEST_NOTE, DecisionError, done, withdraw
from finrec_core.advice.decision_log import DecisionLog, check
from finrec_core.advice.reminder import follow_up, note
from tests.advice.made import TODAY, decided, row

SOON = TODAY + timedelta(days=7)


def log_of(*decisions):
    return DecisionLog.of([row(number, one) for number, one in enumerate(decisions, start=1)])


def ids(entries):
    return [entry.id for entry in entries]


def test_what_is_kept_says_who_what_and_when():
    made = follow_up("c1", "  Ask about the house ", SOON, TODAY, client_name="Marta", product="p1", run="r1")
    assert (made.kind, made.client, made.product, made.due) == ("follow", "c1", "p1", SOON)
    assert made.note == "Ask about the house"
    kept = note("c1", "Prefers letters")
    assert (kept.kind, kept.product, kept.run, kept.note) == ("note", "", "", "Prefers letters")
    assert log_of(made, kept).entries[1].decision == kept, "it is read as it was written"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: note("c1", "  "), "Write what to note"),
        (lambda: note("c1", "x" * (LONGEST_NOTE + 1)), "longer than 2,000 characters"),
        (lambda: follow_up("c1", "", SOON, TODAY), "Write what is to be done"),
        (lambda: follow_up("c1", "Call", None, TODAY), "Say on which day"),
        (lambda: follow_up("c1", "Call", TODAY - timedelta(days=1), TODAY), "lies in the past"),
    ],
)
def test_what_says_nothing_cannot_be_kept(make, said):
    with pytest.raises(DecisionError, match=said):
        make()


def test_a_follow_up_is_open_until_it_is_done():
    asked = follow_up("c1", "Call", SOON, TODAY)
    early = follow_up("c2", "Write", TODAY, TODAY)
    log = log_of(asked, early)
    assert ids(log.follow_ups()) == ["row-2", "row-1"], "the earliest day first"
    assert all(log.open(entry) for entry in log.entries)
    log = log_of(asked, early, done(asked, "row-1", "done"))
    assert ids(log.follow_ups()) == ["row-2"]
    log = log_of(asked, early, withdraw(early, "row-2", "mistake"))
    assert ids(log.follow_ups()) == ["row-1"]


def test_an_end_that_was_withdrawn_leaves_the_follow_up_open():
    asked = follow_up("c1", "Call", SOON, TODAY)
    ended = done(asked, "row-1", "dropped")
    log = log_of(asked, ended, withdraw(ended, "row-2", "mistake"))
    assert ids(log.follow_ups()) == ["row-1"]


def test_what_is_kept_decides_nothing():
    log = log_of(
        decided("accept"), follow_up("c1", "Call", SOON, TODAY, product="p1"), note("c1", "Likes tea")
    )
    assert log.current("c1", "p1").id == "row-1"
    assert ids(log.kept("c1")) == ["row-3", "row-2"]
    assert log.kept("c2") == []
    assert ids(log.waiting()) == ["row-1"]


def test_only_a_follow_up_that_is_open_can_be_done():
    asked, kept = follow_up("c1", "Call", SOON, TODAY), note("c1", "Likes tea")
    check(done(asked, "row-1", "done"), [row(1, asked)])
    with pytest.raises(DecisionError, match="Only a follow-up"):
        check(done(kept, "row-1", "done"), [row(1, kept)])
    with pytest.raises(DecisionError, match="ended already"):
        check(done(asked, "row-1", "done"), [row(1, asked), row(2, done(asked, "row-1", "done"))])
    with pytest.raises(DecisionError, match="whether it is done"):
        done(asked, "row-1", None)

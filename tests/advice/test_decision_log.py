"""The decision log read: what stands, what is open, put off and hidden, and what may follow."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finrec_core.advice.decision import DecisionError, answer, withdraw
from finrec_core.advice.decision_log import DecisionLog, check
from tests.advice.made import TODAY, Row, decided, row


def log_of(*decisions):
    """Return the log of decisions in this order, with ids row-1, row-2, ..."""
    return DecisionLog.of([row(number, one) for number, one in enumerate(decisions, start=1)])


def ids(entries):
    return [entry.id for entry in entries]


def test_the_last_decision_on_a_client_and_a_product_is_the_one_that_counts():
    log = log_of(decided("later"), decided("accept", product="p2"), decided("reject"))
    assert log.current("c1", "p1").id == "row-3"
    assert log.current("c1", "p2").id == "row-2"
    assert log.current("c2", "p1") is None
    assert repr(log) == "DecisionLog(3 entries, 2 decisions stand)"


def test_a_withdrawn_decision_leaves_the_one_before_it():
    accepted = decided("accept")
    log = log_of(decided("later"), accepted, withdraw(accepted, "row-2", "mistake"))
    assert log.current("c1", "p1").id == "row-1"
    assert [log.stands(entry) for entry in log.entries] == [True, False, False]
    assert log.withdrawn["row-2"].id == "row-3"


def test_what_the_client_said_last_closes_an_accepted_product():
    accepted = decided("accept")
    said = [answer(accepted, "row-1", code) for code in ("undecided", "took")]
    for entries, code, opened in (([], None, True), (said[:1], "undecided", True), (said, "took", False)):
        log = log_of(accepted, *entries)
        found = log.answer(log.entries[0])
        assert (found and found.reason) == code
        assert log.open(log.entries[0]) is opened


def test_an_answer_can_be_withdrawn():
    accepted = decided("accept")
    said = answer(accepted, "row-1", "took")
    log = log_of(accepted, said, withdraw(said, "row-2", "mistake"))
    assert log.answer(log.entries[0]) is None
    assert log.open(log.entries[0])


def test_what_is_put_off_is_due_on_its_day_and_after():
    days = [TODAY + timedelta(days=n) for n in (0, 1, 9)]
    log = log_of(*(decided("later", product=f"p{n}", due=day) for n, day in enumerate(days)))
    assert [ids(log.due(day)) for day in days] == [["row-1"], ["row-1", "row-2"], ["row-1", "row-2", "row-3"]]
    assert ids(log.put_off()) == ["row-1", "row-2", "row-3"]
    assert all(log.open(entry) for entry in log.entries)


def test_what_was_decided_since_is_not_put_off_any_more():
    log = log_of(decided("later"), decided("reject"))
    assert log.put_off() == []
    assert not log.open(log.entries[0])


def test_a_rejected_product_is_hidden_before_its_day():
    until = date(2026, 4, 1)
    log = log_of(
        decided("reject", product="p1", hidden_until=until),
        decided("reject", product="p2"),
        decided("reject", product="p3", client="c2", hidden_until=until),
    )
    assert log.hidden("c1", until - timedelta(days=1)) == {"p1": until}
    assert log.hidden("c1", until) == {}
    assert log_of(*(entry.decision for entry in log.entries[:1]), decided("accept")).hidden("c1", TODAY) == {}


def test_rows_that_hold_no_decision_are_counted_and_hurt_no_other():
    log = DecisionLog.of(
        [Row(1, "accepted", {}), row(2, decided("accept")), Row(3, "accept", {"decision": {}})]
    )
    assert (ids(log.entries), log.unreadable, log.sequence) == (["row-2"], 2, 3)


def test_rows_can_be_read_bit_by_bit():
    accepted = decided("accept")
    rows = [row(1, accepted), row(2, withdraw(accepted, "row-1", "mistake")), row(3, decided("reject"))]
    assert DecisionLog.of(rows[:1]).with_rows(rows[1:]) == DecisionLog.of(rows)


@pytest.mark.parametrize("kind", ["answer", "withdraw"])
def test_an_entry_about_another_one_needs_that_one(kind):
    accepted = decided("accept")
    follow = {"answer": answer, "withdraw": withdraw}[kind]
    code = {"answer": "took", "withdraw": "mistake"}[kind]
    rows = [row(1, accepted), row(2, withdraw(accepted, "row-1", "mistake")), row(3, accepted)]
    check(follow(accepted, "row-3", code), rows)
    for about, reason in (
        ("row-9", "not in the log"),
        ("row-1", "withdrawn already"),
        ("row-2", "cannot be withdrawn"),
    ):
        with pytest.raises(DecisionError, match=reason):
            check(follow(accepted, about, code), rows)


def test_only_what_was_accepted_has_an_answer():
    rejected = decided("reject")
    with pytest.raises(DecisionError, match="Only an accepted"):
        check(answer(rejected, "row-1", "took"), [row(1, rejected)])
    check(decided("accept"), [row(1, rejected)])


@given(
    st.lists(
        st.tuples(st.sampled_from(["accept", "reject", "later", "answer", "withdraw"]), st.integers(0, 9))
    )
)
def test_what_the_check_lets_through_never_withdraws_twice_nor_a_withdrawal(wishes):
    rows = []
    for kind, target in wishes:
        try:
            if kind in ("answer", "withdraw"):
                about = rows[target % len(rows)] if rows else row(0, decided("accept"))
                follow, code = (answer, "took") if kind == "answer" else (withdraw, "mistake")
                made = follow(DecisionLog.of([about]).entries[0].decision, about.id, code)
            else:
                made = decided(kind)
            check(made, rows)
        except DecisionError:
            continue
        rows.append(row(len(rows) + 1, made))
    log = DecisionLog.of(rows)
    named = [entry.decision.about for entry in log.entries if entry.decision.kind == "withdraw"]
    assert len(set(named)) == len(named)
    kinds = {entry.id: entry.decision.kind for entry in log.entries}
    assert "withdraw" not in {kinds[about] for about in named}
    standing = [
        e for e in log.entries if e.id not in named and e.decision.kind in ("accept", "reject", "later")
    ]
    assert log.current("c1", "p1") == (standing[-1] if standing else None)

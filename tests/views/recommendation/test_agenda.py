"""The agenda in words."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

from finrec_core.advice.agenda import Kind, agenda
from finrec_core.advice.changes import Cause, Change, gone
from finrec_core.advice.decision_log import DecisionLog
from finrec_core.advice.reminder import follow_up
from finrec_core.views.recommendation.agenda import CAUSES, KINDS, UNKNOWN, counts, what, when, why
from tests.advice.made import TODAY, decided, line, row, snapshot

YESTERDAY = TODAY - timedelta(days=1)


def tasks(*decisions, changes=(), fault="", known=True):
    log = DecisionLog.of([row(number, one) for number, one in enumerate(decisions, start=1)])
    return agenda(log, changes, TODAY, fault=lambda _: fault, owns=lambda _: False, knows=lambda _: known)


def test_each_task_says_what_why_and_since_when():
    found = tasks(
        decided("accept"),
        decided("later", client="c2", note="After the holidays"),
        follow_up("c3", "Ask about the house", YESTERDAY, YESTERDAY, product="p2", product_name="Loan"),
    )
    assert [what(one) for one in found] == [
        "Ask about the house (Loan)",
        "Decide on Nordlys Climate Bond Fund",
        "Ask for the answer on Nordlys Climate Bond Fund",
    ]
    assert [why(one) for one in found] == [
        "Asked for by ana.",
        "Talk to the client first. “After the holidays”",
        "Accepted by ana: meets a stated need.",
    ]
    assert [when(one, TODAY) for one in found] == [
        "overdue since 9 Mar 2026",
        "due today",
        "since today",
    ]
    assert counts(found) == {
        "follow": "Follow-up 1",
        "due": "Put off until now 1",
        "answer": "Answer awaited 1",
    }


def test_what_no_longer_fits_says_why_first():
    (task,) = tasks(decided("accept"), fault="It is no longer offered.")
    assert what(task) == "Look again at Nordlys Climate Bond Fund"
    assert why(task) == "It is no longer offered. Accepted by ana: meets a stated need."


def test_a_list_that_changed_names_the_cause_in_words():
    change = Change(snapshot(), ("model", "profile"), came=(line(11),))
    (task,) = tasks(changes=[change])
    assert what(task) == "Look at the list anew"
    assert why(task) == "Another model and a profile that grew old. Came in: Product 11."
    (task,) = tasks(changes=[gone(snapshot())])
    assert why(task) == "New data. The client is not in the data any more."


def test_an_unknown_client_and_what_was_erased_are_said():
    (task,) = tasks(follow_up("c1", "Call", TODAY, TODAY), known=False)
    assert why(task).endswith(UNKNOWN)
    erased = replace(
        task, entry=replace(task.entry, lost="It was erased.", decision=replace(task.entry.decision, note=""))
    )
    assert what(erased) == "Follow up"
    assert "It was erased." in why(erased)


def test_every_kind_and_cause_has_words():
    assert set(KINDS) == set(get_args(Kind))
    assert set(CAUSES) == set(get_args(Cause))

"""The agenda: what stands on it, in which order, and what does not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from finrec_core.advice import Rules, Suitability
from finrec_core.advice.agenda import Task, agenda, ahead, unfit
from finrec_core.advice.changes import gone
from finrec_core.advice.decision import answer, done
from finrec_core.advice.decision_log import DecisionLog
from finrec_core.advice.reminder import follow_up, note
from tests.advice.made import TODAY, decided, row, snapshot

DAY = timedelta(days=1)


def log_of(*decisions):
    return DecisionLog.of([row(number, one) for number, one in enumerate(decisions, start=1)])


def made(log, changes=(), **how):
    how = {"fault": lambda entry: "", "owns": lambda client: False, "knows": lambda client: True} | how
    return agenda(log, changes, TODAY, **how)


def told(tasks):
    return [(task.kind, task.client) for task in tasks]


def asked(client, due=TODAY, **more):
    """Return a follow-up for a day, which may have passed."""
    return follow_up(client, "Call", due, due, **more)


def test_what_is_promised_put_off_or_waits_is_to_be_done():
    log = log_of(
        decided("accept", client="c1"),
        decided("later", client="c2", due=TODAY),
        asked("c3", TODAY - DAY),
        decided("reject", client="c4"),
        note("c5", "Likes tea"),
    )
    tasks = made(log, [gone(snapshot(client="c6"))])
    assert told(tasks) == [("follow", "c3"), ("due", "c2"), ("answer", "c1"), ("changed", "c6")]
    assert [task.since for task in tasks] == [TODAY - DAY, TODAY, TODAY, TODAY]
    assert len({task.key for task in tasks}) == 4


def test_what_is_settled_or_lies_ahead_is_not_to_be_done():
    accepted, called = decided("accept", client="c1"), asked("c2")
    later = decided("later", client="c3", due=TODAY + 2 * DAY)
    log = log_of(
        accepted, answer(accepted, "row-1", "took"), called, done(called, "row-3", "done"), later,
        follow_up("c4", "Write", TODAY + DAY, TODAY),
    )  # fmt: skip
    assert made(log) == ()
    assert [entry.id for entry in ahead(log, TODAY)] == ["row-6", "row-5"]


def test_an_undecided_client_is_asked_again():
    accepted = decided("accept")
    assert told(made(log_of(accepted, answer(accepted, "row-1", "undecided")))) == [("answer", "c1")]


def test_what_no_longer_fits_stands_once_and_first():
    log = log_of(asked("c3"), decided("accept", client="c1"), decided("later", client="c2", due=TODAY + DAY))
    tasks = made(log, fault=lambda entry: "It is not offered any more." * (entry.decision.kind != "accept"))
    assert told(tasks) == [("unfit", "c2"), ("follow", "c3"), ("answer", "c1")]
    assert tasks[0].fault == "It is not offered any more."


def test_ones_own_clients_come_first_and_within_a_kind_the_oldest():
    log = log_of(
        asked("c1", TODAY - 3 * DAY), asked("c2"), asked("c3", TODAY - DAY), decided("accept", client="c2")
    )
    tasks = made(log, owns=lambda client: client == "c2")
    assert told(tasks) == [("follow", "c2"), ("answer", "c2"), ("follow", "c1"), ("follow", "c3")]
    assert [task.own for task in tasks] == [True, True, False, False]


def test_a_client_whom_the_model_does_not_know_says_so():
    tasks = made(log_of(asked("c1")), [gone(snapshot(client="c6"))], knows=lambda client: client != "c1")
    assert [task.known for task in tasks] == [False, False]


def test_a_task_is_about_one_thing():
    with pytest.raises(ValueError, match="an entry or about a change"):
        Task("due", "c1", "Ana", TODAY)
    (task,) = made(log_of(asked("c1")))
    with pytest.raises(ValueError, match="an entry or about a change"):
        replace(task, change=gone(snapshot()))


def test_a_decision_whose_product_is_gone_or_fits_no_more_says_why(profiled):
    rules = Rules.proposed(profiled)
    suits = {
        kind: product
        for client in profiled.client_rows
        for product, kind in zip(
            profiled.product_rows, Suitability.of(profiled, client, rules, TODAY).kinds, strict=True
        )
        if client == "c000"
    }
    assert {"fits", "does not fit"} <= set(suits)

    def said(product, client="c000", verdict="fits"):
        return unfit(profiled, rules, TODAY, replace(decided("accept", client, product), verdict=verdict))

    assert said(suits["fits"]) == ""
    assert said(suits["does not fit"]).startswith("It does not fit any more: ")
    assert said(suits["does not fit"], verdict="does not fit") == "", "it was known when it was decided"
    assert said("gone") == "The product is not in the data any more."
    assert said(suits["does not fit"], client="gone") == ""
    assert unfit(profiled, rules, TODAY, follow_up("c000", "Call", TODAY, TODAY)) == ""

"""A question is asked with a proposal, answered by its id, and remembered for the same column."""

from dataclasses import replace

import pytest

from finrec_core.intake import IntakeError, Question, Questions, proposals

ZEROS = Question("zeros", "held.csv", "units", "3 rows say 0.", ("left out", "held"), "left out")
WORDS = Question(
    "actions",
    "trades.csv",
    "side",
    "What do B and S mean?",
    ("takes", "gives_up"),
    {"B": "takes", "S": "gives_up"},
    values=("B", "S"),
)


def test_a_question_without_an_answer_stays_open_and_is_as_proposed() -> None:
    asking = Questions()
    assert asking.ask(ZEROS) == "left out"
    assert asking.open == (ZEROS,)
    assert proposals(asking.open) == {"zeros:held.csv:units": "left out"}


def test_an_answer_closes_it() -> None:
    asking = Questions({ZEROS.id: "held"})
    assert asking.ask(ZEROS) == "held"
    assert not asking.open
    assert asking.answers == {ZEROS.id: "held"}


def test_an_earlier_answer_counts_for_the_same_column_of_another_file() -> None:
    asking = Questions(kept={"actions:last year.csv:side": {"B": "gives_up"}})
    assert asking.ask(WORDS) == {"B": "gives_up", "S": "gives_up"}
    assert asking.open == (WORDS,)  # nothing was ever said of S


def test_what_is_said_now_fills_up_what_was_said_earlier() -> None:
    asking = Questions({WORDS.id: {"S": "takes"}}, kept={"actions:last year.csv:side": {"B": "gives_up"}})
    assert asking.ask(WORDS) == {"B": "gives_up", "S": "takes"}
    assert not asking.open
    again = Questions({WORDS.id: {"B": "takes", "S": "takes"}}, kept=asking.answers)
    assert again.ask(WORDS) == {"B": "takes", "S": "takes"}


@pytest.mark.parametrize(
    "kept",
    [
        {"zeros:a.csv:units": "held", "zeros:b.csv:units": "left out"},  # of two answers none counts
        {"zeros:a.csv:units": "thrown away"},  # nobody can answer so any more
        {"zeros:a.csv:units": {"0": "held"}},
        {"zeros:a.csv:price": "held"},
        {"codes:a.csv:units": "held"},
    ],
)
def test_an_earlier_answer_that_does_not_fit_is_none(kept: dict[str, object]) -> None:
    asking = Questions(kept=kept)
    assert asking.ask(ZEROS) == "left out"
    assert asking.open == (ZEROS,)


def test_the_same_file_counts_before_others() -> None:
    asking = Questions(kept={ZEROS.id: "held", "zeros:b.csv:units": "left out"})
    assert asking.ask(ZEROS) == "held"


def test_values_that_were_sorted_differently_are_asked_again() -> None:
    asking = Questions(
        kept={
            "actions:a.csv:side": {"B": "gives_up", "S": "takes"},
            "actions:b.csv:side": {"B": "gives_up", "S": "gives_up"},
        }
    )
    assert asking.ask(WORDS) == {"B": "gives_up", "S": "gives_up"}
    assert asking.open == (WORDS,)


def test_what_is_asked_once_is_asked_again() -> None:
    once = replace(ZEROS, once=True)
    asking = Questions(kept={once.id: "held"})
    assert asking.ask(once) == "left out"
    assert asking.open == (once,)


def test_what_was_taken_is_told_with_what_was_proposed() -> None:
    asking = Questions({WORDS.id: {"S": "takes"}})
    asking.ask(WORDS)
    asking.ask(replace(ZEROS, proposal=None))
    assert asking.taken == {WORDS.id: {"B": "takes", "S": "takes"}}
    assert WORDS.settled_by(asking.taken[WORDS.id])
    assert not WORDS.settled_by({"S": "takes"})
    assert not ZEROS.settled_by(None)


def test_a_question_is_told_as_plain_values() -> None:
    assert WORDS.to_json() == {
        "id": "actions:trades.csv:side",
        "kind": "actions",
        "file": "trades.csv",
        "column": "side",
        "sentence": "What do B and S mean?",
        "values": ["B", "S"],
        "choices": ["takes", "gives_up"],
        "proposal": {"B": "takes", "S": "gives_up"},
    }
    assert replace(ZEROS, proposal=None).to_json()["proposal"] is None


@pytest.mark.parametrize("answer", ["held", {"B": "sells"}, 3])
def test_what_is_no_answer_is_refused(answer: object) -> None:
    with pytest.raises(IntakeError, match=r"actions:trades\.csv:side"):
        Questions({WORDS.id: answer}).ask(WORDS)


def test_an_answer_to_what_nobody_asks_is_refused() -> None:
    asking = Questions({"zeros:other.csv:units": "held"})
    asking.ask(ZEROS)
    for files in ((), ("other",), ("held.csv",)):
        with pytest.raises(IntakeError, match="nobody asks"):
            asking.check_given(files)
    with pytest.raises(IntakeError, match="nobody asks"):
        Questions({"zeroes:other.csv:units": "held"}).check_given(["other.csv"])


def test_an_answer_that_another_made_moot_is_left_aside_with_a_notice() -> None:
    asking = Questions({"zeros:other.csv:units": "held", ZEROS.id: "held"})
    asking.ask(ZEROS)
    assert asking.check_given(["held.csv", "other.csv"]) == [
        'The answer to "zeros:other.csv:units" is left aside, since this is no question any more.'
    ]


def test_a_question_leaves_something_to_choose() -> None:
    with pytest.raises(ValueError, match="choose"):
        Question("zeros", "held.csv", "units", "?", ("yes",))


def test_a_question_is_of_a_known_kind() -> None:
    with pytest.raises(ValueError, match='no questions of the kind "doubts"'):
        Question("doubts", "held.csv", "units", "?", ("yes", "no"))

"""A question is asked with a proposal, answered by its id, and remembered for the same column."""

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


@pytest.mark.parametrize("answer", ["held", {"B": "sells"}, 3])
def test_what_is_no_answer_is_refused(answer: object) -> None:
    with pytest.raises(IntakeError, match=r"actions:trades\.csv:side"):
        Questions({WORDS.id: answer}).ask(WORDS)


def test_an_answer_to_what_nobody_asks_is_refused() -> None:
    asking = Questions({"zeros:other.csv:units": "held"})
    asking.ask(ZEROS)
    with pytest.raises(IntakeError, match="nobody asks"):
        asking.check_given()


def test_a_question_leaves_something_to_choose() -> None:
    with pytest.raises(ValueError, match="choose"):
        Question("zeros", "held.csv", "units", "?", ("yes",))

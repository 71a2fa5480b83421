"""An import in words: what files and rows are, and what saving would decide."""

from dataclasses import replace

import pytest

from finrec_core.intake import Question, Source, read_files
from finrec_core.views.data import imports

SIDES = {"Buy": "takes", "Sell": "gives_up", "CXL": "no_fact"}
ACTIONS = Question(
    "actions", "a.csv", "side", "What is it?", ("takes", "gives_up", "no_fact"), SIDES, tuple(SIDES)
)
ZEROS = Question("zeros", "held.csv", "units", "3 rows say 0. Held?", ("no", "yes"), "no")
OPEN = Question("codes", "stars.csv", "", "Which?", ("one", "two"))


@pytest.mark.parametrize(
    ("uses", "words"),
    [
        ({}, "a product that a client has"),
        ({"timestamp": "date"}, "a product that a client took, and when"),
        ({"rating": "stars", "timestamp": "date"}, "how a client rated a product"),
        ({"rating": "stars", "review": "text"}, "what a client wrote of a product"),
        ({"amount": "units", "timestamp": "date"}, 'how much, "units", a client has of a product'),
        ({"action": "side", "amount": "units"}, 'what "side" says that a client did'),
        ({"held": "Fund B"}, "a client, with a column for each product"),
    ],
)
def test_a_row_of_interactions_means_what_its_columns_say(uses: dict[str, str], words: str) -> None:
    assert imports.row_meaning("interactions", uses) == words


def test_each_file_is_said_in_a_sentence() -> None:
    files = {
        "has.csv": b"client,product,date\nann,card,2024-01-02\nbob,card,2024-01-03\n",
        "products.csv": b"product_id,name\ncard,Card\n",
        "clients.csv": b"client_id,profile_date\nann,2024-01-01\n",
        "ties.csv": b"client_id,other_client_id\nann,bob\n",
        "stray.csv": b"x,y\n1,2\n",
    }
    intake = read_files([Source(*file) for file in files.items()])
    assert [imports.file_sentence(intake, file) for file in intake.files] == [
        "has.csv: 2 interactions, a row is a product that a client took, and when",
        "products.csv: 1 row, each of them a product",
        "clients.csv: 1 row, each of them a client's profile of a day",
        "ties.csv: 1 connection, each of them two clients who belong together",
        "stray.csv: left out",
    ]


def test_a_button_says_what_is_being_decided() -> None:
    assert imports.deciding(()) == ""
    assert imports.deciding((ZEROS,)) == 'taking "no" for units'
    assert imports.deciding((ACTIONS,)) == 'reading "Sell" as "gives up" and 1 more'
    assert imports.deciding((ACTIONS, ZEROS)) == "deciding 2 questions as proposed"
    assert imports.deciding((OPEN,)) == ""
    alike = replace(ACTIONS, proposal=dict.fromkeys(SIDES, "takes"))
    assert imports.deciding((alike,)) == 'reading all 3 values as "takes"'
    steps = {"1/7": "1", "2/7": "2", "3/7": "3"}
    risk = Question("risk", "p.csv", "SRRI", "Which?", ("1", "2", "3"), steps, tuple(steps))
    assert imports.deciding((risk,)) == 'reading "1/7" as "1" and 2 more'


def test_an_answer_is_said_with_its_place() -> None:
    assert imports.answer_sentence(ZEROS.id, "yes") == 'Zeros of held.csv, units: "yes"'
    assert imports.answer_sentence(OPEN.id, "two") == 'Codes of stars.csv: "two"'
    told = imports.answer_sentence(ACTIONS.id, {"Buy": "takes", "Sell": "gives_up"})
    assert told == 'Actions of a.csv, side: "Buy" is "takes" and "Sell" is "gives up"'

"""The glossary: one line for each term, and every name of code in it is one that code has."""

import re

from tests.conftest import REPOSITORY
from tests.docs.pages import rows
from tests.docs.test_walk import defined

PAGE = "docs/glossary.md"
FIELDS = ("Data", "Model", "Explanation", "Evaluation", "Advice", "House")
TERMS = [row for field in FIELDS for row in rows(PAGE, field)]


def test_each_term_has_one_line_and_says_what_it_is() -> None:
    names = [row[0] for row in TERMS]
    assert len(names) == len(set(names)) > 40
    assert all(len(row) == 4 and row[3].endswith(".") for row in TERMS)


def test_the_terms_stand_in_order() -> None:
    for field in FIELDS:
        names = [row[0].lower() for row in rows(PAGE, field)]
        assert names == sorted(names), field


def test_every_name_of_code_is_there() -> None:
    named = [one for row in TERMS for one in re.findall(r"`([\w.]+)` in `([\w/]+\.py)`", row[1])]
    assert len(named) > 30
    for name, path in named:
        assert (REPOSITORY / path).is_file(), path
        assert name in defined(path), f"{path} has no {name}"

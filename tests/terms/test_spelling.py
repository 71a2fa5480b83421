"""The words that a mistyped one may have meant."""

import pytest

from finrec_core.terms.spelling import MOST, Vocabulary

WORDS = Vocabulary(["marta", "murat", "marina", "harbour", "jorgensen", "c00123", "eva"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("marat", ["marta", "murat"]),  # two neighbours swapped; another letter
        ("marrta", ["marta"]),
        ("mata", ["marta"]),
        ("horbuor", []),  # two slips are for long words
        ("jorgnesem", ["jorgensen"]),
        ("marta", []),  # the word itself is not what it may have meant
        ("evaa", ["eva"]),
        ("evo", []),  # too short to be mistyped
        ("c00124", []),  # a number is no mistyped other one
        ("", []),
    ],
)
def test_one_slip_in_a_word_and_two_in_a_long_one(typed: str, meant: list[str]) -> None:
    assert sorted(WORDS.near(typed)) == sorted(meant)


def test_the_nearest_come_first_and_no_more_than_a_few() -> None:
    many = Vocabulary([*(f"holiday{a}{b}" for a in "abc" for b in "abc"), "holidayab"])
    found = many.near("holidayxb")
    assert len(found) == MOST
    assert set(found[:3]) == {"holidayab", "holidaybb", "holidaycb"}
    assert repr(many) == "Vocabulary(9 words)"

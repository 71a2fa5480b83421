"""Opinions: codes beside a scale of ratings and zeros beside ones are named and asked about."""

import pytest

from finrec_core.intake import find_sources, read_files
from finrec_core.intake.opinion import find_codes
from tests.conftest import real_case
from tests.dataset.tables import interactions, problems, read

FIVE, TEN = [1, 2, 3, 4, 5], list(range(1, 11))


def test_99_beside_a_scale_of_five_is_no_opinion():
    files = find_sources([real_case("missing-code-as-rating")])
    found = read_files(files)
    assert found.dataset.rating_limit == 3.0
    assert (found.rating_proposal.low, found.rating_proposal.high) == (1, 5)
    ratings = found.dataset.interactions["rating"]
    assert len(ratings) == 200
    assert ratings.null_count == 36
    (asked,) = found.questions
    assert (asked.id, asked.values, dict(asked.proposal)) == (
        "codes:ratings.csv:rating",
        ("99",),
        {"99": "no opinion"},
    )
    assert "run from 1 to 5, and 99 stands in 36 rows beside them" in asked.sentence
    kept = read_files(files, answers={asked.id: {"99": "a rating"}})
    assert kept.dataset.interactions["rating"].null_count == 0


@pytest.mark.parametrize(
    ("ratings", "codes"),
    [
        ([*FIVE, 99], [99]),
        ([*FIVE, 999], [999]),
        ([*FIVE, -1], [-1]),
        ([*FIVE, 0], [0]),
        ([*FIVE, 9], [9]),
        ([*FIVE, 8, 9], [8, 9]),
        ([*FIVE, 88, 99], [88, 99]),
        ([*FIVE, -9, -99], [-99, -9]),
        ([*FIVE, 0, -1, 999], [-1, 0, 999]),
        ([*TEN, -1], [-1]),
        ([*TEN, 0], [0]),
        ([*TEN, 99], [99]),
        ([0.5 * half for half in range(1, 11)] + [-1], [-1]),
        ([1, 3, 5, 99], [99]),
        ([-1, 0, 1, 99], [99]),
        # scales, whole
        (FIVE, []),
        (TEN, []),
        ([-1, 0, 1], []),
        ([-1, 1], []),
        ([-2, -1, 0, 1, 2], []),
        ([-3, -2, -1, 0, 1, 2, 3], []),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9], []),
        ([4, 5, 7, 8, 9], []),
        ([0, 0.5, 1, 1.5, 2, 3, 4, 5], []),
        ([0, 5], []),
        ([0, 25, 50, 75, 100], []),
        ([3, 99, 120], []),
        ([99], []),
        ([], []),
    ],
)
def test_codes_lie_beside_a_scale(ratings, codes):
    assert list(find_codes(ratings)) == codes
    assert list(find_codes(ratings[::-1])) == codes


def test_each_code_is_answered_for_itself_and_the_row_stays():
    rows = [f"c{number},p1,,{rating}," for number, rating in enumerate([*FIVE, 0, -1])]
    found = read(interactions(*rows), answers={"codes:interactions.csv:rating": {"0": "a rating"}})
    assert found.dataset.interactions["rating"].to_pylist() == [*FIVE, 0, None]
    assert [row for row in problems(found.repairs) if row[1] == "rating"] == [
        (8, "rating", "-1", "Rating is a code for no opinion, left empty")
    ]
    assert found.rows_rejected == 0
    assert [question.kind for question in found.questions] == ["codes"]  # -1 is still open


def test_a_count_has_no_codes():
    rows = [f"c{number},p1,{plays}" for number, plays in enumerate([*FIVE, 99])]
    found = read(interactions(*rows, header="client_id,product_id,plays\n"))
    assert not found.questions
    assert found.dataset.interactions["rating"].null_count == 0


@pytest.mark.parametrize(
    ("answer", "ratings", "actions"),
    [
        (None, [1, 0, 1, 0], [None] * 4),
        ("rated low", [1, 0, 1, 0], [None] * 4),
        ("no opinion", [1, None, 1, None], [None] * 4),
        ("not held", [1, None, 1, None], [None, "neither", None, "neither"]),
    ],
)
def test_zeros_beside_ones_are_asked_about(answer, ratings, actions):
    given = {"zero_one:interactions.csv:rating": answer} if answer else {}
    found = read(interactions("a,x,,1,", "a,y,,0,", "b,y,,1,", "b,z,,0,"), answers=given)
    assert found.dataset.interactions["rating"].to_pylist() == ratings
    assert found.dataset.interactions["action"].to_pylist() == actions
    assert found.rows_read == 4 == found.rows_clean + found.rows_repaired + found.rows_rejected
    assert found.rows_rejected == 0
    if answer is None:
        (asked,) = found.questions
        assert asked.proposal == "rated low"
        assert asked.sentence.startswith('"rating" is 0 in 2 rows and 1 in 2.')
    if answer == "not held":
        assert [row[:3] for row in problems(found.repairs) if row[1] == "rating"] == [
            (3, "rating", "0"),
            (5, "rating", "0"),
        ]


def test_a_zero_of_what_is_counted_or_owned_is_not_held_by_proposal():
    for name in ("count", "owned"):
        found = read(
            interactions("a,x,1", "a,y,0", header=f"client_id,product_id,{name}\n"), mapping={name: "rating"}
        )
        assert [question.proposal for question in found.questions] == ["not held"]
        assert found.dataset.interactions["action"].to_pylist() == [None, "neither"]


def test_a_matrix_of_zeros_and_ones_is_no_opinion_and_not_asked_about_here():
    rows = [f"c{client},p{item},,{int(item == client)}," for client in range(4) for item in range(4)]
    assert not [one for one in read(interactions(*rows)).questions if one.kind == "zero_one"]
    assert [one.kind for one in read(interactions(*rows[:12], "c9,p9,,0,")).questions] == ["zero_one"]

"""Tests of the contract of a table: what breaks it is named by row and column."""

import pytest

from finrec_core.dataset import DatasetError
from finrec_core.intake import from_frames

EVENTS = {"client_id": ["a", "b"], "product_id": ["x", "y"]}


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"client_id": ["a", ""]}, "row 1 (the first is 0): client_id is empty."),
        ({"client_id": ["a", None]}, "row 1 (the first is 0): client_id is empty."),
        ({"client_id": ["a", " b"]}, 'row 1 (the first is 0): client_id " b" has blanks around it.'),
        (
            {"product_id": ["x", "nan"]},
            'row 1 (the first is 0): product_id "nan" is how Python writes an empty cell: leave the row out.',
        ),
        (
            {"product_id": ["None", "x"]},
            'row 0 (the first is 0): product_id "None" is how Python writes an empty cell: '
            "leave the row out.",
        ),
        (
            {"action": ["takes", "buy"]},
            'row 1 (the first is 0): action "buy" is none of takes, gives_up, neither, no_fact.',
        ),
        ({"amount": [1.5, float("inf")]}, 'row 1 (the first is 0): amount "inf" is no finite number.'),
        ({"amount": ["3", "1,000"]}, 'row 1 (the first is 0): amount "1,000" is not a number.'),
        ({"rating": [float("-inf"), 1]}, 'row 0 (the first is 0): rating "-inf" is no finite number.'),
    ],
)
def test_an_event_that_does_not_fit_is_named(cells: dict[str, list[object]], sentence: str) -> None:
    with pytest.raises(DatasetError) as error:
        from_frames(EVENTS | cells)
    assert str(error.value) == f"interactions, {sentence}"


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        (
            {"products": {"product_id": ["x", "y", "x"]}},
            'products, row 2 (the first is 0): product_id "x" stands twice, first in row 0.',
        ),
        (
            {"products": {"product_id": ["x"], "risk_class": [9]}},
            'products, row 0 (the first is 0): risk_class "9" is above 7.',
        ),
        (
            {"products": {"product_id": ["y", "x"], "ongoing_cost_pct": [None, -0.5]}},
            'products, row 1 (the first is 0): ongoing_cost_pct "-0.5" is below 0.',
        ),
        (
            {"products": {"product_id": ["x", "y"], "available": [1, 7]}},
            'products, row 1 (the first is 0): available "7" is not true or false.',
        ),
        (
            {"products": {"product_id": ["x", "y"], "valid_from": ["2024-01-31", "soon"]}},
            'products, row 1 (the first is 0): valid_from "soon" is no time: date not readable.',
        ),
        (
            {"clients": {"client_id": ["a", "b"], "knowledge": [None, "expert"]}},
            'clients, row 1 (the first is 0): knowledge "expert" is none of basic, informed, advanced.',
        ),
        (
            {"ties": {"client_id": ["a", "a"], "other_client_id": ["b", "b"]}},
            'ties, row 1 (the first is 0): client_id "a" and other_client_id "b" '
            "stands twice, first in row 0.",
        ),
        (
            {"ties": {"client_id": ["a", "b"], "other_client_id": ["b", "b"]}},
            'ties, row 1 (the first is 0): other_client_id "b" is tied to itself.',
        ),
    ],
)
def test_a_row_of_another_table_is_named(tables: dict[str, dict[str, list[object]]], sentence: str) -> None:
    with pytest.raises(DatasetError) as error:
        from_frames(EVENTS, **tables)
    assert str(error.value) == sentence


def test_ties_of_two_kinds_are_two() -> None:
    ties = {"client_id": ["a", "a"], "other_client_id": ["b", "b"], "kind": ["friend", "neighbour"]}
    assert len(from_frames(EVENTS, ties=ties).ties) == 2

"""A zero is no holding, in tables that have a row for each pair."""

import pytest

from finrec_core.intake import find_sources, read_files
from tests.conftest import real_case
from tests.dataset.tables import read


def melted(column: str, cells: dict[int, str], *, clients: int = 5, products: int = 6) -> tuple[str, str]:
    """A table with a row for each pair; every third holds `cells[1]`, the others `cells[0]`."""
    rows = [
        f"c{client},p{product},{cells[int((client + product) % 3 == 0)]}"
        for client in range(clients)
        for product in range(products)
    ]
    return "table.csv", f"client_id,product_id,{column}\n" + "\n".join(rows)


@pytest.mark.parametrize("case", ["melted-matrix-quantity", "melted-matrix-rating"])
def test_zeros_of_a_melted_matrix_are_no_holdings(case: str) -> None:
    found = read_files(find_sources([real_case(case)]))
    (question,) = found.questions
    assert (question.kind, question.proposal, question.choices) == ("zeros", "not held", ("not held", "held"))
    assert "309 of 480 rows" in question.sentence
    actions = found.dataset.interactions["action"].to_pylist()
    assert actions.count("neither") == 309
    assert actions.count(None) == 171
    assert found.dataset.interactions["rating"].null_count == 480
    assert found.dataset.rating_limit is None
    assert int(found.dataset.pairs.held.sum()) == 171


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("quantity", {0: "0", 1: "1"}),
        ("units", {0: "0.0", 1: "17.5"}),
        ("Stück", {0: "0", 1: "100"}),
        ("rating", {0: "0", 1: "1"}),
        ("rating", {0: "0.0", 1: "1.0"}),
        ("stars", {0: "no", 1: "yes"}),
        ("value", {0: "FALSE", 1: "TRUE"}),
        ("holds", {0: "N", 1: "Y"}),
        ("owned", {0: "", 1: "x"}),
    ],
)
def test_siblings(column: str, cells: dict[int, str]) -> None:
    found = read(melted(column, cells))
    assert [one.id for one in found.questions] == [f"zeros:table.csv:{column}"]
    actions = found.dataset.interactions["action"].to_pylist()
    assert (actions.count("neither"), actions.count(None)) == (20, 10)
    assert found.dataset.interactions["rating"].null_count == 30


def test_held_they_are_rows_without_an_amount() -> None:
    found = read(melted("quantity", {0: "0", 1: "2"}), answers={"zeros:table.csv:quantity": "held"})
    assert set(found.dataset.interactions["action"].to_pylist()) == {None}
    assert set(found.dataset.interactions["amount"].to_pylist()) == {None, 2.0}
    assert [one.kind for one in found.questions] == ["density"]


def test_ratings_of_few_pairs_are_opinions() -> None:
    file, text = melted("rating", {0: "0", 1: "1"})
    lines = text.split("\n")
    found = read(
        (file, "\n".join(lines[:1] + [line for row, line in enumerate(lines[1:]) if row % 7 in (0, 1, 3, 5)]))
    )
    assert not [one for one in found.questions if one.kind == "zeros"]
    assert found.dataset.interactions["rating"].null_count == 0


def test_a_zero_in_a_fee_is_no_question() -> None:
    rows = "c1,A,buy,5\nc1,A,fee,0\nc2,A,buy,3\n"
    found = read(("trades.csv", "client_id,isin,side,quantity\n" + rows))
    assert [one.kind for one in found.questions] == ["actions"]


def test_a_zero_after_something_gives_it_up() -> None:
    levels = {"2024-01-31": (0, 7), "2024-02-29": (5, 7), "2024-03-31": (2, 7), "2024-04-30": (0, 7)}
    rows = [f"c{row},A,{day},{cells[row]}" for day, cells in levels.items() for row in (0, 1)]
    for order in (rows, rows[::-1]):
        found = read(("holdings.csv", "client_id,isin,date,units\n" + "\n".join(order)))
        events = found.dataset.interactions.sort_by([("client_id", "ascending"), ("timestamp", "ascending")])
        assert list(zip(events["action"].to_pylist(), events["amount"].to_pylist(), strict=True)) == [
            ("neither", 0),
            ("takes", 5),
            ("gives_up", -3),
            ("gives_up", -2),
            ("takes", 7),
            *[("neither", 0)] * 3,
        ]
        assert found.dataset.amounts_count

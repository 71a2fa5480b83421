"""Cells that hold several ids become a row each, or are asked about."""

import pytest

from finrec_core.intake.lists import parsed
from tests.conftest import real_case
from tests.dataset.tables import problems, read


def lists(*cells: str, column: str = "product_id", **options):
    text = "".join(f'c{row},"{cell.replace(chr(34), chr(34) * 2)}"\n' for row, cell in enumerate(cells))
    return read(("interactions.csv", f"client_id,{column}\n{text}"), **options)


def pairs(found):
    rows = found.dataset.interactions.select(["client_id", "product_id"]).to_pylist()
    return sorted(tuple(row.values()) for row in rows)


def test_the_list_in_a_cell_as_a_bank_wrote_it() -> None:
    found = read(("interactions.csv", (real_case("list-in-cell") / "interactions.csv").read_bytes()))
    assert len(found.dataset.interactions) == 171
    assert len(found.dataset.products) == 12
    assert ("10000", "F09") in pairs(found)
    example = "['F09', 'F08', 'F02', 'F05']"
    assert f'"product_id" holds a list in 40 rows, such as "{example}" on line 2' in found.notices[0]


@pytest.mark.parametrize(
    ("cell", "ids"),
    [
        ("['F09', 'F08']", ["F09", "F08"]),
        ('["a","b"]', ["a", "b"]),
        ("('F1', 'F2')", ["F1", "F2"]),
        ("('F1',)", ["F1"]),
        ("{'F2', 'F1'}", ["F1", "F2"]),
        ("{F1,F2}", ["F1", "F2"]),
        ("['F1' 'F2'\n 'F3']", ["F1", "F2", "F3"]),
        ("[F1, F2]", ["F1", "F2"]),
        ("array(['F1', 'F2'], dtype=object)", ["F1", "F2"]),
        ("frozenset({'F1'})", ["F1"]),
        ("[1, 2.50]", ["1", "2.50"]),
        ("[['F1'], 'F2', None]", ["F1", "F2"]),
        ('[["F1"], "F2", null]', ["F1", "F2"]),
        ("[]", []),
        (" [ ] ", []),
        ("{'F1': 3}", None),
        ("(A)", None),
        ("F1", None),
        ("", None),
        ("[" * 100_000 + "]" * 100_000, None),
    ],
)
def test_lists_in_brackets(cell, ids) -> None:
    assert parsed(cell) == ids


def test_an_empty_list_is_an_empty_cell() -> None:
    found = lists("['F1', 'F2']", "[]", "F1")
    assert pairs(found) == [("c0", "F1"), ("c0", "F2"), ("c2", "F1")]
    assert problems(found.rejects) == [(3, "product_id", "", "Product is empty")]
    assert found.rows_read == 4


def test_what_is_no_list_of_ids_is_refused_with_its_cell() -> None:
    found = lists("{'F1': 3, 'F2': 1}", "['F1']")
    assert problems(found.rejects) == [
        (2, "", "{'F1': 3, 'F2': 1}", "Product holds a list that cannot be taken apart")
    ]
    assert pairs(found) == [("c1", "F1")]


def test_ids_that_stand_in_brackets_stay() -> None:
    assert pairs(lists("{3F25-04E0}", "[B]", "(C)")) == [("c0", "{3F25-04E0}"), ("c1", "[B]"), ("c2", "(C)")]


def test_lists_beside_a_list_go_along_one_by_one() -> None:
    text = "client_id,product_id,rating,review\na,\"['F1', 'F2']\",\"[4, 5]\",both\nb,\"['F1', 'F2']\",3,x\n"
    found = read(("interactions.csv", text))
    rows = found.dataset.interactions.select(["product_id", "rating", "review"]).to_pylist()
    assert sorted(tuple(row.values()) for row in rows) == [
        ("F1", 3.0, "x"),
        ("F1", 4.0, "both"),
        ("F2", 3.0, "x"),
        ("F2", 5.0, "both"),
    ]


@pytest.mark.parametrize("sign", [";", "|", ",", ", ", "/", " / "])
def test_ids_that_a_sign_parts_are_asked_about(sign) -> None:
    cells = [sign.join(ids) for ids in (["F1", "F2"], ["F2", "F3", "F4"], ["F1", "F3"], ["F1"])]
    found = lists(*cells)
    (question,) = found.questions
    assert (question.id, question.proposal) == ("lists:interactions.csv:product_id", "split")
    assert "3 cells such as" in question.sentence
    assert len(pairs(found)) == 8
    told = lists(*cells, answers={question.id: "one id"})
    assert told.questions == ()
    assert len(pairs(told)) == 4


def test_a_few_lists_whose_parts_stand_alone_are_asked_about() -> None:
    found = lists("F1;F2", "F1", "F2", "F3", "F4", "F5")
    assert [question.proposal for question in found.questions] == ["split"]
    found = lists("F1 F2", "F1", "F2", "F3")
    assert [question.proposal for question in found.questions] == ["split"]


@pytest.mark.parametrize(
    "cells",
    [
        ("CH|1", "CH|2", "DE|1"),
        ("Earth, Wind & Fire", "Tyler, The Creator", "Abba"),
        ("US123 Apple Inc", "US124 Big Co", "US125 One"),
        ("AC/DC", "F1", "F2"),
        ("BRK.B", "F-1", "a+b"),
    ],
)
def test_ids_made_of_parts_are_no_lists(cells) -> None:
    found = lists(*cells)
    assert found.questions == ()
    assert [product for _, product in pairs(found)] == list(cells)


def test_lists_of_clients_and_of_json() -> None:
    text = '{"user_id": ["a", "b"], "item_id": ["x", ["y"]]}\n{"user_id": "c", "item_id": "x"}\n'
    found = read(("interactions.jsonl", text))
    assert pairs(found) == [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y"), ("c", "x")]
    assert found.rows_read == 5

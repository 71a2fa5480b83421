"""JSON documents as programs write them."""

import json

import pytest

from finrec_core.intake import IntakeError
from finrec_core.intake import documents as module
from finrec_core.intake.documents import flat
from tests.conftest import real_case
from tests.dataset.tables import problems, read

RECORDS = [{"client_id": f"c{row % 3}", "product_id": f"p{row}", "date": "2024-01-01"} for row in range(4)]
NAMES = list(RECORDS[0])
COLUMNS = {name: [row[name] for row in RECORDS] for name in NAMES}
PRODUCTS = [{"product_id": "p0", "name": "Zero"}]


def pairs(found):
    rows = found.dataset.interactions.select(["client_id", "product_id"]).to_pylist()
    return [tuple(row.values()) for row in rows]


def test_the_array_as_it_came() -> None:
    found = read(("interactions.json", (real_case("json-array") / "interactions.json").read_bytes()))
    assert (len(found.dataset.interactions), found.rows_rejected) == (171, 0)
    assert pairs(found)[:2] == [("10000", "F09"), ("10000", "F08")]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "document",
    [
        RECORDS,
        COLUMNS,
        {name: {str(row): cell for row, cell in enumerate(cells)} for name, cells in COLUMNS.items()},
        {str(row): record for row, record in enumerate(RECORDS)},
        {f"id{row}": record for row, record in enumerate(RECORDS)},
        {"columns": NAMES, "index": [0, 1, 2, 3], "data": [list(row.values()) for row in RECORDS]},
        {"columns": [{"name": n} for n in NAMES], "rows": [list(row.values()) for row in RECORDS]},
        {"schema": {"fields": [{"name": "client_id", "type": "string"}]}, "data": RECORDS},
        {"data": RECORDS, "count": 4, "next": None},
        {"response": {"result": {"rows": RECORDS}}},
        {"took": 3, "hits": {"total": 4, "hits": [{"_id": "1", "_source": row} for row in RECORDS]}},
        {"data": {"trades": {"edges": [{"node": row} for row in RECORDS]}}},
        {"type": "FeatureCollection", "features": [{"type": "F", "properties": row} for row in RECORDS]},
        [NAMES, *(list(row.values()) for row in RECORDS)],
        {"values": [NAMES, *(list(row.values()) for row in RECORDS)]},
        [{"client": {"id": row["client_id"]}, "product": {"id": row["product_id"]}} for row in RECORDS],
    ],
)
def test_a_table_in_a_document(document, indent) -> None:
    found = read(("interactions.json", json.dumps(document, indent=indent)))
    assert pairs(found) == [(row["client_id"], row["product_id"]) for row in RECORDS]
    assert [file.name for file in found.files] == ["interactions.json"]
    assert found.rows_rejected == 0


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "document",
    [
        {"interactions": RECORDS, "products": PRODUCTS},
        {"interactions": COLUMNS, "products": {"product_id": ["p0"], "name": ["Zero"]}},
        {"export": {"interactions": RECORDS, "products": PRODUCTS}, "clients": []},
        {"interactions": RECORDS, "products": {"p0": {"name": "Zero"}}},
    ],
)
def test_an_object_of_tables_is_a_file_each(document, indent) -> None:
    found = read(("all.json", json.dumps(document, indent=indent)))
    assert [(file.name, file.table) for file in found.files] == [
        ("all.json/interactions", "interactions"),
        ("all.json/products", "products"),
    ]
    assert found.dataset.products["name"].to_pylist()[0] == "Zero"
    assert found.notices[0].startswith("Only 1 of the 4 products of all.json/interactions is in")
    assert found.notices[1].startswith("all.json holds 2 tables")
    left = read(("all.json", json.dumps(document)), kinds={"all.json/products": ""})
    assert left.dataset.products["name"].null_count == 4


@pytest.mark.parametrize("between", ["\n", "\n\n", ",\n", ""])
def test_objects_one_after_the_other(between) -> None:
    text = between.join(json.dumps(row, indent=1) for row in RECORDS)
    assert len(pairs(read(("interactions.json", text)))) == 4
    assert len(pairs(read(("interactions.json", "\ufeff\n" + json.dumps(RECORDS, indent=1))))) == 4


def test_lines_are_those_of_the_file_where_records_begin_on_their_own() -> None:
    broken = [*RECORDS[:2], {"client_id": None, "product_id": "p9"}]
    found = read(("interactions.json", json.dumps(broken, indent=1)))
    assert problems(found.rejects) == [(12, "client_id", "", "Client is empty")]
    found = read(("interactions.json", json.dumps(broken)))
    assert problems(found.rejects) == [(3, "client_id", "", "Client is empty")]
    assert "a line of it means the record of that number" in found.notices[0]


def test_characters_that_no_text_can_hold_reject_their_record() -> None:
    text = '[{"client_id": "a\\u0000", "product_id": "p"},\n{"client_id": "b\\ud800", "product_id": "p"},\n'
    found = read(("interactions.json", text + '{"client_id": "Jürg", "product_id": "p"}]'))
    assert pairs(found) == [("Jürg", "p")]
    assert [line for line, *_ in problems(found.rejects)] == [1, 2]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[\n{}", "interactions.json, line 2: this is no JSON: expecting ',' or ']' (column 3)."),
        (
            '[{"a": 1}\n{"a": 2}]',
            "interactions.json, line 2: this is no JSON: expecting ',' or ']' (column 1).",
        ),
        ('[{"a": 1}] x', "interactions.json, line 1: this is no JSON: extra data"),
        ("[1, 2]", "interactions.json, line 1: this is JSON, but holds no table"),
        ("[]", "interactions.json, line 1: the file is empty."),
        ('{"a":\n1}', "interactions.json, line 1: this is JSON, but holds no table"),
        ("3", "interactions.json, line 1: this is no JSON; the file must hold one JSON object a line."),
        ("[" * 100_000, "interactions.json"),
        ("", "interactions.json, line 1: the file is empty."),
    ],
)
def test_what_holds_no_table_is_told(text, sentence) -> None:
    with pytest.raises(IntakeError) as caught:
        read(("interactions.json", text))
    assert str(caught.value).startswith(sentence)


def test_a_document_has_a_largest_size(monkeypatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 50)
    with pytest.raises(IntakeError, match="longer than"):
        read(("interactions.json", json.dumps(RECORDS, indent=1)))


def test_what_databases_wrap_around_values() -> None:
    row = {"client_id": {"$numberInt": "7"}, "product_id": "p", "date": {"$date": "2024-01-01T00:00:00Z"}}
    for text in ("\n".join([json.dumps(row)] * 2), json.dumps([row, row])):
        found = read(("interactions.json", text))
        assert pairs(found) == [("7", "p")] * 2
        assert found.dataset.interactions["timestamp"].null_count == 0


def test_objects_are_flattened_by_one_level() -> None:
    assert flat({"a": {"b": 1, "c": {"d": 2}}, "e": {}}) == {"a.b": 1, "a.c": {"d": 2}, "e": {}}
    assert flat({"_source": {"a": 1}, "_id": 2}) == {"a": 1}


def test_an_empty_array_is_an_empty_file() -> None:
    found = read(("held.json", '[{"client_id": "ann", "product_id": "card"}]'), ("ties.json", " [\n]"))
    assert found.dataset is not None
    assert "ties.json is left out: line 1: the file is empty." in found.notices
    with pytest.raises(IntakeError, match=r"held\.json, line 1: the file is empty"):
        read(("held.json", "[]"))

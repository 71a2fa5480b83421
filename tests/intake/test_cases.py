"""Files as banks, brokers and public data sets really write them, each read as what it says.

With the proposals taken every one of them gives the right events, or stops at a question.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pytest

from finrec_core.intake import Intake, Source, find_sources, read_files
from tests.conftest import REAL_CASES, real_case

NOT_FILES = {"frames-from-duckdb"}  # a script: see the tests of frames
# By case: clients, products and events of the dataset, rejected rows, and kinds that are asked.
RIGHT: dict[str, tuple[int, int, int, int, set[str]]] = {
    "amounts-with-thousands": (40, 12, 171, 0, {"amounts"}),
    "backslash-quotes": (2, 3, 4, 0, set()),
    "broker-product-column": (40, 12, 171, 0, {"columns", "actions"}),
    "cancelled-orders": (40, 12, 174, 0, {"actions"}),
    "case-twins-recommended": (40, 12, 174, 0, {"case_twins"}),
    "catalogue-lost-unasked": (200, 20, 1136, 0, {"risk"}),
    "empty-list-says-nothing": (31, 6, 96, 0, set()),
    "float-ids-do-not-join": (40, 12, 171, 0, set()),
    "header-repeated": (2, 3, 4, 0, set()),
    "isin-against-ticker": (40, 24, 171, 0, {"join"}),
    "json-array": (40, 12, 171, 0, set()),
    "list-in-cell": (40, 12, 171, 0, set()),
    "melted-matrix-quantity": (40, 12, 480, 0, {"zeros"}),
    "melted-matrix-rating": (40, 12, 480, 0, {"zeros"}),
    "missing-code-as-rating": (30, 20, 200, 0, {"codes", "duplicates"}),
    "nan-is-a-client": (40, 12, 171, 60, {"rejects"}),
    "newest-profile-rejected": (200, 20, 1136, 0, set()),
    "preamble": (40, 12, 171, 0, set()),
    "question-mark-in-path": (2, 3, 4, 0, set()),
    "quoted-sep-line": (2, 2, 2, 0, set()),
    "r-row-names": (40, 12, 171, 0, set()),
    "row-order-changes-the-model": (200, 20, 1136, 0, set()),
    "same-names-in-a-sentence": (60, 14, 240, 0, set()),
    "scientific-ids-merge": (34, 12, 171, 0, {"digits"}),
    "sold-counts-as-held": (40, 12, 186, 0, {"actions"}),
    "stray-file-blocks-folder": (40, 12, 186, 0, {"actions"}),
    "trailing-delimiter": (40, 12, 171, 0, set()),
    "wide-matrix": (40, 12, 171, 0, {"matrix"}),
}
MAPPED = {
    "nan-is-a-client": {"StockCode": "product_id", "InvoiceDate": "timestamp"},
    "wide-matrix": {"ID": "client_id"},
}


def files(name: str) -> list[Path]:
    return sorted(one for one in real_case(name).iterdir() if one.name not in ("expect.md", "run.py"))


def case(name: str, **options: Any) -> Intake:
    return read_files(find_sources(files(name)), **{"mapping": MAPPED.get(name), **options})


def held(found: Intake, client: str) -> set[str]:
    """Return the products that a client has."""
    assert found.dataset is not None
    pairs, names = found.dataset.pairs, found.dataset.products["product_id"].to_pylist()
    row = found.dataset.clients["client_id"].to_pylist().index(client)
    return {names[product] for product in pairs.products[pairs.held & (pairs.clients == row)]}


def test_no_case_is_forgotten() -> None:
    if not REAL_CASES.is_dir():
        pytest.skip("the real inputs do not lie beside this repository")
    assert {one.name for one in REAL_CASES.iterdir() if one.is_dir()} == RIGHT.keys() | NOT_FILES


@pytest.mark.parametrize("name", RIGHT)
def test_a_case_is_read_as_what_it_says(name: str) -> None:
    found = case(name)
    data = found.dataset
    assert data is not None
    made = len(data.clients), len(data.products), len(data.interactions), found.rows_rejected
    assert (*made, {one.kind for one in found.questions}) == RIGHT[name]


@pytest.mark.parametrize("name", RIGHT)
def test_the_order_of_rows_changes_nothing(name: str) -> None:
    """Of a file with a line for a row and nothing but its header above."""
    if name in ("preamble", "quoted-sep-line", "header-repeated", "json-array", "question-mark-in-path"):
        pytest.skip("its lines are no rows in any order")
    turned = []
    for path in files(name):
        head, *rows = path.read_bytes().splitlines(keepends=True)
        order = np.random.default_rng(3).permutation(len(rows))
        body = [row if row.endswith(b"\n") else row + b"\n" for row in rows]
        turned.append(Source(path.name, b"".join([head, *(body[place] for place in order)])))
    if name == "stray-file-blocks-folder":
        turned = [one for one in turned if one.name == "transactions.csv"]
    found, again = case(name), read_files(turned, mapping=MAPPED.get(name))
    assert found.dataset is not None
    assert again.dataset is not None
    assert found.dataset.content_hash == again.dataset.content_hash
    assert {one.id for one in found.questions} == {one.id for one in again.questions}


def test_amounts_of_a_german_bank() -> None:
    found = case("amounts-with-thousands")
    written = files("amounts-with-thousands")[0].read_text("utf-8").splitlines()[1].split(";")[-1].strip('"')
    assert found.dataset is not None
    amounts = found.dataset.interactions["amount"].to_pylist()
    assert float(written.replace(".", "").replace(",", ".")) in amounts
    assert None not in amounts


def test_quotation_marks_behind_a_backslash_are_plain() -> None:
    found = case("backslash-quotes")
    assert found.dataset is not None
    reviews = found.dataset.interactions["review"].to_pylist()
    assert set(reviews) == {'the "safe" fund, they said', "plain", "ends with a backslash\\", 'he said "no"'}


def test_orders_that_were_never_executed_are_no_holdings() -> None:
    found = case("cancelled-orders")
    (question,) = found.questions
    assert question.column == "status"
    assert set(question.values) == {"executed", "cancelled", "rejected"}
    assert found.dataset is not None
    actions = found.dataset.interactions["action"].to_pylist()
    assert (actions.count("takes"), actions.count("no_fact")) == (86, 88)


def test_one_product_in_two_cases_is_one() -> None:
    found = case("case-twins-recommended")
    assert found.dataset is not None
    assert pc.all(pc.utf8_is_upper(found.dataset.products["product_id"])).as_py()
    assert any("12 product ids differ" in notice for notice in found.notices)


def test_a_header_that_stands_twice_is_no_client() -> None:
    for name in ("header-repeated", "question-mark-in-path"):
        found = case(name)
        assert found.dataset is not None
        assert "client_id" not in found.dataset.clients["client_id"].to_pylist()
        assert [row["line"] for row in found.skipped.to_pylist()] == [4]


def test_a_list_in_a_cell_is_a_row_each() -> None:
    found = case("list-in-cell")
    assert found.dataset is not None
    assert not any("[" in name for name in found.dataset.products["product_id"].to_pylist())
    assert any('"product_id" holds a list in 40 rows' in notice for notice in found.notices)


@pytest.mark.parametrize("name", ["melted-matrix-quantity", "melted-matrix-rating"])
def test_zeros_of_a_matrix_are_no_holdings(name: str) -> None:
    found = case(name)
    assert found.dataset is not None
    assert int(found.dataset.pairs.held.sum()) == 171  # a third of 480
    assert len(held(found, "10000")) == 4
    assert "309 of 480 rows" in found.questions[0].sentence


def test_no_client_is_called_nan() -> None:
    found = case("nan-is-a-client")
    assert found.dataset is not None
    assert not {"nan", "NaN"} & set(found.dataset.clients["client_id"].to_pylist())
    assert "10000" in found.dataset.clients["client_id"].to_pylist()
    assert {row["reason"] for row in found.rejects.to_pylist()} == {"Client is empty"}


def test_the_newest_profile_decides() -> None:
    found = case("newest-profile-rejected")
    assert found.dataset is not None
    clients = {row["client_id"]: row for row in found.dataset.clients.to_pylist()}
    assert [clients[client]["risk_tolerance"] for client in ("10000", "10001", "10002")] == [1, 1, 1]
    assert clients["10000"]["profile_date"].year == 2024
    assert any("3 clients stand in rows of different profile_date" in notice for notice in found.notices)


def test_lines_above_the_header_are_said() -> None:
    found = case("preamble")
    assert "holdings.csv: the header is found on line 4." in found.notices


def test_ids_that_lost_digits_stop_at_a_question() -> None:
    (question,) = case("scientific-ids-merge").questions
    assert question.proposal is None
    assert '"account_no" has lost digits' in question.sentence
    assert "E+15" in question.sentence


def test_what_was_sold_is_not_had() -> None:
    found = case("sold-counts-as-held")
    assert "F09" not in held(found, "10000")
    assert found.dataset is not None
    data, pairs = found.dataset, found.dataset.pairs
    row = data.clients["client_id"].to_pylist().index("10000")
    product = data.products["product_id"].to_pylist().index("F09")
    (place,) = np.flatnonzero((pairs.clients == row) & (pairs.products == product))
    first = min(
        event["timestamp"]
        for event in data.interactions.to_pylist()
        if (event["client_id"], event["product_id"]) == ("10000", "F09")
    )
    assert first == datetime(2024, 1, 10, tzinfo=UTC)
    assert bool(pairs.had[place])
    assert not pairs.held[place]


def test_prose_beside_the_data_is_left_out() -> None:
    found = case("stray-file-blocks-folder")
    assert any(notice.startswith("questionnaires.csv is left out") for notice in found.notices)


def test_cells_without_a_name_are_said() -> None:
    assert any("171 rows end in a comma" in notice for notice in case("trailing-delimiter").notices)
    assert any("the name of the row" in notice for notice in case("r-row-names").notices)


def test_a_column_for_each_product_is_asked_about_however_the_client_is_mapped() -> None:
    for mapping in (None, {"ID": "client_id"}):
        (question,) = case("wide-matrix", mapping=mapping).questions
        assert question.kind == "matrix"
        assert set(question.values) == {f"F{number:02}" for number in range(12)}


def test_an_array_gives_the_same_as_lines_of_json() -> None:
    (path,) = files("json-array")
    rows = json.loads(path.read_text("utf-8"))
    lines = "\n".join(json.dumps(row) for row in rows).encode()
    found, again = case("json-array"), read_files([Source("interactions.jsonl", lines)])
    assert found.dataset is not None
    assert again.dataset is not None
    assert found.dataset.content_hash == again.dataset.content_hash

"""A table with a column for each product is recognised, asked about and read as holdings."""

import json

import pytest

from finrec_core.intake import Intake, Source, find_sources, propose, read_files
from tests.conftest import real_case
from tests.dataset.tables import read

PRODUCTS = ("card", "loan", "fund", "etf", "bond", "gold")
HELD = {("c1", "loan"), ("c1", "gold"), ("c2", "card"), ("c3", "loan"), ("c3", "etf")}


def matrix(yes: str = "1", no: str = "0", sep: str = ",", client: str = "client_id", more: str = "") -> str:
    head = sep.join([client, *(name for name in (more,) if name), *PRODUCTS])
    rows = [
        sep.join([key, *("7" for _ in (more,) if more), *(yes if (key, p) in HELD else no for p in PRODUCTS)])
        for key in ("c1", "c2", "c3")
    ]
    return "\n".join([head, *rows]) + "\n"


def held(found: Intake) -> set[tuple[str, str]]:
    rows = found.dataset.interactions.to_pylist()
    return {(row["client_id"], row["product_id"]) for row in rows if row["action"] in (None, "takes")}


@pytest.mark.parametrize("mapping", [{}, {"ID": "client_id"}])
def test_a_table_with_a_product_a_column_is_read_as_holdings(mapping: dict[str, str]) -> None:
    found = read_files(find_sources([real_case("wide-matrix")]), mapping=mapping)
    (question,) = found.questions
    products = [f"F{number:02}" for number in range(12)]
    assert question.id == "matrix:Train.csv:"
    assert question.proposal == dict.fromkeys(products, "product")
    assert (len(found.dataset.clients), len(found.dataset.products)) == (40, 12)
    assert {pair for pair in held(found) if pair[0] == "10000"} == {
        ("10000", f"F{n:02}") for n in (2, 5, 8, 9)
    }
    assert len(held(found)) == 171 == int(found.dataset.pairs.held.sum())
    assert found.files[0].table == "interactions"
    assert not read_files(
        find_sources([real_case("wide-matrix")]), answers={question.id: question.proposal}
    ).questions


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("m.csv", matrix()),
        ("m.csv", matrix("1.0", "0.0", client="user_id")),
        ("m.csv", matrix("True", "False", client="CustomerID")),
        ("bestand.csv", matrix("x", "", ";", client="Kunde")),
        ("m.csv", matrix("yes", "no", client="")),
        ("m.csv", matrix("Y", "N", client="Unnamed: 0")),
        ("train.tsv", matrix("1", "", "\t", client="account_no")),
        ("customers.csv", matrix("1", "0", client="customer_id", more="age")),
        (
            "products.jsonl",
            "\n".join(
                json.dumps({"member_id": key, **{p: int((key, p) in HELD) for p in PRODUCTS}})
                for key in ("c1", "c2", "c3")
            ),
        ),
    ],
)
def test_siblings(name: str, text: str) -> None:
    kinds = {name: "interactions"} if name.startswith("products") else {}
    mapping = {"Kunde": "client_id"} if "Kunde" in text else {}
    found = read((name, text), kinds=kinds, mapping=mapping)
    assert [one.kind for one in found.questions] == ["matrix"]
    assert held(found) == HELD
    assert sorted(found.dataset.products["product_id"].to_pylist()) == sorted(PRODUCTS)
    assert sorted(found.dataset.clients["client_id"].to_pylist()) == ["c1", "c2", "c3"]


def test_products_called_by_numbers() -> None:
    numbers = dict(zip(PRODUCTS, range(101, 107), strict=True))
    text = matrix(client="user_id")
    for name, number in numbers.items():
        text = text.replace(name, str(number))
    assert held(read(("m.csv", text))) == {(client, str(numbers[product])) for client, product in HELD}


def test_counts_become_amounts() -> None:
    text = matrix("12", "0", client="user").replace("c1,0,12", "c1,0,3") + "c4,0,0,0,0,0,0\n"
    found = read(("plays.csv", text))
    amounts = {
        (row["client_id"], row["product_id"]): row["amount"] for row in found.dataset.interactions.to_pylist()
    }
    assert {pair: amount for pair, amount in amounts.items() if amount} == {
        pair: 3 if pair == ("c1", "loan") else 12 for pair in HELD
    }


def test_the_analyst_says_which_columns_are_products() -> None:
    text = matrix(more="is_active").replace("c1,7", "c1,1").replace("c2,7", "c2,0").replace("c3,7", "c3,1")
    found = read(("m.csv", text))
    assert found.questions[0].proposal == {**dict.fromkeys(PRODUCTS, "product"), "is_active": "left out"}
    answer = {**dict.fromkeys(PRODUCTS, "product"), "is_active": "left out", "gold": "left out"}
    told = read(("m.csv", text), answers={found.questions[0].id: answer})
    assert held(told) == {pair for pair in HELD if pair[1] != "gold"}
    assert any('left out "is_active", "gold"' in one for one in told.notices)


def test_a_mapping_that_is_handed_back_reads_the_same() -> None:
    first = read(("m.csv", matrix()))
    assert held(read(("m.csv", matrix()), mapping=first.mapping)) == HELD


def test_profiles_beside_it_become_clients() -> None:
    head, *rows = matrix().splitlines()
    lines = [f"{row},{segment},4" for row, segment in zip(rows, ("private", "retail", "retail"), strict=True)]
    found = read(("m.csv", "\n".join([f"{head},segment,risk_tolerance", *lines])))
    clients = {row["client_id"]: row for row in found.dataset.clients.to_pylist()}
    assert [clients[key]["segment"] for key in ("c1", "c2", "c3")] == ["private", "retail", "retail"]
    assert clients["c1"]["risk_tolerance"] == 4
    assert held(found) == HELD


def test_products_of_their_own_file_get_no_rows_twice() -> None:
    found = read(("m.csv", matrix()), ("products.csv", "product_id,name\ncard,Card\nloan,Loan\n"))
    names = {row["product_id"]: row["name"] for row in found.dataset.products.to_pylist()}
    assert names["card"] == "Card"
    assert len(names) == 6


def test_flags_of_clients_and_products_are_no_holdings() -> None:
    found = read(("clients.csv", matrix()), ("holdings.csv", "client_id,product_id\nc1,A\n"))
    assert not found.questions
    assert held(found) == {("c1", "A")}
    genres = "movie_id,title,Action,Drama,Comedy,War,Horror\n1,X,0,1,0,1,1\n"
    found = read(("movies.csv", genres), ("ratings.csv", "user_id,movie_id,rating\n1,1,4\n"))
    assert not [one for one in found.questions if one.kind == "matrix"]
    assert len(found.dataset.products) == 1


def test_it_is_proposed_before_it_is_read() -> None:
    proposal = propose([Source("m.csv", matrix().encode())])
    uses = {use.column: use.used_as for use in proposal.columns}
    assert uses == {"client_id": "client_id", **dict.fromkeys(PRODUCTS, "held")}


def test_rows_without_a_client_are_rejected_once() -> None:
    found = read(("m.csv", matrix() + ",1,1,0,0,0,0\n"))
    assert found.reject_counts == [("Client is empty", 1)]
    assert found.rows_read == 4
    assert held(found) == HELD


def test_the_order_of_rows_and_columns_changes_nothing() -> None:
    cells = [line.split(",") for line in matrix().splitlines()]
    turned = "\n".join(",".join(line[::-1]) for line in [cells[0], *cells[:0:-1]])
    assert read(("m.csv", turned)).dataset.content_hash == read(("m.csv", matrix())).dataset.content_hash


def test_what_the_analyst_says_of_columns_beside_the_products_counts() -> None:
    text = "client_id,first,desk,grade," + ",".join(PRODUCTS) + "\n"
    text += "c1,2024-05-06,Nord,1,0,1,0,0,0,1\nc2,2024-05-06,Sud,0,1,0,0,0,0,0\n"
    said = {"m.csv:first": "timestamp", "m.csv:desk": "branch", "m.csv:grade": "segment"}
    found = read(("m.csv", text), mapping=said)
    assert held(found) == {pair for pair in HELD if pair[0] != "c3"}
    assert {str(time.date()) for time in found.dataset.interactions["timestamp"].to_pylist()} == {
        "2024-05-06"
    }
    assert found.dataset.clients.select(["branch", "segment"]).to_pylist() == [
        {"branch": "Nord", "segment": "1"},
        {"branch": "Sud", "segment": "0"},
    ]
    (question,) = found.questions
    assert question.values == tuple(sorted(PRODUCTS))
    assert read(("m.csv", text), mapping=said | {"m.csv:desk": ""}).dataset.clients["branch"].null_count == 2

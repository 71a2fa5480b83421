"""What a row does is read from the column that says so, and asked about."""

import itertools
import random

import pytest

from finrec_core.intake import Intake, find_sources, read_files
from tests.conftest import real_case
from tests.dataset.tables import read

ORDERS = "client_id,isin,date,{}\n"


def told(found: Intake) -> list[str | None]:
    return found.dataset.interactions["action"].to_pylist()


def orders(column: str, *words: str, more: str = "") -> tuple[str, str]:
    """A file of orders by one client of product A, a word in each row."""
    rows = "".join(
        f"c{row % 3},A,2024-01-01T{row // 60:02}:{row % 60:02},{word}\n" for row, word in enumerate(words)
    )
    return f"orders{more}.csv", ORDERS.format(column) + rows


def test_a_sale_is_no_holding() -> None:
    found = read_files(find_sources([real_case("sold-counts-as-held")]))
    (question,) = found.questions
    assert question.id == "actions:transactions.csv:transactionType"
    assert question.proposal == {"Buy": "takes", "Sell": "gives_up"}
    assert '"Buy" (171), "Sell" (15)' in question.sentence
    rows = found.dataset.interactions.to_pylist()
    of_f09 = [row for row in rows if row["client_id"] == "10000" and row["product_id"] == "F09"]
    assert [(str(row["timestamp"])[:10], row["action"], row["amount"]) for row in of_f09] == [
        ("2024-01-10", "takes", 100.0),
        ("2024-06-01", "gives_up", -100.0),
    ]
    pairs = found.dataset.pairs
    assert (int(pairs.held.sum()), int(pairs.former.sum())) == (156, 15)
    sold = found.dataset.client_rows["10000"], found.dataset.product_rows["F09"]
    assert sold in zip(pairs.clients[pairs.former], pairs.products[pairs.former], strict=True)


def test_a_cancelled_order_is_no_fact() -> None:
    found = read_files(find_sources([real_case("cancelled-orders")]))
    assert found.questions[0].id == "actions:orders.csv:status"
    assert found.questions[0].proposal == {
        "executed": "takes",
        "cancelled": "no_fact",
        "rejected": "no_fact",
    }
    assert told(found).count("no_fact") == 88
    assert told(found).count("takes") == 86
    assert int(found.dataset.pairs.held.sum()) == 86 == len(found.dataset.pairs)


@pytest.mark.parametrize(
    ("column", "words", "means"),
    [
        ("side", "B S B", "takes gives_up takes"),
        ("Transaktionsart", "Kauf Verkauf Kauf", "takes gives_up takes"),
        ("Sens", "Achat Vente Achat", "takes gives_up takes"),
        ("type", "compra venta compra", "takes gives_up takes"),
        ("tipo", "acquisto vendita acquisto", "takes gives_up takes"),
        ("Vorgang", "Kauf Teilverkauf Verkauf", "takes neither gives_up"),
        ("type", "purchase sale_partial sale_full", "takes neither gives_up"),
        ("event_type", "view purchase cart", "neither takes neither"),
        ("what it is", "BUY SELL BUY", "takes gives_up takes"),
        ("state", "executed pending failed", "takes no_fact no_fact"),
        ("Auftragsstatus", "ausgeführt storniert ausgeführt", "takes no_fact takes"),
        ("is_cancelled", "false true false", "takes no_fact takes"),
        ("position", "open closed open", "takes gives_up takes"),
        ("direction", "IN OUT IN", "takes gives_up takes"),
    ],
)
def test_columns_of_many_files(column: str, words: str, means: str) -> None:
    found = read(orders(column, *words.split()))
    assert told(found) == means.split()
    (question,) = (one for one in found.questions if one.kind == "actions")
    assert question.values == tuple(sorted(set(words.split())))
    assert not read(orders(column, *words.split()), answers={question.id: question.proposal}).questions


def test_what_is_not_known_is_asked_without_a_proposal_and_does_neither() -> None:
    found = read(orders("direction", "1", "2", "1"))
    assert (found.questions[0].values, found.questions[0].proposal) == (("1", "2"), None)
    assert told(found) == ["neither"] * 3
    answers = {"actions:orders.csv:direction": {"1": "takes", "2": "gives_up"}}
    assert told(read(orders("direction", "1", "2", "1"), answers=answers)) == ["takes", "gives_up", "takes"]


def test_a_word_that_is_not_known_beside_others_stays_open() -> None:
    found = read(orders("side", "buy", "zorp", "sell"))
    assert found.questions[0].proposal == {"buy": "takes", "sell": "gives_up"}
    assert told(found) == ["takes", "neither", "gives_up"]


def test_where_all_is_taken_nobody_is_asked() -> None:
    found = read(orders("action", "buy", "Buy"))
    assert not found.questions
    assert told(found) == ["takes", "takes"]
    assert 'orders.csv: "action" says "Buy" and "buy" in every row, which is read as taking the product.' in (
        found.notices
    )


def test_our_own_words_need_no_question() -> None:
    found = read(orders("action", "takes", "", "gives_up", "no_fact"))
    assert not found.questions
    assert told(found) == ["takes", None, "gives_up", "no_fact"]


def test_an_empty_cell_beside_words_is_one_of_the_values() -> None:
    found = read(orders("side", "buy", "", "sell"))
    assert found.questions[0].values == ("buy", "sell", "(empty)")
    assert told(found) == ["takes", "takes", "gives_up"]
    answers = {"actions:orders.csv:side": {"(empty)": "no_fact", "buy": "takes", "sell": "gives_up"}}
    assert told(read(orders("side", "buy", "", "sell"), answers=answers)) == ["takes", "no_fact", "gives_up"]


def test_a_status_beside_a_side_says_whether_a_row_counts() -> None:
    rows = ("buy,filled", "sell,cancelled", "sell,filled", "buy,open", "sell,partially filled")
    for column in ("side,status", "Buy_Sell,order_state", "type,Status"):
        found = read(orders(column, *rows))
        assert [one.column for one in found.questions] == column.split(",")
        assert told(found) == ["takes", "no_fact", "gives_up", "no_fact", "gives_up"]
        used = {use.column: use.used_as for use in found.columns}
        assert [used[name] for name in column.split(",")] == ["action", "status"]


def test_a_mapping_that_is_handed_back_reads_the_same() -> None:
    file = orders("side,status", "buy,filled", "sell,cancelled")
    first = read(file)
    assert told(read(file, mapping=first.mapping)) == told(first)


def test_a_column_that_may_say_which_rows_count_is_named() -> None:
    found = read(orders("status", "A7", "Q1", "A7"))
    assert told(found) == [None] * 3
    assert any('"status" with "A7" (2), "Q1" (1) may say which rows count' in one for one in found.notices)
    found = read(orders("side,type", "B,purchase", "S,sale"))
    assert any("may say which rows count" in one for one in found.notices)


@pytest.mark.parametrize(
    ("column", "words"),
    [("type", "stock fund"), ("state", "NC IN CA"), ("country", "IN US"), ("kind", "a b c")],
)
def test_other_columns_are_left_alone(column: str, words: str) -> None:
    found = read(orders(column, *words.split()))
    assert not found.questions
    assert set(told(found)) == {None}


def test_a_column_of_too_many_words_says_something_else() -> None:
    found = read(orders("action", *(f"note {row}" for row in range(51))))
    assert set(told(found)) == {None}
    assert not [one for one in found.questions if one.kind == "actions"]


def test_sentences_in_place_of_words_are_named() -> None:
    found = read(
        orders("Action", *(f"YOU {'SOLD' if row % 3 else 'BOUGHT'} FUND {row}" for row in range(60)))
    )
    assert any('"Action" with' in one and "may say which rows count" in one for one in found.notices)


def test_what_the_analyst_leaves_out_is_not_asked_about() -> None:
    found = read(orders("side", "buy", "sell"), mapping={"side": ""})
    assert not found.questions
    assert told(found) == [None, None]


def test_the_first_rows_do_not_decide() -> None:
    assert told(read(orders("anything", *["buy"] * 150, *["sell"] * 3))).count("gives_up") == 3
    assert set(told(read(orders("anything", *["buy"] * 150, *["note"] * 3)))) == {None}


def test_the_order_of_rows_and_columns_changes_nothing() -> None:
    names = ["client_id", "isin", "date", "type", "status", "side"]
    rows = [
        (f"c{row}", "A", f"2024-01-{row + 1:02}", "limit", state, side)
        for row, (state, side) in enumerate(itertools.product(("done", "void", "new"), ("b", "s")))
    ]
    ways = set()
    for seed in range(6):
        draw = random.Random(seed)
        columns, lines = draw.sample(range(6), 6), draw.sample(rows, 6)
        text = "\n".join(",".join(line[place] for place in columns) for line in (names, *lines))
        found = read(("orders.csv", text))
        table = found.dataset.interactions.select(["client_id", "action"]).to_pylist()
        ways.add((str(sorted(map(str, table))), str([(one.id, one.proposal) for one in found.questions])))
    assert len(ways) == 1

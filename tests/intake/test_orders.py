import pytest

from tests.dataset.tables import problems, read

HEADS = (
    "orders.csv",
    "order_id,customer_id,order_date\n1,ann,2024-01-05\n2,bob,2024-02-05\n3,cem,2024-03-05\n",
)
LINES = ("lines.csv", "order_id,product_id,quantity\n1,card,2\n1,fund,1\n2,card,5\n")


def events(found):
    return [
        (row["client_id"], row["product_id"], row["timestamp"].month)
        for row in found.dataset.interactions.to_pylist()
    ]


@pytest.mark.parametrize("files", [(HEADS, LINES), (LINES, HEADS)])
def test_orders_and_their_lines_are_events(files):
    found = read(*files)
    assert sorted(events(found)) == [("ann", "card", 1), ("ann", "fund", 1), ("bob", "card", 2)]
    assert found.dataset.interactions["amount"].to_pylist() == [2.0, 1.0, 5.0]
    assert (found.rows_read, found.rows_rejected) == (6, 0)
    said = 'lines.csv: each row is joined by "order_id" with its order in orders.csv, of which '
    assert f"{said}1 of 3 have no row here." in found.notices
    assert read(*files, mapping=found.mapping).dataset.content_hash == found.dataset.content_hash


@pytest.mark.parametrize(
    ("heads", "lines"),
    [
        ("InvoiceNo,CustomerID", "InvoiceNo,StockCode"),
        ("order id,user", "Order ID,sku"),
        ("Auftragsnummer,Kunde", "Auftragsnummer,Artikelnummer"),
        ("basket_id,household,customer_no", "basket_id,quantity,upc,item"),
        ("transaction_id,client", "transaction_id,isin"),
        ("VBELN,kunde", "vbeln,artikel"),
    ],
)
def test_numbers_of_orders_under_other_names(heads, lines):
    cells = {"household": "h", "quantity": "1", "upc": "9"}
    first = ",".join(
        cells.get(name, {0: "7"}.get(place, "ann")) for place, name in enumerate(heads.split(","))
    )
    second = ",".join(
        cells.get(name, {0: "7"}.get(place, "card")) for place, name in enumerate(lines.split(","))
    )
    found = read(("a.csv", f"{heads}\n{first}\n"), ("b.csv", f"{lines}\n{second}\n"))
    (row,) = found.dataset.interactions.to_pylist()
    assert (row["client_id"], row["product_id"]) == ("ann", "card")


def test_a_line_without_its_order_is_rejected():
    found = read(HEADS, ("lines.csv", LINES[1] + "9,card,1\n,card,1\n"))
    assert problems(found.rejects) == [
        (5, "order_id", "9", "Order is not in orders.csv"),
        (6, "order_id", "", "Order is not in orders.csv"),
    ]


@pytest.mark.parametrize("files", [0, 1])
def test_lines_without_a_number_are_no_lines_of_an_order_without_one(files):
    heads, lines = (
        ("orders.csv", HEADS[1] + ",dan,2024-04-05\n"),
        ("lines.csv", LINES[1] + ",card,1\n ,fund,1\n"),
    )
    found = read(*((heads, lines), (lines, heads))[files])
    assert {client for client, *_ in events(found)} == {"ann", "bob"}
    assert [line for line, *_ in problems(found.rejects)] == [5, 6]
    assert not any("repeat the number" in notice for notice in found.notices)


def test_an_order_that_stands_twice_is_said_and_the_first_counts():
    found = read(("orders.csv", HEADS[1] + "1,eva,2024-05-05\n"), LINES)
    assert events(found)[0] == ("ann", "card", 1)
    assert "orders.csv: 1 rows repeat the number of an order; the first counts." in found.notices


def test_several_files_of_lines_each_find_their_orders():
    found = read(("b.csv", "order_id,product_id\n3,fund\n"), HEADS, LINES)
    assert sorted(events(found))[-1] == ("cem", "fund", 3)


def test_files_that_need_no_other_are_not_joined():
    whole = ("trades.csv", "order_id,client_id,product_id\n1,ann,card\n")
    found = read(whole, ("clients.csv", "client_id,order_id,segment\nann,1,retail\n"))
    assert len(found.dataset.interactions) == 1
    assert found.dataset.clients["segment"].to_pylist() == ["retail"]

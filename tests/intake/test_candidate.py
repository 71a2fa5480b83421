import pytest

from finrec_core.intake import IntakeError, Source, find_sources, propose, read_files
from tests.conftest import real_case
from tests.dataset.tables import read


def used(found, file="has.csv"):
    return {use.used_as: use.column for use in found.columns if use.file == file and use.used_as}


def rows(*columns, count=60):
    """A file with a value a row of each column, which are functions of the row's number."""
    head = ",".join(name for name, _ in columns)
    cells = (",".join(str(cell(row)) for _, cell in columns) for row in range(count))
    return "has.csv", head + "\n" + "\n".join(cells) + "\n"


CLIENT = ("client_id", lambda row: f"c{row % 20}")
ISIN = ("ISIN", lambda row: f"DE{row % 15:04}")
SYMBOL = ("Symbol", lambda row: f"T{row % 15:02}")
PRODUCT = ("Product", lambda row: ("CNC", "MIS", "NRML")[row % 3])
ORDER = ("item_id", lambda row: f"o{row}")


@pytest.mark.parametrize(
    "columns", [(PRODUCT, SYMBOL, ISIN), (ISIN, PRODUCT, SYMBOL), (SYMBOL, ISIN, PRODUCT)]
)
def test_a_kind_of_product_is_none_in_any_order_of_columns(columns):
    found = read(rows(CLIENT, *columns))
    assert used(found)["product_id"] == "ISIN"
    (question,) = [one for one in found.questions if one.kind != "duplicates"]
    assert (question.id, question.proposal) == ("columns:has.csv:product_id", "ISIN")
    assert set(question.choices) == {"ISIN", "Symbol", "Product"}
    assert '"Product" has 3 in 60 rows, and repeats too much' in question.sentence


@pytest.mark.parametrize("said", ["Symbol", "Product"])
def test_the_analyst_answers_or_maps(said):
    file = rows(CLIENT, PRODUCT, SYMBOL, ISIN)
    found = read(file, answers={"columns:has.csv:product_id": said})
    assert used(found)["product_id"] == said
    assert not [one for one in found.questions if one.kind != "duplicates"]
    for key in (said, f"has.csv:{said}"):
        found = read(file, mapping={key: "product_id"})
        assert used(found)["product_id"] == said
        assert not [one for one in found.questions if one.kind != "duplicates"]
    assert not [
        one for one in read(file, mapping={"ISIN": "", "Product": ""}).questions if one.kind == "columns"
    ]


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        ((("user_id", lambda row: f"a{row % 3}"), ("account_no", lambda row: f"k{row % 30}")), "account_no"),
        (
            (("customer_id", lambda row: f"k{row % 30}"), ("member_id", lambda row: f"a{row % 4}")),
            "customer_id",
        ),
        (
            (("member_id", lambda row: f"k{row % 30}"), ("customer_id", lambda row: f"a{row % 4}")),
            "member_id",
        ),
        ((("user_id", lambda row: f"o{row}"), ("account_no", lambda row: f"k{row % 30}")), "account_no"),
        (
            (("user_id", lambda row: "x" if row < 9 else ""), ("account_no", lambda row: f"k{row % 9}")),
            "account_no",
        ),
        ((("Kunde", lambda row: f"k{row % 30}"), ("Depot", lambda row: f"d{row % 32}")), "Kunde"),
    ],
)
def test_a_client_repeats_neither_too_much_nor_never(columns, wanted):
    found = read(rows(*columns, ISIN))
    assert used(found)["client_id"] == wanted
    (question,) = [one for one in found.questions if one.kind != "duplicates"]
    assert (question.id, question.proposal) == ("columns:has.csv:client_id", wanted)


def test_a_number_of_orders_is_no_product():
    found = read(rows(CLIENT, ORDER, ISIN))
    assert used(found)["product_id"] == "ISIN"
    assert "never repeats, as the number of an order" in found.questions[0].sentence


@pytest.mark.parametrize(
    ("home", "wanted"),
    [
        ("ticker,name\n" + "".join(f"T{n:02},Fund\n" for n in range(15)), "Symbol"),
        ("isin,name\n" + "".join(f"DE{n:04},Fund\n" for n in range(15)), "ISIN"),
        ("isin,ticker,name\n" + "".join(f"DE{n:04},X{n},Fund\n" for n in range(15)), "ISIN"),
    ],
)
def test_what_joins_is_chosen_without_a_question(home, wanted):
    found = read(rows(CLIENT, SYMBOL, ISIN), ("products.csv", home))
    assert used(found)["product_id"] == wanted
    assert not [one for one in found.questions if one.kind != "duplicates"]
    assert (found.joins[0].found, found.joins[0].of) == (15, 15)


def test_what_does_not_join_is_named_first():
    home = "ticker,name\n" + "".join(f"T{n:02},Fund\n" for n in range(15))
    found = read(rows(CLIENT, SYMBOL, ISIN), ("products.csv", home))
    assert found.notices[0] == (
        'has.csv: "Symbol" is used as product_id and "ISIN" is not: of its ids 15 of 15 are in products.csv, '
        "of the other's 0 of 15."
    )


@pytest.mark.parametrize("order", ["isin,ticker", "ticker,isin"])
def test_the_column_of_a_catalogue_is_the_one_that_joins(order):
    cells = {"isin": "DE{n:04}", "ticker": "T{n:02}"}
    line = ",".join(cells[name] for name in order.split(","))
    home = f"{order},name\n" + "".join(line.format(n=n) + ",Fund\n" for n in range(15))
    found = read(rows(CLIENT, SYMBOL), ("products.csv", home))
    assert used(found, "products.csv")["product_id"] == "ticker"
    assert len(found.dataset.products) == 15
    assert any('"ticker" is used as product_id and "isin" is not' in notice for notice in found.notices)
    mapped = read(rows(CLIENT, SYMBOL), ("products.csv", home), mapping={"isin": "product_id"})
    assert used(mapped, "products.csv")["product_id"] == "isin"


def test_clients_join_by_the_account_where_clients_are_listed_so():
    accounts = ("customers.csv", "account_no,segment\n" + "".join(f"k{n},retail\n" for n in range(30)))
    customers = ("customer_id", lambda row: f"x{row % 25}")
    found = read(rows(customers, ("account_no", lambda row: f"k{row % 30}"), ISIN), accounts)
    assert used(found)["client_id"] == "account_no"
    assert not [one for one in found.questions if one.kind != "duplicates"]


def test_our_own_name_is_taken_at_its_word():
    found = read(rows(CLIENT, ("product_id", lambda row: f"p{row % 12}"), ISIN))
    assert used(found)["product_id"] == "product_id"
    assert not [one for one in found.questions if one.kind != "duplicates"]


def test_an_answer_that_there_is_not_is_refused():
    with pytest.raises(IntakeError, match="is no answer"):
        read(rows(CLIENT, SYMBOL, ISIN), answers={"columns:has.csv:product_id": "Price"})


def test_a_proposal_shows_the_same_choice():
    name, text = rows(CLIENT, PRODUCT, SYMBOL, ISIN)
    assert used(propose([Source(name, text.encode())]))["product_id"] == "ISIN"


def test_a_broker_s_kind_of_order_is_no_product():
    files = [one for one in find_sources(real_case("broker-product-column")) if one.name.endswith(".csv")]
    options = {"mapping": {"Trade Type": ""}}  # what was sold is another matter
    found = read_files(files, **options)
    assert used(found, "trades.csv")["product_id"] == "ISIN"
    assert len(found.dataset.products) == 12
    (question,) = [one for one in found.questions if one.kind == "columns"]
    assert '"Product" has 3 in 171 rows, and repeats too much' in question.sentence
    symbol = read_files(files, **options, answers={question.id: "Symbol"})
    assert "SYMF00" in symbol.dataset.products["product_id"].to_pylist()


@pytest.mark.parametrize("mapping", [{"ID": "client_id"}, {"Train.csv:ID": "client_id"}])
def test_a_column_mapped_as_the_client_makes_no_file_of_products(mapping):
    files = [one for one in find_sources(real_case("wide-matrix")) if one.name.endswith(".csv")]
    assert propose(files, mapping=mapping).columns[0].table != "products"
    assert propose(files, mapping=mapping).columns[0].used_as == "client_id"

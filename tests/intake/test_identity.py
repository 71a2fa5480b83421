import pytest

from finrec_core.intake import Source, find_sources, read_files
from tests.conftest import real_case
from tests.dataset.tables import problems, read


def column(*ids, name="client_id", **options):
    """An import of one file with these ids as clients, each with a product of its own."""
    rows = "".join(f"{text}\tp{place}\n" for place, text in enumerate(ids))
    return read(("has.tsv", f"{name}\tproduct_id\n{rows}"), **options)


def clients(found):
    return found.dataset.clients["client_id"].to_pylist() if found.dataset else []


def asked(found):
    """The questions of an import, but for whether rejected rows may be left out."""
    return [question for question in found.questions if question.kind != "rejects"]


MARKS = [
    "nan",
    "NaN",
    "None",
    "null",
    "NULL",
    "N/A",
    "#N/A",
    "\\N",
    "-",
    "--",
    "[]",
    "{}",
    "<NA>",
    "n/a",
    "\u2014",
]


@pytest.mark.parametrize("mark", [*MARKS, "\u00a0", "\u200b", '""', '=""'])
def test_a_mark_for_none_is_no_client(mark):
    found = column("10000", mark, "10001")
    assert clients(found) == ["10000", "10001"]
    assert [row[3] for row in problems(found.rejects)] == ["Client is empty"]
    assert found.rows_read == found.rows_accepted + found.rows_rejected == 3


def test_a_mark_is_named_with_its_count():
    found = column("10000", "nan", "nan")
    assert (
        'has.tsv: "client_id" names no client in 2 of 3 rows, which are rejected: nan is a mark for none.'
        in (found.notices)
    )
    assert problems(found.rejects)[0] == (3, "client_id", "nan", "Client is empty")


def test_a_row_with_two_marks_is_rejected_once():
    found = read(("has.csv", "client_id,product_id\nnan,None\nann,null\nann,card\n"))
    assert problems(found.rejects) == [
        (2, "client_id", "nan", "Client is empty"),
        (3, "product_id", "null", "Product is empty"),
    ]


@pytest.mark.parametrize("mark", ["NA", "NAN", "NULL", "NONE", "NIL", "NAT"])
def test_a_mark_beside_tickers_is_asked_about(mark):
    ids = ["MSFT", "AAPL", "BRK.B", "T", mark]
    found = column(*ids)
    (question,) = asked(found)
    assert question.id == "empty_ids:has.tsv:client_id"
    assert question.proposal is None
    assert f"says {mark} in 1 of 5 rows (20.0%)" in question.sentence
    assert mark in clients(found)
    assert mark in clients(column(*ids, answers={question.id: "an id"}))
    answered = column(*ids, answers={question.id: "empty"})
    assert mark not in clients(answered)
    assert answered.rows_rejected == 1


@pytest.mark.parametrize("mark", ["nan", "N/A", "None", "#N/A", "n/a", "-"])
def test_what_no_ticker_is_is_not_asked_about(mark):
    found = column("MSFT", "AAPL", mark)
    assert not asked(found)
    assert found.rows_rejected == 1


@pytest.mark.parametrize(
    "nobody",
    [
        *(
            "unknown",
            "Unknown",
            "ANONYMOUS",
            "guest",
            "unbekannt",
            "k.A.",
            "not available",
            "0",
            "-1",
            "99999",
        ),
        "00000000-0000-0000-0000-000000000000",
    ],
)
def test_who_may_stand_for_nobody_is_asked_about_with_a_proposal(nobody):
    found = column("1001", "1002", *[nobody] * 4)
    (question,) = asked(found)
    assert (question.id, question.proposal) == ("empty_ids:has.tsv:client_id", "empty")
    assert f"says {nobody} in 4 of 6 rows (66.7%)" in question.sentence
    assert clients(found) == ["1001", "1002"]
    assert nobody in clients(column("1001", "1002", *[nobody] * 4, answers={question.id: "an id"}))


@pytest.mark.parametrize(
    "ids", [("0", "1", "2"), ("-1", "-2"), ("99999", "100000"), ("Mr Guest", "unknown artist")]
)
def test_numbers_and_names_that_stand_for_someone_are_not_asked_about(ids):
    found = column(*ids)
    assert not asked(found)
    assert set(clients(found)) == set(ids)


@pytest.mark.parametrize(
    ("ids", "plain"),
    [
        (("10000.0", "10001.0"), ["10000", "10001"]),
        (("10000.0", "10000", "nan"), ["10000"]),
        (("10000.00", "10001.00"), ["10000", "10001"]),
        (("10000,0", "10001,0"), ["10000", "10001"]),
        (("10000.000000", "7"), ["10000", "7"]),
        (("1.2345678E7", "10000.0"), ["12345678", "10000"]),
        (("1e+05", "100001"), ["100000", "100001"]),
        (("-1.0", "12.0"), ["-1", "12"]),
    ],
)
def test_whole_numbers_that_stand_as_floats_are_whole(ids, plain):
    found = column(*ids)
    assert set(clients(found)) == set(plain)
    assert any("holds whole numbers as a program writes fractions" in notice for notice in found.notices)
    assert not asked(found)


@pytest.mark.parametrize("ids", [("1.0", "1.1"), ("A.0", "1.0"), ("1.000", "2.500"), ("10.5", "10.0")])
def test_what_is_no_column_of_whole_numbers_stays(ids):
    assert set(clients(column(*ids))) == set(ids)


@pytest.mark.parametrize(
    "lost",
    [
        ("4.23E+15", "4.64E+15"),
        ("4,23E+15", "123"),
        ("4E+15", "123"),
        ("1.2345678901234568e+16", "7"),
        ("1.23457e+09", "12"),
        tuple(f"12345678901234{n}0" for n in range(5)),
        tuple(f"12345678901234{n}000" for n in range(5)),
        ("9007199254740993.0", "7.0"),
    ],
)
def test_lost_digits_are_named_and_asked_about(lost):
    found = column(*lost)
    (question,) = asked(found)
    assert (question.kind, question.column, question.proposal) == ("digits", "client_id", None)
    assert any("has lost digits" in notice for notice in found.notices)
    out = column(*lost, answers={question.id: "leave the rows out"})
    assert out.rows_rejected >= 1
    assert {row[3] for row in problems(out.rejects)} == {"Client has lost digits"}
    assert not asked(column(*lost, answers={question.id: "read as they stand"}))


@pytest.mark.parametrize(
    "ids", [("1E5", "2E5"), ("7e3", "8"), ("4111111111111111", "4000000000000002"), ("1000", "2")]
)
def test_ids_that_only_look_so_have_lost_nothing(ids):
    found = column(*ids)
    assert not asked(found)
    assert set(clients(found)) == set(ids)


def test_marks_around_ids_are_removed_and_said():
    found = column('="00123"', "'00123", "00123")
    assert clients(found) == ["00123"]
    assert any("holds marks that are no part of an id in" in notice for notice in found.notices)


def case(name, **options):
    files = [one for one in find_sources(real_case(name)) if not one.name.endswith(".md")]
    return read_files(files, **options)


def test_a_missing_customer_of_pandas_is_no_client():
    found = case("nan-is-a-client", mapping={"StockCode": "product_id", "InvoiceDate": "timestamp"})
    assert found.rows_rejected == 60
    assert len(found.dataset.clients) == 40
    assert {"nan", "10000.0"}.isdisjoint(found.dataset.clients["client_id"].to_pylist())


def test_account_numbers_that_a_spreadsheet_cut_are_asked_about():
    found = case("scientific-ids-merge")
    (question,) = [one for one in found.questions if one.kind == "digits"]
    assert (question.id, question.proposal) == ("digits:interactions.csv:account_no", None)
    assert "4.23E+15" in question.sentence or "E+15" in question.sentence


def test_friends_are_read_as_other_ids_are():
    users = Source("user.csv", b'user_id,friends\n1.0,"2, nan"\n2.0,\n')
    found = read_files([users, Source("stars.csv", b"user_id,item_id\n1,a\n2,a\n")])
    assert [tuple(tie.values())[:2] for tie in found.dataset.ties.to_pylist()] == [("1", "2")]

import io

import pytest

from finrec_core.intake import IntakeError
from finrec_core.intake.form import find_form
from finrec_core.intake.quotation import UNIT
from finrec_core.intake.textfile import TextFile


def form(text: str, suffix: str = ".csv"):
    return find_form(TextFile("x" + suffix, "x", suffix, lambda: io.BytesIO(text.encode())))


@pytest.mark.parametrize(
    ("text", "delimiter", "names"),
    [
        ("client_id,product_id\n", ",", ("client_id", "product_id")),
        ("client_id;product_id;name, or title\n", ";", ("client_id", "product_id", "name, or title")),
        ("client_id;a,b,c,d\n", ";", ("client_id", "a,b,c,d")),
        ("client_id\tproduct_id\n", "\t", ("client_id", "product_id")),
        ("user_id::item_id::rating\n", UNIT, ("user_id", "item_id", "rating")),
        ('"client_id","a,b"\n', ",", ("client_id", "a,b")),
        ("client_id\n", ",", ("client_id",)),
        (" client_id , ,x\n", ",", ("client_id", "column 2", "x")),
        ("\ufeffclient_id,x\n", ",", ("client_id", "x")),
    ],
)
def test_the_delimiter_shows_in_the_header(text, delimiter, names):
    found = form(text)
    assert (found.delimiter, found.names, found.header, found.first) == (delimiter, names, True, 2)


def test_a_file_without_a_header():
    found = form("1::Toy Story, The (1995)::Comedy\n", ".dat")
    assert found.delimiter == UNIT
    assert found.names == ("column 1", "column 2", "column 3")
    assert (found.header, found.first, found.quoted) == (False, 1, False)


def test_blank_lines_and_the_line_of_excel_stand_before_the_header():
    assert form("\n \nclient_id,x\n").first == 4
    found = form("sep=;\r\nclient_id;a,b,c\r\n")
    assert (found.delimiter, found.names, found.first) == (";", ("client_id", "a,b,c"), 3)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "x.csv, line 1: the file is empty."),
        ("\n\n", "x.csv, line 1: the file is empty."),
        ("sep=;\n", "x.csv, line 1: the file is empty."),
        ("\n" * 20_000, "x.csv, line 10001: 10,000 lines before this one are blank."),
        (
            '"a\nb\n',
            'x.csv, line 1: found one column, "a"; comma, semicolon',
        ),
        ("client_id,rating,rating\n", 'x.csv, line 1: "rating" names columns 2 and 3.'),
        (
            "\nclient_id^product_id\n",
            'x.csv, line 2: found one column, "client_id^product_id"; comma, semicolon',
        ),
    ],
)
def test_what_is_no_table(text, sentence):
    with pytest.raises(IntakeError) as caught:
        form(text)
    assert str(caught.value).startswith(sentence)


def test_json_lines():
    found = form('\n{"a": 1, "b": 2}\n', ".jsonl")
    assert (found.delimiter, found.names, found.first) == ("", ("a", "b"), 2)
    for text in ("[\n{}]", "a,b\n", "[1]", "3"):
        with pytest.raises(IntakeError, match="one JSON object a line"):
            form(text, ".json")


@pytest.mark.parametrize(
    ("text", "names", "first"),
    [
        (
            'client,product,"Amount\n(CHF)",date\na,x,5,2024-01-01\n',
            ("client", "product", "Amount (CHF)", "date"),
            3,
        ),
        ('"Client\r\nID","Product\r\nID"\r\na,x\r\n', ("Client ID", "Product ID"), 4),
        ('client,product,"Comment\n"\na,x,"hi\nyou"\n', ("client", "product", "Comment"), 3),
        ('client\tproduct\t6" screen\na\tx\t1\n', ("client", "product", '6" screen'), 2),
    ],
)
def test_a_name_may_hold_a_lines_end(text, names, first):
    found = form(text)
    assert (found.names, found.first) == (names, first)

r"""Quotation marks doubled, or behind a backslash, and backslashes that are plain."""

import pytest

from finrec_core.intake import FormChoice
from finrec_core.intake.quotation import UNIT, rows_of
from tests.conftest import real_case
from tests.dataset.tables import problems, read

HEAD = "client_id,product_id,review\n"


def reviews(text: str, name: str = "interactions.csv", **options):
    found = read((name, text), **options)
    return found.dataset.interactions["review"].to_pylist(), found


def test_the_export_of_mysql_as_it_came() -> None:
    content = (real_case("backslash-quotes") / "interactions.csv").read_bytes()
    found = read(("interactions.csv", content))
    assert found.rows_rejected == 0
    assert found.dataset.interactions["review"].to_pylist() == [
        'the "safe" fund, they said',
        "plain",
        "ends with a backslash\\",
        'he said "no"',
    ]
    assert "a backslash before a quotation mark makes it plain text, as line 2 shows" in found.notices[0]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ([r'"say \"no\""', r'"plain"'], ['say "no"', "plain"]),
        ([r'"5\" screen"', r'"C:\new\table"'], ['5" screen', r"C:\new\table"]),
        ([r'"a, \"b\", c"', r'"it is ""fine"""'], ['a, "b", c', 'it is "fine"']),
        ([r'"two\\"', r'"one \"x\" two"'], ["two\\", 'one "x" two']),
        ([r'"x \"y\""', r"\N"], ['x "y"', None]),
        (['"a \\"b\\"\nnext line"', '"c"'], ['a "b"\nnext line', "c"]),
        ([r'"\"all\""', r'"\"\""'], ['"all"', '""']),
        ([r'"ends \""', r'"and more \"x\" y"'], ['ends "', 'and more "x" y']),
    ],
)
@pytest.mark.parametrize("sep", [",", ";", "\t"])
def test_escapes_are_found_by_themselves(cells, values, sep) -> None:
    text = HEAD.replace(",", sep) + "".join(f"c{n}{sep}p{n}{sep}{cell}\n" for n, cell in enumerate(cells))
    found, whole = reviews(text)
    assert (found, whole.rows_rejected) == (values, 0)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('"C:\\"', "C:\\"),
        ('"C:\\Users\\ann"', "C:\\Users\\ann"),
        ("C:\\new", "C:\\new"),
        ('"it is ""fine"""', 'it is "fine"'),
        ("\\\\server\\share", "\\\\server\\share"),
        ("\\N", None),
        ("\\n", "\\n"),
    ],
)
def test_backslashes_are_plain_where_nothing_is_broken(cell, value) -> None:
    found, whole = reviews(f"{HEAD}a,p,{cell}\nb,q,x\n")
    assert (found, whole.rows_rejected) == ([value, "x"], 0)
    assert not any("backslash" in notice for notice in whole.notices)


def test_the_reading_that_breaks_fewer_rows_counts() -> None:
    text = f'{HEAD}a,p,"C:\\"\nb,q,"C:\\"\nc,r,"D:\\"\nd,s,"say \\"no\\" now"\n'
    found, whole = reviews(text)
    assert found == ["C:\\", "C:\\", "D:\\"]
    assert [line for line, *_ in problems(whole.rejects)] == [5]


def test_the_analyst_may_name_the_escape_or_none() -> None:
    text = f'{HEAD}a,p,"5\\" screen"\nb,q,x\n'
    told = {"interactions.csv": FormChoice(escape="\\")}
    assert reviews(text, forms=told)[0] == ['5" screen', "x"]
    none = {"interactions.csv": FormChoice(escape="")}
    assert reviews(text, forms=none)[1].reject_counts == [("Quotation mark inside a quoted text", 1)]


def test_rows_of_split_by_two_colons_and_by_blanks() -> None:
    assert list(rows_of(['a::"b::c:d\n'], UNIT, quoted=False)) == [["a", '"b', "c:d"]]
    assert list(rows_of(['a   "b c" d\n'], " ", quoted=True)) == [["a", "b c", "d"]]


def test_an_empty_cell_of_databases_is_one_in_every_column() -> None:
    found = read(("interactions.csv", "client_id,product_id,date,review\na,p,\\N,\\N\n\\N,q,,x\n"))
    assert found.dataset.interactions["review"].to_pylist() == [None]
    assert problems(found.rejects) == [(3, "client_id", "", "Client is empty")]

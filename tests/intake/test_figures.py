"""A column of numbers is read as the whole of it tells, or asks."""

import pytest

from tests.conftest import real_case
from tests.dataset.tables import problems, read


def column(*cells: str, sep: str = ";", name: str = "amount", **options):
    quote = [f'"{cell}"' if sep in cell else cell for cell in cells]
    rows = "".join(f"c{row}{sep}p{row}{sep}{cell}\n" for row, cell in enumerate(quote))
    return read(("interactions.csv", f"client_id{sep}product_id{sep}{name}\n{rows}"), **options)


def numbers(found, name: str = "amount"):
    return found.dataset.interactions[name].to_pylist()


def test_amounts_with_thousands_as_a_bank_wrote_them() -> None:
    found = read(
        ("interactions.csv", (real_case("amounts-with-thousands") / "interactions.csv").read_bytes())
    )
    assert (len(found.dataset.interactions), found.rows_rejected) == (171, 0)
    assert {one.kind for one in found.questions} == {"amounts"}  # some are negative
    assert numbers(found)[:4] == [3520.99, 958.22, -2669.38, 8442.26]
    assert any('numbers in "amount" are read with a decimal comma' in notice for notice in found.notices)


@pytest.mark.parametrize(
    ("cells", "sep", "values"),
    [
        (("1.234,56", "12,5", "-3", "1.234"), ";", [1234.56, 12.5, -3, 1234]),
        (("1,234.56", "12.5", "(3.00)", "1,234"), ",", [1234.56, 12.5, -3, 1234]),
        (("1,234.56", "12.5", "(3.00)", "1,234"), ";", [1234.56, 12.5, -3, 1234]),
        (("1 234,56 €", "12,5", "−3", "1\u202f234"), ";", [1234.56, 12.5, -3, 1234]),
        (("CHF 1'234.50", "12.5", "3.-", "1’234"), "\t", [1234.5, 12.5, 3, 1234]),
        (("₹12,34,567.89", "Rs. 1,000", "3", "+4"), ",", [1234567.89, 1000, 3, 4]),
        (("1.234,56-", "12,00", "3,10-", "5"), ";", [-1234.56, 12, -3.1, 5]),
        (("$ (1,234.56)", "$ -", "$ 5.00", "-"), ",", [-1234.56, None, 5, None]),
        (("1,234,567", "1,234", "5", "6"), ",", [1234567, 1234, 5, 6]),
        (("4,5", "3", "5", "1,234"), ",", [4.5, 3, 5, 1.234]),
        (("1.234", "2.345", "3", "0.5"), ";", [1.234, 2.345, 3, 0.5]),
        (("1e3", "5.", ".5", "+7"), ",", [1000, 5, 0.5, 7]),
    ],
)
def test_one_cell_that_can_be_read_in_one_way_only_tells_it_for_all(cells, sep, values) -> None:
    found = column(*cells, sep=sep)
    assert (numbers(found), found.rows_rejected) == (values, 0)
    assert {one.kind for one in found.questions} <= {"amounts"}  # where some are negative


def test_where_no_cell_tells_it_is_asked() -> None:
    found = column("1,234", "2,345", "12")
    (question,) = found.questions
    assert (question.id, question.proposal) == ("numbers:interactions.csv:amount", None)
    told = (2, "amount", "1,234", "Amount is ambiguous, left empty: 1.234 or 1234")
    assert told in problems(found.repairs)
    for answer, values in (("decimals", [1.234, 2.345, 12]), ("thousands", [1234, 2345, 12])):
        told = column("1,234", "2,345", "12", answers={question.id: answer})
        assert (numbers(told), told.questions) == (values, ())


@pytest.mark.parametrize(
    ("cells", "sep", "proposal", "values"),
    [
        (("1,234", "2,345"), ",", "thousands", [1234, 2345]),
        (("$1,234", "$2,345"), ";", "thousands", [1234, 2345]),
        (("1.234", "2.345", "120"), ";", "thousands", [1234, 2345, 120]),
        (("1.234", "2.345", "1200"), ";", "decimals", [1.234, 2.345, 1200]),
        (("1,234", "2,345", "1200"), ";", "decimals", [1.234, 2.345, 1200]),
    ],
)
def test_what_leans_one_way_is_proposed(cells, sep, proposal, values) -> None:
    found = column(*cells, sep=sep)
    assert [question.proposal for question in found.questions] == [proposal]
    assert numbers(found) == values


def test_another_column_of_the_file_leans_too() -> None:
    text = "client_id;product_id;amount;rating\na;p;1.234;4,5\nb;p;2.345;3\n"
    found = read(("interactions.csv", text))
    assert numbers(found) == [1234, 2345]
    text = "client_id;product_id;amount;rating\na;p;1,234;4.5\nb;p;2,345;3\n"
    assert numbers(read(("interactions.csv", text))) == [1234, 2345]


def test_where_both_signs_are_decimal_each_cell_speaks_for_itself() -> None:
    found = column("1,5", "2.5", "1.234,5", "1.234", "1,234")
    assert numbers(found) == [1.5, 2.5, 1234.5, None, None]
    told = [reason for _, column, _, reason in problems(found.repairs) if column == "amount"]
    assert told == ["Amount is ambiguous, left empty: 1.234 or 1234"] * 2


def test_a_range_is_its_middle_once_confirmed() -> None:
    cells = ("$1,000 - $4,000", "$9,000 - $16,000", "$50,000,001 +", "$7")
    found = column(*cells, sep=",")
    (question,) = found.questions
    assert (question.id, question.proposal) == ("ranges:interactions.csv:amount", "middle")
    assert "2 ranges such as $1,000 - $4,000" in question.sentence
    assert numbers(found) == [2000, 12000, 50000001, 7]
    for answer, values in {
        "low end": [1000, 9000, 50000001, 7],
        "high end": [4000, 16000, 50000001, 7],
        "empty": [None, None, 50000001, 7],
    }.items():
        told = column(*cells, sep=",", answers={question.id: answer})
        assert (numbers(told), told.questions, told.rows_rejected) == (values, (), 0)


def test_what_is_no_number_is_told_as_before() -> None:
    found = column("abc", "12 apples", "3")
    told = [reason for _, column, _, reason in problems(found.repairs) if column == "amount"]
    assert told == ["Amount is not a number, left empty"] * 2

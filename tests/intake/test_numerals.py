"""Numbers as people write them, one by one."""

import pytest

from finrec_core.intake.numerals import decimal_sign, ends, middle, numeral, signs_of, value


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("1,234.56", 1234.56, None),
        ("1.234,56", None, 1234.56),
        ("1 234,56", None, 1234.56),
        ("1\u00a0234,56", None, 1234.56),
        ("1\u202f234,56 €", None, 1234.56),
        ("1\u2009234.5", 1234.5, None),
        ("1'234.56", 1234.56, None),
        ("1’234.56", 1234.56, None),
        ("12,34,567.89", 1234567.89, None),
        ("₹ 1,00,000", 100000, None),
        ("Rs. 1,000", 1000, 1.0),
        ("$1,234.56", 1234.56, None),
        ("US$ 12", 12, 12),
        ("12 USD", 12, 12),
        ("R$ 1.234,50", None, 1234.5),
        ("kr 1 234", 1234, 1234),
        ("CHF 1'234.–", 1234, 1234),
        ("1.234,-", 1.234, 1234),
        ("£5", 5, 5),
        ("(1,234.56)", -1234.56, None),
        ("$ (1,234.56)", -1234.56, None),
        ("($5.00)", -5, None),
        ("1.234,56-", None, -1234.56),
        ("-$5", -5, -5),
        ("$-5", -5, -5),
        ("−5", -5, -5),
        ("+3", 3, 3),
        ("5 %", 5, 5),
        ("0,45%", None, 0.45),
        ("1.5M", 1.5e6, None),
        ("2 Mio", 2e6, 2e6),
        ("3k", 3000, 3000),
        ("5 Lakh", 5e5, 5e5),
        ("5 Stk", 5, 5),
        ("100 shares", 100, 100),
        ("1,5E+3", None, 1500),
        ('="12.5"', 12.5, None),
        ("'12", 12, 12),
        ("1,23,4", None, None),
        ("4.2.1", None, None),
    ],
)
def test_a_number_by_its_decimal_sign(text, point, comma) -> None:
    one = numeral(text)
    assert one is not None
    assert (value(one, "."), value(one, ",")) == (point, comma)


@pytest.mark.parametrize(
    "text", ["abc", "", "2024-01-01", "1 2 3", "1_000", "٣", "--5", "(-5)", "(5", "12 apples", "$", "1 23"]
)
def test_what_is_no_number(text) -> None:
    assert numeral(text) is None


def test_which_sign_must_be_the_decimal_one() -> None:
    told = {"1,234.5": ".", "1.234,5": ",", "1,234,567": ".", "1.5": ".", "0,125": ",", "1234,567": ","}
    assert {text: decimal_sign(text) for text in told} == told
    assert [decimal_sign(text) for text in ("12", "1,234", "1.234")] == [None, None, None]
    assert signs_of(["1,234", "12", "x", "4.2.1"]) == set()
    assert signs_of(["1,234", "12.5", "$3,5"]) == {".", ","}


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("$1,001 - $15,000", (1001, 15000)),
        ("1k-5k", (1000, 5000)),
        ("1-5k", (1000, 5000)),
        ("100–200", (100, 200)),
        ("1,001 to 15,000", (1001, 15000)),
        ("5.5 bis 7.5 €", (5.5, 7.5)),
        ("Over $50,000,000", (50_000_000, None)),
        (">= 100", (100, None)),
        ("100 or more", (100, None)),
        ("< 1,000", (None, 1000)),
        ("up to $5", (None, 5)),
        ("5", None),
        ("-5", None),
        ("1,234", None),
        ("2024-01-05", None),
        ("$1,001 -", None),
        ("abc", None),
        ("9-3", None),
    ],
)
def test_ranges(text, both) -> None:
    assert ends(text, ".") == both


def test_the_middle_of_a_range_is_geometric() -> None:
    assert middle(100, 400) == 200
    assert middle(0, 10) == 5
    assert (middle(50, None), middle(None, 50)) == (50, 25)


@pytest.mark.parametrize(
    "text",
    ["1" + " " * 50 + "x", "1 " * 30, "1," * 29 + "x", "$" * 59, " $" * 29, "(" * 50, "1-" * 30, "1e" * 30],
)
def test_no_text_takes_long_to_be_no_number(text) -> None:
    assert numeral(text) is None  # a pattern that tries all ways to part the blanks takes minutes
    assert ends(text, ".") is None

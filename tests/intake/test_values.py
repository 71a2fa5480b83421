import re
from datetime import UTC, date, datetime

import pytest

from finrec_core.dataset.schema import TABLES
from finrec_core.intake.values import reader


def read(name, text, *, comma=False, day_first=None):
    column = next(c for columns in TABLES.values() for c in columns if c.name == name)
    return reader(column, comma=comma, day_first=day_first)(text)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("rating", "5", 5.0),
        ("rating", "-1.5e3", -1500.0),
        ("rating", ".5", 0.5),
        ("rating", "NaN", None),
        ("risk_class", "7", 7),
        ("risk_class", "3.0", 3),
        ("risk_class", r"\N", None),
        ("available", "Yes", True),
        ("available", "FALSE", False),
        ("available", "0", False),
        ("available", "n/a", None),
        ("min_knowledge", "Informed", "informed"),
        ("loss_potential", "none", "none"),
        ("min_knowledge", "none", None),
        ("timestamp", "2024-01-31", datetime(2024, 1, 31, tzinfo=UTC)),
        ("timestamp", "null", None),
        ("profile_date", "2024-01-31", date(2024, 1, 31)),
        ("profile_date", "NA", None),
    ],
)
def test_values(name, text, value):
    found = read(name, text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("rating", "abc", "Rating is not a number"),
        ("rating", "1_000", "Rating is not a number"),
        ("rating", "inf", "Rating is not a number"),
        ("rating", "٣", "Rating is not a number"),
        ("rating", "4,5", "Rating is not a number"),
        ("rating", "1e999", "Rating is too large a number"),
        ("risk_class", "8", "Risk class is not between 1 and 7"),
        ("risk_class", "2.5", "Risk class is not a whole number"),
        ("ongoing_cost_pct", "-1", "Ongoing cost pct is below 0"),
        ("available", "maybe", "Available is not true or false"),
        ("knowledge", "expert", "Knowledge is none of basic, informed, advanced"),
        ("timestamp", "abc", "Date not readable"),
    ],
)
def test_what_is_no_value(name, text, reason):
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        read(name, text)


def test_a_decimal_comma_counts_where_it_is_usual_and_clear():
    assert read("rating", "4,5", comma=True) == 4.5
    assert read("rating", "0,125", comma=True) == 0.125
    assert read("rating", "1.234", comma=True) == 1.234
    with pytest.raises(ValueError, match=r"Rating is ambiguous: 1\.234 or 1234"):
        read("rating", "1,234", comma=True)


def test_a_point_before_three_digits_is_ambiguous_beside_decimal_commas():
    amount = next(column for column in TABLES["interactions"] if column.name == "rating")
    assert reader(amount, comma=True, day_first=None)("1.250") == 1.25
    dotted = reader(amount, comma=True, day_first=None, dotted=True)
    assert (dotted("12,50"), dotted("1.25")) == (12.5, 1.25)
    with pytest.raises(ValueError, match=r"is ambiguous: 1\.250 or 1250"):
        dotted("1.250")


def test_the_decimal_sign_of_a_column_is_taken_at_its_word():
    amount = next(column for column in TABLES["interactions"] if column.name == "amount")
    german = reader(amount, comma=True, day_first=None, decimal=",")
    assert (german("1.250"), german("1,250"), german("3")) == (1250, 1.25, 3)
    english = reader(amount, comma=True, day_first=None, decimal=".")
    assert (english("1.250"), english("1,250"), english("-")) == (1.25, 1250, None)
    with pytest.raises(ValueError, match="Amount is not a number"):
        english("1.250,5")

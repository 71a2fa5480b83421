"""The house style of numbers, times, names, lists and verbs."""

import re
from datetime import date, datetime

import pytest

from finrec_core.terms import wording
from finrec_core.terms.wording import plural
from tests.test_floors import repository_sources


@pytest.mark.parametrize(
    ("verb", "many"),
    [
        ("has", "have"),
        ("listens to", "listen to"),
        ("bought", "bought"),
        ("watches", "watch"),
        ("carries", "carry"),
        ("uses", "use"),
        ("is with", "are with"),
    ],
)
def test_a_verb_for_several_people(verb, many):
    assert plural(verb) == many


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (8702, 0, "8,702"),
        (-5, 0, "−5"),
        (0, 0, "0"),
        (-0.04, 1, "0.0"),
        (-0.05, 1, "−0.1"),
        (2.5, 0, "3"),
        (0.2745, 3, "0.275"),
        (-1234567.5, 0, "−1,234,568"),
    ],
)
def test_a_number_has_thousands_and_a_true_minus(value, decimals, text):
    assert wording.plain(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(34, 0, "+34"), (-5, 0, "−5"), (0, 0, "0"), (0.04, 1, "0.0"), (0.05, 1, "+0.1"), (1200, 0, "+1,200")],
)
def test_a_signed_number_shows_its_sign_and_nothing_shows_none(value, decimals, text):
    assert wording.signed(value, decimals) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-0.002, 0.014, "−0.002 to +0.014"),
        (0.00018, 0.02, "+0.0002 to +0.0200"),  # it does not hold 0, and must not read as if it did
        (-0.02, -0.0000049, "−0.020000 to −0.000005"),
        (0.0, 0.02, "0.000 to +0.020"),
        (-1e-9, 1e-9, "0.000000 to 0.000000"),
    ],
)
def test_an_end_of_an_interval_reads_nothing_only_if_it_is_nothing(low, high, text):
    assert wording.span(low, high, 3) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (13, "13th"),
        (21, "21st"),
        (111, "111th"),
        (1022, "1,022nd"),
    ],
)
def test_ranks_are_ordinal_numbers(number, text):
    assert wording.ordinal(number) == text


def test_times_name_the_year_only_where_it_is_another():
    now = datetime(2026, 11, 24, 9, 0)
    assert wording.moment(datetime(2026, 11, 21, 16, 31), now) == "21 Nov 16:31"
    assert wording.moment(datetime(2025, 11, 2, 8, 5), now) == "2 Nov 2025, 08:05"
    assert wording.moment(datetime(2026, 11, 21, 16, 31)) == "21 Nov 2026, 16:31"
    assert wording.month(now) == "Nov 2026"
    assert wording.day(date(2024, 2, 29)) == "29 Feb 2024"


def test_years_are_whole_where_they_can_be():
    assert [wording.years(n) for n in (0, 1, 2.5, 12.0)] == ["0 years", "1 year", "2.5 years", "12 years"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (48, "48 s"), (59.7, "1 min"), (108, "1 min 48 s"), (3600, "1 h"), (7530, "2 h 5 min")],
)
def test_a_stretch_of_time_takes_two_units_at_most(seconds, text):
    assert wording.duration(seconds) == text


def test_counts_and_lists_are_english():
    assert [wording.counted(n, "product") for n in (0, 1, 2)] == ["no products", "1 product", "2 products"]
    assert wording.counted(8702, "branch", "branches") == "8,702 branches"
    assert [wording.joined(list("abc"[:n])) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert wording.percent(0.959) == "95.9 %"
    assert wording.percent(-0.006) == "−0.6 %"
    assert wording.capital("what a friend has") == "What a friend has"


def test_a_name_is_one_clean_line():
    assert wording.name("  Gift\n\tCard \x00", "p1") == "Gift Card"
    assert wording.name("", "p1") == wording.name(None, "p1") == wording.name(" \n", "p1") == "p1"
    assert wording.name("", "") == "without a name"
    assert wording.name("<b>x</b>", "p1") == "<b>x</b>", "escaping is the business of each edge"


def test_a_long_name_keeps_both_ends():
    text = wording.name("Amazon.com gift card in a greeting card, " * 8 + "birthday design", "p1")
    assert len(text) == wording.LONGEST_NAME
    assert text.startswith("Amazon.com gift card")
    assert text.endswith("birthday design")
    assert "…" in text


def test_a_name_cannot_turn_the_text_after_it():
    assert wording.name("Fund\u202eevil\u2066", "p1") == "Fundevil"
    assert wording.name("صندوق", "p1") == "\u2068صندوق\u2069"
    assert wording.name("成長ファンド", "p1") == "成長ファンド"


def test_a_sentence_inside_another_begins_small():
    assert wording.inside("Fits: passes the Bank's rules.") == "fits: passes the Bank's rules."
    assert wording.inside("") == ""


def test_a_dash_stands_where_there_is_no_name():
    assert [wording.name(text, longest=20) for text in (None, "  ", "A fund")] == ["–", "–", "A fund"]


def test_no_module_writes_the_sign_of_a_number_itself():
    """A format such as ":+.1f" writes a hyphen for a minus; `signed` and `span` write the sign."""
    sources = {path: text for path, text in repository_sources().items() if not path.startswith("tests/")}
    assert len(sources) > 100
    assert [path for path, text in sources.items() if re.search(r":\+[,.\d]*[f%dge]?\}", text)] == []

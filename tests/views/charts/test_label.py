"""Long names: fitted into their room, told apart, escaped for plotly."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finrec_core.views.charts import label
from tests.views.conftest import HOSTILE

CARDS = [
    "Amazon.com Gift Card in a Greeting Card (Surprise Box Design) with Free One-Day Shipping",
    "Amazon.com Gift Card in a Greeting Card (Icons Design) with Free One-Day Shipping",
]


def test_wide_signs_count_double_and_marks_nothing():
    assert label.width("abc") == 3
    assert label.width("成長") == 4
    assert label.width("e\u0301\u200e") == 1


@given(st.text(max_size=200), st.integers(8, 60))
def test_a_cut_text_fits_and_keeps_its_beginning(text, room):
    short = label.cut(text, room)
    assert label.width(short) <= max(room, 3)
    assert short == text or "…" in short


def test_a_cut_keeps_both_ends():
    short = label.cut(CARDS[0], 30)
    assert short.startswith("Amazon.com Gift")
    assert short.endswith("Shipping")


@given(st.text(max_size=300), st.integers(8, 40), st.integers(1, 3))
def test_lines_fit(text, room, most):
    found = label.lines(text, room, most)
    assert 1 <= len(found) <= most
    assert all(label.width(line) <= room for line in found)


def test_lines_break_at_blanks():
    assert label.lines("Nordlys Climate Bond Fund", 16) == ["Nordlys Climate", "Bond Fund"]
    assert label.lines("Short", 16) == ["Short"]


def test_each_line_of_a_right_to_left_name_is_isolated():
    assert label.lines("\u2068صندوق الاستثمار\u2069", 9) == ["\u2068صندوق\u2069", "\u2068الاستثمار\u2069"]


def test_names_that_share_their_beginning_are_told_apart():
    one, two = label.apart(CARDS, 56)
    assert one == "Amazon.com … (Surprise Box Design) with Free One-Day Shipping"
    assert two == "Amazon.com … (Icons Design) with Free One-Day Shipping"
    tins = [f"Amazon.com Gift Card in a Santa {tin}" for tin in ("Smile Tin", "Tin (Ho! Ho! Ho! Design)")]
    assert label.apart(tins, 40)[0] == "Amazon.com … in a Santa Smile Tin"
    assert label.apart(["Green Savings Plan A", "Green Savings Plan B"], 56)[0] == "Green Savings Plan A"
    assert label.apart([CARDS[0], CARDS[0]], 56) == [CARDS[0], CARDS[0]]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_tag_reaches_plotly(text):
    shown = label.in_figure(text)
    assert "<" not in shown
    assert ">" not in shown
    assert "\u202e" not in shown


def test_an_attribute_holds_no_beginning_of_an_element_and_no_end_of_a_comment() -> None:
    assert label.in_attribute("a plain name & more") == "a plain name &amp; more"
    for text in ("<script>x</script>", "a --> b", "</style", "]>"):
        held = html.unescape(label.in_attribute(text))
        assert not re.search(r"</?\w|-->|\]>", held)
        assert held.replace("\u2060", "") == text

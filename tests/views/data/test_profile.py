"""The profile drawn: every band once, gaps kept, and the same figures in table and words."""

import pytest

from finrec_core.dataset import Profile
from finrec_core.dataset.profile import Band
from finrec_core.demo.bank import demo_bank
from finrec_core.views.charts.theme import DARK, LIGHT
from finrec_core.views.data import profile
from tests.dataset.tables import dataset


def test_the_demo_bank_has_all_of_them() -> None:
    shown = profile.plots(Profile.of(demo_bank(60, 30, 1).dataset))
    assert [one.key for one in shown] == [
        *("clients", "products", "popularity", "months", "own", "reviews", "ratings")
    ]
    assert shown[-1].title == "Ratings, low below 3"
    for one in shown:
        assert len(one.table)
        assert one.alternative.endswith(".")
        for ink in (LIGHT, DARK):
            assert one.figure(ink).layout.height > 100


def test_what_the_data_lacks_is_not_drawn() -> None:
    shown = profile.plots(Profile.of(dataset([("c1", "p1")])))
    assert [one.key for one in shown] == ["clients", "products", "popularity"]


BANDS = (Band(1, 1, 20), Band(2, 4, 0), Band(5, None, 1_231))


@pytest.fixture(scope="module")
def found():
    return Profile.of(demo_bank(60, 30, 1).dataset)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_bars_table_and_words_tell_the_same(theme):
    figure = profile.bars(BANDS, theme, unit="Products of a client")
    assert list(figure.data[0].x) == ["1", "2 to 4", "5 and more"]
    assert list(figure.data[0].y) == [20, 0, 1_231]
    assert profile.table(BANDS, "Products", "Clients").values.tolist() == [
        ["1", 20, "1.6 %"],
        ["2 to 4", 0, "0.0 %"],
        ["5 and more", 1_231, "98.4 %"],
    ]
    words = profile.alternative(BANDS, "Clients by number of products")
    assert words == "Clients by number of products: 1: 20; 2 to 4: 0; 5 and more: 1,231."
    assert profile.alternative((), "Ratings") == "Ratings: none."


def test_months_without_interactions_are_shown_empty():
    rows = profile.spans([("2023-11", 4), ("2024-02", 1)])
    assert rows == [("2023-11", 4), ("2023-12", 0), ("2024-01", 0), ("2024-02", 1)]
    assert profile.months_table([("2023-11", 4)]).values.tolist() == [["2023-11", 4]]


def test_a_long_span_is_drawn_by_year():
    assert profile.spans([("1999-12", 4), ("2001-01", 1), ("2009-01", 2)])[:3] == [
        ("1999", 4),
        ("2000", 0),
        ("2001", 1),
    ]
    assert profile.months_alternative([("1999-12", 4), ("2009-01", 9)]) == (
        "Interactions from 1999 to 2009, most in 2009: 9."
    )


@pytest.mark.parametrize(("last", "unit"), [("1999-12", "Month"), ("2009-01", "Year")])
def test_the_axis_names_what_is_counted_by(last, unit):
    figure = profile.months([("1999-11", 4), (last, 1)], LIGHT)
    assert figure.layout.xaxis.title.text == unit


def test_the_curve_and_its_table_end_at_all(found):
    figure = profile.popularity(found.popularity, LIGHT)
    assert figure.data[1].y[-1] == pytest.approx(100)
    assert profile.popularity_table(found.popularity).values.tolist()[-1] == ["100 %", "100.0 %"]
    assert "Gini index" in profile.popularity_alternative(found.popularity)


def test_nothing_is_drawn_without_falling_over():
    assert profile.spans([]) == []
    assert profile.months_alternative([]) == "No interaction has a time."
    profile.months([], LIGHT)
    profile.bars((), LIGHT, unit="x")

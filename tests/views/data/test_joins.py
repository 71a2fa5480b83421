"""The joins drawn: each once, failed ones told apart, in picture, table and words alike."""

from dataclasses import dataclass

import pytest

from finrec_core.views.charts.theme import DARK, LIGHT
from finrec_core.views.data import joins


@dataclass(frozen=True)
class Join:
    file: str
    column: str
    home: str
    found: int
    of: int
    cause: str = ""


WHOLE = Join("has.csv", "client", "clients.csv", 1_040, 1_040)
NONE = Join("has.csv", "isin", "products.csv", 0, 12, "isin holds ISINs, ticker holds tickers")
HALF = Join("<b>ties</b>.csv", "other", "clients.csv", 20, 40)


def test_a_join_has_failed_below_a_half() -> None:
    assert [joins.failed(join) for join in (WHOLE, NONE, HALF)] == [False, True, False]
    assert joins.failed(Join("a", "b", "c", 19, 40))


def test_table_and_words_tell_the_same() -> None:
    assert joins.sentence(WHOLE) == "1,040 of 1,040 ids in client of has.csv are in clients.csv."
    assert joins.alternative((NONE, Join("a.csv", "x", "b.csv", 1, 1))) == (
        "0 of 12 ids in isin of has.csv are in products.csv: isin holds ISINs, ticker holds tickers. "
        "1 of 1 id in x of a.csv is in b.csv."
    )
    assert joins.alternative(()) == "Nothing is joined."
    assert joins.table((WHOLE, NONE)).values.tolist() == [
        ["has.csv", "client", "clients.csv", 1_040, 1_040, ""],
        ["has.csv", "isin", "products.csv", 0, 12, "isin holds ISINs, ticker holds tickers"],
    ]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_each_join_is_a_line_between_two_boxes(theme) -> None:
    figure = joins.picture((WHOLE, NONE, HALF), theme)
    lines = [shape for shape in figure.layout.shapes if shape.type == "line"]
    boxes = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert [(line.line.color, line.line.dash) for line in lines] == [
        (theme.accent, "solid"),
        (theme.accent, "solid"),
        (theme.against, "dot"),
    ]
    assert len(boxes) == 3 + 2
    said = [note.text for note in figure.layout.annotations]
    assert {"1,040 of 1,040", "0 of 12", "20 of 40", "clients.csv", "products.csv"} <= set(said)
    assert "&lt;b&gt;ties&lt;/b&gt;.csv: other" in said
    # Both lines into the clients end in the middle of their box, which stands between their rows.
    assert [line.y1 for line in lines] == [0.5, 0.5, 2.0]

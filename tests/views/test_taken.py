"""A snapshot drawn again: the bars and the list that were shown."""

from hypothesis import given

from finrec_core.views import bars, taken
from finrec_core.views.theme import LIGHT
from tests.advice.made import line, snapshot, snapshots


def test_the_bars_are_those_of_the_snapshot():
    view, labels = taken.view(snapshot())
    figure = bars.bars(view, labels, LIGHT)
    assert [note.text for note in figure.layout.annotations] == ["11", "+86", "−5", "<b>92</b>"]
    assert figure.layout.yaxis.ticktext[1:3] == ("Savings Plan", "2 friends")
    assert bars.alternative(view, labels) == (
        "Starting point 11. Savings Plan raises it by 86. 2 friends lowers it by 5. Total 92 points."
    )


def test_a_flat_list_has_no_bars():
    assert taken.view(snapshot(start=None, total=None, points=None, reasons=())) is None


@given(snapshots())
def test_every_snapshot_can_be_drawn(made):
    assert (taken.view(made) is None) == (made.total is None)
    if drawn := taken.view(made):
        assert drawn[0].total == made.total
        bars.bars(*drawn, LIGHT)
        assert bars.alternative(*drawn)
    assert len(taken.lines(made, made.lines)) == len(made.lines)


def test_the_list_has_the_columns_that_there_are():
    made = snapshot(lines=(line(1), line(2, verdict="check")))
    assert taken.lines(made, made.lines).values.tolist() == [
        [1, "Product 1", "Funds", "100", "Fits"],
        [2, "Product 2", "Funds", "99", "Check"],
    ]
    bare = snapshot(lines=(line(1, verdict=None, points=None, category=""),))
    assert taken.lines(bare, bare.lines).values.tolist() == [[1, "Product 1"]]

"""The counts of an import's report."""

from finrec_core.views.charts import counts
from finrec_core.views.charts.theme import LIGHT


def test_reasons_are_drawn_most_frequent_first():
    figure = counts.counts([("Product is empty", 14), ("Date not readable", 3100)], LIGHT)
    assert figure.data[0].x == (3100, 14)
    assert figure.layout.yaxis.ticktext == ("Date not readable", "Product is empty")
    assert [note.text for note in figure.layout.annotations] == ["3,100", "14"]
    assert figure.layout.xaxis.range[0] == 0, "bars begin at nothing"
    assert figure.data[0].marker.color == LIGHT.grey


def test_what_is_beyond_eight_bars_is_one_bar():
    rows = [(f"Reason {k}", 100 - k) for k in range(12)]
    folded = counts.folded(rows)
    assert len(folded) == counts.MOST
    assert folded[-1] == ("5 other reasons", sum(100 - k for k in range(7, 12)))
    assert sum(count for _, count in folded) == sum(count for _, count in rows)


def test_reasons_are_text():
    figure = counts.counts([("<img src=x onerror=alert(1)>", 1)], LIGHT)
    assert "<" not in figure.layout.yaxis.ticktext[0].replace("<br>", "")
    assert "<" not in figure.data[0].hovertext[0]


def test_nothing_to_count():
    assert counts.counts([], LIGHT).layout.annotations == ()
    assert counts.alternative([]) == "Nothing to count."
    assert counts.alternative([("Product is empty", 1400)]) == "Product is empty 1,400."

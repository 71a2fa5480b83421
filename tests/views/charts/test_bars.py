"""The bars: each begins where the one before it ended, and the last is their sum; the tail in words."""

import itertools
import json

import pytest

from finrec_core.explain.explanation import Contribution, Lens
from finrec_core.explain.points import shown
from finrec_core.views.charts import bars
from finrec_core.views.charts.bars import DIFFERENCE
from finrec_core.views.charts.theme import DARK, LIGHT
from finrec_core.views.recommendation import evidence
from tests.views.conftest import HOSTILE


def drawn(figure):
    """(from, to) of every bar from the top down."""
    return [(bar.base[0], bar.base[0] + bar.x[0]) for bar in figure.data]


def values(figure):
    return [note.text for note in figure.layout.annotations]


def test_bars_run_from_the_start_to_the_total(explanation, scale, labels):
    figure = bars.bars(shown(explanation.client_lens, scale), labels, LIGHT)
    ends = drawn(figure)
    assert ends[0] == (0, 12)
    assert ends[-1] == (0, 92)
    for (_, end), (begin, _) in itertools.pairwise(ends[:-1]):
        assert begin == end
    assert ends[-2][1] == 92
    assert values(figure) == ["12", "+34", "+27", "+13", "+9", "−5", "+4", "−2", "0", "<b>92</b>"]
    ticks = figure.layout.yaxis.ticktext
    assert ticks[0] == "Starting point"
    assert ticks[3] == "Household member"
    assert ticks[-2:] == ("1 smaller reason", "<b>Total</b>")


def test_signs_have_two_hues_and_the_total_is_ink(explanation, scale, labels):
    figure = bars.bars(shown(explanation.client_lens, scale), labels, DARK)
    colours = [bar.marker.color for bar in figure.data]
    assert colours[0] == DARK.grey
    assert colours[1] == DARK.for_
    assert colours[5] == DARK.against
    assert colours[-1] == DARK.text


def test_what_is_left_out_is_an_outline_and_counts_nothing(explanation, scale, labels):
    before = shown(explanation.client_lens, scale)
    gone = [row for row in before.rows if row.exact.id in ("short", "loan")]
    kept = tuple(
        contribution
        for contribution in explanation.client_lens.contributions
        if contribution.id not in ("short", "loan")
    )
    base = explanation.client_lens.base
    after = shown(Lens(base, kept, base + sum(contribution.value for contribution in kept)), scale)
    figure = bars.bars(after, labels, LIGHT, left_out=gone)
    assert values(figure)[2] == values(figure)[5] == "off"
    assert figure.data[2].marker.color == "rgba(0,0,0,0)"
    assert drawn(figure)[-1] == (0, 70)
    assert after.total == 70
    assert "Alpine Short Bond Fund is left out." in bars.alternative(after, labels, left_out=gone)


def test_a_difference_has_signs_and_titles_of_its_own(explanation, scale, labels):
    view = shown(explanation.client_lens, scale)
    figure = bars.bars(view, labels, LIGHT, titles=DIFFERENCE)
    assert (values(figure)[0], values(figure)[-1]) == ("+12", "<b>+92</b>")
    assert figure.layout.yaxis.ticktext[0] == "Starting points"
    assert figure.layout.yaxis.ticktext[-1] == "<b>Difference</b>"
    said = bars.alternative(view, labels, titles=DIFFERENCE)
    assert said.startswith("Starting points +12.")
    assert "speaks more for it, by 34." in said
    assert said.endswith("Difference +92 points.")
    table = evidence.reasons(view, labels, DIFFERENCE)
    assert table.iloc[-1].tolist() == ["Difference", "+92"]


def test_a_negative_start_and_total_stay_inside_the_figure(scale, labels):
    lens = Lens(
        -60.0,
        (Contribution("interaction", "green", "", -34.0), Contribution("interaction", "short", "", 20.0)),
        -74.0,
    )
    figure = bars.bars(shown(lens, scale), labels, LIGHT)
    low, high = figure.layout.xaxis.range
    assert all(low <= min(ends) and max(ends) < high for ends in drawn(figure))
    assert values(figure) == ["−60", "−34", "+20", "<b>−74</b>"]


def test_no_reason_at_all(scale, labels):
    figure = bars.bars(shown(Lens(0.0, (), 0.0), scale), labels, LIGHT)
    assert values(figure) == ["0", "<b>0</b>"]


def test_the_row_is_higher_where_a_name_takes_two_lines(explanation, scale, labels, hostile):
    view = shown(explanation.client_lens, scale)
    one = bars.bars(view, labels, LIGHT).layout.height
    assert one == 32 * 10 + 12
    two = bars.bars(view, hostile("A name that is a little longer than the room that it has"), LIGHT)
    assert two.layout.height > one
    assert "<br>" in two.layout.yaxis.ticktext[1]


@pytest.mark.parametrize("text", HOSTILE)
def test_names_are_text(text, explanation, scale, hostile):
    for lens in ("client", "product"):
        figure = bars.bars(shown(explanation.lens(lens), scale), hostile(text), LIGHT)
        ticks = [
            tick.replace("<br>", "").replace("<b>", "").replace("</b>", "")
            for tick in figure.layout.yaxis.ticktext
        ]
        assert not any("<" in tick for tick in ticks)
        assert not any("<" in bar.hovertext[0] for bar in figure.data)
        assert all(bar.hovertemplate is None for bar in figure.data), "a template would read %{x} in a name"


def test_the_figure_and_its_text_name_no_other_client(explanation, scale, labels):
    view = shown(explanation.product_lens, scale)
    assert "secret" not in json.dumps(bars.bars(view, labels, LIGHT).to_plotly_json(), default=str)
    said = bars.alternative(view, labels)
    assert "secret" not in said
    assert said.startswith("Starting point 17. Client 1 raises it by 19.")
    assert said.endswith("Review 2 lowers it by 4. 12 other similar clients: +3. Total 92 points.")


def test_the_tail_has_a_row_for_each_kind(explanation, scale, labels):
    view = shown(explanation.product_lens, scale)
    assert bars.rest(view, labels) == [("12 other similar clients", 3)]
    assert bars.rest_line(view) == "12 smaller reasons: 12 similar clients +3"


def test_what_adds_up_to_nothing_is_one_row(explanation, scale, labels):
    view = shown(explanation.client_lens, scale)
    assert bars.rest(view, labels) == [("1 smaller reason", 0)]
    assert bars.rest_line(view) == "1 smaller reason: 1 product 0"


def test_every_kind_has_its_name(explanation, scale, labels):
    view = shown(explanation.product_lens, scale, most=0)
    rows = bars.rest(view, labels)
    assert rows == [
        ("15 similar clients", 47),
        ("Its record with all clients", 12),
        ("Its own description", 7),
        ("Reads like Alpine Corporate Bond Fund", 5),
        ("2 reviews", 4),
    ]
    assert view.start + sum(points for _, points in rows) == view.total


def test_no_tail(scale, labels):
    view = shown(Lens(1.0, (), 1.0), scale)
    assert bars.rest(view, labels) == []

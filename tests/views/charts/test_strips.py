import pytest

from finrec_core.views.charts.strips import Strip, alternative, strips
from finrec_core.views.charts.theme import DARK, LIGHT
from tests.views.conftest import HOSTILE

ROWS = [
    Strip("Client 1", 19.0, "+19"),
    Strip("Client 2", -4.0, "−4"),
    Strip("3 other similar clients", 0.0, "0"),
    Strip("Together", 15.0, "15", "total"),
]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_each_bar_has_its_length_and_the_colour_of_its_sign(theme) -> None:
    figure = strips(ROWS, theme, size=19)
    assert [bar.x[0] for bar in figure.data] == [19.0, -4.0, 0.0, 15.0]
    colours = [bar.marker.color for bar in figure.data]
    assert colours == [theme.for_, theme.against, theme.grey, theme.text]
    assert [note.text for note in figure.layout.annotations] == ["+19", "−4", "0", "<b>15</b>"]
    assert {note.font.size for note in figure.layout.annotations} == {19}
    low, high = figure.layout.xaxis.range
    assert low < -4 < 19 < high


def test_the_bars_are_said_in_words() -> None:
    assert alternative(ROWS) == "Client 1: +19. Client 2: −4. 3 other similar clients: 0. Together: 15."


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_is_never_read_as_markup(text: str) -> None:
    figure = strips([Strip(text, 1.0, "+1")], LIGHT)
    for shown in (*figure.layout.yaxis.ticktext, figure.data[0].hovertext[0]):
        assert "<" not in shown.replace("<br>", "")


def test_no_rows_make_an_empty_figure() -> None:
    assert len(strips([], LIGHT).data) == 0

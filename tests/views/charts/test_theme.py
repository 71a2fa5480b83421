"""The colours: the same as Streamlit's own, and strong enough to be read."""

import tomllib

import pytest

from finrec_core.views.charts.theme import DARK, LIGHT, theme
from tests.conftest import REPOSITORY


def luminance(colour):
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, two):
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def test_a_theme_goes_by_streamlits_name():
    assert theme("dark") is DARK
    assert theme("light") is theme(None) is LIGHT


@pytest.mark.parametrize(("name", "colours"), [("light", LIGHT), ("dark", DARK)])
def test_the_colours_are_those_of_the_configuration(name, colours):
    tokens = tomllib.loads((REPOSITORY / ".streamlit/config.toml").read_text("utf-8"))["theme"][name]
    assert {
        "backgroundColor": colours.background,
        "textColor": colours.text,
        "borderColor": colours.faint,
        "primaryColor": colours.accent,
        "blueColor": colours.for_,
        "blueTextColor": colours.for_text,
        "orangeColor": colours.against,
        "orangeTextColor": colours.against_text,
        "grayTextColor": colours.muted,
    }.items() <= tokens.items()


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_text_is_readable_on_everything_it_stands_on(colours):
    for ink in (colours.text, colours.muted, colours.for_text, colours.against_text):
        assert contrast(ink, colours.background) >= 4.5
    for shade in colours.shades_for + colours.shades_against:
        assert contrast(colours.text, shade) >= 4.5
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    for bar in (colours.for_, colours.against, colours.grey, colours.accent):
        assert contrast(bar, colours.background) >= 3

"""The shading: quarters of the strongest word, a sign without colour, every word escaped."""

import re

import pytest

from finrec_core.explain.explanation import Contribution, Word
from finrec_core.explain.points import PointScale
from finrec_core.views.charts.theme import DARK, LIGHT
from finrec_core.views.recommendation.shading import Source, shading, sources, strongest
from tests.views.conftest import HOSTILE, REVIEW

SCALE = PointScale(0.0, 100.0)


def source(text, values):
    words = [
        Word("r", found.group(), found.start(), found.end(), value)
        for found, value in zip(re.finditer(r"\S+", text), values, strict=True)
    ]
    return Source("Review 1", text, tuple(words))


def spans(made):
    """(style, word) of every shaded word."""
    return re.findall(r'<span style="([^"]*)">([^<]*)', made.html)


def test_words_are_shaded_by_quarters_of_the_strongest():
    made = shading(source("p q r s t u", [8.0, 6.0, 4.0, 2.0, 1.0, 0.99]), SCALE, LIGHT)
    shades = [re.search(r"background:(#\w+)", style)[1] for style, _ in spans(made)]
    assert [word for _, word in spans(made)] == list("pqrst")
    four, three, two, one = reversed(LIGHT.shades_for)
    assert shades == [four, three, two, one, one]


def test_the_sign_shows_without_colour():
    made = shading(source("rise fall", [3.0, -3.0]), SCALE, DARK)
    up, down = (style for style, _ in spans(made))
    assert f"border-bottom:2px solid {DARK.for_}" in up
    assert f"border-bottom:2px dashed {DARK.against}" in down
    assert re.findall(r">([+−]\d)</sup>", made.html) == ["+3", "−3"]


def test_only_the_five_strongest_words_carry_a_number():
    made = shading(source("p q r s t u v", [3.0, 7.0, 6.0, -5.0, 4.0, 2.0, 2.5]), SCALE, LIGHT)
    assert len(spans(made)) == 7
    assert re.findall(r">(\w)<sup[^>]*>([+−]\d)<", made.html) == [
        ("p", "+3"),
        ("q", "+7"),
        ("r", "+6"),
        ("s", "−5"),
        ("t", "+4"),
    ]


def test_small_words_have_one_decimal_and_none_is_numbered_0():
    made = shading(source("p q r", [0.4, 0.2, 0.01]), SCALE, LIGHT)
    assert re.findall(r"<sup[^>]*>([^<]*)<", made.html) == ["+0.4", "+0.2"]
    tiny = shading(source("p q", [0.004, 0.003]), SCALE, LIGHT)
    assert "<sup" not in tiny.html
    assert len(spans(tiny)) == 2


def test_the_caption_adds_up_to_the_whole_text():
    made = shading(source("p q r s", [6.04, 4.96, 0.6, 0.42]), SCALE, LIGHT)
    assert made.caption.endswith("The shaded words add up to +11.0, other words to +1.0.")
    whole = shading(source("p q", [6.0, 5.0]), SCALE, LIGHT)
    assert whole.caption.endswith("The shaded words add up to +11.")


def test_the_table_holds_every_word_strongest_first():
    made = shading(source("p q r", [0.4, -2.0, 1.0]), SCALE, LIGHT)
    assert made.table.to_dict("list") == {"Word": ["q", "r", "p"], "Points": ["−2.0", "+1.0", "+0.4"]}
    assert made.text == "Review 1, strongest words: q −2.0, r +1.0, p +0.4."


def test_stop_words_and_punctuation_are_never_shaded_and_their_share_is_with_the_other_words():
    made = shading(source("bonds and – must pay", [1.0, 9.0, -8.0, 2.5, 0.5]), SCALE, LIGHT)
    assert [word for _, word in spans(made)] == ["bonds", "pay"]
    assert made.caption.endswith("The shaded words add up to +1.5, other words to +3.5.")
    assert made.table.to_dict("list") == {
        "Word": ["bonds", "pay", "Other words"],
        "Points": ["+1.0", "+0.5", "+3.5"],
    }
    assert made.text == "Review 1, strongest words: bonds +1.0, pay +0.5."


def test_a_text_without_a_shaded_word_and_one_not_opened():
    still = shading(source("Nothing here.", [0.0, 0.0]), SCALE, LIGHT)
    assert spans(still) == []
    assert still.caption == "No word of this text moves the rank."
    closed = shading(
        Source("R", "Not opened yet.", (Word("r", "Not opened yet.", 0, 15, 0.4),)), SCALE, LIGHT
    )
    assert spans(closed) == []
    assert closed.caption == "The words of this text are not opened."
    flat = shading(source("p q", [2.0, 1.0]), PointScale(1.0, 1.0), LIGHT)
    assert len(spans(flat)) == 2
    assert "<sup" not in flat.html


def test_the_text_between_words_stays():
    text = "\n  Low costs,\n\nsteady income! "
    made = shading(source(text, [1.0, 2.0, 3.0, 4.0]), SCALE, LIGHT)
    assert re.sub(r"<sup.*?</sup>|<[^>]*>", "", made.html) == text
    assert "white-space:pre-wrap" in made.html
    assert "line-height:2.05" in made.html


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_text_is_markup(text):
    count = len(text.split())
    made = shading(source(text, [float(k + 1) for k in range(count)]), SCALE, LIGHT)
    assert set(re.findall(r"</?(\w+)", made.html)) <= {"div", "span", "sup"}
    assert len(re.findall("<span", made.html)) <= count


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_beside_the_words_is_markup(text):
    whole = f"{text} bonds {text} funds {text}"
    words = tuple(
        Word("r", word, whole.index(f" {word} ") + 1, whole.index(f" {word} ") + 1 + len(word), 1.0)
        for word in ("bonds", "funds")
    )
    made = shading(Source("Review 1", whole, words), SCALE, LIGHT)
    assert set(re.findall(r"</?(\w+)", made.html)) == {"div", "span", "sup"}


def test_a_long_text_scrolls_and_can_be_reached_by_keyboard():
    assert 'tabindex="0"' in shading(source("word " * 600, [1.0] * 600), SCALE, LIGHT).html
    assert "tabindex" not in shading(source("word", [1.0]), SCALE, LIGHT).html


def test_words_that_do_not_fit_the_text_are_refused():
    wrong = Source("R", "Some text", (Word("r", "Some", 0, 4, 1.0), Word("r", "tent", 5, 9, 1.0)))
    with pytest.raises(ValueError, match="do not fit the text"):
        shading(wrong, SCALE, LIGHT)


def test_the_texts_behind_a_reason(explanation, labels):
    review = next(
        contribution
        for contribution in explanation.product_lens.contributions
        if contribution.id == "secret-a/climate"
    )
    (found,) = sources(review, labels)
    assert (found.title, found.text, found.value) == ("Review 1", REVIEW, 6.0)
    assert [word.text for word in found.words] == ["Steady", "income,", "swings"]
    own = Contribution("description", "climate", "", 1.0, words=(Word("description", "Nordlys", 0, 7, 1.0),))
    assert sources(own, labels)[0].title == "Description of Nordlys Climate Bond Fund"
    assert sources(Contribution("learned", "climate", "", 1.0), labels) == []


def test_the_largest_text_comes_first_and_an_unknown_one_is_left_out(labels):
    words = (
        Word("description", "Nordlys", 0, 7, 0.1),
        Word("secret-d/climate", "slow", 4, 8, -2.0),
        Word("nobody/climate", "gone", 0, 4, 9.0),
    )
    found = sources(Contribution("client", "secret-a", "", 1.0, words=words), labels)
    assert [each.title for each in found] == ["Review 2", "Description of Nordlys Climate Bond Fund"]


def test_the_reason_with_the_text_of_the_largest_effect_is_opened_first(explanation, labels):
    parts = list(explanation.product_lens.contributions)
    place = strongest(parts, labels)
    effects = [max((abs(one.value) for one in sources(part, labels)), default=0.0) for part in parts]
    assert effects[place] == max(effects) > 0
    assert effects[::-1][strongest(parts[::-1], labels)] == max(effects)
    assert strongest([], labels) == strongest([Contribution("learned", "climate", "", 1.0)], labels) == 0

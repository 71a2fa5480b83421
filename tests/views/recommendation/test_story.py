import re
from dataclasses import replace

import pytest

from finrec_core.explain import Explanation, Lens
from finrec_core.explain.explanation import Word
from finrec_core.explain.points import PointScale, Shown, shown
from finrec_core.narrative import Labels
from finrec_core.narrative.holdings import Holding
from finrec_core.narrative.people import Tie
from finrec_core.views.charts import bars
from finrec_core.views.charts.bars import Bar
from finrec_core.views.charts.theme import LIGHT
from finrec_core.views.recommendation import story
from finrec_core.views.recommendation.client import ClientLine
from tests.views.conftest import HOSTILE, lens

LINE = ClientLine(
    client_id="marta",
    name="Marta Lindqvist",
    profile=(),
    more=(),
    holdings=tuple(Holding(key, key, "held", None, None, 1, None, None) for key in "AB"),
    close_to=("1 colleague",),
    connections=1,
)


def test_the_client_is_told_by_what_it_has_and_not_by_its_name() -> None:
    scene = story.client_scene(LINE, "has", "Climate Fund")
    assert scene.title == "This client has 2 products and 1 connection."
    assert "Climate Fund" in scene.text
    assert "Marta" not in scene.title + scene.text
    full = story.client_scene(LINE, "has", "Climate Fund", empty="This client has every product.")
    assert full.text.startswith("This client has every product. The story is about Climate Fund. Only what")
    other = story.client_scene(LINE, "wrote about", "MSFT")
    assert other.title == "This client wrote about 2 products and has 1 connection."
    cold = replace(LINE, holdings=(), connections=0)
    assert story.client_scene(cold, "has", "X").title == "A client of whom nothing is known yet."
    low = replace(cold, holdings=tuple(replace(one, state="rated low") for one in LINE.holdings))
    assert story.client_scene(low, "has", "X").title == "A client who rated low all that it has."


def test_labels_of_the_story_name_nobody(labels: Labels) -> None:
    named = replace(
        labels,
        ties={"secret-erik": Tie("household", 1, 1, "Erik")},
        reviews={key: replace(one, writer="Ilse", when="Mar 2026") for key, one in labels.reviews.items()},
    )
    masked = story.masked(named)
    assert masked.client == "the client"
    assert masked.tie("secret-erik").title == "Household member"
    assert {one.title for one in masked.reviews.values()} == {"Review 1", "Review 2"}
    assert {one.when for one in masked.reviews.values()} == {""}


def drawn(view: Shown | None, labels: Labels) -> list[Bar]:
    return [] if view is None else bars.rows(view, labels, LIGHT, (), bars.SCORE)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([("interaction", "green", 34.0)], "One bar raises it, none lowers it. Together: 40 points."),
        ([("interaction", "green", -3.0)], "No bar raises it, one lowers it. Together: 40 points."),
        (
            [("interaction", "green", 9.0), ("interaction", "short", 8.0), ("tie", "secret-jo", -2.0)],
            "Two bars raise it, one lowers it. Together: 40 points.",
        ),
        ([("interaction", f"p{k}", 0.01) for k in range(9)], "No bar raises it, none lowers it."),
    ],
)
def test_the_sum_counts_what_is_drawn(
    labels: Labels, scale: PointScale, parts: list[tuple[str, str, float]], said: str
) -> None:
    view = story.folded(lens(parts, 40.0), scale)
    assert story.sum_scene(drawn(view, labels), view).title.startswith(said)


def test_reasons_that_share_a_bar_are_counted_once(labels: Labels, scale: PointScale) -> None:
    parts = [("interaction", "green", 20.0), *(("interaction", f"p{k}", -0.4) for k in range(30))]
    view = story.folded(lens(parts, 40.0), scale)
    assert story.sum_scene(drawn(view, labels), view).title.startswith("One bar raises it, one lowers it.")


def test_a_sum_without_reasons_or_points_says_so(scale: PointScale) -> None:
    none = shown(lens([], 40.0), scale)
    assert story.sum_scene([], none).title == "No reason of its own: 40 points."
    assert story.sum_scene([], None).title == story.FLAT
    assert story.sum_scene([], None, empty=True).title == "This client is offered nothing."


@pytest.mark.parametrize("count", [0, 1, 6, 7, 8, 9, 60, 5000])
def test_a_sum_has_no_more_bars_than_fit_and_keeps_its_total(
    labels: Labels, scale: PointScale, count: int
) -> None:
    parts = [("interaction" if k % 2 else "tie", f"p{k}", 5.0 - k % 7) for k in range(count)]
    found = story.folded(lens(parts, 92.0), scale)
    assert found is not None
    rows = drawn(found, labels)
    assert len(rows) <= story.MOST_BARS
    assert rows[-1].value == "92"
    assert rows[-2].sum == rows[-1].high
    assert story.folded(lens(parts, 92.0), PointScale(1.0, 1.0)) is None


def test_the_product_lens_is_one_bar_for_each_kind(
    explanation: Explanation, labels: Labels, scale: PointScale
) -> None:
    view = shown(explanation.product_lens, scale, 0)
    scene = story.alike_scene(view, "has")
    assert scene.title == "15 similar clients have it."
    assert "the same 92 points, counted from the product's side. Do not add them" in scene.text
    rows = drawn(view, labels)
    assert ("15 similar clients", "+47") in [(row.name, row.value) for row in rows]
    assert len(rows) <= story.MOST_BARS
    assert "secret" not in " ".join(row.name for row in rows)
    bare = shown(lens([("learned", "climate", 9.0)], 9.0), scale, 0)
    assert story.alike_scene(bare, "has").title == "No similar client speaks for this product."
    assert story.alike_scene(None, "has").title == "No similar client speaks for this product."


def test_the_standing_is_the_number_of_the_client_lens(explanation: Explanation, scale: PointScale) -> None:
    view = story.folded(explanation.client_lens, scale)
    assert story.standing(view, 2, 38) == "92 points, 2nd of 38 products"
    assert story.standing(view, None, 38) == "92 points, not on the list"
    assert story.standing(None, 2, 3) == "2nd of 3 products"
    assert story.standing(None, None, 0) == "not on the list"


def test_the_text_that_helps_most_is_told_and_its_absence_is_said(
    explanation: Explanation, labels: Labels, scale: PointScale
) -> None:
    told = story.strongest_text(explanation, labels)
    assert told is not None
    assert (told.source.title, told.lens) == ("Review 1", "product")
    scene = story.texts_scene(told, scale)
    assert scene.title == "The words of one text raise its score by 6.0 points."
    assert "counted from the product's side" in scene.text
    faint = replace(told, source=replace(told.source, words=told.source.words[:2]))
    small = story.texts_scene(faint, PointScale(0.0, 100_000.0))
    assert small.title == "The words of one text raise its score by less than a tenth of a point."
    bare = replace(explanation, product_lens=explanation.client_lens)
    assert story.strongest_text(bare, labels) is None
    assert story.texts_scene(None, scale).title == "No text raises this product."


@pytest.mark.parametrize(("points", "title", "side"), [(9.0, "client", False), (1.0, "product", True)])
def test_the_text_told_is_the_strongest_of_both_lenses(
    explanation: Explanation, labels: Labels, scale: PointScale, points: float, title: str, *, side: bool
) -> None:
    words = (
        Word("description", "Nordlys", 0, 7, points / 2),
        Word("description", "Green", 8, 13, points / 2),
    )
    first, *others = explanation.client_lens.contributions
    client = replace(explanation.client_lens, contributions=(replace(first, words=words), *others))
    named = replace(labels, descriptions=labels.descriptions | {first.id: "Nordlys Green Savings Plan"})
    told = story.strongest_text(replace(explanation, client_lens=client), named)
    assert told is not None
    assert told.lens == title
    assert ("counted from the product's side" in story.texts_scene(told, scale).text) is side


def test_a_text_that_lowers_the_score_is_not_told(explanation: Explanation, labels: Labels) -> None:
    parts = [
        replace(one, words=tuple(replace(word, value=-abs(word.value)) for word in one.words))
        for one in explanation.product_lens.contributions
    ]
    against = Lens(0.0, tuple(parts), 92.0)
    assert story.strongest_text(replace(explanation, product_lens=against), labels) is None


@pytest.mark.parametrize("text", HOSTILE)
def test_what_the_client_has_is_listed_and_never_read_as_markup(text: str) -> None:
    many = tuple(replace(LINE.holdings[0], name=text) for _ in range(40))
    made = story.chips(replace(LINE, holdings=many, close_to=(text,)), LIGHT)
    assert set(re.findall(r"</?(\w+)", made)) == {"ul", "li"}
    assert made.count("<li") == story.MOST + 2
    assert "and 20 more" in made
    assert "No products and no connections." in story.chips(replace(LINE, holdings=(), close_to=()), LIGHT)

import re
from dataclasses import replace

import pytest

from finrec_core.explain import Explanation, shown
from finrec_core.explain.points import PointScale
from finrec_core.narrative import Labels
from finrec_core.narrative.holdings import Holding
from finrec_core.narrative.people import Tie
from finrec_core.views.charts.theme import LIGHT
from finrec_core.views.recommendation import story
from finrec_core.views.recommendation.client import ClientLine
from finrec_core.views.recommendation.story import Proof
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


def test_the_sum_counts_reasons_for_and_against(explanation: Explanation, scale: PointScale) -> None:
    scene = story.sum_scene(shown(explanation.client_lens, scale))
    assert scene.title == "Six reasons speak for it, two against. Together: 92 points."
    one = shown(lens([("interaction", "green", 34.0)], 40.0), scale)
    assert story.sum_scene(one).title == "One reason speaks for it, none against. Together: 40 points."
    none = shown(lens([], 40.0), scale)
    assert story.sum_scene(none).title == "No reason of its own: 40 points."
    assert story.sum_scene(None).title == story.FLAT
    assert story.sum_scene(None, empty=True).title == "This client is offered nothing."
    many = shown(lens([("interaction", f"p{k}", 2.0) for k in range(30)], 92.0), scale)
    assert story.sum_scene(many).title.startswith("30 reasons speak for it, none against.")


def test_who_is_alike_adds_up_to_what_is_said(
    explanation: Explanation, labels: Labels, scale: PointScale
) -> None:
    view = shown(explanation.product_lens, scale)
    scene = story.alike_scene(view, "has")
    rows = story.alike_strips(view, labels)
    assert scene.title == "15 similar clients have it: +47 points together."
    assert sum(row.value for row in rows) == pytest.approx(47)
    assert len(rows) == story.FEW + 1
    assert (rows[0].name, rows[0].text) == ("Client 1, 4 products in common", "+19.0")
    assert rows[-1].name == "7 other similar clients"
    few = shown(lens([("client", "secret-a", 30.0), ("client", "secret-b", 9.0)], 50.0), scale)
    assert [row.text for row in story.alike_strips(few, labels)] == ["+30", "+9"]
    assert "secret" not in " ".join(row.name for row in rows)
    bare = shown(lens([("learned", "climate", 9.0)], 9.0), scale)
    assert story.alike_scene(bare, "has").title == "No similar client speaks for this product."
    assert story.alike_strips(bare, labels) == story.alike_strips(None, labels) == []


def test_the_strongest_opened_text_is_told_and_its_absence_is_said(
    explanation: Explanation, labels: Labels, scale: PointScale
) -> None:
    source = story.strongest_text(explanation, labels)
    assert source is not None
    assert source.title == "Review 1"
    assert story.texts_scene(source, scale).title == "The words of one text raise its rank by 6.0 points."
    bare = replace(explanation, product_lens=explanation.client_lens)
    assert story.strongest_text(bare, labels) is None
    assert story.texts_scene(None, scale).title == "No text speaks for this product."


@pytest.mark.parametrize(
    ("ranks", "said"),
    [
        ((2, 6), "Its rank would be 6th instead of 2nd."),
        ((1, 1), "Its rank stays 1st."),
        ((None, None), "digit."),
    ],
)
def test_the_proof_says_both_scores(
    explanation: Explanation,
    labels: Labels,
    scale: PointScale,
    ranks: tuple[int | None, int | None],
    said: str,
) -> None:
    found = Proof(explanation.client_lens.contributions[0], 92.0, 58.0, *ranks, scale)
    scene = story.proof_scene(found, labels)
    assert scene.title == "Take Nordlys Green Savings Plan away, and the score falls by exactly its part."
    assert "92.000000000 and 58.000000000" in scene.text
    assert scene.text.endswith(said)
    rising = Proof(explanation.client_lens.contributions[4], 92.0, 97.0, 1, 1, scale)
    assert "rises" in story.proof_scene(rising, labels).title
    assert story.proof_scene(None, labels).title == "There is no reason to take away."
    flat = replace(found, scale=PointScale(1.0, 1.0))
    assert story.proof_scene(flat, labels).title == "There is no reason to take away."


@pytest.mark.parametrize("text", HOSTILE)
def test_what_the_client_has_is_listed_and_never_read_as_markup(text: str) -> None:
    many = tuple(replace(LINE.holdings[0], name=text) for _ in range(40))
    made = story.chips(replace(LINE, holdings=many, close_to=(text,)), LIGHT)
    assert set(re.findall(r"</?(\w+)", made)) == {"ul", "li"}
    assert made.count("<li") == story.MOST + 2
    assert "and 10 more" in made
    assert "No products and no connections." in story.chips(replace(LINE, holdings=(), close_to=()), LIGHT)

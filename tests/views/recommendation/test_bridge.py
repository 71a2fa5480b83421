import itertools

import pytest

from finrec_core.explain.contrast import Contrast
from finrec_core.explain.points import PointScale
from finrec_core.narrative.labels import Labels
from finrec_core.views.charts.theme import LIGHT
from finrec_core.views.recommendation import bridge, contrast
from finrec_core.views.recommendation.story import MOST_BARS
from tests.views.conftest import lens

ALIKE = f"It is {contrast.ALIKE['category']}."


def contrast(parts: list[tuple[str, str, float]], scores: tuple[float, float]) -> Contrast:
    return Contrast("marta", "climate", "alpine", lens(parts, scores[0] - scores[1]), (2, 5), scores)


@pytest.mark.parametrize("count", [0, 1, 7, 40])
def test_the_bars_lead_from_one_score_to_the_other(labels: Labels, scale: PointScale, count: int) -> None:
    parts = [("interaction" if k % 3 else "tie", f"p{k}", 4.0 - k % 9) for k in range(count)]
    view = bridge.difference(contrast(parts, (92.0, 80.4)), scale)
    assert view is not None
    found = bridge.bridge(view, labels, LIGHT, "Alpine", 80)
    assert len(found) <= MOST_BARS
    assert (found[0].name, found[0].value) == ("Alpine", "80")
    assert (found[-1].value, found[-1].low) == ("92", 0.0)
    for before, after in itertools.pairwise(found[:-1]):
        assert before.high == after.low
    assert found[-2].high == found[-1].high
    assert len(bridge.table(found)) == len(found)
    assert bridge.alternative(found).startswith("Alpine: 80. ")


def test_starting_points_that_are_the_same_have_no_bar(labels: Labels, scale: PointScale) -> None:
    view = bridge.difference(contrast([("interaction", "green", 12.0)], (92.0, 80.0)), scale)
    assert view is not None
    names = [one.name for one in bridge.bridge(view, labels, LIGHT, "Alpine", 80)]
    assert names == ["Alpine", "Nordlys Green Savings Plan", "The score"]


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ((92.0, 80.0), "Why not Alpine? It has 80 points, 12 fewer."),
        ((80.0, 92.0), "Why not Alpine? It has 92 points, 12 more."),
        ((1.2, 1.0), "Why not Alpine? It has 1 point, as many."),
    ],
)
def test_the_headline_says_how_the_alternative_stands(
    scale: PointScale, scores: tuple[float, float], said: str
) -> None:
    view = bridge.difference(contrast([], scores), scale)
    scene = bridge.bridge_scene("Alpine", view, 5, scale.whole(scores[1]), ALIKE)
    assert scene.title == said
    assert "the same category on this client's list. It is 5th on the list." in scene.text


def test_without_points_nothing_sets_them_apart() -> None:
    flat = PointScale(1.0, 1.0)
    assert bridge.difference(contrast([], (1.0, 1.0)), flat) is None
    scene = bridge.bridge_scene("Alpine", None, None, 0, ALIKE)
    assert scene.title == "Why not Alpine?"
    assert scene.text.endswith("Both score the same.")

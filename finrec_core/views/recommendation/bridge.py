"""The bridge: from the score of an alternative to that of the product, difference by difference."""

from dataclasses import replace

import pandas as pd

from finrec_core.explain.contrast import Contrast
from finrec_core.explain.points import PointScale, Shown
from finrec_core.narrative.labels import Labels
from finrec_core.terms import wording
from finrec_core.views.charts import bars
from finrec_core.views.charts.bars import DIFFERENCE, Bar
from finrec_core.views.charts.theme import Theme
from finrec_core.views.recommendation.scene import Scene
from finrec_core.views.recommendation.story import MOST_BARS, folded

NOTHING = "There is no alternative to compare it with."


def difference(found: Contrast, scale: PointScale) -> Shown | None:
    """Return the differences in points, few enough to fit with both scores; None where all score the same.

    They add up to the difference of the two scores as the list shows them.
    """
    one, other = (scale.whole(score) for score in found.scores)
    return folded(found.lens, scale.differences, MOST_BARS - 1, total=one - other)


def bridge(view: Shown, labels: Labels, theme: Theme, other: str, points: int) -> list[Bar]:
    """Return the bars from the alternative's score to the product's; `view` holds their differences.

    The starting points have a bar only where they differ.
    """
    start, *parts, _ = bars.rows(view, labels, theme, (), DIFFERENCE)
    found = [Bar(other, 0.0, points, wording.plain(points), theme.grey, theme.muted, "start")]
    if view.start:
        colour, ink = theme.signed(view.start)
        found.append(replace(start, colour=colour, ink=ink, kind="part"))
    found += parts
    moved = [
        one if one.kind == "start" else replace(one, low=one.low + points, high=one.high + points)
        for one in found
    ]
    at = points + view.total
    full = f"{labels.product}: {wording.plain(at)} points"
    return [*moved, Bar("The score", 0.0, at, wording.plain(at), theme.text, theme.text, "total", full)]


def alternative(found: list[Bar]) -> str:
    """Return the bars in words, for those who do not see them."""
    return " ".join(f"{one.name}: {one.value}." for one in found)


def table(found: list[Bar]) -> pd.DataFrame:
    """Return the bars as a table."""
    return pd.DataFrame([(one.name, one.value) for one in found], columns=["What", "Points"], dtype=str)


def bridge_scene(other: str, view: Shown | None, rank: int | None, other_points: int, alike: str) -> Scene:
    """Say how the alternative, whose rank is `rank`, stands to the product.

    `alike` says what makes it an alternative; `view` holds the differences, None where all score the same.
    """
    if view is None:
        where = "" if rank is None else f" It is {wording.ordinal(rank)} on the list."
        return Scene(f"Why not {other}?", f"{alike}{where} Both score the same.")
    points = f"{wording.plain(other_points)} point{'' if other_points == 1 else 's'}"
    gap = abs(view.total)
    said = f"{gap:,} {'fewer' if view.total > 0 else 'more'}" if gap else "as many"
    how = f" It is {wording.ordinal(rank)} on the list." if rank is not None else ""
    return Scene(
        f"Why not {other}? It has {points}, {said}.",
        f"{alike}{how} A bar is what something known of the client adds to the product of this story beside "
        "that one.",
    )

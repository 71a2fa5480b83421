"""The waterfall: a running sum as one piece of HTML in the colours of the screen, replaced whole by a click.

A figure of plotly is drawn a moment after the words beside it have changed, and costs fifty times as much.
Streamlit takes every element of SVG out of a page, so bars are boxes.
"""

import html
from collections.abc import Sequence

from finrec_core.explain.points import Shown, ShownContribution
from finrec_core.narrative.labels import Labels
from finrec_core.views.charts import bars, label
from finrec_core.views.charts.bars import SCORE, Bar, Titles
from finrec_core.views.charts.theme import Theme

NAMES, NARROW = 36, 46  # percent of the width that the names take: of all bars, of the strongest in a card
VALUES = 52  # pixels behind the longest bar, for its number
ROW, THICK, SIZE = 23, 13, 13  # pixels: a row, its bar, its text
ROOM = 40  # characters of a name that two rows share a beginning of


def waterfall(
    view: Shown,
    labels: Labels,
    theme: Theme,
    *,
    left_out: Sequence[ShownContribution] = (),
    titles: Titles = SCORE,
    most: int | None = None,
) -> str:
    """Return the bars of one lens, or of a difference, as an element of HTML; `bars.bars` says what of.

    Reasons beyond `most` are one bar. The element is named by the sum in words, and each row by its whole
    name where the pointer rests; a name that is too long for its place ends in dots.
    """
    rows = bars.rows(view, labels, theme, left_out, titles, most=most)
    names = label.apart([row.name for row in rows], ROOM)
    ends = [0.0, *(end for row in rows for end in (row.low, row.high))]
    low, span = min(ends), (max(ends) - min(ends)) or 1.0
    drawn = [
        _row(
            row,
            name,
            (low, span),
            last=k == len(rows) - 1,
            theme=theme,
            room=NAMES if most is None else NARROW,
        )
        for k, (row, name) in enumerate(zip(rows, names, strict=True))
    ]
    about = label.in_attribute(bars.alternative(view, labels, left_out=left_out, titles=titles))
    return (
        f'<div role="img" aria-label="{about}" style="max-width:640px;font-size:{SIZE}px;'
        f'line-height:{ROW}px;color:{theme.text}">{"".join(drawn)}</div>'
    )


def _row(row: Bar, name: str, scale: tuple[float, float], *, last: bool, theme: Theme, room: int) -> str:
    """Return one row: its name, its bar and its number.

    `scale` is where bars begin and how far they go, `room` the percent of the width for the name.
    """
    left, right, sum_, zero = (
        100 * (at - scale[0]) / scale[1] for at in (*sorted((row.low, row.high)), row.sum, 0.0)
    )
    bold = ";font-weight:600" if row.kind == "total" else ""
    edge = f";box-shadow:inset 0 0 0 1px {theme.muted}" if row.kind == "off" else ""
    faint = ";opacity:.55" if row.kind == "rest" else ""
    line = "position:absolute;top:0;height:100%;border-left:1px"
    joint = "" if last else _box(f"{line} dotted {theme.muted};left:{sum_:.2f}%;top:{ROW - 5}px;height:10px")
    bar = (
        f"position:absolute;left:{left:.2f}%;width:max({right - left:.2f}%,1px);top:{(ROW - THICK) // 2}px;"
        f"height:{THICK}px;background:{row.colour}{edge}{faint}"
    )
    value = f"position:absolute;left:calc({right:.2f}% + 5px);white-space:nowrap;color:{row.ink}{bold}"
    return (
        f'<div title="{label.in_attribute(row.full or f"{row.name}: {row.value}")}" style="display:flex">'
        f'<div style="width:{room}%;padding-right:8px;text-align:right;white-space:nowrap;overflow:hidden;'
        f'text-overflow:ellipsis{bold}">{html.escape(name)}</div>'
        f'<div style="flex:1;position:relative;height:{ROW}px;margin-right:{VALUES}px">'
        f"{_box(f'{line} solid {theme.faint};left:{zero:.2f}%')}{joint}{_box(bar)}"
        f'<div style="{value}">{html.escape(row.value)}</div></div></div>'
    )


def _box(style: str) -> str:
    return f'<div style="{style}"></div>'

"""The strips: a few named values as bars from zero, for figures that are no running sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import plotly.graph_objects as go

from finrec_core.views.charts import frame, label
from finrec_core.views.charts.theme import Theme


@dataclass(frozen=True)
class Strip:
    """One bar: its name, its value and how that is written, and what its colour says."""

    name: str
    value: float
    text: str
    tone: Literal["signed", "grey", "total"] = "signed"


def strips(rows: Sequence[Strip], theme: Theme, *, size: int = 13, room: int = 28) -> go.Figure:
    """Return the bars from the top down; blue raises and orange lowers where they are signed."""
    figure = go.Figure()
    for k, row in enumerate(rows):
        colour, ink = _colours(row, theme)
        figure.add_bar(
            orientation="h",
            x=[row.value],
            y=[k],
            width=0.56,
            marker={"color": colour, "line": {"width": 0}, "cornerradius": 0},
            hovertext=[label.in_figure(f"{row.name}: {row.text}")],
            hoverinfo="text",
        )
        strong = row.tone == "total"
        frame.write_value(figure, max(0.0, row.value), k, row.text, ink=ink, size=size, strong=strong)
    names = [label.lines(name, room) for name in label.apart([row.name for row in rows], 2 * room)]
    frame.frame(figure, theme, height=frame.row_height(names, size) * len(rows) + 12, size=size)
    frame.name_rows(figure, names)
    values = [0.0, *(row.value for row in rows)]
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    figure.update_xaxes(visible=False, range=[low - 0.01 * span if low else 0.0, high + 0.22 * span])
    figure.add_shape(
        type="line", x0=0, x1=0, y0=-0.5, y1=len(rows) - 0.5, line={"color": theme.faint, "width": 1}
    )
    return figure


def alternative(rows: Sequence[Strip]) -> str:
    """Return the bars in words."""
    return " ".join(f"{row.name}: {row.text}." for row in rows)


def _colours(row: Strip, theme: Theme) -> tuple[str, str]:
    """Return the colours of a bar and of its number."""
    if row.tone == "total":
        return theme.text, theme.text
    if row.tone == "grey" or row.value == 0:
        return theme.grey, theme.muted
    return (theme.for_, theme.for_text) if row.value > 0 else (theme.against, theme.against_text)

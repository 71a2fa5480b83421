"""The strips: a few named values as bars from zero, for figures that are no running sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import plotly.graph_objects as go

from finrec_core.views.charts import frame, label
from finrec_core.views.charts.draft import Draft
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
    figure = Draft()
    for k, row in enumerate(rows):
        colour, ink = _colours(row, theme)
        marker = {"color": colour, "line": {"width": 0}, "cornerradius": 0}
        frame.add_row(figure, k, row.value, f"{row.name}: {row.text}", marker=marker)
        strong = row.tone == "total"
        frame.write_value(figure, max(0.0, row.value), k, row.text, ink=ink, size=size, strong=strong)
    names = [label.lines(name, room) for name in label.apart([row.name for row in rows], 2 * room)]
    frame.frame_rows(figure, theme, names, size=size)
    frame.show_zero(figure, theme, [0.0, *(row.value for row in rows)], rows=len(rows), room=0.22)
    return figure.figure()


def alternative(rows: Sequence[Strip]) -> str:
    """Return the bars in words."""
    return " ".join(f"{row.name}: {row.text}." for row in rows)


def _colours(row: Strip, theme: Theme) -> tuple[str, str]:
    """Return the colours of a bar and of its number."""
    if row.tone == "total":
        return theme.text, theme.text
    return theme.signed(0 if row.tone == "grey" else row.value)

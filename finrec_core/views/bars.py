"""The bars: one score in points as a running sum of its reasons, from the starting point to the total."""

from collections.abc import Collection
from dataclasses import dataclass

import plotly.graph_objects as go

from finrec_core.explain import wording
from finrec_core.explain.labels import Labels
from finrec_core.explain.points import Shown
from finrec_core.views import frame, label, tail
from finrec_core.views.theme import Theme

ROOM = 28  # characters of a name on one line beside the bars


@dataclass(frozen=True)
class Bar:
    """One row of the figure: its name, where its bar begins and ends, and how it is painted."""

    name: str
    low: float
    high: float
    value: str
    colour: str
    ink: str
    kind: str = "part"  # start, part, tail, off or total
    full: str = ""  # what hovering tells


def bars(
    view: Shown,
    labels: Labels,
    theme: Theme,
    *,
    left_out: Collection[str] = (),
    size: int = 13,
    room: int = ROOM,
    total: str = "Total",
) -> go.Figure:
    """Return the bars of one lens; parts whose id is in `left_out` are outlines and count nothing.

    The numbers are those of `view`, whose start, rows and tail add up to its total. `size` is that of
    the text in pixels and `room` the characters of a name on one line; a longer name takes two.
    """
    rows = _rows(view, labels, theme, left_out, total)
    names = [label.lines(name, room) for name in label.apart([row.name for row in rows], 2 * room)]
    high = max(0.0, *(max(row.low, row.high) for row in rows))
    low = min(0.0, *(min(row.low, row.high) for row in rows))
    span = (high - low) or 1.0
    figure = go.Figure()
    for k, row in enumerate(rows):
        off = row.kind == "off"
        figure.add_bar(
            orientation="h",
            x=[row.high - row.low],
            base=[row.low],
            y=[k],
            width=0.56,
            marker={
                "color": "rgba(0,0,0,0)" if off else row.colour,
                "line": {"color": theme.muted, "width": 1.2 if off else 0},
                "cornerradius": 0,
            },
            opacity=0.55 if row.kind == "tail" else 1.0,
            hovertext=[label.in_figure(row.full)],
            hoverinfo="text",
        )
        frame.write_value(
            figure,
            max(row.low, row.high),
            k,
            row.value,
            ink=row.ink,
            size=size,
            strong=row.kind == "total",
        )
        if k + 1 < len(rows):
            figure.add_shape(
                type="line",
                x0=row.high if not off else row.low,
                x1=row.high if not off else row.low,
                y0=k + 0.28,
                y1=k + 0.72,
                line={"color": theme.muted, "width": 1, "dash": "dot"},
            )
    frame.frame(figure, theme, height=frame.row_height(names, size) * len(rows) + 12, size=size)
    frame.name_rows(figure, names, strong=[len(rows) - 1])
    figure.update_xaxes(visible=False, range=[low - 0.01 * span if low else 0.0, high + 0.13 * span])
    zero = {"color": theme.faint, "width": 1}
    figure.add_shape(type="line", x0=0, x1=0, y0=-0.5, y1=len(rows) - 0.5, line=zero)
    return figure


def alternative(view: Shown, labels: Labels, *, left_out: Collection[str] = ()) -> str:
    """Return the bars in words, for those who do not see them."""
    said = [f"Starting point {wording.plain(view.start)}."]
    for row in view.rows:
        if row.part.id in left_out:
            said.append(f"{labels.title(row.part)} is left out.")
        else:
            verb = "raises" if row.points > 0 else "lowers"
            said.append(f"{labels.title(row.part)} {verb} it by {wording.plain(abs(row.points))}.")
    said += [f"{title}: {wording.signed(points)}." for title, points in tail.rows(view, labels)]
    return " ".join([*said, f"Total {wording.plain(total_of(view, left_out))} points."])


def total_of(view: Shown, left_out: Collection[str] = ()) -> int:
    """Return the points that stay where some rows are left out."""
    return view.total - round(sum(row.points for row in view.rows if row.part.id in left_out))


def _rows(view: Shown, labels: Labels, theme: Theme, left_out: Collection[str], total: str) -> list[Bar]:
    """Return the rows from the top down, each bar beginning where the one before it ended."""
    at = float(view.start)
    start = wording.plain(view.start)
    rows = [
        Bar("Starting point", 0.0, at, start, theme.grey, theme.muted, "start", f"Starting point: {start}")
    ]
    for row in view.rows:
        title, value = labels.title(row.part), wording.signed(row.points)
        if row.part.id in left_out:
            rows.append(Bar(title, at, at + row.points, "off", "", theme.muted, "off", f"{title}: left out"))
            continue
        colour, ink = _signed(row.points, theme)
        rows.append(Bar(title, at, at + row.points, value, colour, ink, "part", f"{title}: {value}"))
        at += row.points
    for title, points in tail.rows(view, labels):
        value = wording.signed(points)
        colour, ink = _signed(points, theme)
        rows.append(Bar(title, at, at + points, value, colour, ink, "tail", f"{title}: {value}"))
        at += points
    value = wording.plain(at)
    return [
        *rows,
        Bar(total, 0.0, at, value, theme.text, theme.text, "total", f"{labels.product}: {value} points"),
    ]


def _signed(points: float, theme: Theme) -> tuple[str, str]:
    """Return the colours of a signed bar and of its number."""
    if points == 0:
        return theme.grey, theme.muted
    return (theme.for_, theme.for_text) if points > 0 else (theme.against, theme.against_text)

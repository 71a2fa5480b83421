"""The bars: one score in points as a running sum of its reasons, and the tail of the smaller ones by kind."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from finrec_core.explain.points import Shown, ShownContribution
from finrec_core.narrative.labels import Labels
from finrec_core.terms import wording
from finrec_core.views.charts import frame, label
from finrec_core.views.charts.theme import Theme

# Kinds of reason as one and as several.
KINDS = {
    "interaction": ("product", "products"),
    "tie": ("connection", "connections"),
    "client": ("similar client", "similar clients"),
    "product": ("product like it", "products like it"),
    "review": ("review", "reviews"),
    "description": ("description", "descriptions"),
    "learned": ("record with all clients", "records with all clients"),
}


def rest_name(view: Shown) -> str:
    """Return what the parts without a row are called together, as "12 smaller reasons"."""
    return wording.counted(len(view.rest), "smaller reason")


def rest_rows(view: Shown, labels: Labels) -> list[tuple[str, int]]:
    """Return name and points of what stands below the rows: one for each kind, largest first.

    Kinds whose parts add up to nothing are one "12 smaller reasons"; the points add up to the tail's.
    """
    found = []
    for group in view.groups:
        if group.points == 0:
            continue
        one, many = KINDS[group.kind]
        beside = any(contribution.exact.kind == group.kind for contribution in view.rows)
        title = f"{group.count:,} {'other ' if beside else ''}{many if group.count > 1 else one}"
        if group.count == 1:
            title = next(
                labels.title(contribution.exact)
                for contribution in view.rest
                if contribution.exact.kind == group.kind
            )
        found.append((title, group.points))
    still = sum(group.count for group in view.groups if group.points == 0)
    return [*found, (wording.counted(still, "smaller reason"), 0)] if still else found


def rest_in_words(view: Shown) -> str:
    """Return the tail as one line, as "44 smaller reasons: 35 similar clients +11, 9 reviews +2"."""
    each = [
        f"{wording.counted(group.count, *KINDS[group.kind])} {wording.signed(group.points)}"
        for group in view.groups
    ]
    return f"{rest_name(view)}: {', '.join(each)}"


@dataclass(frozen=True)
class Titles:
    """The names around the reasons of a sum; `signed` writes its start and total with their signs."""

    start: str = "Starting point"
    total: str = "Total"
    column: str = "Reason"
    for_: str = "raises it by"
    against: str = "lowers it by"
    signed: bool = False

    def number(self, points: float) -> str:
        """Return the start or the total as it is written."""
        return wording.signed(points) if self.signed else wording.plain(points)


SCORE = Titles()
DIFFERENCE = Titles(
    start="Starting points",
    total="Difference",
    column="Difference",
    for_="speaks more for it, by",
    against="speaks less for it, by",
    signed=True,
)


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
    kind: str = "part"  # start, part, rest, off or total
    full: str = ""  # what hovering tells


def bars(
    view: Shown,
    labels: Labels,
    theme: Theme,
    *,
    left_out: Sequence[ShownContribution] = (),
    size: int = 13,
    room: int = ROOM,
    titles: Titles = SCORE,
) -> go.Figure:
    """Return the bars of one lens, or of a difference; parts left out of it are outlines and count nothing.

    The numbers are those of `view`, whose start, rows and tail add up to its total; `left_out` are parts
    that it had before. `size` is that of
    the text in pixels and `room` the characters of a name on one line; a longer name takes two.
    """
    rows = _rows(view, labels, theme, left_out, titles)
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
            opacity=0.55 if row.kind == "rest" else 1.0,
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


def alternative(
    view: Shown, labels: Labels, *, left_out: Sequence[ShownContribution] = (), titles: Titles = SCORE
) -> str:
    """Return the bars in words, for those who do not see them."""
    said = [f"{titles.start} {titles.number(view.start)}."]
    for row, off in _ordered(view, left_out):
        title = labels.title(row.exact)
        if off:
            said.append(f"{title} is left out.")
        else:
            verb = titles.for_ if row.points > 0 else titles.against
            said.append(f"{title} {verb} {wording.plain(abs(row.points))}.")
    said += [f"{title}: {wording.signed(points)}." for title, points in rest_rows(view, labels)]
    return " ".join([*said, f"{titles.total} {titles.number(view.total)} points."])


def _ordered(view: Shown, left_out: Sequence[ShownContribution]) -> list[tuple[ShownContribution, bool]]:
    """Return the rows of a view and the parts left out of it, largest first; True marks the latter."""
    rows = [*((row, False) for row in view.rows), *((contribution, True) for contribution in left_out)]
    return sorted(rows, key=lambda row: -abs(row[0].points))


def _rows(
    view: Shown, labels: Labels, theme: Theme, left_out: Sequence[ShownContribution], titles: Titles
) -> list[Bar]:
    """Return the rows from the top down, each bar beginning where the one before it ended."""
    at = float(view.start)
    value = titles.number(view.start)
    rows = [Bar(titles.start, 0.0, at, value, theme.grey, theme.muted, "start", f"{titles.start}: {value}")]
    for row, off in _ordered(view, left_out):
        title, value = labels.title(row.exact), wording.signed(row.points)
        if off:
            rows.append(Bar(title, at, at + row.points, "off", "", theme.muted, "off", f"{title}: left out"))
            continue
        colour, ink = _signed(row.points, theme)
        rows.append(Bar(title, at, at + row.points, value, colour, ink, "part", f"{title}: {value}"))
        at += row.points
    for title, points in rest_rows(view, labels):
        value = wording.signed(points)
        colour, ink = _signed(points, theme)
        rows.append(Bar(title, at, at + points, value, colour, ink, "rest", f"{title}: {value}"))
        at += points
    value = titles.number(at)
    full = f"{labels.product}: {value} points"
    return [*rows, Bar(titles.total, 0.0, at, value, theme.text, theme.text, "total", full)]


def _signed(points: float, theme: Theme) -> tuple[str, str]:
    """Return the colours of a signed bar and of its number."""
    if points == 0:
        return theme.grey, theme.muted
    return (theme.for_, theme.for_text) if points > 0 else (theme.against, theme.against_text)

"""The bars: one score in points as a running sum of its reasons, the smaller ones together by kind."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from finrec_core.explain.points import Shown, ShownContribution
from finrec_core.narrative.labels import Labels
from finrec_core.terms import wording
from finrec_core.views.charts import frame, label
from finrec_core.views.charts.draft import Draft
from finrec_core.views.charts.theme import Theme

# Kinds of reason as one and as several.
KINDS = {
    "interaction": ("product", "products"),
    "tie": ("connection", "connections"),
    "client": ("similar client", "similar clients"),
    "product": ("product like it", "products like it"),
    "review": ("review", "reviews"),
    "description": ("description", "descriptions"),
    "branches": ("total of other branches", "totals of other branches"),
    "learned": ("record with all clients", "records with all clients"),
}
ROOM = 28  # characters of a name on one line beside the bars


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
    full: str = ""  # what hovering tells, its name and value where that is not said

    @property
    def sum(self) -> float:
        """The running sum below the bar, to which one that is left out adds nothing."""
        return self.low if self.kind == "off" else self.high


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

    The numbers are those of `view`, whose start, rows and rest add up to its total; `left_out` are parts
    that it had before. `size` is that of the text in pixels and `room` the characters of a name on one
    line; a longer name takes two.
    """
    return drawn(rows(view, labels, theme, left_out, titles), theme, size=size, room=room)


def drawn(found: Sequence[Bar], theme: Theme, *, size: int = 13, room: int = ROOM) -> go.Figure:
    """Return the figure of some rows, whose last is the total; see `bars`."""
    figure = Draft()
    for k, row in enumerate(found):
        line = {"color": theme.muted, "width": 1.2 if row.kind == "off" else 0}
        frame.add_row(
            figure,
            k,
            row.high - row.low,
            row.full or f"{row.name}: {row.value}",
            base=[row.low],
            marker={"color": row.colour, "line": line, "cornerradius": 0},
            opacity=0.55 if row.kind == "rest" else 1.0,
        )
        end, strong = max(row.low, row.high), row.kind == "total"
        frame.write_value(figure, end, k, row.value, ink=row.ink, size=size, strong=strong)
        if not strong:
            joint = {"color": theme.muted, "width": 1, "dash": "dot"}
            figure.add_shape(type="line", x0=row.sum, x1=row.sum, y0=k + 0.28, y1=k + 0.72, line=joint)
    names = [label.lines(name, room) for name in label.apart([row.name for row in found], 2 * room)]
    frame.frame_rows(figure, theme, names, size=size, strong=[len(found) - 1])
    ends = [end for row in found for end in (row.low, row.high)]
    frame.show_zero(figure, theme, ends, rows=len(found), room=0.13)
    return figure.figure()


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
    said += [f"{title}: {wording.signed(points)}." for title, points in rest(view, labels)]
    return " ".join([*said, f"{titles.total} {titles.number(view.total)} points."])


def rest(view: Shown, labels: Labels) -> list[tuple[str, int]]:
    """Return name and points of what stands below the rows: one for each kind, largest first.

    Kinds whose parts add up to nothing are one "12 smaller reasons"; the points add up to those of the rest.
    """
    found = []
    for group in view.groups:
        if group.points == 0:
            continue
        if group.count == 1:
            title = next(labels.title(one.exact) for one in view.rest if one.exact.kind == group.kind)
        else:
            beside = any(one.exact.kind == group.kind for one in view.rows)
            title = f"{group.count:,} {'other ' if beside else ''}{KINDS[group.kind][1]}"
        found.append((title, group.points))
    still = sum(group.count for group in view.groups if group.points == 0)
    return [*found, (_smaller(still), 0)] if still else found


def rest_line(view: Shown) -> str:
    """Return the rest as one line, as "44 smaller reasons: 35 similar clients +11, 9 reviews +2"."""
    each = [
        f"{wording.counted(group.count, *KINDS[group.kind])} {wording.signed(group.points)}"
        for group in view.groups
    ]
    return f"{_smaller(len(view.rest))}: {', '.join(each)}"


def _smaller(count: int) -> str:
    """Return what parts without a row are called together, as "12 smaller reasons"."""
    return wording.counted(count, "smaller reason")


def _ordered(view: Shown, left_out: Sequence[ShownContribution]) -> list[tuple[ShownContribution, bool]]:
    """Return the rows of a view and the parts left out of it, largest first; True marks the latter."""
    rows = [*((row, False) for row in view.rows), *((row, True) for row in left_out)]
    return sorted(rows, key=lambda row: -abs(row[0].points))


def rows(
    view: Shown,
    labels: Labels,
    theme: Theme,
    left_out: Sequence[ShownContribution],
    titles: Titles,
    *,
    most: int | None = None,
) -> list[Bar]:
    """Return the rows from the top down, each bar beginning where the one before it ended.

    Reasons beyond `most` are one bar with those that have none of their own.
    """
    at = float(view.start)
    drawn = [Bar(titles.start, 0.0, at, titles.number(view.start), theme.grey, theme.muted, "start")]
    found = [
        (labels.title(row.exact), row.points, "off" if off else "part")
        for row, off in _ordered(view, left_out)
    ]
    tail = rest(view, labels)
    if most is not None and len(found) > most:
        folded = found[most:]
        count = sum(kind == "part" for _, _, kind in folded) + len(view.rest)
        sum_shown = view.tail_points + sum(int(points) for _, points, kind in folded if kind == "part")
        found, tail = found[:most], [(_smaller(count), sum_shown)] if count else []
    for title, points, kind in [*found, *((*row, "rest") for row in tail)]:
        if kind == "off":
            full = f"{title}: left out"
            drawn.append(Bar(title, at, at + points, "off", "rgba(0,0,0,0)", theme.muted, kind, full))
        else:
            value = wording.signed(points)
            drawn.append(Bar(title, at, at + points, value, *theme.signed(points), kind))
            at += points
    full = f"{labels.product}: {titles.number(at)} points"
    return [*drawn, Bar(titles.total, 0.0, at, titles.number(at), theme.text, theme.text, "total", full)]

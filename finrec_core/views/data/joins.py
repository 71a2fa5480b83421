"""What joins with what in an import: files at the left, what they name at the right, with counts between."""

from collections.abc import Sequence
from typing import Protocol

import pandas as pd
import plotly.graph_objects as go

from finrec_core.terms import wording
from finrec_core.views.charts import frame, label
from finrec_core.views.charts.draft import Draft
from finrec_core.views.charts.theme import Theme

LEFT, RIGHT = (0.0, 38.0), (66.0, 100.0)  # the ends of both columns of boxes, of 100
HALF = 0.5  # below this share of ids found a join has failed
ROOM = 34  # characters in a box
COLUMNS = ("File", "Column", "Found in", "Found", "Of", "Why")


class Join(Protocol):
    """One column of ids of a file: how many `of` them were `found` in another file, and why not all."""

    @property
    def file(self) -> str:
        """The file that names ids."""

    @property
    def column(self) -> str:
        """Its column that names them."""

    @property
    def home(self) -> str:
        """Where they were looked for."""

    @property
    def found(self) -> int:
        """How many distinct ids were found there."""

    @property
    def of(self) -> int:
        """How many distinct ids there are."""

    @property
    def cause(self) -> str:
        """The likely cause of a join that fails, "" where it does not."""


def failed(join: Join) -> bool:
    """Return whether fewer than half of the ids were found."""
    return join.found < HALF * join.of


def sentence(join: Join) -> str:
    """Return a join in words, as "4 of 12 ids in isin of holdings.csv are in products.csv"."""
    count = f"{wording.plain(join.found)} of {wording.counted(join.of, 'id')}"
    cause = f": {join.cause.rstrip('.')}" if join.cause else ""
    verb = "is" if join.found == 1 else "are"
    return f"{count} in {join.column} of {join.file} {verb} in {join.home}{cause}."


def alternative(joins: Sequence[Join]) -> str:
    """Return all joins in words."""
    return " ".join(sentence(join) for join in joins) or "Nothing is joined."


def table(joins: Sequence[Join]) -> pd.DataFrame:
    """Return the joins as a table."""
    rows = [(join.file, join.column, join.home, join.found, join.of, join.cause) for join in joins]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def picture(joins: Sequence[Join], theme: Theme, *, size: int = 13) -> go.Figure:
    """Return the joins drawn: one row for each, those into the same file beside each other.

    A join that failed is drawn broken and in the colour that speaks against, and its count says so too.
    """
    rows = sorted(joins, key=lambda join: join.home)
    figure = Draft()
    figure.add_scatter(x=[0.0, 100.0], y=[0.0, 0.0], mode="markers", marker={"opacity": 0}, hoverinfo="skip")
    frame.frame(figure, theme, height=size * 3.1 * max(1, len(rows)) + 8, size=size)
    places = {
        home: [row for row, join in enumerate(rows) if join.home == home] for home in {j.home for j in rows}
    }
    for row, join in enumerate(rows):
        middle = sum(places[join.home]) / len(places[join.home])
        line, ink = (theme.against, theme.against_text) if failed(join) else (theme.accent, theme.text)
        figure.add_shape(
            type="line",
            x0=LEFT[1],
            y0=row,
            x1=RIGHT[0],
            y1=middle,
            line={"color": line, "width": 2, "dash": "dot" if failed(join) else "solid"},
        )
        _write(
            figure,
            LEFT[1] + 0.3 * (RIGHT[0] - LEFT[1]),
            row + 0.3 * (middle - row),
            f"{wording.plain(join.found)} of {wording.plain(join.of)}",
            ink,
            bgcolor=theme.background,
        )
        _box(figure, LEFT, row, f"{join.file}: {join.column}", theme)
    for home, at in places.items():
        _box(figure, RIGHT, sum(at) / len(at), home, theme)
    figure.update_xaxes(visible=False, range=[-0.5, 100.5])
    figure.update_yaxes(visible=False, range=[max(1, len(rows)) - 0.5, -0.5])
    return figure.figure()


def _box(figure: Draft, ends: tuple[float, float], row: float, text: str, theme: Theme) -> None:
    line = {"color": theme.grey, "width": 1}
    figure.add_shape(
        type="rect", x0=ends[0], x1=ends[1], y0=row - 0.34, y1=row + 0.34, line=line, fillcolor=theme.faint
    )
    _write(figure, 0.5 * sum(ends), row, label.cut(wording.name(text, "", 400), ROOM), theme.text)


def _write(figure: Draft, x: float, y: float, text: str, ink: str, **more: str) -> None:
    figure.add_annotation(
        x=x, y=y, text=label.in_figure(text), showarrow=False, font={"color": ink}, borderpad=3, **more
    )

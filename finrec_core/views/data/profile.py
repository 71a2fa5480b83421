"""The profile drawn: distributions as bars, the popularity curve, interactions by month; a table for each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import pandas as pd
import plotly.graph_objects as go

from finrec_core.dataset.profile import Band, Popularity, Profile
from finrec_core.terms import wording
from finrec_core.views.charts import frame, label
from finrec_core.views.charts.draft import Draft
from finrec_core.views.charts.theme import Theme

HEIGHT = 17  # of a figure, in text sizes
MOST_MONTHS = 60  # bars; a longer span is drawn by year


@dataclass(frozen=True)
class Plot:
    """A titled picture that waits for the theme, its table and its words."""

    key: str
    title: str
    figure: Callable[[Theme], go.Figure]
    table: pd.DataFrame
    alternative: str

    @classmethod
    def of_bands(cls, key: str, title: str, bands: Sequence[Band], unit: str, things: str) -> Self:
        """Return a distribution as bars."""
        words = alternative(bands, title)
        return cls(key, title, lambda theme: bars(bands, theme, unit=unit), table(bands, unit, things), words)


def plots(found: Profile) -> list[Plot]:
    """Return the pictures that the data has something for."""
    shown = [
        Plot.of_bands("clients", "Products of a client", found.by_client, "Products", "Clients"),
        Plot.of_bands("products", "Holders of a product", found.by_product, "Holders", "Products"),
    ]
    held, times = found.popularity, found.times.months
    if held.curve:
        title = "Interactions on the most held products"
        figures = popularity_table(held), popularity_alternative(held)
        shown.append(Plot("popularity", title, lambda theme: popularity(held, theme), *figures))
    if times:
        figures = months_table(times), months_alternative(times)
        shown.append(Plot("months", "Interactions over time", lambda theme: months(times, theme), *figures))
    for key, title, texts, things in (
        ("own", "Words of a product's own text", found.own_texts, "Products"),
        ("reviews", "Words of a review", found.reviews, "Reviews"),
    ):
        if texts.bands:
            shown.append(Plot.of_bands(key, title, texts.bands, "Words", things))
    if found.ratings.bands:
        title = "Ratings" if found.ratings.limit is None else f"Ratings, low below {found.ratings.limit:g}"
        shown.append(Plot.of_bands("ratings", title, found.ratings.bands, "Rating", "Interactions"))
    return shown


def bars(bands: Sequence[Band], theme: Theme, *, unit: str, size: int = 13) -> go.Figure:
    """Return how many things lie in each band as bars from left to right; `unit` names what is banded."""
    return _bars([(band.label, band.count) for band in bands], theme, unit=unit, size=size)


def table(bands: Sequence[Band], unit: str, things: str) -> pd.DataFrame:
    """Return bands as a table: the band, how many, and their share."""
    total = max(1, sum(band.count for band in bands))
    rows = [(band.label, band.count, wording.percent(band.count / total)) for band in bands]
    return pd.DataFrame(rows, columns=[unit, things, "Share"])


def alternative(bands: Sequence[Band], what: str) -> str:
    """Return bands in words, as "Clients by number of products: 1: 20; 2 to 4: 31."."""
    if not bands:
        return f"{what}: none."
    return f"{what}: {'; '.join(f'{band.label}: {wording.plain(band.count)}' for band in bands)}."


def popularity(found: Popularity, theme: Theme, *, size: int = 13) -> go.Figure:
    """Return which share of the interactions the most held products have, beside an even share."""
    figure = Draft()
    shares = [(100 * x, 100 * y) for x, y in found.curve]
    even = {"color": theme.muted, "width": 1, "dash": "dot"}
    figure.add_scatter(x=[0, 100], y=[0, 100], mode="lines", line=even, hoverinfo="skip")
    figure.add_scatter(
        x=[x for x, _ in shares],
        y=[y for _, y in shares],
        mode="lines",
        line={"color": theme.accent, "width": 2},
        hovertext=[f"The top {x:.0f} % of products have {y:.0f} % of the interactions" for x, y in shares],
        hoverinfo="text",
    )
    frame.frame(figure, theme, height=HEIGHT * size, size=size)
    figure.update_xaxes(frame.axis(theme, size, "Products", ticksuffix=" %", showgrid=False))
    figure.update_yaxes(frame.axis(theme, size, "Interactions", ticksuffix=" %"))
    return figure.figure()


def popularity_table(found: Popularity) -> pd.DataFrame:
    """Return the curve at some places as a table."""
    wanted = [(x, y) for x, y in found.curve if round(100 * x) in (1, 5, 10, 20, 50, 100)]
    rows = [(wording.percent(x, 0), wording.percent(y)) for x, y in wanted]
    return pd.DataFrame(rows, columns=["Most held products", "Interactions"])


def popularity_alternative(found: Popularity) -> str:
    """Return the curve in words."""
    return (
        f"The tenth of the products that most clients have holds "
        f"{wording.percent(found.top_tenth, 0)} of the interactions; "
        f"the Gini index is {wording.plain(found.gini, 2)}, 0 being an even share."
    )


def months(counts: Sequence[tuple[str, int]], theme: Theme, *, size: int = 13) -> go.Figure:
    """Return interactions by month, by year where there are many months, gaps included."""
    found = spans(counts)
    years = all(len(name) == 4 for name, _ in found)
    return _bars(found, theme, unit="Year" if years else "Month", size=size)


def months_table(counts: Sequence[tuple[str, int]]) -> pd.DataFrame:
    """Return interactions by month or year as a table."""
    return pd.DataFrame(spans(counts), columns=["Month", "Interactions"])


def months_alternative(counts: Sequence[tuple[str, int]]) -> str:
    """Return interactions by month or year in words, the ends and the highest."""
    rows = spans(counts)
    if not rows:
        return "No interaction has a time."
    most = max(rows, key=lambda row: row[1])
    return f"Interactions from {rows[0][0]} to {rows[-1][0]}, most in {most[0]}: {wording.plain(most[1])}."


def spans(counts: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return each month from the first to the last as 2024-01 with its count, or each year."""
    if not counts:
        return []
    known = dict(counts)
    first, last = (_number(month) for month in (counts[0][0], counts[-1][0]))
    if last - first < MOST_MONTHS:
        names = [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(first, last + 1)]
        return [(name, known.get(name, 0)) for name in names]
    years = dict.fromkeys(range(first // 12, last // 12 + 1), 0)
    for month, count in counts:
        years[_number(month) // 12] += count
    return [(f"{year:04d}", count) for year, count in years.items()]


def _bars(rows: Sequence[tuple[str, int]], theme: Theme, *, unit: str, size: int) -> go.Figure:
    figure = Draft()
    total = max(1, sum(count for _, count in rows))
    figure.add_bar(
        x=[label.in_figure(name) for name, _ in rows],
        y=[count for _, count in rows],
        marker={"color": theme.grey, "line": {"width": 0}},
        hovertext=[
            label.in_figure(f"{name}: {wording.plain(count)}, {wording.percent(count / total)}")
            for name, count in rows
        ],
        hoverinfo="text",
    )
    frame.frame(figure, theme, height=HEIGHT * size, size=size)
    figure.update_xaxes(frame.axis(theme, size, unit, type="category", showgrid=False))
    figure.update_yaxes(frame.axis(theme, size, tickformat=",", rangemode="tozero"))
    figure.update_layout(bargap=0.25)
    return figure.figure()


def _number(month: str) -> int:
    """Return 2024-03 as months since the year 0."""
    year, _, number = month.rpartition("-")
    return 12 * int(year) + int(number) - 1

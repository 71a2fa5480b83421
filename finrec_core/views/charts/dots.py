"""The dots: the arms of a comparison, each a mean with its 95 % interval, on one scale."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from finrec_core.terms import wording
from finrec_core.terms.names import OURS
from finrec_core.views.charts import frame, label
from finrec_core.views.charts.draft import Draft
from finrec_core.views.charts.theme import Theme
from finrec_core.views.model import arms as arm_names

BETTER, WORSE, NOT_SETTLED = "Better", "Worse", "Not settled"
NO_INTERVAL = "no interval"
ROOM = 26  # characters of a line of a name beside its dot


@dataclass(frozen=True)
class Dot:
    """One arm: its name, its mean and its interval; `ours` marks the model that the others stand beside.

    Both ends are None where there is no interval, as over a single client.
    """

    name: str
    value: float
    low: float | None
    high: float | None
    ours: bool = False

    @classmethod
    def of(cls, name: str, value: float, span: Sequence[float] | None, *, ours: bool = False) -> "Dot":
        """Return a dot whose interval is widened to hold its mean where rounding left it outside."""
        if span is None:
            return cls(name, value, None, None, ours)
        return cls(name, value, min(float(span[0]), value), max(float(span[1]), value), ours)

    def __post_init__(self) -> None:
        if (self.low is None) != (self.high is None):
            raise ValueError(f"{self.name}: an interval has two ends or none.")
        if not self.ends[0] <= self.value <= self.ends[1]:
            raise ValueError(f"{self.name}: the mean {self.value} lies outside its interval.")

    @property
    def ends(self) -> tuple[float, float]:
        """From where to where it is drawn: its interval, and its mean alone where it has none."""
        return (
            self.value if self.low is None else self.low,
            self.value if self.high is None else self.high,
        )

    def interval(self, decimals: int = 3, without: str = wording.NONE) -> str:
        """Return its interval in words, `without` where it has none."""
        if self.low is None or self.high is None:
            return without
        return interval(self.low, self.high, decimals)


def of_arms(arms: Mapping[str, Mapping[str, Any]], metric: str, ours: str = OURS) -> list[Dot]:
    """Return the dots of one metric from an evaluation's `arms`, ours first, then the best.

    `arms` is {arm: {metric: {"value", "ci95"}}}, `ci95` None where there is no interval; an arm without
    the metric is left out.
    """
    found = []
    for arm, metrics in arms.items():
        if (metrics.get(metric) or {}).get("value") is None:
            continue
        value, span = float(metrics[metric]["value"]), metrics[metric].get("ci95") or None
        found.append(Dot.of(arm_names.title(arm), value, span, ours=arm == ours))
    return sorted(found, key=lambda dot: (not dot.ours, -dot.value))


def dots(
    arms: Sequence[Dot],
    theme: Theme,
    *,
    scale: tuple[float, float] | None = None,
    decimals: int = 3,
    size: int = 13,
    room: int = ROOM,
) -> go.Figure:
    """Return the arms from the top down; figures that are compared get the same ends as `scale`."""
    low, high = scale or ends(arms)
    width = (high - low) or 1.0
    figure = Draft()
    for k, arm in enumerate(arms):
        colour = theme.accent if arm.ours else theme.grey
        text = wording.plain(arm.value, decimals)
        span = NO_INTERVAL if arm.low is None else f"95 % interval {arm.interval(decimals)}"
        tell = f"{arm.name}: {text}, {span}"
        figure.add_scatter(
            x=[arm.value],
            y=[k],
            mode="markers",
            marker={"color": colour, "size": 11 if arm.ours else 9},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [arm.ends[1] - arm.value],
                "arrayminus": [arm.value - arm.ends[0]],
                "width": 0,
                "thickness": 2,
                "color": colour,
            },
            hovertext=[label.in_figure(tell)],
            hoverinfo="text",
            cliponaxis=False,
        )
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="right",
            y=k,
            text=f"<b>{text}</b>" if arm.ours else text,
            font={"color": theme.text, "size": size},
            showarrow=False,
        )
        if arm.ours:
            line = {"color": theme.accent, "width": 1.2, "dash": "dot"}
            figure.add_shape(
                type="line", x0=arm.value, x1=arm.value, y0=-0.5, y1=len(arms) - 0.5, line=line, layer="below"
            )
    names = [label.lines(arm.name, room) for arm in arms]
    strong = [k for k, arm in enumerate(arms) if arm.ours]
    frame.frame_rows(figure, theme, names, size=size, strong=strong, row=2.8 * size, air=40)
    ticks = _ticks(low, high)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    end = (0.04 + 0.045 * decimals) * width * size / 13  # room for the values
    figure.update_xaxes(
        range=[low, high + end],
        tickmode="array",
        tickvals=ticks,
        ticktext=[wording.plain(tick, _decimals(step)) for tick in ticks],
        gridcolor=theme.faint,
        tickfont={"color": theme.muted, "size": size - 1},
    )
    return figure.figure()


def alternative(arms: Sequence[Dot], metric: str, decimals: int = 3) -> str:
    """Return the dots in words."""
    each = (
        f"{arm.name} {wording.plain(arm.value, decimals)} ({arm.interval(decimals, NO_INTERVAL)})"
        for arm in arms
    )
    return f"{metric}, mean and 95 % interval: {'; '.join(each)}."


def table(arms: Sequence[Dot], metric: str, decimals: int = 3) -> pd.DataFrame:
    """Return the dots as a table: Method, the metric, 95 % interval."""
    return pd.DataFrame(
        {
            "Method": [arm.name for arm in arms],
            metric: [wording.plain(arm.value, decimals) for arm in arms],
            "95 % interval": [arm.interval(decimals) for arm in arms],
        }
    )


def against(paired: Sequence[Mapping[str, Any]], metric: str, ours: str = OURS) -> pd.DataFrame:
    """Return an evaluation's `paired` rows as a table: Against, Difference, 95 % interval, Result.

    A row is {"a", "b", "metric", "relative", "ci95"}, relative numbers as shares of 1 and `ci95` None
    where there is no interval; the largest difference stands first.
    """
    rows = []
    for pair in sorted(paired, key=lambda pair: -float(pair["relative"])):
        if pair["metric"] != metric or pair["a"] != ours:
            continue
        low, high = (100 * float(end) for end in pair["ci95"] or (0, 0))
        rows.append(
            {
                "Against": arm_names.title(pair["b"]),
                "Difference": f"{wording.signed(100 * float(pair['relative']), 1)} %",
                "95 % interval": wording.span(low, high, 1) if pair["ci95"] else wording.NONE,
                "Result": result(pair["ci95"]),
            }
        )
    return pd.DataFrame(rows, columns=["Against", "Difference", "95 % interval", "Result"])


def verdict(low: float, high: float) -> str:
    """Return what an interval of a difference says: "Better", "Worse" or "Not settled" where it holds 0."""
    return BETTER if low > 0 else WORSE if high < 0 else NOT_SETTLED


def result(span: Sequence[float] | None) -> str:
    """Return the verdict on a difference by its interval; without one it is not settled."""
    return verdict(*span) if span else NOT_SETTLED


def interval(low: float, high: float, decimals: int = 3) -> str:
    """Return an interval in words, as "0.261 to 0.287"."""
    return f"{wording.plain(low, decimals)} to {wording.plain(high, decimals)}"


def ends(arms: Sequence[Dot]) -> tuple[float, float]:
    """Return ends that hold all intervals with a little air; a scale of dots need not begin at 0."""
    if not arms:
        return 0.0, 1.0
    low, high = min(arm.ends[0] for arm in arms), max(arm.ends[1] for arm in arms)
    air = 0.06 * ((high - low) or abs(high) or 1.0)
    return (low if low == 0 else low - air), high + air


def _ticks(low: float, high: float) -> list[float]:
    """Return a few round numbers from `low` to `high`."""
    rough = ((high - low) or 1.0) / 7
    unit = 10 ** math.floor(math.log10(rough))
    step = next(step for step in (unit, 2 * unit, 5 * unit, 10 * unit) if step >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(k * step, 10) for k in range(first, last + 1)]


def _decimals(step: float) -> int:
    """Return how many decimals tell ticks apart that are a step of 1, 2 or 5 tenths, hundredths and so on."""
    return max(0, -math.floor(math.log10(step) + 1e-9))

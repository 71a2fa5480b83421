"""The curve: how good the network was on held-back interactions while it learned."""

from collections.abc import Sequence

import plotly.graph_objects as go

from finrec_core.terms import wording
from finrec_core.views.charts import frame, label
from finrec_core.views.charts.draft import Draft
from finrec_core.views.charts.theme import Theme

Check = tuple[int, float]  # steps taken, figure on the held-back interactions
FEWEST_STEPS = 10  # that the axis has room for: a network's first check is made before any step
AROUND = 0.05  # shown above and below figures that are all the same


def curve(
    checks: Sequence[Check],
    theme: Theme,
    *,
    second: int | None = None,
    metric: str = "NDCG@20",
    size: int = 13,
) -> go.Figure:
    """Return the figure of each check against steps, the best one marked.

    `second` is the number of steps at which the second stage began, None where it is not told apart.
    """
    figure = Draft()
    told = [f"Step {step:,}: {wording.plain(value, 3)}" for step, value in checks]
    figure.add_scatter(
        x=[step for step, _ in checks],
        y=[value for _, value in checks],
        mode="lines" if len(checks) > 1 else "markers",
        line={"color": theme.accent, "width": 2},
        hovertext=[label.in_figure(text) for text in told],
        hoverinfo="text",
    )
    if second is not None and checks:
        line = {"color": theme.muted, "width": 1, "dash": "dot"}
        figure.add_shape(type="line", x0=second, x1=second, y0=0, y1=1, yref="paper", line=line)
        figure.add_annotation(
            x=second,
            y=0,
            yref="paper",
            yanchor="bottom",
            xanchor="left",
            xshift=5,
            text="second stage",
            font={"color": theme.muted, "size": size - 1},
            showarrow=False,
        )
    if checks:
        step, value = best(checks)
        figure.add_scatter(
            x=[step], y=[value], mode="markers", marker={"color": theme.accent, "size": 11}, hoverinfo="skip"
        )
        figure.add_annotation(
            x=step,
            y=value,
            text=f"<b>{wording.plain(value, 3)}</b>",
            font={"color": theme.text, "size": size},
            yshift=17,
            showarrow=False,
        )
    frame.frame(figure, theme, height=18 * size, size=size, top=28)
    steps, values = _ranges(checks)
    span = values[1] - values[0]
    decimals = 2 + (span < AROUND) + (span < AROUND / 10)  # for ticks that can be told apart
    figure.update_xaxes(frame.axis(theme, size, "Steps", nticks=6, showgrid=False, range=steps))
    form = f".{decimals}f"
    figure.update_yaxes(frame.axis(theme, size, metric, nticks=6, tickformat=form, range=values))
    return figure.figure()


def _ranges(checks: Sequence[Check]) -> tuple[list[float], list[float]]:
    """Return the ends of both axes: steps from 0, figures around what there is, none of them negative.

    Left to itself, a plot of one point goes from 1 below it to 1 above, which neither of the two can be.
    """
    last = max((step for step, _ in checks), default=0) or FEWEST_STEPS
    low, high = (end((value for _, value in checks), default=0.0) for end in (min, max))
    if low == high:
        low, high = max(0.0, low - AROUND), high + AROUND
    air = 0.06 * (high - low)  # room for the mark at an end
    return [-0.03 * last, 1.03 * last], [low - air, high + air]


def best(checks: Sequence[Check]) -> Check:
    """Return the best check, the first of equal ones."""
    return max(checks, key=lambda check: (check[1], -check[0]))


def alternative(checks: Sequence[Check], metric: str = "NDCG@20") -> str:
    """Return the curve in words."""
    if not checks:
        return "No checks yet."
    step, value = best(checks)
    return (
        f"{metric} on held-back interactions: {wording.plain(checks[0][1], 3)} at step {checks[0][0]:,}, "
        f"best {wording.plain(value, 3)} at step {step:,} of {checks[-1][0]:,}."
    )

"""The curve: how good the network was on held-back interactions while it learned."""

from collections.abc import Sequence

import plotly.graph_objects as go

from finrec_core.explain import wording
from finrec_core.views import frame, label
from finrec_core.views.theme import Theme

Check = tuple[int, float]  # steps taken, figure on the held-back interactions


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
    figure = go.Figure()
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
    axis = {"tickfont": {"color": theme.muted, "size": size - 1}, "nticks": 6, "gridcolor": theme.faint}
    title = {"font": {"color": theme.muted, "size": size - 1}}
    figure.update_xaxes(**axis, showgrid=False, title=title | {"text": "Steps"})
    figure.update_yaxes(**axis, tickformat=".2f", title=title | {"text": label.in_figure(metric)})
    return figure


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

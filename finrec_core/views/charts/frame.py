"""The frame of every figure: transparent, still, in the font of the screen, names down its left side."""

from collections.abc import Sequence
from typing import Any

from finrec_core.views.charts import label
from finrec_core.views.charts.draft import Draft
from finrec_core.views.charts.theme import FONT, Theme

CONFIG = {"displayModeBar": False}  # what st.plotly_chart gets as config
ONE_LINE, TWO_LINES = 2.46, 3.2  # height of a row in text sizes


def frame(figure: Draft, theme: Theme, *, height: float, size: int, top: int = 4) -> None:
    """Give a figure its height, margins, font and colours."""
    figure.update_layout(
        height=round(height),
        margin={"l": 0, "r": 8, "t": top, "b": 4, "pad": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": size, "color": theme.text},
        hoverlabel={
            "bgcolor": theme.background,
            "bordercolor": theme.muted,
            "font": {"family": FONT, "size": size, "color": theme.text},
            "align": "left",
        },
        showlegend=False,
        barmode="overlay",
    )
    figure.update_xaxes(fixedrange=True, zeroline=False, automargin=True)
    figure.update_yaxes(fixedrange=True, zeroline=False, automargin=True)


def frame_rows(
    figure: Draft,
    theme: Theme,
    names: Sequence[Sequence[str]],
    *,
    size: int,
    strong: Sequence[int] = (),
    row: float = 0.0,
    air: int = 12,
    least: int = 0,
) -> None:
    """Frame rows 0, 1, ... from the top down; a name is its lines, and those in `strong` are bold.

    A row is at least `row` pixels high, and higher where a name takes two lines; `air` comes on top,
    and `least` rows have their room even where there are fewer.
    """
    row = max(row, size * (TWO_LINES if any(len(name) > 1 for name in names) else ONE_LINE))
    frame(figure, theme, height=row * max(least, len(names)) + air, size=size)
    texts = ["<br>".join(label.in_figure(line) for line in name) for name in names]
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(texts))),
        ticktext=[f"<b>{text}</b>" if k in strong else text for k, text in enumerate(texts)],
        range=[max(1, len(texts)) - 0.4, -0.6],
        showgrid=False,
    )


def add_row(figure: Draft, row: int, length: float, told: str, **more: Any) -> None:  # noqa: ANN401 - of plotly
    """Draw the bar of a row; `told` is what hovering tells, `more` its marker and where it begins."""
    told = label.in_figure(told)
    figure.add_bar(
        orientation="h", x=[length], y=[row], width=0.56, hovertext=[told], hoverinfo="text", **more
    )


def show_zero(figure: Draft, theme: Theme, values: Sequence[float], *, rows: int, room: float) -> None:
    """Let the bars of `rows` rows begin at a line, with `room` for numbers as a share of the whole span."""
    low, high = min(0.0, *values), max(0.0, *values)
    span = (high - low) or 1.0
    figure.update_xaxes(visible=False, range=[low - 0.01 * span if low else 0.0, high + room * span])
    line = {"color": theme.faint, "width": 1}
    figure.add_shape(type="line", x0=0, x1=0, y0=-0.5, y1=rows - 0.5, line=line)


def write_value(
    figure: Draft, x: float, y: float, text: str, *, ink: str, size: int, strong: bool = False
) -> None:
    """Write a value to the right of a place in the figure."""
    figure.add_annotation(
        x=x,
        y=y,
        text=f"<b>{text}</b>" if strong else text,
        font={"color": ink, "size": size},
        xanchor="left",
        xshift=5,
        showarrow=False,
    )


def axis(theme: Theme, size: int, title: str = "", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - of plotly
    """Return how an axis with numbers looks, with what else it is asked for."""
    font = {"color": theme.muted, "size": size - 1}
    named = {"title": {"text": label.in_figure(title), "font": font}} if title else {}
    return {"tickfont": font, "nticks": 8, "gridcolor": theme.faint, **named, **more}


def show_legend(figure: Draft, theme: Theme, **more: Any) -> None:  # noqa: ANN401 - of plotly
    """Name the colours of a figure above it, in a line."""
    legend = {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": {"color": theme.text}}
    figure.update_layout(showlegend=True, legend=legend | more)

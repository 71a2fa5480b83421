"""The frame of every figure: transparent, still, in the font of the screen, names down its left side."""

from collections.abc import Sequence

import plotly.graph_objects as go

from finrec_core.views.charts import label
from finrec_core.views.charts.theme import FONT, Theme

CONFIG = {"displayModeBar": False}  # what st.plotly_chart gets as config
ONE_LINE, TWO_LINES = 2.46, 3.2  # height of a row in text sizes


def frame(figure: go.Figure, theme: Theme, *, height: float, size: int, top: int = 4) -> go.Figure:
    """Give a figure its height, margins, font and colours; returns the same figure."""
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
    return figure


def name_rows(figure: go.Figure, names: Sequence[Sequence[str]], *, strong: Sequence[int] = ()) -> go.Figure:
    """Name rows 0, 1, ... from the top down; a name is its lines, and those in `strong` are bold."""
    texts = ["<br>".join(label.in_figure(line) for line in name) for name in names]
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(texts))),
        ticktext=[f"<b>{text}</b>" if k in strong else text for k, text in enumerate(texts)],
        range=[max(1, len(texts)) - 0.4, -0.6],
        showgrid=False,
    )
    return figure


def row_height(names: Sequence[Sequence[str]], size: int) -> float:
    """Return the height of each row in pixels: more where a name takes two lines."""
    return size * (TWO_LINES if any(len(name) > 1 for name in names) else ONE_LINE)


def write_value(
    figure: go.Figure, x: float, y: float, text: str, *, ink: str, size: int, strong: bool = False
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

"""The counts: how often each reason stands in an import's report, as grey bars that carry no sign."""

from collections.abc import Sequence

import plotly.graph_objects as go

from finrec_core.terms import wording
from finrec_core.views.charts import frame, label
from finrec_core.views.charts.draft import Draft
from finrec_core.views.charts.theme import Theme

MOST = 8  # bars; the rest is one bar of its own


def counts(reasons: Sequence[tuple[str, int]], theme: Theme, *, size: int = 13, room: int = 40) -> go.Figure:
    """Return one bar for each reason, most frequent first, all on one scale that begins at 0."""
    rows = folded(reasons)
    top = max((count for _, count in rows), default=0) or 1
    names = [label.lines(reason, room) for reason, _ in rows]
    figure = Draft()
    figure.add_bar(
        orientation="h",
        x=[count for _, count in rows],
        y=list(range(len(rows))),
        width=0.5,
        marker={"color": theme.grey, "line": {"width": 0}},
        hovertext=[label.in_figure(f"{reason}: {wording.plain(count)}") for reason, count in rows],
        hoverinfo="text",
    )
    for k, (_, count) in enumerate(rows):
        frame.write_value(figure, count, k, wording.plain(count), ink=theme.text, size=size)
    frame.frame_rows(figure, theme, names, size=size, least=1)
    figure.update_xaxes(visible=False, range=[0, (1.05 + 0.028 * len(wording.plain(top))) * top])
    return figure.figure()


def folded(reasons: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the reasons most frequent first, those beyond `MOST` as one row that names how many."""
    ordered = sorted(reasons, key=lambda row: -row[1])
    if len(ordered) <= MOST:
        return ordered
    rest = ordered[MOST - 1 :]
    return [*ordered[: MOST - 1], (f"{len(rest)} other reasons", sum(count for _, count in rest))]


def alternative(reasons: Sequence[tuple[str, int]]) -> str:
    """Return the counts in words."""
    if not reasons:
        return "Nothing to count."
    return f"{'; '.join(f'{reason} {wording.plain(count)}' for reason, count in folded(reasons))}."

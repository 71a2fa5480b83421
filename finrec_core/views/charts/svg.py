"""The bars of a score as one piece of SVG, for a page that opens without scripts and prints."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from finrec_core.terms import wording
from finrec_core.views.charts import label
from finrec_core.views.charts.theme import LIGHT

WIDTH, NAMES, VALUES = 440, 184, 44  # units of the drawing: whole, beside the bars, behind them
ROW, BAR, SIZE = 22, 12, 12  # height of a row and of its bar, size of the text
SPAN, SPAN_HIGH, SPAN_EDGE = 150, 12, 5  # units of the drawing in a cell
ROOM = 25  # characters of a name, which stands on one line
COLOURS = {"start": LIGHT.grey, "total": LIGHT.text}


@dataclass(frozen=True)
class Step:
    """One row of the drawing: its name, its whole points, and whether it starts, adds or ends the sum."""

    title: str
    points: int
    kind: Literal["start", "part", "total"] = "part"

    @property
    def value(self) -> str:
        """The points as they are written: with a sign where they are added."""
        return wording.signed(self.points) if self.kind == "part" else wording.plain(self.points)


def bars(steps: Sequence[Step], about: str) -> str:
    """Return the drawing of a running sum, named `about`, its rows also said in words inside it.

    The first step starts the sum and the last one is its total; raises `ValueError` where the steps
    between do not lead from one to the other.
    """
    if sum(step.points for step in steps[:-1]) != steps[-1].points:
        raise ValueError("the bars do not add up to their total.")
    spans, at = [], 0
    for step in steps:
        begin = at if step.kind == "part" else 0
        at = begin + step.points
        spans.append((begin, at))
    low = min(0, *(min(span) for span in spans))
    unit = (WIDTH - NAMES - VALUES) / ((max(0, *(max(span) for span in spans)) - low) or 1)
    rows = [
        _row(k, step, NAMES + (min(span) - low) * unit, NAMES + (max(span) - low) * unit)
        for k, (step, span) in enumerate(zip(steps, spans, strict=True))
    ]
    joints = [
        f'<path d="M{NAMES + (span[1] - low) * unit:.1f} {k * ROW + (ROW + BAR) / 2:g}v{ROW - BAR}" '
        f'stroke="{LIGHT.muted}" stroke-dasharray="2 2"/>'
        for k, span in enumerate(spans[:-1])
    ]
    zero, high = NAMES - low * unit, len(steps) * ROW
    words = ", ".join(f"{step.title} {step.value}" for step in steps)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {high}" '
        f'font-size="{SIZE}"><title>{html.escape(about)}</title><desc>{html.escape(words)}.</desc>'
        f'<path d="M{zero:.1f} 0v{high}" stroke="{LIGHT.faint}"/>{"".join(joints)}{"".join(rows)}</svg>'
    )


def span(value: float, ends: Sequence[float], scale: tuple[float, float], *, strong: bool = False) -> str:
    """Return a small drawing of a mean on its interval, for a table that says it in words as well."""
    unit = (SPAN - 2 * SPAN_EDGE) / ((scale[1] - scale[0]) or 1.0)
    left, right, at = (SPAN_EDGE + (end - scale[0]) * unit for end in (*ends, value))
    colour = LIGHT.accent if strong else LIGHT.grey
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" aria-hidden="true" viewBox="0 0 {SPAN} {SPAN_HIGH}">'
        f'<path d="M{left:.1f} {SPAN_HIGH / 2:g}H{right:.1f}" stroke="{colour}" stroke-width="1.5"/>'
        f'<circle cx="{at:.1f}" cy="{SPAN_HIGH / 2:g}" r="3.5" fill="{colour}"/></svg>'
    )


def _row(k: int, step: Step, left: float, right: float) -> str:
    """Return one row: name, bar and number; `left` and `right` are where the bar begins and ends."""
    middle, strong = k * ROW + ROW / 2, ' font-weight="600"' if step.kind == "total" else ""
    colour, ink = COLOURS.get(step.kind, LIGHT.grey), LIGHT.text
    if step.kind == "part" and step.points:
        colour, ink = LIGHT.signed(step.points)
    name = html.escape(label.cut(step.title.strip(label.ISOLATE + label.ISOLATED), ROOM))
    text = f'y="{middle + 0.35 * SIZE:g}"{strong}'
    bar = f'y="{middle - BAR / 2:g}" width="{right - left:.1f}" height="{BAR}" fill="{colour}"'
    return (
        f'<text x="{NAMES - 8}" {text} text-anchor="end" fill="{LIGHT.text}">{name}</text>'
        f'<rect x="{left:.1f}" {bar}/><text x="{right + 5:.1f}" {text} fill="{ink}">{step.value}</text>'
    )

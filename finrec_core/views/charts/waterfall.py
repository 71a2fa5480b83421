"""The waterfall: a running sum as one piece of SVG in the colours of the screen, replaced whole by a click.

A figure of plotly is drawn a moment after the words beside it have changed, and costs fifty times as much.
"""

import html
from collections.abc import Sequence

from finrec_core.explain.points import Shown, ShownContribution
from finrec_core.narrative.labels import Labels
from finrec_core.views.charts import bars, label
from finrec_core.views.charts.bars import SCORE, Bar, Titles
from finrec_core.views.charts.theme import Theme

WIDTH, NAMES, VALUES = 540, 190, 46  # units of the drawing: whole, beside the bars, behind them
ROW, HIGH, THICK = 22, 30, 13  # a row whose name takes one line, one of two, and a bar
SIZE, LINE = 13, 14  # of the text, and from one line to the next
ROOM = 27  # characters of a name on one line


def waterfall(
    view: Shown,
    labels: Labels,
    theme: Theme,
    *,
    left_out: Sequence[ShownContribution] = (),
    titles: Titles = SCORE,
) -> str:
    """Return the bars of one lens, or of a difference, as an element of HTML; `bars.bars` says what of.

    The text inside says the sum in words, and each row its whole name where the pointer rests.
    """
    rows = bars.rows(view, labels, theme, left_out, titles)
    names = [label.lines(name, ROOM) for name in label.apart([row.name for row in rows], 2 * ROOM)]
    ends = [0.0, *(end for row in rows for end in (row.low, row.high))]
    low, unit = min(ends), (WIDTH - NAMES - VALUES) / ((max(ends) - min(ends)) or 1)
    top, drawn = 0, []
    for k, (row, name) in enumerate(zip(rows, names, strict=True)):
        high = HIGH if len(name) > 1 else ROW
        left, right = (NAMES + (end - low) * unit for end in sorted((row.low, row.high)))
        drawn.append(_row(row, name, (top, high), (left, right), theme))
        if k < len(rows) - 1:
            joint = f"M{NAMES + (row.sum - low) * unit:.1f} {top + (high + THICK) / 2:g}v{high - THICK}"
            drawn.append(f'<path d="{joint}" stroke="{theme.muted}" stroke-dasharray="2 2"/>')
        top += high
    zero = f'<path d="M{NAMES - low * unit:.1f} 0v{top}" stroke="{theme.faint}"/>'
    about = html.escape(bars.alternative(view, labels, left_out=left_out, titles=titles))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{about}" '
        f'viewBox="0 0 {WIDTH} {top}" width="100%" style="max-width:640px;display:block" '
        f'font-family="inherit" font-size="{SIZE}">{zero}{"".join(drawn)}</svg>'
    )


def _row(
    row: Bar, name: Sequence[str], place: tuple[int, int], ends: tuple[float, float], theme: Theme
) -> str:
    """Return one row: its name on one or two lines, its bar and its number.

    `place` is how far down it begins and how high it is, `ends` are those of its bar.
    """
    (top, high), (left, right) = place, ends
    middle, strong = top + high / 2, ' font-weight="600"' if row.kind == "total" else ""
    first = middle + 0.35 * SIZE - LINE * (len(name) - 1) / 2
    title = "".join(
        f'<text x="{NAMES - 8}" y="{first + k * LINE:.1f}" text-anchor="end" fill="{theme.text}"{strong}>'
        f"{html.escape(line)}</text>"
        for k, line in enumerate(name)
    )
    edge = f' stroke="{theme.muted}" stroke-dasharray="3 2"' if row.kind == "off" else ""
    opacity = ' opacity="0.55"' if row.kind == "rest" else ""
    return (
        f"<g><title>{html.escape(row.full or f'{row.name}: {row.value}')}</title>{title}"
        f'<rect x="{left:.1f}" y="{middle - THICK / 2:g}" width="{max(right - left, 0.5):.1f}" '
        f'height="{THICK}" fill="{row.colour}"{edge}{opacity}/>'
        f'<text x="{right + 5:.1f}" y="{middle + 0.35 * SIZE:.1f}" fill="{row.ink}"{strong}>'
        f"{html.escape(row.value)}</text></g>"
    )

"""The still: a picture at rest as one piece of SVG, for a page that changes with every click.

It shows what pyvis draws in its frame, from the same layout, and loads nothing.
"""

import html

from finrec_core.views.charts.theme import Theme
from finrec_core.views.recommendation.layout import LINE, MARGIN, SIZE, Layout, looks, title
from finrec_core.views.recommendation.paths import PERSON, Node

WIDEST = 1.05  # times the size at which the text is as high as that of the page


def still(layout: Layout, theme: Theme, text: str) -> str:
    """Return the picture as an element of HTML, named by `text`, whose names are text wherever they stand."""
    x = {key: at[0] + MARGIN for key, at in layout.where.at.items()}
    middle = layout.height / 2
    y = {key: at[1] + middle for key, at in layout.where.at.items()}
    lines = []
    for link, width in layout.links():
        left, right = x[link.start] + layout.wide[link.start] / 2, x[link.end] - layout.wide[link.end] / 2
        colour = {0: theme.grey, 1: theme.for_, -1: theme.against}[link.sign]
        dashes = ' stroke-dasharray="6 4"' if link.sign < 0 else ""
        lines.append(
            f"<g><title>{html.escape(layout.says(link))}</title>"
            f'<path d="M{left:.1f} {y[link.start]:.1f}L{right:.1f} {y[link.end]:.1f}" stroke="{colour}" '
            f'stroke-width="{width:.2f}"{dashes}/></g>'
        )
    boxes = [_box(node, layout, theme, x[node.key], y[node.key]) for node in layout.drawn.nodes]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{html.escape(text)}" '
        f'viewBox="0 0 {layout.width} {layout.height}" width="100%" '
        f'style="max-width:{round(WIDEST * layout.width)}px;display:block;margin:auto" '
        f'font-family="inherit" font-size="{SIZE}">{"".join(lines)}{"".join(boxes)}</svg>'
    )


def _box(node: Node, layout: Layout, theme: Theme, x: float, y: float) -> str:
    """Return one box with its lines of text, centred at `x` and `y`."""
    fill, ink, border = looks(node, theme)
    wide, high, texts = layout.wide[node.key], layout.high(node), layout.texts[node.key]
    first = y + 0.35 * SIZE - LINE * (len(texts) - 1) / 2
    words = "".join(
        f'<text x="{x:.1f}" y="{first + k * LINE:.1f}" text-anchor="middle" fill="{ink}">'
        f"{html.escape(line)}</text>"
        for k, line in enumerate(texts)
    )
    return (
        f"<g><title>{html.escape(title(node))}</title>"
        f'<rect x="{x - wide / 2:.1f}" y="{y - high / 2:.1f}" width="{wide}" height="{high}" '
        f'rx="{14 if node.shape == PERSON else 3}" fill="{fill}" stroke="{border}" '
        f'stroke-width="{1.5 if node.sign else 1}"/>{words}</g>'
    )

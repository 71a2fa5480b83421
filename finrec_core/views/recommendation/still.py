"""The still: a picture at rest as one piece of HTML, for a page that changes with every click.

It shows what pyvis draws in its frame, from the same layout, and loads nothing. Streamlit takes every
element of SVG out of a page, so boxes and lines are elements of a size that follows the width of the page.
"""

import html
import math

from finrec_core.views.charts import label
from finrec_core.views.charts.theme import Theme
from finrec_core.views.recommendation.layout import LINE, MARGIN, SIZE, Layout, looks, title
from finrec_core.views.recommendation.paths import PERSON, Link, Node

WIDEST = 1.05  # times the size at which the text is as high as that of the page


def still(layout: Layout, theme: Theme, text: str) -> str:
    """Return the picture as an element of HTML, named by `text`, whose names are text wherever they stand."""
    middle = layout.height / 2
    at = {key: (x + MARGIN, y + middle) for key, (x, y) in layout.where.at.items()}
    lines = [_line(link, width, layout, at, theme) for link, width in layout.links()]
    boxes = [_box(node, layout, at[node.key], theme) for node in layout.drawn.nodes]
    return (
        f'<div role="img" aria-label="{label.in_attribute(text)}" '
        f'style="container-type:inline-size;margin:auto;max-width:{round(WIDEST * layout.width)}px">'
        f'<div style="--u:calc(100cqw / {layout.width});'
        f"position:relative;height:{_units(layout.height)};font-size:{_units(SIZE)};"
        f'line-height:{_units(LINE)}">{"".join(lines)}{"".join(boxes)}</div></div>'
    )


def _units(value: float) -> str:
    """Return a length of the layout in pixels as one that follows the width of the page."""
    return f"calc({value:.1f} * var(--u))"


def _line(link: Link, width: float, layout: Layout, at: dict[str, tuple[float, float]], theme: Theme) -> str:
    """Return one line, straight from the right side of its first box to the left side of its second."""
    (x0, y0), (x1, y1) = at[link.start], at[link.end]
    across, down = x1 - layout.wide[link.end] / 2 - x0 - layout.wide[link.start] / 2, y1 - y0
    colour = {0: theme.grey, 1: theme.for_, -1: theme.against}[link.sign]
    return (
        f'<div title="{label.in_attribute(layout.says(link))}" style="position:absolute;'
        f"left:{_units(x0 + layout.wide[link.start] / 2)};top:{_units(y0 - width / 2)};"
        f"width:{_units(math.hypot(across, down))};transform-origin:0 50%;"
        f"transform:rotate({math.degrees(math.atan2(down, across)):.2f}deg);"
        f'border-top:{width:.1f}px {"dashed" if link.sign < 0 else "solid"} {colour}"></div>'
    )


def _box(node: Node, layout: Layout, at: tuple[float, float], theme: Theme) -> str:
    """Return one box with its lines of text around its middle."""
    fill, ink, border = looks(node, theme)
    wide, high = layout.wide[node.key], layout.high(node)
    words = "<br/>".join(map(html.escape, layout.texts[node.key]))
    return (
        f'<div title="{label.in_attribute(title(node))}" style="position:absolute;box-sizing:border-box;'
        f"left:{_units(at[0] - wide / 2)};top:{_units(at[1] - high / 2)};width:{_units(wide)};"
        f"height:{_units(high)};display:flex;align-items:center;justify-content:center;text-align:center;"
        f"white-space:nowrap;background:{fill};color:{ink};border:{1.5 if node.sign else 1}px solid {border};"
        f'border-radius:{14 if node.shape == PERSON else 3}px"><span>{words}</span></div>'
    )

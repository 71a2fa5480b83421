"""The picture: a client, what links it to a product, and the product, drawn by pyvis in its own frame."""

import base64
import html
import json
import re
from dataclasses import dataclass
from functools import cache

import pandas as pd
from jinja2 import Environment, FileSystemLoader
from pyvis.network import Network

from finrec_core.explain.explanation import Explanation
from finrec_core.explain.points import Shown
from finrec_core.narrative.former import around, badge
from finrec_core.narrative.labels import Labels
from finrec_core.terms import wording
from finrec_core.terms.names import LensName
from finrec_core.views.charts.theme import FONT, FONT_NAME, Theme, font_face
from finrec_core.views.recommendation import drawing
from finrec_core.views.recommendation.layout import SIZE, Layout, layout, looks, title
from finrec_core.views.recommendation.paths import PERSON, UNLISTED, Node, Paths, Subgraph, paths
from finrec_core.views.recommendation.still import still

FACE = f"{FONT_NAME}, system-ui, sans-serif"  # vis-network takes quotation marks away
# Nothing but what the document holds may run or load, whatever a name in it says.
POLICY = (
    f"default-src 'none'; script-src {' '.join(map(drawing.hashed, drawing.SCRIPTS))}; "
    "style-src 'unsafe-inline'; font-src data:; img-src data:"
)
_REMOTE = re.compile(r"<link\b[^>]*https?:[^>]*>|<script\b[^>]*src=[^>]*>\s*</script>|<!--.*?-->", re.DOTALL)
_SCRIPT = re.compile(r"<script\b[^>]*>.*?</script>", re.DOTALL)
_HEADING = re.compile(r"<center>\s*<h1>\s*(?:None)?\s*</h1>\s*</center>")
OPTIONS = {
    "physics": {"enabled": False},
    "interaction": {
        "dragNodes": False,
        "dragView": False,
        "zoomView": False,
        "selectable": False,
        "hover": True,
        "tooltipDelay": 150,
    },
    "edges": {"smooth": False, "selectionWidth": 0, "hoverWidth": 0},
    "nodes": {"chosen": False, "margin": {"top": 6, "bottom": 6, "left": 9, "right": 9}},
}


@dataclass(frozen=True, repr=False)
class Picture:
    """A picture with what stands beside it, drawn when it is asked for, at rest or to be explored.

    `table` holds every line of the picture, `text` says them.
    """

    layout: Layout
    theme: Theme
    table: pd.DataFrame
    text: str

    @property
    def url(self) -> str:
        """The picture as a `data:` address, whose frame cannot reach the page."""
        page = document(self.layout, self.theme, self.text)
        return f"data:text/html;charset=utf-8;base64,{base64.b64encode(page.encode()).decode('ascii')}"

    @property
    def html(self) -> str:
        """The picture at rest, as an element of the page that is a hundredth as large."""
        return still(self.layout, self.theme, self.text)

    @property
    def height(self) -> int:
        """Its height in pixels at full width."""
        return self.layout.height

    @property
    def crossings(self) -> int:
        """How many lines could not be kept apart."""
        return self.layout.where.crossings

    def __repr__(self) -> str:
        return f"Picture({len(self.table)} lines, {self.height} pixels high)"


def picture(
    explanation: Explanation,
    view: Shown,
    labels: Labels,
    lens: LensName,
    theme: Theme,
    *,
    subgraph: Subgraph,
    more: bool = False,
) -> Picture:
    """Return the picture of one lens, with up to 4 and 3 boxes between client and product, or 7 and 6.

    Solid lines raise the rank, dashed ones lower it, thin grey ones only tell who has what. Names are
    text wherever they stand, and the document loads nothing.
    """
    drawn = paths(explanation, view, labels, lens, subgraph=subgraph, more=more)
    return Picture(layout(drawn), theme, table(drawn), describe(drawn))


def table(drawn: Paths) -> pd.DataFrame:
    """Return every line of the picture as a row: From, Line, To, Points; and that the client had it."""
    rows = [(drawn.name(link.start), link.says, drawn.name(link.end), link.points) for link in drawn.links]
    client, product = drawn.nodes[0], drawn.nodes[-1]
    if product.former:
        rows.append((client.name, wording.inside(badge(product.former)), product.name, ""))
    return pd.DataFrame(rows, columns=["From", "Line", "To", "Points"], dtype=str)


def describe(drawn: Paths) -> str:
    """Return the picture in words."""
    client, product = drawn.nodes[0].name, drawn.nodes[-1].name
    between = [f"{node.name} ({node.points})" for node in drawn.nodes[1:-1] if node.points]
    before, behind = around(client, drawn.nodes[-1].former)
    had = f"{before}{product}{behind}" if drawn.nodes[-1].former else ""
    if not between:
        return f"{had}Nothing of its own links {client} and {product}."
    said = f"{had}{client} and {product} are linked by {wording.joined(between)}."
    shared = [
        f"{drawn.name(link.end)} {link.says.removesuffix(' it too')} {drawn.name(link.start)} too"
        for link in drawn.links
        if link.says.endswith(" it too")
    ]
    shared += [
        f"{drawn.name(link.end)} has products in common that are not listed"
        for link in drawn.links
        if link.start == UNLISTED
    ]
    return f"{said} {'; '.join(shared)}." if shared else said


def document(layout: Layout, theme: Theme, text: str) -> str:
    """Return the picture as one HTML document that pyvis draws."""
    where, drawn = layout.where, layout.drawn
    net = Network(
        height=f"{layout.height}px", width="100%", bgcolor=theme.background, cdn_resources="in_line"
    )
    net.set_options(json.dumps(OPTIONS))
    net.templateEnv = _templates(net.template_dir)
    for node in drawn.nodes:
        (x, y), wide = where.at[node.key], layout.wide[node.key]
        net.add_node(
            node.key,
            label="\n".join(layout.texts[node.key]),
            title=_inert(title(node)),
            shape="box",
            x=round(x - where.width / 2, 1),
            y=round(y, 1),
            widthConstraint={"minimum": wide - 18},  # the margins come on top
            **_paint(node, theme),
        )
        for side, shift in (("left", -wide / 2 + 2), ("right", wide / 2 - 2)):
            place = {"x": round(x - where.width / 2 + shift, 1), "y": round(y, 1)}
            net.add_node(f"{node.key} {side}", label=" ", shape="dot", size=0.1, opacity=0, **place)
    for link, width in layout.links():
        colour = {0: theme.grey, 1: theme.for_, -1: theme.against}[link.sign]
        net.add_edge(
            f"{link.start} right",
            f"{link.end} left",
            color={"color": colour, "hover": colour, "highlight": colour, "inherit": False},
            width=round(width, 2),
            dashes=[6, 4] if link.sign < 0 else False,
            title=_inert(layout.says(link)),
        )
    return _page(net, theme, layout, text)


@cache
def _templates(folder: str) -> Environment:
    """Return pyvis' templates, read and compiled once; escaping is on, which pyvis leaves off."""
    return Environment(loader=FileSystemLoader(folder), autoescape=True)


def _page(net: Network, theme: Theme, layout: Layout, text: str) -> str:
    """Return pyvis' document with nothing that it loads, and with the font, the colours and the fit."""
    page = _HEADING.sub("", _REMOTE.sub("", net.generate_html()))
    # pyvis writes the data into the script that draws it; here scripts are the same for every picture.
    page = _SCRIPT.sub("", page)
    if re.search(r"<(?:script|img|iframe|link)\b", page):
        raise ValueError("the picture would load or run what a name says.")
    style = f"""{font_face()}
        html, body {{ margin: 0; background: {theme.background}; overflow: hidden; }}
        #mynetwork {{ border: none !important; float: none !important; outline: none; }}
        div.vis-tooltip {{ font: {SIZE}px {FONT}; color: {theme.text}; background: {theme.background};
            border: 1px solid {theme.muted}; border-radius: 4px; padding: 4px 8px; box-shadow: none;
            white-space: normal; max-width: 320px; }}"""
    head = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><style>{style}</style></head>'
    drawn = {
        "nodes": net.nodes,
        "edges": net.edges,
        "options": OPTIONS,
        "width": layout.width,
        "height": layout.height,
        "font": f"{SIZE}px '{FONT_NAME}'",
    }
    scripts = "".join(f"<script>{script}</script>" for script in drawing.SCRIPTS)
    data = f'<script type="application/json" id="{drawing.DATA}">{drawing.data(drawn)}</script>'
    image = f'<div id="mynetwork" class="card-body" role="img" aria-label="{html.escape(text)}"></div>'
    for old, new in (
        ("</head>", head),
        ('<div id="mynetwork" class="card-body"></div>', image),
        ("<html>", '<!DOCTYPE html><html lang="en">'),
        ("</body>", f"{data}{scripts}</body>"),
    ):
        page = page.replace(old, new, 1)
    return page


def _paint(node: Node, theme: Theme) -> dict[str, object]:
    """Return the looks of a box in the words of vis-network."""
    fill, ink, border = looks(node, theme)
    same = {"background": fill, "border": border}
    return {
        "color": {**same, "hover": same, "highlight": same},
        "font": {"color": ink, "size": SIZE, "face": FACE},
        "borderWidth": 1.5 if node.sign else 1,
        "shapeProperties": {"borderRadius": 14 if node.shape == PERSON else 3},
    }


def _inert(text: str) -> str:
    """Return a text that pyvis leaves a text: with these four letters in it, it would become HTML."""
    return re.sub(r"(?i)h(?=ref)", lambda found: f"{found[0]}\u2060", text)

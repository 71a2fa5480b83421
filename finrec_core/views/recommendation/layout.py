"""The layout of a picture: the boxes with their lines of text, where each stands, and every line's looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from finrec_core.narrative.former import badge
from finrec_core.terms import wording
from finrec_core.views.charts import label
from finrec_core.views.charts.theme import Theme
from finrec_core.views.recommendation.paths import Link, Node, Paths
from finrec_core.views.recommendation.places import Box, Places, places

SIZE = 13  # of the text, in pixels
LINE = 16  # from one line of text to the next
ROOMS = (14, 20, 20, 16)  # characters on a line of a box, by column
MARGIN = 14
LEFT_TO_RIGHT = "\u200e"  # keeps the sign of a number on its left after a name in another direction
THICK = 4.0  # of the line with the most points, in pixels
NARROW, WIDE = set("iIjl.,'|!:;t fr()[]1"), set("mwMWQO@%")


@dataclass(frozen=True)
class Layout:
    """What is drawn: the lines of text in each box by its key, how wide it is, and where its middle stands.

    Places count from the left and from the middle of the height, in pixels.
    """

    drawn: Paths
    texts: Mapping[str, Sequence[str]]
    wide: Mapping[str, int]
    where: Places

    @property
    def width(self) -> int:
        """How wide the whole is, in pixels."""
        return round(self.where.width + 2 * MARGIN)

    @property
    def height(self) -> int:
        """How high the whole is, in pixels."""
        return round(self.where.height + 2 * MARGIN)

    def high(self, node: Node) -> int:
        """Return the height of a box."""
        return LINE * len(self.texts[node.key]) + 14

    def links(self) -> list[tuple[Link, float]]:
        """Return every line with its width, thin ones first: thicker means more points."""
        heaviest = max((link.weight for link in self.drawn.links), default=0.0) or 1.0
        return [
            (link, 1.2 + (THICK - 1.2) * link.weight / heaviest if link.sign else 1.0)
            for link in sorted(self.drawn.links, key=lambda link: link.weight)
        ]

    def says(self, link: Link) -> str:
        """Return what a line says where the pointer rests on it."""
        names = self.drawn.name(link.start), self.drawn.name(link.end)
        return f"{' – '.join(names)}: {link.says} {link.points}".rstrip()


def layout(drawn: Paths) -> Layout:
    """Return where each box of a picture stands; those of a column are equally wide.

    So no line to one of them cuts the corner of another.
    """
    names = label.apart([node.name for node in drawn.nodes], 2 * ROOMS[1])
    texts = {
        node.key: [*_lines(name, node.column, node.points), *filter(None, [badge(node.former)])]
        for node, name in zip(drawn.nodes, names, strict=True)
    }
    widths = {node.key: max(_width(line) for line in texts[node.key]) for node in drawn.nodes}
    wide = {
        node.key: 18 + round(max(widths[other.key] for other in drawn.nodes if other.column == node.column))
        for node in drawn.nodes
    }
    boxes = [
        Box(node.key, node.column, wide[node.key], LINE * len(texts[node.key]) + 14) for node in drawn.nodes
    ]
    return Layout(drawn, texts, wide, places(boxes, [(link.start, link.end) for link in drawn.links]))


def looks(node: Node, theme: Theme) -> tuple[str, str, str]:
    """Return fill, ink and border of a box: the ends are filled, what carries a sign has its colour."""
    if node.column == 0:
        return theme.accent, theme.on_accent, theme.accent
    if node.column == 3:
        return theme.text, theme.background, theme.text
    return theme.background, theme.text, {0: theme.grey, 1: theme.for_, -1: theme.against}[node.sign]


def title(node: Node) -> str:
    """Return what a box says where the pointer rests on it."""
    if node.former:
        return f"{node.name}: {wording.inside(badge(node.former))}"
    return f"{node.name}: {node.points} points" if node.points else node.name


def _lines(name: str, column: int, points: str) -> list[str]:
    """Return the text of a box, its points after the name: at the ends three lines at most, else two."""
    room = ROOMS[column]
    found = label.lines(name, room, 3 if column in (0, 3) else 2)
    if not points:
        return found
    points = f"{LEFT_TO_RIGHT}{points}"
    if label.width(found[-1]) + label.width(points) < room + 5:
        return [*found[:-1], f"{found[-1]} {points}"]
    return [*found, points]


def _width(text: str) -> float:
    """Return about how wide a text is in pixels."""
    return sum(
        SIZE
        if label.width(sign) > 1
        else 3.6
        if sign in NARROW
        else 9.6
        if sign in WIDE
        else 7.2
        if sign.isupper()
        else 6.4
        for sign in text
    )

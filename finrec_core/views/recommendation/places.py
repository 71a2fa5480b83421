"""The places of a picture: boxes in columns, ordered so that lines cross as little as they can."""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

GAP = 62  # between two columns
ROW = 48  # from one box to the next in a column, at least
SPACE = 18  # between two boxes of a column
CLEAR = 8  # between a line and a box that it passes
MOST_ORDERS = 150  # orders tried one by one; beyond, neighbours are swapped while that helps


@dataclass(frozen=True)
class Box:
    """One box: its column from 0, and its width and height in pixels."""

    key: str
    column: int
    width: float
    height: float


@dataclass(frozen=True)
class Places:
    """The middle of every box by its key, and the size of the whole."""

    at: Mapping[str, tuple[float, float]]
    width: float
    height: float
    crossings: int


def places(boxes: Sequence[Box], links: Sequence[tuple[str, str]]) -> Places:
    """Return where each box stands; boxes of a column are given strongest first.

    A link runs straight from the right side of its first box to the left side of its second. Of all
    orders the one is taken whose links cross least and run through fewest boxes, and among those the
    one nearest to the order given. A link that skips a column is to pass above or below its boxes.
    """
    columns: list[list[Box]] = [[] for _ in range(1 + max(box.column for box in boxes))]
    for box in boxes:
        columns[box.column].append(box)
    x: dict[str, float] = {}
    edge = 0.0
    for column in columns:
        wide = max((box.width for box in column), default=0.0)
        x |= {box.key: edge + wide / 2 for box in column}
        edge += wide + GAP if column else 0.0
    drawing = _Drawing({box.key: box for box in boxes}, tuple(links), x)
    best = _best(columns, drawing)
    y = drawing.heights(best)
    top = min(y[box.key] - box.height / 2 for box in boxes)
    bottom = max(y[box.key] + box.height / 2 for box in boxes)
    at = {box.key: (x[box.key], y[box.key] - (top + bottom) / 2) for box in boxes}
    return Places(at, edge - GAP, bottom - top, drawing.crossings(best))


Columns = Sequence[Sequence[Box]]
Line = tuple[float, float, float, float]  # from x, y to x, y


@dataclass(frozen=True)
class _Drawing:
    """What does not depend on the order: the boxes by key, the links, and where each box is across."""

    boxes: Mapping[str, Box]
    links: tuple[tuple[str, str], ...]
    x: Mapping[str, float]

    def heights(self, columns: Columns) -> dict[str, float]:
        """Return the height of the middle of each box.

        Every column is centred; then one that links skip is moved as a whole until they pass beside it.
        """
        y: dict[str, float] = {}
        for column in columns:
            tall = [max(ROW, box.height + SPACE) for box in column]
            at = -sum(tall) / 2
            for box, room in zip(column, tall, strict=True):
                y[box.key] = at + room / 2
                at += room
        for k, column in enumerate(columns):
            passing = [self.span(self.line(*link, y), column) for link in self.links if self.skips(link, k)]
            if not passing or not column:
                continue
            top = y[column[0].key] - column[0].height / 2 - CLEAR
            bottom = y[column[-1].key] + column[-1].height / 2 + CLEAR
            moves = [0.0, *(low - bottom for low, _ in passing), *(high - top for _, high in passing)]
            free = (
                move
                for move in moves
                if all(bottom + move <= low + 1e-6 or top + move >= high - 1e-6 for low, high in passing)
            )
            move = min(free, key=abs)
            y |= {box.key: y[box.key] + move for box in column}
        return y

    def skips(self, link: tuple[str, str], column: int) -> bool:
        """Return whether a link passes a column without ending there."""
        return self.boxes[link[0]].column < column < self.boxes[link[1]].column

    def line(self, start: str, end: str, y: Mapping[str, float]) -> Line:
        """Return the line of a link, from side to side."""
        right = self.x[start] + self.boxes[start].width / 2
        return right, y[start], self.x[end] - self.boxes[end].width / 2, y[end]

    def span(self, line: Line, column: Sequence[Box]) -> tuple[float, float]:
        """Return between which heights a line passes the boxes of a column."""
        x0, y0, x1, y1 = line
        half = max((box.width for box in column), default=0.0) / 2
        middle = self.x[column[0].key] if column else x0
        ends = [y0 + (at - x0) / (x1 - x0) * (y1 - y0) for at in (middle - half, middle + half)]
        return min(ends), max(ends)

    def crossings(self, columns: Columns) -> int:
        """Return how often two links cross, and how often one runs through a box."""
        y = self.heights(columns)
        lines = [self.line(*link, y) for link in self.links]
        count = sum(_cross(one, two) for one, two in itertools.combinations(lines, 2))
        for k, column in enumerate(columns):
            for link, line in zip(self.links, lines, strict=True):
                if self.skips(link, k):
                    low, high = self.span(line, column)
                    count += sum(
                        abs((low + high) / 2 - y[b.key]) < (high - low + b.height) / 2 for b in column
                    )
        return count


def _best(given: list[list[Box]], drawing: _Drawing) -> Columns:
    """Return the columns in the order that crosses least, then moved least from the order given."""

    def cost(columns: Columns) -> tuple[int, int]:
        places = zip(columns, given, strict=True)
        moved = sum(abs(k - order.index(box)) for column, order in places for k, box in enumerate(column))
        return drawing.crossings(columns), moved

    if math.prod(math.factorial(len(column)) for column in given) <= MOST_ORDERS:
        orders: Iterable[Columns] = itertools.product(*(itertools.permutations(column) for column in given))
        return min(orders, key=cost)
    best, least, better = given, cost(given), True
    while better:
        better = False
        for k, column in enumerate(best):
            for a, b in itertools.combinations(range(len(column)), 2):
                other = [list(each) for each in best]
                other[k].insert(b, other[k].pop(a))
                if cost(other) < least:
                    best, least, better = other, cost(other), True
    return best


def _cross(one: Line, two: Line) -> bool:
    """Return whether two lines cross between their ends; lines that share an end do not."""
    if one[:2] == two[:2] or one[2:] == two[2:]:
        return False

    def side(line: Line, x: float, y: float) -> float:
        return (line[2] - line[0]) * (y - line[1]) - (line[3] - line[1]) * (x - line[0])

    apart = side(one, *two[:2]) * side(one, *two[2:]) < 0
    return apart and side(two, *one[:2]) * side(two, *one[2:]) < 0

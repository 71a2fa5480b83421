"""The heading of a delimited file: where its header stands, what stands around it, how its rows fit it."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from finrec_core.intake.asides import ABOVE, RULE, SECOND, Aside, is_rule, mark_of, same_names
from finrec_core.intake.names import KNOWN_NAMES, plain
from finrec_core.intake.quotation import rows_of

DEEPEST = 60  # rows that may stand above a header
LOOKED_AT = 20  # rows that a header must be cut like
MOSTLY = 0.8  # share of them
MARKED = re.compile(r"(\s*\"?)(?:#|//|--)\s*")
UNITS = re.compile(
    r"[\[(<{].*[\])>}]|%|€|\$|£|-|n/a|(?:var)?char2?(?:\(\d+\))?|n?varchar.*|text|string|str|object|category"
    r"|int(?:eger)?(?:8|16|32|64)?|bigint|long|float(?:32|64)?|double|number|numeric|decimal(?:\(.*\))?|real"
    r"|date|time|datetime(?:64.*)?|timestamp.*|bool(?:ean)?|uuid|factor|logical|token(?:_seq)?|float_seq"
    r"|eur|usd|chf|gbp|jpy|inr|units?|shares?|pcs\.?|stk\.?|stück|stueck|pieces?|nominal|days?|years?|jahre?"
    r"|[dmy]{1,4}[./-][dmy]{1,4}[./-][dmy]{1,4}(?: hh:mm(?::ss)?)?|primary key|not null"
    r"|key|required|optional",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Row:
    """One row as a delimiter cuts it: the physical lines on which it begins and ends, and its cells."""

    line: int
    last: int
    cells: Sequence[str]


@dataclass(frozen=True)
class Heading:
    """The header of a file as one delimiter shows it.

    `cells` are its names as they are written, `line` where they begin, `first` the line of the first
    row; `lead` cells that the header lacks stand before each row's (row names, or an empty one), `tail`
    empty ones behind; `asides` are the lines around the header that are none of the table. `alike` is the
    share of rows cut like the header.
    """

    delimiter: str
    cells: Sequence[str]
    line: int
    first: int
    alike: float
    lead: int = 0
    tail: int = 0
    numbered: bool = False
    asides: tuple[Aside, ...] = ()

    @property
    def known(self) -> int:
        """How many of its cells are names that are known."""
        return known(self.cells)


def known(cells: Sequence[str]) -> int:
    """Return how many different known names of columns stand in a row."""
    return len({plain(cell) for cell in cells} & KNOWN_NAMES)


def cut(lines: Sequence[str], start: int, delimiter: str, *, quoted: bool, escape: str) -> list[Row]:
    """Return the rows that a delimiter makes of lines, of which the first is the file's line `start`."""
    reader = rows_of((line[:10_000] for line in lines), delimiter, quoted=quoted, escape=escape)
    rows, line = [], start
    try:
        for cells in reader:
            last = start + reader.line_num - 1
            if any(cell.strip() for cell in cells):
                rows.append(Row(line, last, cells))
            line = last + 1
    except csv.Error:  # told with its line when all is read
        pass
    end = start + len(lines) - 1
    if rows and rows[-1].line < rows[-1].last == end:
        open_lines = lines[rows[-1].line - start :]
        if sum(text.count('"') for text in open_lines) % 2:  # never closed: each line is a row by itself
            begun = rows.pop().line
            for number, text in enumerate(open_lines, start=begun):
                rows += cut([text], number, delimiter, quoted=quoted, escape=escape)
    return rows


def heading(
    lines: Sequence[str], start: int, delimiter: str, *, quoted: bool, escape: str = "", search: bool = True
) -> Heading | None:
    """Return the heading that a delimiter shows in the first lines of a file; None where all are asides.

    Where not `search`, the first row is the header whatever follows, or there is none.
    """
    rows = cut(lines, start, delimiter, quoted=quoted, escape=escape)
    texts = {row.line: lines[row.line - start] for row in rows}
    marks = {row.line: mark_of(texts[row.line]) for row in rows}
    plain_rows = [row for row in rows if marks[row.line] is None]
    if not search:
        plain_rows = rows
    marked = None
    if search:
        marked = _marked(rows, plain_rows, texts, delimiter, quoted=quoted, escape=escape)
    if marked is not None:
        plain_rows = [marked, *(row for row in plain_rows if row.line > marked.line)]
    if not plain_rows:
        return None
    place = 0 if marked is not None or not search else _place(plain_rows)
    if place and _stacked(plain_rows[place - 1].cells, plain_rows[place].cells):
        place -= 1
    row = plain_rows[place]
    following = plain_rows[place + 1 :]
    asides = [
        Aside(line, texts[line].strip(), marks[line] or ABOVE) for line in texts if line < row.line and search
    ]
    cells = list(row.cells)
    first = row.last + 1
    if search and following and _stacked(cells, following[0].cells):
        cells = [
            f"{one.strip()} {other.strip()}".strip()
            for one, other in zip(cells, following[0].cells, strict=True)
        ]
        first = following.pop(0).last + 1
    while (under := next((one for one in rows if one.line >= first), None)) is not None:
        reason = _under(under.cells, cells) or (RULE if is_rule(texts[under.line]) else None)
        if reason is None:
            break
        asides.append(Aside(under.line, texts[under.line].strip(), reason))
        first = under.last + 1
    following = [one for one in following if one.line >= first][:LOOKED_AT]
    found = Heading(delimiter, cells, row.line, first, 1.0, asides=tuple(asides))
    return _fitted(found, [one.cells for one in following], [texts[one.line] for one in following])


def _marked(
    rows: Sequence[Row],
    others: Sequence[Row],
    texts: dict[int, str],
    delimiter: str,
    *,
    quoted: bool,
    escape: str,
) -> Row | None:
    """Return the header where it stands behind the mark of a comment, as in `#client_id,product_id`."""
    best = max((known(row.cells) for row in others[:DEEPEST]), default=0)
    for row in rows[:DEEPEST]:
        text = texts[row.line]
        if (mark := MARKED.match(text)) is None:
            continue
        bare = cut([mark[1] + text[mark.end() :]], row.line, delimiter, quoted=quoted, escape=escape)
        if bare and known(bare[0].cells) >= 2 > best:
            return replace(bare[0], last=row.last)
    return None


def _place(rows: Sequence[Row]) -> int:
    """Return which row is the header: the one with the most known names, else where an alike cut begins."""
    first = known(rows[0].cells)
    best, most = 0, first
    for place, row in enumerate(rows[:DEEPEST]):
        names = known(row.cells)
        filled = sum(bool(cell.strip()) for cell in row.cells)
        if names > most and names >= 2 and 2 * names >= filled and not _numbers(row.cells):
            best, most = place, names
    if best or first >= 2:
        return best
    for place, row in enumerate(rows[:DEEPEST]):
        widths = [len(other.cells) for other in rows[place + 1 : place + 1 + LOOKED_AT]]
        if not widths:
            break
        usual, often = Counter(widths).most_common(1)[0]
        wide = len(rows[0].cells)
        if usual < 2 or often < MOSTLY * len(widths):
            continue
        if place == 0 and abs(usual - wide) <= 1 and wide > 1:
            return 0  # row names, or a delimiter at the end
        if len(row.cells) == usual and (place == 0 or len(widths) > 2):
            return place
    return 0


def _numbers(cells: Sequence[str]) -> bool:
    return any(cell.strip().replace(".", "", 1).isdigit() for cell in cells)


def _stacked(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether two lines hold the header together, as `Client,Trade` over `ID,Date`."""
    if len(upper) != len(lower) or _numbers(lower):
        return False
    both = known([f"{one} {other}" for one, other in zip(upper, lower, strict=True)])
    return both >= 2 and both > known(upper) and both > known(lower)


def _under(cells: Sequence[str], header: Sequence[str]) -> str | None:
    """Return what a row right below the header is where it is no row of data, else None."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return None
    if is_rule("".join(filled)) and len(filled) == sum(not cell.strip(" -=_:|+") for cell in filled):
        return RULE
    if same_names(cells, header):
        return None  # told as the header again, as anywhere else
    if len(cells) == len(header) and all(UNITS.fullmatch(cell) for cell in filled):
        return SECOND
    names = known(cells)
    if names >= 2 and 2 * names >= len(filled) and not _numbers(cells) and len(cells) == len(header):
        return SECOND
    return None


def _fitted(found: Heading, rows: Sequence[Sequence[str]], texts: Sequence[str]) -> Heading:
    """Return a heading with what its rows have more or fewer than it."""
    if not rows:
        return found
    cells = list(found.cells)
    widths = Counter(len(row) for row in rows if len(row) > 1 or len(cells) == 1)
    usual, often = widths.most_common(1)[0] if widths else (len(rows[0]), 0)
    alike = [row for row in rows if len(row) == usual]
    while len(cells) > usual > 1 and not cells[-1].strip():
        cells.pop()
    while len(cells) > usual > 1 and not cells[0].strip():
        cells.pop(0)
    more = usual - len(cells)
    lead = tail = 0
    numbered = False
    if more > 0 and often >= MOSTLY * len(rows) and len(cells) > 1:
        if all(not any(cell.strip() for cell in row[-more:]) for row in alike):
            tail = more
        elif more <= 2 and all(not row[0].strip() and (more == 1 or not row[-1].strip()) for row in alike):
            lead, tail = 1, more - 1
        elif more == 1 and _row_names(alike, texts):
            lead, numbered = 1, True
    width = lead + len(cells) + tail
    share = sum(len(row) == width for row in rows) / len(rows)
    return replace(found, cells=cells, alike=share, lead=lead, tail=tail, numbered=numbered)


def _row_names(rows: Sequence[Sequence[str]], texts: Sequence[str]) -> bool:
    """Whether the cell that rows have before the header's names each row: a number, or a name of its own.

    A decimal comma that cuts the last cell in two makes rows longer as well; there, no count begins.
    """
    names = [row[0].strip() for row in rows]
    if len(set(names)) < len(names) or not all(names):
        return False
    if all(name.isdecimal() for name in names):
        numbers = [int(name) for name in names]
        counts = all(after - before == 1 for before, after in pairwise(numbers))
        if counts and numbers[0] in (0, 1):
            return True
        rising = sorted(numbers) == numbers
    else:
        rising = True
    split = all(row[-1].strip().isdigit() and row[-2].strip().lstrip("+-").isdigit() for row in rows)
    quoted = all(text.lstrip().startswith('"') for text in texts)
    return not split and (quoted or (rising and len(rows) > 1))  # R keeps the names of rows that it sorts

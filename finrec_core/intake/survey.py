"""The survey of a workbook before it is read: whether it is whole, how far it reaches, what it cannot say."""

import copy
import re
import struct
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO
from xml.parsers import expat  # what is hostile stays in it: nothing of it is used but whether it is XML
from xml.sax.saxutils import unescape

from finrec_core.intake import textfile
from finrec_core.intake.error import IntakeError

MOST_CELLS = 40_000_000  # of a sheet, empty ones included; the library holds all of them
BLOCK = 1 << 22  # bytes
PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
FAULT = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]+\d+)["'][^>]*?\bt=["']e["'][^>]*>(?:(?!</(?:\w+:)?c>).)*?"""
    rb"""<(?:\w+:)?v>([^<]*)</""",
    re.DOTALL,
)
UNKNOWN = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]+\d+)["'][^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"""
    rb"""\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
TAG = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^>]*)>")
NAMED = re.compile(rb"""<(?:\w+:)?sheet\s([^>]*)>""")
RELATED = re.compile(rb"""<(?:\w+:)?Relationship\s([^>]*)>""")
ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError),
    RuntimeError,  # as zipfile raises it for a password, and for a way of packing that it does not know
    *(expat.ExpatError, LookupError),  # no XML, and XML in an encoding that nobody knows
)


@dataclass(frozen=True)
class Marks:
    """What the cells of one sheet hold that reading does not tell: errors, and formulas without a value.

    `errors` and `formulas` count them; `error` and `formula` say which is the first.
    """

    errors: int = 0
    error: str = ""
    formulas: int = 0
    formula: str = ""


def survey(stream: BinaryIO, size: int, name: str) -> dict[str, Marks]:
    """Return the marks of each sheet of a zipped workbook of `size` bytes, by its name.

    All of it is unpacked once, piece by piece, and nothing kept; the library would read what is no XML
    without an end. Raises `IntakeError` where the archive is damaged, unpacks to too much, or one of its
    sheets reaches over more than `MOST_CELLS` cells. An OpenDocument marks nothing.
    """
    limit = textfile.unpacked_limit(size)
    try:
        with zipfile.ZipFile(stream) as archive:
            total, found = 0, {}
            for member in archive.infolist():
                blocks = _blocks(archive, member, limit - total)
                reader: _Pieces | None = None
                if PurePosixPath(member.filename).parent.name == "worksheets":
                    reader = _Cells(name)
                elif member.filename == "content.xml":
                    reader = _Document(name)
                is_xml = PurePosixPath(member.filename).suffix in (".xml", ".rels")
                grammar = expat.ParserCreate() if is_xml else None
                for block in blocks:
                    total += len(block)
                    if total > limit:
                        raise textfile.too_big(name, limit)
                    if grammar is not None:
                        grammar.Parse(block)
                    if reader is not None:
                        reader.read(block)
                if grammar is not None:
                    grammar.Parse(b"", True)
                if isinstance(reader, _Cells):
                    found[member.filename] = reader.marks()
            return _by_sheet(archive, found)
    except IntakeError:  # a ValueError too
        raise
    except DAMAGED as error:
        raise IntakeError(f"the workbook is damaged ({error}); save it anew.", file=name) from error


def _blocks(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
    """Yield what a member unpacks to, whatever it tells of its size, until it is more than `most` bytes."""
    honest = copy.copy(member)
    honest.file_size = most + 2 * BLOCK  # at which the sum would be said to be wrong
    with archive.open(honest) as opened:
        while block := opened.read(BLOCK):
            yield block


class _Pieces(ABC):
    """Blocks cut where a cell ends, so that no cell is looked at in halves."""

    end = b">"

    def __init__(self, name: str) -> None:
        self.name = name
        self._rest = b""

    def read(self, block: bytes) -> None:
        """Look at one block more."""
        whole, mark, self._rest = (self._rest + block).rpartition(self.end)
        self.look(whole + mark)
        if len(self._rest) > 2 * BLOCK:
            self.look(self._rest)
            self._rest = b""

    @abstractmethod
    def look(self, piece: bytes) -> None:
        """Look at whole cells."""

    def check(self, rows: int, columns: int) -> None:
        """Raise `IntakeError` where the sheet reaches too far."""
        if rows * columns > MOST_CELLS:
            reason = (
                f"a sheet reaches over {rows:,} rows and {columns:,} columns, over {MOST_CELLS:,} cells; "
                "delete what stands far away from the table, or export the table as CSV."
            )
            raise IntakeError(reason, file=self.name)


class _Cells(_Pieces):
    """The cells of one sheet of an Excel workbook."""

    end = b"</row>"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._rows = 0
        self._columns: set[bytes] = set()
        self._counts = [0, 0]
        self._first = ["", ""]

    def look(self, piece: bytes) -> None:
        """Note the places of cells, and those with an error or a formula without a value."""
        places = PLACE.findall(piece)
        self._columns.update({column for column, _ in places})
        self._rows = max(self._rows, max((int(row) for row in {row for _, row in places}), default=0))
        self.check(self._rows, max(map(_column, self._columns), default=0))
        if b't="e"' in piece or b"t='e'" in piece:
            errors = FAULT.findall(piece)
            self._count(0, len(errors), errors and f"{errors[0][1].decode()} in {errors[0][0].decode()}")
        if b"<f" in piece or b":f" in piece:
            unknown = UNKNOWN.findall(piece)
            self._count(1, len(unknown), unknown and unknown[0].decode())

    def _count(self, kind: int, count: int, first: object) -> None:
        if count:
            self._counts[kind] += count
            self._first[kind] = self._first[kind] or str(first)

    def marks(self) -> Marks:
        """Return what was noted."""
        return Marks(self._counts[0], self._first[0], self._counts[1], self._first[1])


class _Document(_Pieces):
    """The sheets of an OpenDocument, whose rows and cells tell how often they are repeated."""

    end = b"</table:table-row>"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._row = self._rows = self._columns = self._column = self._times = 0

    def look(self, piece: bytes) -> None:
        """Follow rows and cells; only those that hold something count."""
        for found in TAG.finditer(piece):
            kind, told = found.groups()
            if kind == b"table":
                self._row = self._rows = self._columns = self._column = self._times = 0
            elif kind == b"table-row":
                self._row, self._column = self._row + self._times, 0
                self._times = _times(told, b"number-rows-repeated")
            else:
                self._column += _times(told, b"number-columns-repeated")
                if b"value" in told or b"formula" in told:
                    self._columns = max(self._columns, self._column)
                    self._rows = self._row + self._times
                    self.check(self._rows, self._columns)


def _times(told: bytes, attribute: bytes) -> int:
    found = re.search(attribute + rb"""\s*=\s*["'](\d{1,9})["']""", told)
    return int(found[1]) if found else 1


def _column(letters: bytes) -> int:
    """Return the number of a column, that of A being 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _by_sheet(archive: zipfile.ZipFile, found: dict[str, Marks]) -> dict[str, Marks]:
    """Return the marks by the sheet's name in place of its file's, as the workbook relates them."""

    def told(member: str, tags: "re.Pattern[bytes]") -> Iterator[dict[bytes, str]]:
        for tag in tags.findall(archive.read(member)) if member in archive.namelist() else ():
            yield {
                key.rpartition(b":")[2]: _unescaped(one or other)
                for key, one, other in ATTRIBUTE.findall(tag)
            }

    related = told("xl/_rels/workbook.xml.rels", RELATED)
    targets = {one.get(b"Id", ""): one.get(b"Target", "") for one in related}
    names = {}
    for one in told("xl/workbook.xml", NAMED):
        target = targets.get(one.get(b"id", ""), "").lstrip("/")
        names[one.get(b"name", "")] = found.get(target) or found.get(f"xl/{target}") or Marks()
    return names


def _unescaped(text: bytes) -> str:
    return unescape(text.decode("utf-8", "replace"), {"&quot;": '"', "&apos;": "'"})

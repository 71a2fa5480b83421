"""Stretches of a delimited file: many physical lines at once, cut by Arrow where each is a plain row."""

import codecs
import io
from collections.abc import Iterator
from typing import cast

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from finrec_core.intake.form import Form
from finrec_core.intake.quotation import UNIT

BLOCK = 1 << 20  # bytes read at once
LARGEST = 1 << 25  # bytes of a stretch; what is longer is read line by line
NEW_LINE = ord("\n")


class Lines:
    """The physical lines of a text, one by one or a stretch of them at once, each handed out once.

    `text` is one that `TextFile.open` gives, from its start; its bytes are taken from underneath it, which
    has checked that they are UTF-8. The ends of lines stay as they are.
    """

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._stream = cast(io.BufferedReader, text.buffer)
        self._bytes = self._stream.read(len(codecs.BOM_UTF8)).removeprefix(codecs.BOM_UTF8)
        self._texts: Iterator[str] = iter(())  # lines before those bytes, decoded already

    def singly(self) -> Iterator[str]:
        """Yield the lines that are left one by one; no line is lost where the caller stops."""
        while True:
            yield from self._texts
            whole = self._whole_lines()
            if not whole:
                return
            self._texts = iter(list(io.StringIO(whole.decode(), newline="")))

    def stretch(self, count: int, odd: bytes) -> bytes | None:
        """Return the next `count` lines; None, and no line is handed out, where that is not to be had.

        So it is where fewer lines are left, more than `LARGEST` bytes would be needed, or a byte of `odd`
        stands in what has to be read for them.
        """
        self.put_back("".join(self._texts).encode())
        parts, size, found, new = [self._bytes], len(self._bytes), self._bytes.count(b"\n"), self._bytes
        while not any(sign in new for sign in odd):
            if found >= count:
                whole = b"".join(parts)
                ends = np.flatnonzero(np.frombuffer(whole, np.uint8) == NEW_LINE)
                end = int(ends[count - 1]) + 1
                self._bytes = whole[end:]
                return whole[:end]
            new = self._stream.read1(BLOCK) if size < LARGEST else b""
            if not new:
                break
            parts.append(new)
            size += len(new)
            found += new.count(b"\n")
        self._bytes = b"".join(parts)
        return None

    def put_back(self, stretch: bytes) -> None:
        """Take back whole lines that were handed out last."""
        if stretch:
            self._bytes = stretch + self._bytes

    def _whole_lines(self) -> bytes:
        """Return about a block of whole lines, all that is left at the end, b"" behind it."""
        while (end := _line_end(self._bytes[:BLOCK]) or _line_end(self._bytes)) == 0:
            block = self._stream.read1(BLOCK)
            if not block:
                end = len(self._bytes)
                break
            self._bytes += block
        found, self._bytes = self._bytes[:end], self._bytes[end:]
        return found


def _line_end(block: bytes) -> int:
    """Return where the last whole line of a block ends, 0 where none does.

    A return that is its last byte may be half an end.
    """
    return max(block.rfind(b"\n"), block.rfind(b"\r", 0, -1)) + 1


def odd_signs(form: Form) -> bytes | None:
    """Return the bytes that make a line of such a file no plain one, None where no line is plain.

    Plain are lines that one sign cuts into cells, and nothing else counts.
    """
    if form.delimiter in (UNIT, " ") or form.tail:
        return None
    return (b'"' if form.quoted else b"") + form.escape.encode()


def plain_cells(stretch: bytes, count: int, form: Form) -> list[pa.Array] | None:
    """Return the cells of `count` plain lines by column, each line a row; None where one of them is none.

    That is a blank line, one with a lone return, and one with another number of cells than the form's.
    """
    if stretch.startswith(codecs.BOM_UTF8):  # Arrow would leave it out, wherever in the file it stands
        return None
    if b"\r" in stretch and stretch.count(b"\r") != stretch.count(b"\r\n"):
        return None
    names = [str(place) for place in range(form.width)]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(stretch),
            arrow_csv.ReadOptions(use_threads=False, block_size=len(stretch) + 1, column_names=names),
            arrow_csv.ParseOptions(
                delimiter=form.delimiter,
                quote_char=False,
                double_quote=False,
                escape_char=False,
                newlines_in_values=False,
                ignore_empty_lines=True,  # so that a blank one shows in the number of rows
            ),
            arrow_csv.ConvertOptions(
                check_utf8=False,
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != count:
        return None
    return [column.combine_chunks() for column in table.columns]

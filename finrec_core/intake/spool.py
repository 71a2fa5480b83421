"""The spool: a table of another kind written down as text once, to be read from its start any time."""

import csv
import io
import json
import os
import re
import tempfile
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from finrec_core.intake import textfile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

DELIMITER = "\t"  # beside which a decimal comma in a text is read as one
MARK = "\ufeff"  # else an escape in a text is taken for another encoding's
BATCH = 5_000  # rows written at once
IN_MEMORY = 1 << 23  # bytes; what is longer goes to a file without a name
EXACT = 1e15  # from here on a spreadsheet's number has lost digits, which its exponent shows
INFINITE = float("inf")
TRAILING = re.compile(r"\.?0+E")
LINE_END = re.compile(r"\r\n|\r|\n")
ERRORS = frozenset(
    {
        *("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"),
        *("#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!"),  # Excel in English
        *("#NV", "#BEZUG!", "#WERT!", "#ZAHL!", "#NOMBRE!", "#VALEUR!", "#NOM?", "#NOMBRE?"),  # and others
        *("Err:502", "Err:504", "Err:508", "Err:509", "Err:511", "Err:522", "Err:523"),  # LibreOffice
    }
)
ERROR, DURATION, ZERO, BINARY = "error", "duration", "zero character", "binary"
SAID = {
    ERROR: ("cell holds an error", "cells hold an error", "read as empty"),
    DURATION: ("cell holds a duration", "cells hold a duration", "read as empty: no column takes one"),
    ZERO: ("text holds a zero character", "texts hold a zero character", "which is left out"),
    BINARY: ("cell holds bytes that are no text", "cells hold bytes that are no text", "read as empty"),
}


class _Window(io.RawIOBase):
    """A file read from its start by itself, wherever others read it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file  # kept, so that it stays open
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        count = os.preadv(self._file.fileno(), [buffer], self._at)
        self._at += count
        return count


@dataclass(eq=False)
class Spool:
    """A table as text, separated by `DELIMITER`, its header on line `first`, a row on each line after.

    `name` is that of the table in sentences, `limit` how many bytes may be written before `IntakeError`
    says that it is too much. `breaks` are the lines that go on the row of the line before, since a text of
    it holds a line's end; `lost` counts what could not be written, by kind, and `witness` is one of each.
    """

    name: str
    limit: int = textfile.UNPACKED_LIMIT
    size: int = 0
    rows: int = 0
    breaks: "array[int]" = field(default_factory=lambda: array("q"))
    lost: Counter[str] = field(default_factory=Counter)
    witness: dict[str, str] = field(default_factory=dict)
    _file: BinaryIO = field(default_factory=lambda: cast(BinaryIO, io.BytesIO()), repr=False)

    def __post_init__(self) -> None:
        self._file.write(MARK.encode())

    def open(self) -> BinaryIO:
        """Return the bytes from their start."""
        if isinstance(self._file, io.BytesIO):
            return io.BytesIO(self._file.getvalue())
        return cast(BinaryIO, _Window(self._file))

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write rows of cells as Python has them, an empty row as a blank line."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=DELIMITER, lineterminator="\r\n")  # quotes returns too
        for row in rows:
            self.rows += 1
            texts = [self._text(cell) for cell in row]
            if not any(texts):
                texts = []
            elif any("\n" in text or "\r" in text for text in texts):
                self._note_breaks(sum(len(LINE_END.findall(text)) for text in texts))
            writer.writerow(texts)
            if self.rows % BATCH == 0:
                self._put(out.getvalue().encode("utf-8", "replace"))
                out.seek(0)
                out.truncate()
        self._put(out.getvalue().encode("utf-8", "replace"))

    def write_texts(self, table: pa.Table) -> None:
        """Write the rows of a table of texts, null for no value."""
        ends = [pc.count_substring_regex(pc.fill_null(cells, ""), r"\r\n|\r|\n") for cells in table.columns]
        extra = np.asarray([np.asarray(count) for count in ends], np.int64).sum(axis=0)  # (rows,)
        if extra.any():
            last = self.rows + len(self.breaks) + np.arange(1, len(extra) + 1) + np.cumsum(extra)
            ago = np.concatenate([np.arange(count, 0, -1) for count in extra[extra > 0]]) - 1
            self.breaks.extend((np.repeat(last, extra) - ago).tolist())
        self.rows += table.num_rows
        out = io.BytesIO()
        arrow_csv.write_csv(table, out, arrow_csv.WriteOptions(include_header=False, delimiter=DELIMITER))
        self._put(out.getvalue())

    def note(self, kind: str, witness: str, count: int = 1) -> None:
        """Count something that could not be written."""
        self.lost[kind] += count
        self.witness.setdefault(kind, witness)

    def notices(self) -> list[str]:
        """Return a sentence for each kind of thing that could not be written."""
        found = []
        for kind, count in sorted(self.lost.items()):
            one, many, so = SAID[kind]
            what = f"1 {one}" if count == 1 else f"{count:,} {many}"
            found.append(f"{self.name}: {what}, {self.witness[kind]}, {so}.")
        return found

    def _note_breaks(self, count: int) -> None:
        line = self.rows + len(self.breaks)
        self.breaks.extend(range(line + 1, line + count + 1))

    def _put(self, block: bytes) -> None:
        self.size += len(block)
        if self.size > self.limit:
            raise textfile.too_big(self.name, self.limit)
        zeros = block.count(b"\0")
        if zeros:
            self.note(ZERO, f"one of them before row {self.rows + 1}", zeros)
            block = block.replace(b"\0", b"")
        if isinstance(self._file, io.BytesIO) and self.size > IN_MEMORY:
            longer = cast(BinaryIO, tempfile.TemporaryFile(buffering=0))  # noqa: SIM115 - open as long as this
            longer.write(self._file.getvalue())
            self._file = longer
        self._file.write(block)

    def _text(self, cell: Any) -> str:  # noqa: ANN401 - whatever a table holds
        kind = type(cell)
        if kind is str:
            if cell in ERRORS:
                self.note(ERROR, f'the first is "{cell}" in row {self.rows}')
                return ""
            return cell
        if kind is timedelta:
            self.note(DURATION, f"the first in row {self.rows}")
            return ""
        if kind in (bytes, memoryview):
            try:
                return bytes(cell).decode()
            except UnicodeDecodeError:
                self.note(BINARY, f"the first in row {self.rows}")
                return ""
        return TEXTS.get(kind, str)(cell)


def number_text(cell: float) -> str:
    """Return a float as a text: without a point where it is whole, with an exponent where it lost digits."""
    if cell != cell:  # noqa: PLR0124 - NaN
        return ""
    if cell.is_integer() and abs(cell) < EXACT:
        return str(int(cell))
    return TRAILING.sub("E", f"{cell:.16E}") if EXACT <= abs(cell) < INFINITE else repr(cell)


def _moment_text(cell: datetime) -> str:
    if cell.tzinfo is not None:
        return cell.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return cell.isoformat().removesuffix("T00:00:00")


def _json_text(cell: object) -> str:
    return json.dumps(cell, ensure_ascii=False, default=str)


TEXTS: dict[type, Callable[[Any], str]] = {
    type(None): lambda cell: "",
    bool: lambda cell: "true" if cell else "false",
    float: number_text,
    datetime: _moment_text,
    date: date.isoformat,
    time: time.isoformat,
    Decimal: lambda cell: "" if cell.is_nan() else format(cell, "f"),
    **dict.fromkeys((list, dict, tuple, set), _json_text),
}

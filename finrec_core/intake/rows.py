"""The rows of one delimited file cut into columns; what is broken and what is no row stands beside them."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
import pyarrow as pa

from finrec_core.dataset.schema import TABLES
from finrec_core.intake import textfile
from finrec_core.intake.asides import (
    COMMENT,
    LAST,
    PHRASES,
    Aside,
    last_aside,
    odd_rows,
    ragged_aside,
    whole_aside,
)
from finrec_core.intake.error import IntakeError
from finrec_core.intake.form import Form
from finrec_core.intake.mapping import FileMapping
from finrec_core.intake.quotation import UNIT, rows_of
from finrec_core.intake.stretch import Lines, odd_signs, plain_cells
from finrec_core.intake.textfile import TextFile
from finrec_core.terms.progress import Progress

BATCH = 20_000  # rows held at once
MISPLACED = "Quotation mark inside a quoted text: it must be doubled"

Columns = Sequence[Sequence[str] | pa.Array]  # all cells of some rows, by column
Broken = tuple[int, str, str]  # line, value and reason of a row that cannot be taken apart


class MisquotedError(IntakeError):
    """A quotation mark stands where none may; the rest of the file cannot be told apart."""


class DelimitedRows:
    """The rows of one delimited file on their way into columns; what is no row goes to `asides`.

    Cells go into one flat list: a list a row, kept, would keep the garbage collector busy half of
    the time.
    """

    def __init__(self, file: TextFile, form: Form, mapping: FileMapping, progress: Progress) -> None:
        self.file = file
        self.form = form
        self.mapping = mapping
        self.progress = progress
        self.broken: list[Broken] = []
        self.asides: list[Aside] = []
        self.padded = 0  # rows with empty cells behind those of the header
        self._used = {name: form.lead + place for place, name in enumerate(form.names) if mapping.wants(name)}
        self._required = {column.name for column in TABLES.get(mapping.table or "", ()) if column.required}
        self._separator = "::" if form.delimiter == UNIT else form.delimiter
        self._cells: list[str] = []
        self._lines: list[int] = []
        self._last = form.first - 1  # line of the last whole row of the batches before
        self._blank = 0  # the last blank line
        self._ended = False
        self._ragged: list[tuple[int, int, list[str], bool]] = []  # first and last line, cells, after a blank

    def batches(self) -> Iterator[tuple[np.ndarray, dict[str, pa.Array]]]:
        """Yield the rows as columns, with their lines, int64 (rows,).

        A batch of lines that are all plain is cut at once; any other is read row by row.
        """
        csv.field_size_limit(textfile.LINE_LIMIT)
        form, odd = self.form, odd_signs(self.form)
        with self.file.open(self.progress) as text:
            source = Lines(text)
            for _ in islice(source.singly(), form.first - 1):
                pass
            line = form.first  # where the next row starts
            while not self._ended:
                stretch = None if odd is None else source.stretch(BATCH, odd)
                cells = None if stretch is None else plain_cells(stretch, BATCH, form)
                if cells is not None:
                    self._last = line + BATCH - 1
                    yield self._batch(cells, np.arange(line, line + BATCH))
                    line += BATCH
                    continue
                source.put_back(stretch or b"")
                line = self._collect(source, line)
                self._last = self._whole()
                rows = [self._cells[place :: form.width] for place in range(form.width)]
                lines = np.array(self._lines, np.int64)
                self._cells.clear()
                self._lines.clear()
                yield self._batch(rows, lines)
        self._settle()

    def _collect(self, source: Lines, line: int) -> int:
        """Collect the rows of a batch one by one, the first on `line`; return where the next one starts."""
        form, cells, lines, width = self.form, self._cells, self._lines, self.form.width
        before = line - 1
        reader = rows_of(source.singly(), form.delimiter, quoted=form.quoted, strict=True, escape=form.escape)
        while True:
            try:
                for row in reader:
                    if len(row) == width:
                        cells.extend(row)
                        lines.append(line)
                    else:
                        self._fit(row, line, reader.line_num + before)
                    line = reader.line_num + before + 1
                    if len(lines) >= BATCH:
                        return line
            except csv.Error as error:
                last = reader.line_num + before
                _check_misquoted(error, self.file.name, form, line, last)
                self.broken.append((line, "", MISPLACED))
                line = last + 1
            else:
                self._ended = True
                return line

    def _fit(self, row: list[str], line: int, last: int) -> None:
        """Take in a row of another width where its cells beyond the header's are empty; else set it aside."""
        end = self.form.lead + len(self.form.names)
        if not row:
            self._blank = line
        elif len(row) >= end and any(map(str.strip, row)) and not any(map(str.strip, row[end:])):
            self._cells.extend([*row[:end], *[""] * self.form.tail])
            self._lines.append(line)
            self.padded += len(row) > end
        else:
            self._ragged.append((line, last, row, self._blank > self._whole()))

    def _whole(self) -> int:
        """Return the line of the last whole row so far."""
        return self._lines[-1] if self._lines else self._last

    def _batch(self, cells: Columns, lines: np.ndarray) -> tuple[np.ndarray, dict[str, pa.Array]]:
        """Return rows, given by column, as lines and used columns, with those that are none set aside."""
        texts = {name: pa.array(cells[place], pa.string()) for name, place in self._used.items()}
        dropped = self._odd(cells, lines, texts) if len(lines) else {}
        for row, reason in dropped.items():
            line, text = int(lines[row]), self._separator.join(_row(cells, row))
            if reason in PHRASES:
                self.asides.append(Aside(line, text, reason))
            else:
                self.broken.append((line, text, reason))
        if dropped:
            keep = np.ones(len(lines), dtype=bool)
            keep[list(dropped)] = False
            texts = {name: column.filter(pa.array(keep)) for name, column in texts.items()}
            lines = lines[keep]
        if self.form.tail:
            self.padded += len(lines)
        return lines, texts

    def _odd(self, cells: Columns, lines: np.ndarray, texts: Mapping[str, pa.Array]) -> dict[int, str]:
        """Return the rows that are none of the table, or have more cells than its header, each with why."""
        form, width = self.form, self.form.width
        end = form.lead + len(form.names)
        found: dict[int, str] = {}
        for place in range(end, width):
            over = [row for row, cell in enumerate(cells[place]) if cell and cell.strip()]
            found |= dict.fromkeys(over, _too_many(width, end))
        ids = [name for name in texts if self.mapping.uses[name] in self._required]
        for row in odd_rows([(texts[name], name) for name in ids]):
            lacking = any(not (texts[name][row].as_py() or "").strip() for name in ids)
            reason = whole_aside(_row(cells[form.lead : end], row), form.names, lacking=lacking)
            if reason is not None:
                found[row] = reason
        comments = [row for row, reason in found.items() if reason == COMMENT]
        if 2 * len(comments) > len(lines):  # then ids begin so
            found = {row: reason for row, reason in found.items() if reason != COMMENT}
        if self._ended:
            firsts = [str(first) for first in cells[form.lead]]
            for row in range(max(0, len(firsts) - LAST), len(firsts)):
                apart = 0 < self._blank < lines[row]
                if row not in found and (reason := last_aside(firsts[row], firsts, apart=apart)) is not None:
                    found[row] = reason
        return found

    def _settle(self) -> None:
        """Tell which rows of another width are asides and which are broken."""
        width = self.form.width
        for line, last, row, apart in self._ragged:
            reason = ragged_aside(row, self.form.names, last=line > self._last, apart=apart)
            text = self._separator.join(row)
            if reason is not None:
                self.asides.append(Aside(line, text, reason))
            else:
                self.broken.append((line, text, _ragged(len(row), width, line, last)))
        self.broken.sort()


def _row(cells: Columns, row: int) -> list[str]:
    return [str(column[row]) for column in cells]


def _too_many(found: int, width: int) -> str:
    return f"Too many columns: {found} of {width}"


def _ragged(found: int, width: int, line: int, last: int) -> str:
    kind = "few" if found < width else "many"
    lines = f", runs to line {last}" if last > line else ""
    return f"Too {kind} columns: {found} of {width}{lines}"


def _check_misquoted(error: csv.Error, file: str, form: Form, line: int, last: int) -> None:
    """Raise unless the misplaced quotation mark stands in a row of one line that ends with its line."""
    message = str(error)
    if "expected after" in message and line == last and form.delimiter != "\t":
        return
    if "field larger" in message:
        reason = f"a quoted text begins here and has not ended after {textfile.LINE_LIMIT:,} characters."
    elif "end of data" in message:
        reason = "a quotation mark that is opened here is never closed."
    else:
        reason = f"a quotation mark that is opened here ends on line {last} in the midst of a text."
    raise MisquotedError(reason, file=file, line=line) from error

"""Sheets: the workbooks of spreadsheets, each of their sheets a table as it is seen; no macro is run."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import python_calamine as calamine

from finrec_core.intake.error import IntakeError
from finrec_core.intake.spool import Spool
from finrec_core.intake.survey import Marks, survey

ENDINGS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".ods")
ZIPPED, OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"  # how workbooks start
LOCKED = "EncryptedPackage".encode("utf-16-le")  # what Excel calls a workbook under its password
HEAD = 5  # rows; wider merged cells in them are titles
KINDS = {
    "ChartSheet": "it is a chart",
    "DialogSheet": "it is a dialog",
    "MacroSheet": "it is a macro, and no macro is run",
    "Vba": "it is a macro, and no macro is run",
}
Row = list[Any]
Merged = tuple[tuple[int, int], tuple[int, int]]


class Workbook:
    """A workbook that is opened: the names of its sheets, and each as a table of text.

    Raises `IntakeError` where it is damaged, under a password, or unpacks to too much.
    """

    def __init__(self, name: str, content: bytes | Path) -> None:
        self.name = name
        self._marks: dict[str, Marks] = {}
        with _opened(content, name) as stream:
            start = stream.read(8)
            stream.seek(0)
            if start.startswith(OLD) and LOCKED in stream.read():
                raise self._locked()
            if start.startswith(ZIPPED):
                self._survey(stream)
            else:
                raise IntakeError(_kind(start), file=name)
            stream.seek(0)
            whole = io.BytesIO(stream.read())
        try:
            self._book = calamine.load_workbook(whole)
        except calamine.PasswordError as error:
            raise self._locked() from error
        except (calamine.CalamineError, OSError) as error:
            raise self._damaged(error) from error
        self._about = {about.name: about for about in self._book.sheets_metadata}

    @property
    def sheets(self) -> list[str]:
        """The names of all sheets, in the order of the workbook."""
        return list(self._about)

    def tables(self, only: Sequence[str] = ()) -> tuple[list[tuple[str, Spool]], list[str]]:
        """Return each sheet that holds something, by its name, and sentences on what is read otherwise.

        Hidden sheets are left out unless they are named in `only`, or nothing else is there.
        """
        if unknown := [name for name in only if name not in self._about]:
            names = ", ".join(f'"{name}"' for name in self._about)
            raise IntakeError(f'there is no sheet "{unknown[0]}"; there are {names}.', file=self.name)
        wanted = list(only) or self.sheets
        hidden = [name for name in wanted if self._is_hidden(name) and not only]
        found, notices = self._read([name for name in wanted if name not in hidden])
        if not found and hidden:
            found, more = self._read(hidden)
            notices += [*more, *(f"{self.name}/{name} is hidden in the workbook." for name, _ in found)]
            hidden = []
        notices += [
            f"{self.name}/{name} is left out: it is hidden in the workbook; name the sheet to read it."
            for name in hidden
        ]
        if not found:
            only_charts = all(self._kind(name) in KINDS for name in wanted)
            what = "holds charts or macros alone" if only_charts else "holds no cell with anything in it"
            raise IntakeError(f"the {'sheet' if only else 'workbook'} {what}.", file=self.name)
        return found, notices

    def _read(self, names: Sequence[str]) -> tuple[list[tuple[str, Spool]], list[str]]:
        found, notices = [], []
        for name in names:
            title = f"{self.name}/{name}"
            if kind := KINDS.get(self._kind(name)):
                notices.append(f"{title} is left out: {kind}.")
                continue
            try:
                sheet = self._book.get_sheet_by_name(name)
            except (calamine.CalamineError, OSError) as error:
                raise self._damaged(error) from error
            spool = Spool(title)
            merged = sheet.merged_cell_ranges or []
            filled = _Filled(merged)
            used = _used(sheet.iter_rows())
            if not used:
                notices.append(f"{title} is left out: it holds nothing.")
                continue
            spool.write([row[place] for place in used] for row in filled.rows(sheet.iter_rows()))
            found.append((name, spool))
            notices += [*self._told(name), *spool.notices(), *filled.notices(title)]
        return found, notices

    def _told(self, name: str) -> list[str]:
        """Return sentences on errors, and on formulas that nobody has worked out."""
        marks, title = self._marks.get(name, Marks()), f"{self.name}/{name}"
        found = []
        if marks.errors:
            what = "cell holds an error" if marks.errors == 1 else "cells hold an error"
            found.append(f"{title}: {marks.errors:,} {what}, the first is {marks.error}, read as empty.")
        if marks.formulas:
            what = "formula has" if marks.formulas == 1 else "formulas have"
            found.append(
                f"{title}: {marks.formulas:,} {what} no value, the first in {marks.formula}, read as empty; "
                "open the workbook in its program and save it, so that they are worked out."
            )
        return found

    def _kind(self, name: str) -> str:
        return str(self._about[name].typ).rpartition(".")[2]

    def _is_hidden(self, name: str) -> bool:
        return self._about[name].visible != calamine.SheetVisibleEnum.Visible

    def _survey(self, stream: BinaryIO) -> None:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        self._marks = survey(stream, size, self.name)

    def _locked(self) -> IntakeError:
        reason = "the workbook is under a password; open it with the password and save it without one."
        return IntakeError(reason, file=self.name)

    def _damaged(self, error: Exception) -> IntakeError:
        why = " ".join(str(error).split())[:120]
        return IntakeError(f"the workbook is damaged or of an unknown kind ({why}).", file=self.name)


class _Filled:
    """The rows of a sheet in which a cell merged over several rows stands in each of them."""

    def __init__(self, merged: Sequence[Merged]) -> None:
        tall = [one for one in merged if one[0][1] == one[1][1] and one[1][0] > one[0][0]]
        self._starts: dict[int, list[Merged]] = {}
        for one in tall:
            self._starts.setdefault(one[0][0], []).append(one)
        self._wide = [one for one in merged if one[1][1] > one[0][1] and one[0][0] >= HEAD]
        self._cells = self._merged = 0

    def rows(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Yield the rows; one that holds nothing besides stays as it is."""
        carried: dict[int, tuple[int, Any]] = {}  # by column, until which row which value
        for number, row in enumerate(rows):
            empty = not any(cell != "" for cell in row)
            for column in [column for column, (last, _) in carried.items() if last < number]:
                del carried[column]
            for column, (_, value) in carried.items():
                if not empty and row[column] == "":
                    row[column] = value
                    self._cells += 1
            for (_, column), (last, _) in self._starts.get(number, ()):
                if column < len(row) and row[column] != "":
                    carried[column] = (last, row[column])
                    self._merged += 1
            yield row

    def notices(self, title: str) -> list[str]:
        """Return sentences on what was filled, and on what could not be."""
        found = []
        if self._cells:
            one = self._merged == 1
            what = "1 merged cell stands" if one else f"{self._merged:,} merged cells stand"
            found.append(
                f"{title}: {what} in each of {'its' if one else 'their'} rows, {self._cells:,} more."
            )
        if self._wide:
            (row, column), (last, end) = self._wide[0]
            place = f"{_letters(column)}{row + 1}:{_letters(end)}{last + 1}"
            many = len(self._wide)
            what = "1 merged cell spans" if many == 1 else f"{many:,} merged cells span"
            found.append(f"{title}: {what} several columns, as {place}; its value stands in the first alone.")
        return found


def _kind(start: bytes) -> str:
    """Return what a file is that starts so and is no workbook of today."""
    if start.startswith(OLD):  # the library may end the whole program over a damaged one
        return "this is a workbook of Excel before 2007; open it and save it as .xlsx."
    return "this is no workbook." if start else "the file is empty."


def _used(rows: Iterator[Row]) -> list[int]:
    """Return the places of the columns that hold something."""
    empty: set[int] | None = None
    width = 0
    for row in rows:
        width = len(row)
        empty = set(range(width)) if empty is None else empty
        empty -= {place for place in empty if row[place] != ""}
        if not empty:
            break
    return [place for place in range(width) if place not in (empty or ())]


def _letters(column: int) -> str:
    """Return what a spreadsheet calls a column, the first being A."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _opened(content: bytes | Path, name: str) -> BinaryIO:
    try:
        return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
    except OSError as error:
        raise IntakeError(f"the file cannot be opened ({error.strerror}).", file=name) from error

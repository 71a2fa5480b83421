"""Workbooks and databases that tests write: one as Excel does, one as LibreOffice does, a whole dataset."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import xlsxwriter

from finrec_core.dataset import TABLES, Dataset

Rows = Sequence[Sequence[Any]]
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
DAY, MOMENT = "dd.mm.yyyy", "yyyy-mm-dd hh:mm:ss.000"


def xlsx(sheets: Mapping[str, Rows], *, hidden: Sequence[str] = (), merged: Sequence[str] = ()) -> bytes:
    """Return a workbook; a cell is written in the type that it has, `merged` are areas of the first sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": DAY})
    day, moment = (book.add_format({"num_format": form}) for form in (DAY, MOMENT))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell is None:
                    continue
                if isinstance(cell, str):
                    sheet.write_string(row, column, cell)
                elif isinstance(cell, datetime | time):
                    naive = cell.replace(tzinfo=None)
                    sheet.write_datetime(row, column, naive, moment)
                elif isinstance(cell, date):
                    sheet.write_datetime(row, column, cell, day)
                else:
                    sheet.write(row, column, cell)
    for area in merged:
        sheet = book.worksheets()[0]
        first = area.partition(":")[0]
        sheet.merge_range(area, "")
        column, row = ord(first[0]) - 65, int(first[1:]) - 1
        sheet.write(row, column, next(iter(sheets.values()))[row][column])
    book.close()
    return out.getvalue()


def ods(rows: str) -> bytes:
    """Return an OpenDocument with one sheet of these rows as XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        space = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest {space}></manifest:manifest>")
        table = f'<table:table table:name="Trades">{rows}</table:table>'
        body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {SPACES}>{body}</office:document-content>',
        )
    return out.getvalue()


def ods_row(*cells: str, times: int = 1) -> str:
    """Return a row of texts, or of whole cells where they are written as XML."""
    written = [
        cell
        if cell.startswith("<")
        else f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    ]
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(written)}</table:table-row>'


def tables_of(dataset: Dataset) -> dict[str, list[list[Any]]]:
    """Return the tables of a dataset as rows of Python's values under their names."""
    found = {}
    for table, columns in TABLES.items():
        cells = getattr(dataset, table)
        names = [column.name for column in columns]
        rows = zip(*(cells[name].to_pylist() for name in names), strict=True)
        found[table] = [names, *([_naive(cell) for cell in row] for row in rows)]
    return found


def _naive(cell: Any) -> Any:
    return cell.astimezone(UTC).replace(tzinfo=None) if isinstance(cell, datetime) else cell

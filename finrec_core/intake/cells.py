"""Cells: a column that a program holds, in the type of a dataset's, or the row that does not fit."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.contract import DatasetError
from finrec_core.dataset.schema import MISFITS, TIME, Column
from finrec_core.intake.times import FIRST, LAST, AmbiguousDatesError, day_order, read_column, read_time

WHOLE = 2.0**53  # beyond it a float skips whole numbers


def cast(table: str, column: Column, cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the cells of a column in its type; a float that is no number is an empty cell.

    Times are read as in files: ISO 8601, in UTC where they name no zone, and unix seconds or milliseconds.
    Raises `DatasetError` that names the first row which does not fit.
    """
    cells = _plain(table, column, cells)
    if pa.types.is_floating(cells.type):
        cells = pc.if_else(pc.is_nan(cells), pa.scalar(None, cells.type), cells)
    if column.type == TIME:
        return _times(table, column, cells)
    if pa.types.is_date(column.type) and not _is_moment(cells.type):
        return _converted(table, column, _times(table, column, cells), column.type)
    if not pa.types.is_string(column.type) and pa.types.is_string(cells.type):
        cells = _filled(cells)  # as a file's cells are read
    if pa.types.is_boolean(column.type) and _is_number(cells.type):
        refuse(table, column, cells, pc.invert(pc.is_in(cells.cast(pa.float64()), pa.array([0.0, 1.0]))))
    if pa.types.is_string(column.type):
        cells = _named(table, column, cells)
    return _converted(table, column, cells, column.type)


def _plain(table: str, column: Column, cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return cells of a plain type: no dictionary, no second form of text, no type made of another.

    A UUID becomes its text. Bytes are refused, because they are text only in some encoding.
    """
    if pa.types.is_run_end_encoded(cells.type):
        runs = [pc.run_end_decode(chunk) for chunk in cells.chunks]
        cells = pa.chunked_array(runs, type=cells.type.value_type)
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)  # what pandas calls categories
    form = cells.type
    if isinstance(form, pa.BaseExtensionType):
        if form.extension_name == "arrow.uuid":
            return pa.chunked_array([_uuids(chunk.storage) for chunk in cells.chunks], type=pa.string())
        if form.extension_name not in ("arrow.json", "arrow.bool8"):
            kind = "time" if column.type == TIME else column.label.lower()
            raise _misfit(table, column, 0, cells, f"is no {kind}: the column is of type {form}")
        cells = pa.chunked_array([chunk.storage for chunk in cells.chunks], type=form.storage_type)
    if _is_bytes(cells.type):
        refuse(table, column, cells, cells.is_valid(), "is bytes, not text: decode the column first")
        return pa.chunked_array([pa.nulls(len(cells), pa.string())])
    if _is_text(cells.type):
        return _converted(table, column, cells, pa.string())
    return cells


def _uuids(storage: pa.FixedSizeBinaryArray) -> pa.StringArray:
    """Return UUIDs (16 bytes each) as people write them, as 00000000-0000-0000-0000-000000000001."""
    filled = pc.fill_null(storage, bytes(16))
    raw = np.frombuffer(filled.buffers()[1], np.uint8)[16 * filled.offset :][: 16 * len(filled)]
    signs = np.frombuffer(raw.tobytes().hex().encode(), np.uint8).reshape(-1, 32)
    texts = np.full((len(signs), 36), ord("-"), np.uint8)
    texts[:, [place for place in range(36) if place not in (8, 13, 18, 23)]] = signs
    written = pa.FixedSizeBinaryArray.from_buffers(pa.binary(36), len(texts), [None, pa.py_buffer(texts)])
    return pc.if_else(storage.is_valid(), written.cast(pa.string()), pa.scalar(None, pa.string()))


def _named(table: str, column: Column, cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return cells that shall be text; a number does where it is whole and no digit of it was lost."""
    if pa.types.is_floating(cells.type):
        whole = 2.0 ** {16: 11, 32: 24}.get(cells.type.bit_width, 53)
        lost = pc.greater_equal(pc.abs(cells.cast(pa.float64())), whole)
        finite = pc.is_finite(cells.cast(pa.float64()))
        why = "is too large a float to hold every digit: pass text or integers"
        refuse(table, column, cells, pc.and_(lost, finite), why)
        return _converted(table, column, cells, pa.int64())  # ids beside an empty cell: pandas makes floats
    if pa.types.is_decimal(cells.type):
        return _converted(table, column, cells, pa.decimal256(76, 0))
    if pa.types.is_boolean(cells.type) or pa.types.is_duration(cells.type):
        refuse(table, column, cells, cells.is_valid(), "is not text")
    return cells


def refuse(
    table: str, column: Column, cells: pa.ChunkedArray, wrong: pa.ChunkedArray, reason: str = ""
) -> None:
    """Raise `DatasetError` for the first cell that `wrong` marks, if there is one; an empty cell is not."""
    row = pc.index(pc.and_(pc.fill_null(wrong, fill_value=False), cells.is_valid()), pa.scalar(True)).as_py()
    if row >= 0:
        raise _misfit(table, column, row, cells, reason or f"is not {_kind(column.type)}")


def _converted(table: str, column: Column, cells: pa.ChunkedArray, form: pa.DataType) -> pa.ChunkedArray:
    try:
        return cells.cast(form)
    except MISFITS as error:
        row = next((row for row, cell in enumerate(cells) if not _fits(cell, form)), 0)
        raise _misfit(table, column, row, cells, f"is not {_kind(form)}") from error


def _kind(form: pa.DataType) -> str:
    kinds = (
        (pa.types.is_integer, "a whole number"),
        (pa.types.is_decimal, "a whole number"),
        (pa.types.is_floating, "a number"),
        (pa.types.is_boolean, "true or false"),
        (pa.types.is_date, "a date"),
        (pa.types.is_timestamp, "a time of the years 1 to 9999"),
    )
    return next((words for matches, words in kinds if matches(form)), "text")


def _fits(cell: pa.Scalar, form: pa.DataType) -> bool:
    try:
        cell.cast(form)
    except MISFITS:
        return False
    return True


def _times(table: str, column: Column, cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return times in UTC; nanoseconds, as pandas has them, are cut to what a dataset keeps."""
    if pa.types.is_timestamp(cells.type) or pa.types.is_date(cells.type):
        return _moments(table, column, cells)
    if pa.types.is_duration(cells.type):
        # As text they are counts of nanoseconds, which would be read as unix times.
        raise _misfit(table, column, 0, cells, f"is no time: the column is of type {cells.type}")
    if pa.types.is_decimal(cells.type):
        cells = cells.cast(pa.float64())
    if pa.types.is_floating(cells.type):
        whole = pc.all(pc.and_(pc.equal(pc.floor(cells), cells), pc.less(pc.abs(cells), WHOLE))).as_py()
        cells = cells.cast(pa.int64()) if whole else _decimals(cells)
    texts = _filled(_converted(table, column, cells, pa.string())).combine_chunks()
    found = read_column(texts)
    if found is None:
        found = _each(table, column, cells, texts)
    return pa.chunked_array([found], type=TIME)


def _moments(table: str, column: Column, cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return days and moments in UTC, within the years that a dataset keeps."""
    form = pa.timestamp("us", getattr(cells.type, "tz", None))
    if getattr(cells.type, "unit", "") == "ns":
        return cells.cast(form, safe=False).cast(TIME)  # they cannot lie so far away
    times = _converted(table, column, cells, form).cast(TIME)
    counts = times.cast(pa.int64())
    far = pc.index(pc.or_(pc.less(counts, FIRST), pc.greater(counts, LAST)), pa.scalar(True)).as_py()
    if far >= 0:
        raise _misfit(table, column, far, cells, "lies outside the years 1 to 9999")
    return times


def _is_text(form: pa.DataType) -> bool:
    return pa.types.is_string(form) or pa.types.is_large_string(form) or pa.types.is_string_view(form)


def _is_bytes(form: pa.DataType) -> bool:
    kinds = (
        pa.types.is_binary,
        pa.types.is_large_binary,
        pa.types.is_fixed_size_binary,
        pa.types.is_binary_view,
    )
    return any(matches(form) for matches in kinds)


def _is_moment(form: pa.DataType) -> bool:
    return pa.types.is_date(form) or pa.types.is_timestamp(form) or pa.types.is_null(form)


def _is_number(form: pa.DataType) -> bool:
    return pa.types.is_integer(form) or pa.types.is_floating(form) or pa.types.is_decimal(form)


def _filled(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return trimmed texts, those without a letter as empty cells."""
    texts = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _decimals(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return floats as plain decimals, without an exponent."""
    texts = [None if cell is None else f"{cell:.6f}" for cell in cells.to_pylist()]
    return pa.chunked_array([texts], type=pa.string())


def _each(table: str, column: Column, cells: pa.ChunkedArray, texts: pa.StringArray) -> pa.Array:
    """Read times one by one, as people write them."""
    rows = [row for row, text in enumerate(texts.to_pylist()) if text is not None]
    present = texts.drop_null().to_pylist()
    try:
        day_first, _ = day_order(present)
    except AmbiguousDatesError as error:
        raise _misfit(table, column, rows[error.witness], cells, f"leaves it open: {error}") from error
    times: list[object] = [None] * len(texts)
    for row, text in zip(rows, present, strict=True):
        try:
            times[row] = read_time(text, day_first)
        except ValueError as error:
            reason = str(error)
            raise _misfit(
                table, column, row, cells, f"is no time: {reason[:1].lower()}{reason[1:]}"
            ) from error
    return pa.array(times, TIME)


def _misfit(table: str, column: Column, row: int, cells: pa.ChunkedArray, reason: str) -> DatasetError:
    try:
        value = str(cells[row].as_py())[:60]
    except (OverflowError, ValueError):  # a moment that Python has no number for
        value = str(cells[row].cast(pa.int64()))[:60]
    return DatasetError(f'{table}, row {row} (the first is 0): {column.name} "{value}" {reason}.')

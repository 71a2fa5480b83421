"""Columnar files: Parquet and Feather, and the tables of Arrow in general, written as text."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import feather

from finrec_core.intake import textfile
from finrec_core.intake.error import IntakeError
from finrec_core.intake.spool import BINARY, DURATION, EXACT, Spool

PARQUET = (".parquet", ".pq")
ARROW = (".feather", ".arrow", ".ipc")
ENDINGS = (*PARQUET, *ARROW)
BATCH = 20_000  # rows held at once
DAMAGED = (
    *(pa.ArrowException, OSError, EOFError, ValueError, LookupError),
    NotImplementedError,  # as pyarrow raises it for a cell of a type that Python has no value for
)


def columnar_table(name: str, content: bytes | Path, size: int) -> tuple[Spool, list[str]]:
    """Return the table of a file of `size` bytes as text, and sentences on what is read otherwise.

    Raises `IntakeError` where it is damaged, encrypted, or far longer as text than it is.
    """
    start, source = b"", content
    limit = textfile.unpacked_limit(size)
    try:
        if isinstance(content, bytes):
            start, source = content[:8], pa.BufferReader(content)
        else:
            with content.open("rb") as opened:
                start = opened.read(8)
        if start.startswith(b"PAR1"):
            with pq.ParquetFile(source) as file:
                _check_rows(name, file.metadata.num_rows, limit)
                return write(name, file.schema_arrow, file.iter_batches(BATCH), limit)
        if start.startswith(b"FEA1"):
            whole = feather.read_table(source)
            return write(name, whole.schema, whole.to_batches(BATCH), limit)
        if start.startswith(b"ARROW1"):
            with pa.ipc.open_file(source) as file:
                batches = (file.get_batch(place) for place in range(file.num_record_batches))
                return write(name, file.schema, batches, limit)
        _check_open(name, start)
        with pa.ipc.open_stream(source if isinstance(content, bytes) else pa.OSFile(str(source))) as file:
            return write(name, file.schema, file, limit)
    except IntakeError:  # a ValueError too
        raise
    except DAMAGED as error:
        why = " ".join(str(error).split())[:120]
        kind = "Parquet" if name.lower().endswith(PARQUET) else "Feather or Arrow"
        raise IntakeError(f"this is no {kind} file, or it is damaged ({why}).", file=name) from error


def _check_rows(name: str, rows: int, limit: int) -> None:
    """Raise `IntakeError` for more rows than bytes may come out, since each takes one at least."""
    if rows > limit:
        raise textfile.too_big(name, limit)


def _check_open(name: str, start: bytes) -> None:
    """Raise `IntakeError` for a Parquet file under a key."""
    if start.startswith(b"PARE"):
        raise IntakeError("the file is encrypted; write it without a key.", file=name)


def write(
    name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch], limit: int
) -> tuple[Spool, list[str]]:
    """Return the rows of a table as text, and sentences on what is read otherwise.

    A column of records is taken apart: what it holds stands under its own name and a point. Lists and maps
    are written as JSON, durations and bytes that are no text as empty cells.
    """
    spool = Spool(name, limit)
    notices = [
        f'{name}: "{column.name}" holds records, taken apart as {_listed(column)}.'
        for column in schema
        if pa.types.is_struct(column.type)
    ]
    notices += [
        f'{name}: "{column.name}" is nested ({_kind(column.type)}); each cell of it is read as JSON.'
        for column in schema
        if pa.types.is_nested(column.type)
        and not pa.types.is_struct(column.type)
        and not _is_plain(column.type)
    ]
    texts = _texts(spool, schema, batches)
    first = next(texts)
    spool.write([first.schema.names])
    spool.write_texts(first)
    for table in texts:
        spool.write_texts(table)
    return spool, [*notices, *spool.notices()]


def _texts(spool: Spool, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Yield the rows as tables of texts, at first one without a row."""
    yield _as_texts(_flat(schema.empty_table()), spool)
    for batch in batches:
        for start in range(0, batch.num_rows, BATCH):
            yield _as_texts(_flat(pa.Table.from_batches([batch.slice(start, BATCH)])), spool)


def _flat(table: pa.Table) -> pa.Table:
    while any(pa.types.is_struct(kind) for kind in table.schema.types):
        table = table.flatten()
    return table


def _as_texts(table: pa.Table, spool: Spool) -> pa.Table:
    columns = [_column(cells, spool) for cells in table.columns]
    return pa.table([pa.chunked_array(cells.chunks, pa.string()) for cells in columns], table.schema.names)


def _column(cells: pa.ChunkedArray, spool: Spool) -> pa.ChunkedArray:
    """Return a column as texts."""
    kind = cells.type
    if isinstance(kind, pa.DictionaryType):
        return _column(cells.cast(kind.value_type), spool)
    if isinstance(kind, pa.BaseExtensionType) and not isinstance(kind, pa.UuidType):
        return _column(pa.chunked_array([chunk.storage for chunk in cells.chunks], kind.storage_type), spool)
    if pa.types.is_floating(kind):
        return _numbers(cells.cast(pa.float64()) if kind == pa.float16() else cells)
    if pa.types.is_timestamp(kind):
        return _moments(cells)
    if pa.types.is_date(kind):
        return cells.cast(pa.date32()).cast(pa.string())
    if pa.types.is_duration(kind) or kind == pa.month_day_nano_interval():
        if filled := len(cells) - cells.null_count:
            spool.note(DURATION, f"the first of them after row {spool.rows}", filled)
        return pa.chunked_array([pa.nulls(len(cells), pa.string())])
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return _bytes(cells, spool)
    if pa.types.is_time(kind):
        return pc.replace_substring_regex(cells.cast(pa.string()), r"\.0+$", "")
    if _is_castable(kind):
        return cells.cast(pa.string())
    listed = cells.to_pylist()
    if pa.types.is_map(kind):
        listed = [None if cell is None else dict(cell) for cell in listed]
    return pa.chunked_array([[_json(cell) for cell in listed]], pa.string())


def _is_castable(kind: pa.DataType) -> bool:
    texts = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    numbers = pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_boolean(kind)
    return texts or numbers or pa.types.is_null(kind)


def _numbers(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return floats as texts, whole ones without a point; what is no number is no value."""
    cells = pc.if_else(pc.is_nan(cells), pa.scalar(None, cells.type), cells)
    whole = pc.and_(pc.equal(pc.floor(cells), cells), pc.less(pc.abs(cells), EXACT))
    integers = pc.if_else(whole, cells, pa.scalar(0, cells.type)).cast(pa.int64()).cast(pa.string())
    return pc.if_else(whole, integers, cells.cast(pa.string()))


def _moments(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return times in ISO 8601, in UTC where they have a zone; those of midnight alone as dates."""
    zone = "UTC" if cells.type.tz else None
    micros = cells.cast(pa.timestamp("us", cells.type.tz), safe=False).cast(pa.timestamp("us", zone))
    texts = micros.cast(pa.string())
    if zone is None:
        texts = pc.replace_substring_regex(texts, r" 00:00:00\.000000$", "")
    return pc.replace_substring_regex(texts, r"\.000000(Z?)$", r"\1")


def _bytes(cells: pa.ChunkedArray, spool: Spool) -> pa.ChunkedArray:
    """Return bytes as the UTF-8 that they are, as old writers leave texts."""
    try:
        return cells.cast(pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        texts = []
        for cell in cells.to_pylist():
            try:
                texts.append(None if cell is None else cell.decode())
            except UnicodeDecodeError:
                spool.note(BINARY, f"the first of them after row {spool.rows}")
                texts.append(None)
        return pa.chunked_array([texts], pa.string())


def _json(cell: Any) -> str | None:  # noqa: ANN401 - whatever a column holds
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, list | dict | tuple):
        return json.dumps(cell, ensure_ascii=False, default=str)
    return str(cell)


def _is_plain(kind: pa.DataType) -> bool:
    """Whether a list holds plain values."""
    return (
        not pa.types.is_map(kind) and hasattr(kind, "value_type") and not pa.types.is_nested(kind.value_type)
    )


def _kind(kind: pa.DataType) -> str:
    return "a map" if pa.types.is_map(kind) else "a list of records or lists"


def _listed(column: pa.Field) -> str:
    names = [f'"{column.name}.{inner.name}"' for inner in column.type]
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")

"""The handover: whatever table a program hands over, as one Arrow table, or what to call on it."""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
from pyarrow.interchange import from_dataframe

from finrec_core.dataset.contract import DatasetError
from finrec_core.dataset.schema import SCHEMAS

TAKEN = (
    "a pandas, polars or Arrow table, a record batch or its reader, a DuckDB relation, a mapping of columns "
    "to lists, or a list of mappings"
)
# Methods by which other libraries hand out what is taken here, the best first.
CALLS = ("to_arrow_table", "to_arrow", "toArrow", "to_pyarrow", "to_table", "collect", "compute", "toPandas")
# What makes a sentence out of a form that this place does not know.
_ERRORS = (pa.ArrowException, AttributeError, KeyError, TypeError, ValueError, OverflowError)


def arrow_table(table: str, frame: Any) -> pa.Table:  # noqa: ANN401 - whatever holds columns
    """Return what a program hands over as a table of Arrow.

    That is `TAKEN`, and any object with Arrow's C stream or array, or with the dataframe protocol. Raises
    `DatasetError` for anything else, naming what to call where the object has it.
    """
    try:
        found = _read(table, frame)
    except _ERRORS as error:
        why = ": ".join(map(str, error.args)) or type(error).__name__
        raise DatasetError(f"{table}: this cannot be read as a table ({_mixed(frame) or why}).") from error
    if found is None:
        raise DatasetError(f"{table}: this cannot be read as a table ({_advice(frame)}).")
    return found


def _read(table: str, frame: Any) -> pa.Table | None:  # noqa: ANN401
    """Return the table, None for an object that is none."""
    if isinstance(frame, pa.Table):
        return frame
    if isinstance(frame, pa.Array | pa.ChunkedArray) and not pa.types.is_struct(frame.type):
        return None
    if isinstance(frame, pa.RecordBatch):
        return pa.Table.from_batches([frame])
    if _library(frame) == "pandas":
        return _pandas(frame)
    if isinstance(frame, Mapping):
        return _columns(frame)
    if hasattr(frame, "__arrow_c_stream__"):
        return _streamed(pa.RecordBatchReader.from_stream(frame).read_all())
    if hasattr(frame, "__arrow_c_array__"):
        return _streamed(pa.Table.from_batches([pa.record_batch(frame)]))
    if hasattr(frame, "__dataframe__"):
        return from_dataframe(frame)
    names = getattr(getattr(frame, "dtype", None), "names", None)
    if names:  # a structured array of numpy
        return _columns({name: frame[name] for name in names})
    if hasattr(frame, "to_arrow_table"):  # DuckDB before it had the C stream
        return frame.to_arrow_table()
    if isinstance(frame, Iterable) and not isinstance(frame, str | bytes) and not hasattr(frame, "ndim"):
        return _rows(table, frame)
    return None


def _streamed(found: pa.Table) -> pa.Table:
    if not found.schema.names:
        raise ValueError("it has no columns")
    return found


def _library(frame: Any) -> str:  # noqa: ANN401
    return type(frame).__module__.partition(".")[0]


def _pandas(frame: Any) -> pa.Table | None:  # noqa: ANN401
    """Return a pandas frame without its index; an index that is named is a column that was put away."""
    if not hasattr(frame, "columns"):
        return None
    named = [str(name) for name in frame.index.names if name is not None]
    lost = [name for name in named if name.endswith("_id") and name not in map(str, frame.columns)]
    if lost:
        raise ValueError(f"{' and '.join(lost)} is its index, not a column: pass .reset_index() of it")
    return pa.Table.from_pandas(frame, preserve_index=False)


def _columns(frame: Mapping[Any, Any]) -> pa.Table:
    """Return a mapping of columns to cells as a table; all columns must have the same rows."""
    keys: dict[str, list[Any]] = {}
    columns: dict[str, Any] = {}
    for name, cells in frame.items():
        if isinstance(cells, str | bytes) or not isinstance(cells, Iterable):
            raise TypeError(f'{name} is "{str(cells)[:60]}", not a list of cells: pass a list, a cell a row')
        if isinstance(cells, set | frozenset):
            raise TypeError(f"{name} is a set, which has no order of rows: pass a list")
        if isinstance(cells, Mapping):  # as pandas writes a frame as dicts: row to cell
            keys[str(name)] = list(cells)
        listed = list(cells.values()) if isinstance(cells, Mapping) else cells
        columns[str(name)] = _array(str(name), listed)
    lengths = {name: len(cells) for name, cells in columns.items()}
    for name, length in lengths.items():
        first = next(iter(lengths))
        if length != lengths[first]:
            raise ValueError(f"{first} has {lengths[first]:,} rows and {name} has {length:,}")
        if keys and keys.get(name) != next(iter(keys.values())):
            raise ValueError(f"the rows of {first} and {name} bear other keys")
    return pa.table(columns)


def _rows(table: str, frame: Iterable[Any]) -> pa.Table | None:
    """Return rows that are mappings, or named tuples, as a table; what one row lacks is empty there."""
    rows = list(frame)
    if not rows:
        return SCHEMAS[table].empty_table()
    if all(isinstance(row, pa.RecordBatch | pa.Table) for row in rows):
        whole = [pa.Table.from_batches([row]) if isinstance(row, pa.RecordBatch) else row for row in rows]
        return pa.concat_tables(whole)
    heads = getattr(frame, "description", None)  # of a cursor, as Python's databases hand it out
    if heads and isinstance(rows[0], tuple):
        rows = [dict(zip((head[0] for head in heads), row, strict=True)) for row in rows]
    read: list[Mapping[Any, Any]] = []
    for place, row in enumerate(rows):
        if isinstance(row, Mapping):
            read.append(row)
        elif hasattr(row, "_asdict"):
            read.append(row._asdict())
        elif hasattr(row, "keys"):  # as rows of sqlite3
            read.append({name: row[name] for name in row.keys()})  # noqa: SIM118 - no mapping
        else:
            what = type(row).__name__
            raise ValueError(f"row {place}, the first is 0, is a {what}, not a mapping; take {TAKEN}")
    names = dict.fromkeys(name for row in read for name in row)
    return _columns({name: [row.get(name) for row in read] for name in names})


def _array(name: str, cells: Any) -> Any:  # noqa: ANN401 - whatever holds cells
    """Return the cells of one column, those that are no number and no time (NaN, NaT) as empty ones."""
    if isinstance(cells, pa.Array | pa.ChunkedArray):
        return cells
    if hasattr(cells, "__arrow_c_stream__") and _library(cells) != "pandas":
        return pa.chunked_array(cells)
    listed = cells if hasattr(cells, "__array__") else list(cells)
    try:
        made = pa.array(listed, from_pandas=True)
    except _ERRORS as error:
        why = ": ".join(map(str, error.args))
        raise ValueError(_mixed({name: listed}) or f"{name}: {why}") from error
    if pa.types.is_binary(made.type) and (mixed := _mixed({name: listed})):
        raise ValueError(mixed)  # where Arrow makes bytes of the texts among bytes
    return made


def _mixed(frame: Any) -> str:  # noqa: ANN401 - whatever holds columns
    """Return which row of which column is of another kind than those before it, "" where none is."""
    try:
        columns = {str(name): list(frame[name]) for name in frame}
    except _ERRORS:
        return ""
    for name, cells in columns.items():
        first: type | None = None
        for row, cell in enumerate(cells):
            if cell is None or (isinstance(cell, float) and cell != cell):  # noqa: PLR0124 - NaN
                continue
            first = first or type(cell)
            if issubclass(first, str | bytes) != isinstance(cell, str | bytes) or (
                issubclass(first, bytes) != isinstance(cell, bytes)
            ):
                return (
                    f'row {row}, the first is 0: {name} "{str(cell)[:60]}" is of another kind than above it'
                )
    return ""


def _advice(frame: Any) -> str:  # noqa: ANN401
    """Return what to pass instead of an object that is no table."""
    if isinstance(frame, str | bytes) or hasattr(frame, "__fspath__"):
        return "it is a text or a path: read_files reads files, this takes tables"
    if _library(frame) == "pandas" or isinstance(frame, pa.Array | pa.ChunkedArray):
        return "it is one column: pass the whole frame"
    calls = [name for name in CALLS if callable(getattr(frame, name, None))]
    if calls:
        return f"call .{calls[0]}() on it and pass what that returns"
    return f"it is a {type(frame).__name__}; pass {TAKEN}"

"""The contract of a table: the first row and column of it that breaks what a dataset asks."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.contract import DatasetError
from finrec_core.dataset.schema import KEYS, TABLES, Column
from finrec_core.intake.cells import refuse

# How Python writes an empty cell into text; as an id it would join all clients without one into one.
EMPTY = ("nan", "NaN", "None", "NaT", "<NA>")


def check(table: str, cells: pa.Table) -> None:
    """Raise `DatasetError` for the first cell that does not fit, by column, naming its row from 0.

    The table is in its schema. `Dataset` checks the same, without knowing which row it was.
    """
    for column in TABLES[table]:
        values = cells[column.name]
        if column.required:
            _check_id(table, column, values)
        if column.values:
            known = pc.is_in(values, value_set=pa.array([*column.values, ""]))
            refuse(table, column, values, pc.invert(known), f"is none of {', '.join(column.values)}")
        if pa.types.is_floating(column.type):
            refuse(table, column, values, pc.invert(pc.is_finite(values)), "is no finite number")
        if column.low is not None:
            refuse(table, column, values, pc.less(values, column.low), f"is below {column.low:g}")
        if column.high is not None:
            refuse(table, column, values, pc.greater(values, column.high), f"is above {column.high:g}")
    if table == "ties":
        itself = pc.equal(cells["client_id"], cells["other_client_id"])
        refuse(table, TABLES[table][1], cells["other_client_id"], itself, "is tied to itself")
    if table != "interactions":  # where a row is an event, and events may be alike
        _check_once(table, cells)


def _check_id(table: str, column: Column, values: pa.ChunkedArray) -> None:
    empty = pc.or_kleene(pc.invert(values.is_valid()), pc.equal(values, ""))
    row = pc.index(pc.fill_null(empty, fill_value=True), pa.scalar(True)).as_py()
    if row >= 0:
        raise DatasetError(f"{table}, row {row} (the first is 0): {column.name} is empty.")
    padded = pc.not_equal(values, pc.utf8_trim_whitespace(values))
    refuse(table, column, values, padded, "has blanks around it")
    written = pc.is_in(values, value_set=pa.array(EMPTY))
    refuse(table, column, values, written, "is how Python writes an empty cell: leave the row out")


def _check_once(table: str, cells: pa.Table) -> None:
    """Refuse the first row whose key stood in a row before it."""
    keys = list(KEYS[table])
    numbered = cells.select(keys).append_column("row", pa.array(np.arange(len(cells))))
    firsts = numbered.group_by(keys, use_threads=False).aggregate([("row", "min")])["row_min"].to_numpy()
    if len(firsts) == len(cells):
        return
    again = np.ones(len(cells), dtype=bool)
    again[firsts] = False
    row = int(np.argmax(again))
    key = cells.select(keys).slice(row, 1)
    same = np.ones(len(cells), dtype=bool)
    for name in keys:
        value = key[name][0]
        same &= (
            pc.fill_null(pc.equal(cells[name], value), fill_value=False)
            if value.is_valid
            else pc.invert(cells[name].is_valid())
        ).to_numpy()
    said = " and ".join(f'{name} "{str(key[name][0])[:60]}"' for name in keys if key[name][0].is_valid)
    raise DatasetError(
        f"{table}, row {row} (the first is 0): {said} stands twice, first in row {int(np.argmax(same))}."
    )

"""The contract of a table: its columns, their types, and what a cell may hold, checked once."""

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.schema import MISFITS, SCHEMAS, TABLES


class DatasetError(ValueError):
    """The data cannot be a dataset; the message is one sentence for whoever made it."""


def checked(table: str, cells: pa.Table) -> pa.Table:
    """Return one table in its schema, "" as null, every column within what its contract allows.

    An optional column that is not there is empty, so what was written before it was known can be read.
    """
    for column in TABLES[table]:
        if not column.required and column.name not in cells.schema.names:
            cells = cells.append_column(column.name, pa.nulls(len(cells), column.type))
    if set(cells.schema.names) != set(SCHEMAS[table].names) or len(cells.schema) != len(SCHEMAS[table]):
        raise DatasetError(f"{table}: columns must be {', '.join(SCHEMAS[table].names)}.")
    cells = cells.select(SCHEMAS[table].names)
    try:
        cells = cells.cast(SCHEMAS[table]).combine_chunks()
    except MISFITS as error:
        raise DatasetError(f"{table}: a column has another type than it should ({error}).") from error
    for place, column in enumerate(TABLES[table]):
        values = cells[column.name]
        where = f"{table}: {column.name}"
        if pa.types.is_string(column.type):
            empty = pc.equal(values, "")
            if pc.any(empty).as_py():
                values = pc.if_else(empty, pa.scalar(None, pa.string()), values)
                cells = cells.set_column(place, cells.schema.field(place), values)
        if column.required:
            if values.null_count:
                raise DatasetError(f"{table}: a {column.name} is empty.")
            padded = pc.not_equal(values, pc.utf8_trim_whitespace(values))
            if pc.any(padded).as_py():
                raise DatasetError(f'{where} "{values.filter(padded)[0].as_py()}" has blanks around it.')
        if column.values:
            odd = pc.invert(pc.is_in(values, value_set=pa.array(column.values), skip_nulls=False))
            odd = pc.and_(odd, values.is_valid())
            if pc.any(odd).as_py():
                allowed = ", ".join(column.values)
                raise DatasetError(f'{where} "{values.filter(odd)[0].as_py()}" is none of {allowed}.')
        if pa.types.is_floating(column.type) and not pc.all(pc.is_finite(values), min_count=0).as_py():
            raise DatasetError(f"{where} holds a value that is no finite number.")
        for end in pc.min_max(values).as_py().values() if column.low is not None else ():
            if end is not None and not column.fits(end):
                bound = f"below {column.low:g}" if end < column.low else f"above {column.high:g}"
                raise DatasetError(f"{where} {end:g} is {bound}.")
    return cells

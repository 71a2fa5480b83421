"""Marks: what tells two rows apart that say the same: the number of a transaction or a lost cell."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.intake.conversion import TypedRows
from finrec_core.intake.mapping import FileMapping
from finrec_core.intake.names import HELD, WRITTEN, plain
from finrec_core.intake.records import Records
from finrec_core.intake.values import says_nothing

NAMES = frozenset(map(plain, WRITTEN["shared"]["marks"].split()))
SEPARATOR = "\x1f"


def look_for_marks(mapping: FileMapping) -> None:
    """Have the columns read that are called as if they numbered the rows of a file of interactions."""
    if mapping.table == "interactions" and HELD not in mapping.uses.values():
        mapping.looked_at |= {name for name, use in mapping.uses.items() if not use and plain(name) in NAMES}


def marks_of(records: Records) -> pa.Table:
    """Return the `line` and the `mark` of each row, "" where nothing but its cells marks it."""
    names = [key for key in records.cells.column_names if key.startswith("?") and plain(key[1:]) in NAMES]
    cells = [pc.fill_null(records.cells[name], "") for name in sorted(names)]
    none = pa.array([""], pa.string()).take(pa.array([0] * len(records.cells), pa.int64()))
    marks = pc.binary_join_element_wise(*cells, SEPARATOR) if cells else none
    return pa.table({"line": records.cells["line"], "mark": marks})


def with_losses(marks: pa.Table, records: Records, part: TypedRows) -> pa.Table:
    """Return marks with the line in those of rows that lost a cell, in which they may differ."""
    emptied = [
        key for key in ("timestamp", "amount", "rating") if key in records.names and part.rows[key].null_count
    ]
    if not emptied:
        return marks
    lines = part.rows["line"].combine_chunks()
    lost = pa.array([False] * len(lines))
    places = pc.index_in(lines, value_set=records.cells["line"].combine_chunks())
    for key in emptied:
        cells = pc.utf8_trim_whitespace(records.cells[key].take(places)).combine_chunks()
        lost = pc.or_(lost, pc.and_not(pc.is_null(part.rows[key].combine_chunks()), says_nothing(cells)))
    if not pc.any(lost).as_py():
        return marks
    among = pc.is_in(marks["line"], value_set=lines.filter(lost))
    told = pc.binary_join_element_wise(marks["mark"], marks["line"].cast(pa.string()), SEPARATOR)
    return marks.set_column(1, "mark", pc.if_else(among, told, marks["mark"]))


def marked(part: TypedRows, marks: Mapping[str, pa.Table]) -> pa.Array:
    """Return the mark of each row of a file."""
    if part.file not in marks:
        return pa.nulls(len(part.rows), pa.string())
    known = marks[part.file]
    places = pc.index_in(part.rows["line"], value_set=known["line"].combine_chunks())
    return known["mark"].take(places).combine_chunks()

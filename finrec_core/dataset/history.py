"""History: of rows that tell of one client or product at different times, the newest decides."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.keys import codes
from finrec_core.dataset.schema import SCHEMAS

DATES = {"clients": "profile_date", "products": "valid_from"}  # what says how new a row is
# What suitability is decided by: it belongs together, and never mixes a newer row with an older one.
FACTS = {
    "clients": ("risk_tolerance", "horizon_years", "knowledge", "loss_capacity", "profile_date"),
    "products": ("risk_class", "min_horizon_years", "min_knowledge", "loss_potential", "valid_from"),
}


@dataclass(frozen=True, repr=False, eq=False)
class History:
    """Rows of clients or products, several an id, made one an id.

    `rows` has a row an id; `kept` says which of the given rows it is of, int64 (ids,), and `of` which
    row of `rows` each given one went into, int64 (given,). `older` marks the given rows that a newer one
    replaces; `contradicts` names for each given row the first column in which it says otherwise than
    what it went into, though that is no newer, "" where it agrees, (given,). `open` marks by column the
    ids whose rows contradict each other there, bool (ids,).
    """

    rows: pa.Table
    kept: np.ndarray
    of: np.ndarray
    older: np.ndarray
    contradicts: np.ndarray
    open: Mapping[str, np.ndarray]

    def emptied(self) -> "History":
        """Return the same with nothing in the cells that rows contradict each other in."""
        rows = self.rows
        for name, cells in self.open.items():
            place = rows.schema.get_field_index(name)
            rows = rows.set_column(
                place, rows.schema.field(name), pc.if_else(pa.array(cells), None, rows[name])
            )
        return replace(self, rows=rows)

    def __repr__(self) -> str:
        return f"History({len(self.of):,} rows of {len(self.kept):,} ids, {int(self.older.sum()):,} older)"


def unite(table: str, rows: pa.Table, turn: np.ndarray | None = None) -> History:
    """Return the rows of clients or products with one row an id, whatever their order.

    The newest date wins. What suitability is decided by (`FACTS`) is taken from rows of that date and from
    rows without one, never from older ones, so it may be empty; other cells that are empty are filled
    from older rows, the newest first. Rows without a newer date that contradict each other leave one
    standing, with its facts as a whole: the one with the largest `turn`, int64 (rows,), else the one whose
    cells come first when sorted.
    """
    columns = SCHEMAS[table].names
    rows = rows.select(columns).combine_chunks()
    groups = np.unique(codes([rows[columns[0]].combine_chunks()]), return_inverse=True)[1]
    order = _order(rows, groups, DATES[table], np.zeros(len(rows)) if turn is None else turn)
    ids = groups[order]  # (rows,) ascending
    starts = np.flatnonzero(np.diff(ids, prepend=-1))
    days = pc.fill_null(rows[DATES[table]].cast(pa.int32()), -(2**31)).to_numpy()[order].astype(np.int64)
    undated = ~rows[DATES[table]].is_valid().to_numpy()[order]
    older = ~undated & (days < days[starts][ids])
    cells = {name: codes([rows[name].combine_chunks()])[order] for name in columns[1:]}
    valid = {name: rows[name].is_valid().to_numpy()[order] for name in columns[1:]}
    opened = {
        name: _several(cells[name], valid[name] & ~older, starts, ids)
        for name in columns[1:]
        if name != DATES[table]
    }
    odd = np.any(list(opened.values()), axis=0)  # (ids,)
    first = np.zeros(len(rows), dtype=bool)
    first[starts] = True
    united, says = (
        {columns[0]: rows[columns[0]].take(pa.array(order[starts]))},
        np.full(len(rows), "", object),
    )
    for name in columns[1:]:
        fits = valid[name] & (~older & (first | ~odd[ids]) if name in FACTS[table] else True)
        source = np.minimum.reduceat(np.where(fits, np.arange(len(rows)), len(rows)), starts)
        none = source == len(rows)
        source = np.where(none, 0, source)
        united[name] = rows[name].take(pa.array(order[source], mask=none))
        if name in opened:
            other = valid[name] & ~older & (none[ids] | (cells[name] != cells[name][source][ids]))
            says[other & (says == "")] = name
    of, is_older, contradicts = np.empty_like(ids), np.empty_like(older), np.empty_like(says)
    of[order], is_older[order], contradicts[order] = ids, older, says
    return History(pa.table(united, schema=SCHEMAS[table]), order[starts], of, is_older, contradicts, opened)


def _order(rows: pa.Table, groups: np.ndarray, date: str, turn: np.ndarray) -> np.ndarray:
    """Return the rows by id, the newest first, then by turn and by their cells, int64 (rows,)."""
    plain = [
        column.cast(pa.int8()) if pa.types.is_boolean(column.type) else column for column in rows.columns
    ]
    names = ["group", "date", "turn", *(f"cell {place}" for place in range(len(plain)))]
    cells = pa.table([pa.array(groups), rows[date], pa.array(turn), *plain], names)
    down = {"date", "turn"}
    keys = [(name, "descending" if name in down else "ascending") for name in names]
    return pc.sort_indices(cells, keys).to_numpy().astype(np.int64)


def _several(cells: np.ndarray, counts: np.ndarray, starts: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Return which ids have different cells among the rows that count, bool (ids,)."""
    low = np.minimum.reduceat(np.where(counts, cells, np.iinfo(np.int64).max), starts)
    high = np.maximum.reduceat(np.where(counts, cells, -1), starts)
    return (high >= 0) & (low != high)

"""The difference of two versions of a dataset: rows added, removed and changed, table by table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.dataset import Dataset
from finrec_core.dataset.keys import codes, differ, found_in, occurrence
from finrec_core.dataset.schema import KEYS, TABLES

ROWS = pa.schema(
    [(name, pa.string()) for name in ("table", "change", "id", "other_id", "column", "before", "after")]
)
CELL = ("column", "before", "after")
COUNT = "how many before"  # of the same keys


@dataclass(frozen=True, repr=False, eq=False)
class TableDifference:
    """What differs between two tables of one kind.

    `added` and `removed` hold whole rows. `cells` names each changed cell: the row's key columns, then
    `column`, `before` and `after` as text; `changed` counts the rows that have one.
    """

    table: str
    added: pa.Table
    removed: pa.Table
    cells: pa.Table
    changed: int
    same: int

    @classmethod
    def between(cls, table: str, old: pa.Table, new: pa.Table) -> "TableDifference":
        """Compare two tables, whatever the order of their rows: events by their cells, else by keys."""
        events = table == "interactions"
        # (new rows,) row in `old`, -1 for a new one
        place = _same_events(new, old) if events else found_in(new, old, KEYS[table])
        there = place >= 0
        gone = np.ones(len(old), dtype=bool)
        gone[place[there]] = False
        before, after = old.take(pa.array(place[there])), new.filter(pa.array(there))
        changed = np.zeros(len(before), dtype=bool)
        fields = [*map(new.schema.field, KEYS[table]), *((name, pa.string()) for name in CELL)]
        cells = [pa.schema(fields).empty_table()]
        for name in new.schema.names:
            other = differ(before[name], after[name])
            if other.any():
                changed |= other
                rows = after.filter(pa.array(other)).select(KEYS[table])
                was, becomes = (_told(side[name].filter(pa.array(other))) for side in (before, after))
                told = pa.array([name] * len(rows), pa.string()), was, becomes
                cells.append(pa.table([*rows.columns, *told], schema=cells[0].schema))
        return cls(
            table=table,
            added=new.filter(pa.array(~there)),
            removed=old.filter(pa.array(gone)),
            cells=pa.concat_tables(cells),
            changed=int(changed.sum()),
            same=int(there.sum() - changed.sum()),
        )

    def rows(self) -> pa.Table:
        """Return the difference as lines of schema `ROWS`: a line a row added or removed, a line a cell."""
        found = {"added": self.added, "removed": self.removed, "changed": self.cells}
        return pa.concat_tables([self._lines(change, rows) for change, rows in found.items()])

    def _lines(self, change: str, rows: pa.Table) -> pa.Table:
        nothing = pa.array([None] * len(rows), pa.string())
        keys = KEYS[self.table]
        columns = {
            "table": pa.array([self.table] * len(rows), pa.string()),
            "change": pa.array([change] * len(rows), pa.string()),
            "id": rows[keys[0]],
            "other_id": rows[keys[1]] if len(keys) > 1 else nothing,
            **{name: rows[name] if name in rows.schema.names else nothing for name in CELL},
        }
        return pa.table(columns, schema=ROWS)

    def __repr__(self) -> str:
        return (
            f"TableDifference({self.table}: {len(self.added):,} added, {len(self.removed):,} removed, "
            f"{self.changed:,} changed)"
        )


@dataclass(frozen=True, repr=False, eq=False)
class Difference:
    """What differs between two versions: the tables, and the verb and the rating limit, (old, new) each.

    >>> import numpy as np
    >>> from finrec_core.dataset import Difference
    >>> half = bank.take(np.arange(len(bank.interactions)) % 2 == 0)
    >>> found = Difference.between(bank, half)
    >>> len(found.tables["interactions"].removed) == len(bank.interactions) - len(half.interactions)
    True
    """

    tables: Mapping[str, TableDifference]
    settings: Mapping[str, tuple[Any, Any]]

    @classmethod
    def between(cls, old: Dataset, new: Dataset) -> "Difference":
        """Compare two datasets; their names and the order of their rows do not count."""
        tables = {
            table: TableDifference.between(table, getattr(old, table), getattr(new, table))
            for table in TABLES
        }
        pairs = {name: (getattr(old, name), getattr(new, name)) for name in ("verb", "rating_limit")}
        return cls(tables, {name: pair for name, pair in pairs.items() if pair[0] != pair[1]})

    @property
    def nothing(self) -> bool:
        """Whether both hold the same."""
        tables = self.tables.values()
        return not self.settings and not any(len(t.added) + len(t.removed) + t.changed for t in tables)

    def counts(self) -> dict[str, dict[str, int]]:
        """Return rows added, removed, changed and left as they were, by table."""
        return {
            name: {
                "added": len(table.added),
                "removed": len(table.removed),
                "changed": table.changed,
                "same": table.same,
            }
            for name, table in self.tables.items()
        }

    def rows(self) -> pa.Table:
        """Return all of it as lines of schema `ROWS`, in the order of the tables."""
        return pa.concat_tables([table.rows() for table in self.tables.values()])

    def __repr__(self) -> str:
        return f"Difference({', '.join(map(repr, self.tables.values()))})"


def _same_events(new: pa.Table, old: pa.Table) -> np.ndarray:
    """Return the row in `old` of each event, -1 where there is none, int64 (new,).

    Events are the same where all cells are, as often as they stand in both. Of the others, those of one
    client, product and time are the same one with a cell changed.
    """
    names = new.schema.names
    place = found_in(_numbered(new, names), _numbered(old, names), [*names, COUNT])
    unmatched = np.ones(len(old), dtype=bool)
    unmatched[place[place >= 0]] = False
    keys = [*KEYS["interactions"], "timestamp"]
    fresh, gone = _left(new, np.flatnonzero(place < 0), keys), _left(old, np.flatnonzero(unmatched), keys)
    found = found_in(fresh, gone, [*keys, COUNT])
    there = found >= 0
    place[fresh["row"].to_numpy()[there]] = gone["row"].to_numpy()[found[there]]
    return place


def _left(rows: pa.Table, places: np.ndarray, keys: Sequence[str]) -> pa.Table:
    """Return the rows at some places by their cells, each with its place, `row`, and numbered by keys."""
    left = rows.take(pa.array(places)).append_column("row", pa.array(places))
    return _numbered(left.sort_by([(name, "ascending") for name in rows.schema.names]), keys)


def _numbered(rows: pa.Table, keys: Sequence[str]) -> pa.Table:
    """Return rows with a column more: how many of the same keys stand before each."""
    numbers = codes([rows[key].combine_chunks() for key in keys])
    return rows.append_column(COUNT, pa.array(occurrence(numbers)))


def _told(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column as text."""
    return values if pa.types.is_string(values.type) else pc.cast(values, pa.string())

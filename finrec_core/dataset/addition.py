"""Appending: the rows of one dataset added to another, by the rules that an import goes by."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.dataset import Dataset
from finrec_core.dataset.keys import found_in, with_cells
from finrec_core.dataset.report import Report
from finrec_core.dataset.schema import KEYS, LONGEST_TEXT, TABLES


@dataclass(frozen=True)
class Counts:
    """How many rows of one table an append adds, changes, and finds there already as they are."""

    added: int
    changed: int
    same: int


@dataclass(frozen=True, repr=False, eq=False)
class Appended:
    """What an append makes: the dataset, each change of a row that was there, and counts by table.

    `repairs` has the columns of `REPORT`: the table in place of a file and no line, the column, the
    row's id, and in the reason what the cell was and what it became.

    >>> from finrec_core.dataset import append
    >>> append(bank, bank).changes_nothing
    True
    """

    dataset: Dataset
    repairs: pa.Table
    counts: Mapping[str, Counts] = field(default_factory=dict)

    @property
    def changes_nothing(self) -> bool:
        """Whether all that was to be appended is there already."""
        return not any(count.added or count.changed for count in self.counts.values())

    def __repr__(self) -> str:
        added = ", ".join(f"{count.added:,} {table}" for table, count in self.counts.items())
        return f"Appended({self.dataset!r}: {added} added)"


def append(base: Dataset, added: Dataset) -> Appended:
    """Return `base` with the rows of `added`, under the name, verb and rating limit of `base`.

    Interactions of one pair become one: the latest known time and rating win, different reviews are
    joined by a line break in the order of time, those of `added` counting as later where times do not
    tell; a review whose lines stand in the other one is not repeated. Of a client or product that is
    there, a new value fills an empty cell or replaces the old one; an empty one changes nothing. A tie
    that is there stays one. So appending the same rows twice gives what appending them once gives.

    >>> import numpy as np
    >>> from finrec_core.dataset import append
    >>> half = bank.take(np.arange(len(bank.interactions)) % 2 == 0)
    >>> append(half, bank).dataset.content_hash == bank.content_hash
    True
    """
    report = Report()
    tables, counts = {}, {}
    for table in TABLES:
        old, new = getattr(base, table), getattr(added, table)
        place = found_in(new, old, KEYS[table])  # (rows,) row in `old`, -1 for a row that is new
        there = np.flatnonzero(place >= 0)
        twice = new.take(pa.array(there))
        values = {name: twice[name] for name in new.schema.names[len(KEYS[table]) :]}
        if table == "interactions":
            values = _merged(old.take(pa.array(place[there])), twice, report)
        known, changed = _filled(table, old, place[there], values, twice[KEYS[table][0]], report=report)
        rows = new.filter(pa.array(place < 0))
        tables[table] = pa.concat_tables([known, rows])
        counts[table] = Counts(len(rows), changed, len(there) - changed)
    return Appended(replace(base, **tables), report.table(list(TABLES)), counts)


def _filled(
    table: str,
    old: pa.Table,
    places: np.ndarray,
    values: Mapping[str, pa.ChunkedArray],
    ids: pa.ChunkedArray,
    *,
    report: Report,
) -> tuple[pa.Table, int]:
    """Return `old` with the known cells of some columns at `places`, and how many rows that changes.

    Cells that had a value and got another are reported; one that was empty is only filled.
    """
    changed = np.zeros(len(places), dtype=bool)
    for name, after in values.items():
        before = old[name].take(pa.array(places))
        other = _differ(before, after)
        changed |= other
        old = with_cells(old, name, places[other], after.filter(pa.array(other)).combine_chunks())
        told = pc.and_(pa.array(other), before.is_valid())
        pairs = zip(_short(before.filter(told)), _short(after.filter(told)), strict=True)
        reasons = [f"Changed by what was appended: {was} became {becomes}" for was, becomes in pairs]
        report.add(table, [None] * len(reasons), name, ids.filter(told).to_pylist(), reasons)
    return old, int(changed.sum())


def _merged(before: pa.Table, new: pa.Table, report: Report) -> dict[str, pa.ChunkedArray]:
    """Return time, rating and review of each interaction of `new` merged into the one that was there."""
    later = _later(before["timestamp"], new["timestamp"])
    winners = {
        name: pc.coalesce(
            pc.if_else(pa.array(later), new[name], before[name]),
            pc.if_else(pa.array(later), before[name], new[name]),
        )
        for name in ("timestamp", "rating")
    }
    both = pc.and_(before["review"].is_valid(), new["review"].is_valid())
    reviews = pc.coalesce(before["review"], new["review"]).to_pylist()
    cut = []
    for row in np.flatnonzero(both.to_numpy()).tolist():
        was = reviews[row]
        text = _joined(was, new["review"][row].as_py(), later=bool(later[row]))
        reviews[row] = text[: max(LONGEST_TEXT, len(was))]
        cut += [row] if len(text) > len(reviews[row]) else []
    ids = new["client_id"].take(pa.array(cut, pa.int64())).to_pylist()
    reason = f"Text longer than {LONGEST_TEXT:,} characters, cut: after appending"
    report.add("interactions", [None] * len(cut), "review", ids, reason)
    return winners | {"review": pa.chunked_array([pa.array(reviews, pa.string())])}


def _later(before: pa.ChunkedArray, after: pa.ChunkedArray) -> np.ndarray:
    """Return where the row of `after` counts as the later one, bool (rows,)."""
    unknown = pc.and_(before.is_null(), after.is_null())
    not_before = pc.fill_null(pc.greater_equal(after, before), fill_value=False)
    return pc.or_(pc.or_(unknown, not_before), pc.and_(before.is_null(), after.is_valid())).to_numpy()


def _joined(before: str, after: str, *, later: bool) -> str:
    """Return two reviews of one pair as one; `later` tells whether the second is the later one."""
    if f"\n{after}\n" in f"\n{before}\n":
        return before
    if f"\n{before}\n" in f"\n{after}\n":
        return after
    full = len(before) >= LONGEST_TEXT  # what was cut once stays as it is
    return "\n".join((before, after) if later or full else (after, before))


def _differ(before: pa.ChunkedArray, after: pa.ChunkedArray) -> np.ndarray:
    """Return where `after` knows another value than `before`, bool (rows,)."""
    same = pc.fill_null(pc.equal(before, after), fill_value=False)
    return pc.and_(after.is_valid(), pc.invert(same)).to_numpy()


def _short(values: pa.ChunkedArray) -> list[str]:
    """Return values as a sentence quotes them; of a long text the beginning."""
    if pa.types.is_string(values.type):
        cut = pc.utf8_slice_codeunits(values, 0, 40)
        return [f'"{" ".join(text.split())}"' for text in cut.to_pylist()]
    return [f"{value:g}" if isinstance(value, float) else str(value) for value in values.to_pylist()]

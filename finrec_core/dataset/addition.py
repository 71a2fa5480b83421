"""Appending: the rows of one dataset added to another, by the rules that an import goes by."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.dataset import Dataset
from finrec_core.dataset.history import DATES, FACTS
from finrec_core.dataset.keys import codes, differ, found_in, occurrence, with_cells
from finrec_core.dataset.report import Report, quoted
from finrec_core.dataset.schema import KEYS, TABLES

DAY = 86_400_000_000  # microseconds


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
    row's id, and in the reason what the cell was and what it became. `contradicted` counts by table the
    rows of which the two sides say otherwise what suitability is decided by, though no date says which is
    the newer; `contradiction` is one of them in words, "" without any.

    >>> from finrec_core.dataset import append
    >>> append(bank, bank).changes_nothing
    True
    """

    dataset: Dataset
    repairs: pa.Table
    counts: Mapping[str, Counts] = field(default_factory=dict)
    contradicted: Mapping[str, int] = field(default_factory=dict)
    contradiction: str = ""

    @property
    def changes_nothing(self) -> bool:
        """Whether all that was to be appended is there already."""
        return not any(count.added or count.changed for count in self.counts.values())

    def __repr__(self) -> str:
        added = ", ".join(f"{count.added:,} {table}" for table, count in self.counts.items())
        return f"Appended({self.dataset!r}: {added} added)"


def append(base: Dataset, added: Dataset, *, standing: bool = False) -> Appended:
    """Return `base` with the rows of `added`, under the name, verb and rating limit of `base`.

    An interaction is an event: it is added where it is not there yet. One that is equal in all cells
    is the same event where its time has a time of day; without one, the events of a kind are counted,
    and the larger count of the two stays. A tie that is there stays one.

    Of a client or product that is there, a row with a newer date (`DATES`) replaces what suitability is
    decided by as a whole, its empty cells included; an older one changes nothing, and is reported.
    Without a newer date a new value fills an empty cell or replaces the old one, and an empty one
    changes nothing; but a row without a date replaces nothing that suitability is decided by where the
    old one has a date. So appending the same rows twice gives what appending them once gives. `standing`
    says that of two rows which contradict each other in that, though no date says which is the newer, the one
    that is there counts.

    >>> import numpy as np
    >>> from finrec_core.dataset import append
    >>> half = bank.take(np.arange(len(bank.interactions)) % 2 == 0)
    >>> append(half, bank).dataset.content_hash == bank.content_hash
    True
    """
    report = Report()
    tables, counts, contradicted, example = {}, {}, {}, ""
    for table in TABLES:
        old, new = getattr(base, table), getattr(added, table)
        if table == "interactions":
            fresh, changed = _new_events(old, new), 0
        else:
            place = found_in(new, old, KEYS[table])  # (rows,) row in `old`, -1 for a row that is new
            there, fresh = np.flatnonzero(place >= 0), place < 0
            before, after = old.take(pa.array(place[there])), new.take(pa.array(there))
            changed = 0
            if table in DATES:
                open_ones = _contradictions(table, before, after)
                if count := len(_rows(open_ones)):
                    contradicted[table] = count
                    example = example or _shown(table, before, after, open_ones)
                values = _newest(table, before, after, report, open_ones if standing else {})
                ids = after[KEYS[table][0]]
                old, changed = _replaced(table, old, place[there], values, ids, report=report)
        rows = new.filter(pa.array(fresh))
        tables[table] = pa.concat_tables([old, rows])
        counts[table] = Counts(len(rows), changed, len(new) - len(rows) - changed)
    dataset = replace(base, **tables)
    return Appended(dataset, report.table(list(TABLES)), counts, contradicted, example)


def _new_events(old: pa.Table, new: pa.Table) -> np.ndarray:
    """Return which events of `new` are not in `old` yet, bool (new,)."""
    both = pa.concat_tables([old, new])
    numbers = codes([column.combine_chunks() for column in both.columns])
    there, wanted = numbers[: len(old)], numbers[len(old) :]
    counts = np.bincount(there, minlength=int(numbers.max(initial=0)) + 1)[wanted]
    micros = pc.fill_null(new["timestamp"].cast(pa.int64()), 0).to_numpy()
    before = occurrence(wanted)
    return np.where(micros % DAY != 0, (counts == 0) & (before == 0), before >= counts)


def _contradictions(table: str, before: pa.Table, after: pa.Table) -> dict[str, np.ndarray]:
    """Return by column which rows are said otherwise without a date that says what is newer, bool (rows,)."""
    was, becomes = before[DATES[table]], after[DATES[table]]
    known = pc.fill_null(pc.equal(was, becomes), fill_value=False)
    same = pc.or_(known, pc.and_(was.is_null(), becomes.is_null()))
    found = {}
    for name in FACTS[table]:
        other = pc.fill_null(pc.not_equal(before[name], after[name]), fill_value=False)
        found[name] = pc.and_(same, other).to_numpy()
    return found


def _rows(contradictions: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the numbers of the rows that are said otherwise in some column."""
    return np.flatnonzero(np.any(list(contradictions.values()), axis=0))


def _shown(table: str, before: pa.Table, after: pa.Table, contradictions: Mapping[str, np.ndarray]) -> str:
    """Return one contradiction in words: that of the id which comes first."""
    ids = before[KEYS[table][0]]
    row = min(_rows(contradictions).tolist(), key=lambda row: ids[row].as_py())
    name = next(name for name, cells in contradictions.items() if cells[row])
    was, becomes = (_short(side[name].slice(row, 1))[0] for side in (before, after))
    return f'"{quoted(ids[row].as_py())}", whose {name} was {was} and would be {becomes}'


def _newest(
    table: str, before: pa.Table, after: pa.Table, report: Report, stays: Mapping[str, np.ndarray]
) -> dict[str, pa.ChunkedArray]:
    """Return the cells of rows that were there, (rows,) each, as a row of the same id that is added has them.

    What is not taken, for its row is older or has no date, or since `stays` marks it, is reported.
    """
    was, becomes = before[DATES[table]], after[DATES[table]]
    newer = pc.fill_null(pc.greater(becomes, was), fill_value=False)
    older = pc.fill_null(pc.less(becomes, was), fill_value=False)
    undated = pc.and_(was.is_valid(), becomes.is_null())
    ids = after[KEYS[table][0]]
    dates = [[str(day) for day in side.filter(older).to_pylist()] for side in (becomes, was)]
    reasons = [f"Older row, not taken: of {day}, beside {known}" for day, known in zip(*dates, strict=True)]
    report.add(table, [None] * len(reasons), DATES[table], ids.filter(older).to_pylist(), reasons)
    values = {}
    for name in after.schema.names[1:]:
        old, new = before[name], after[name]
        if name not in FACTS[table]:
            values[name] = pc.if_else(older, old, pc.coalesce(new, old))
            continue
        odd = pc.and_(undated, pc.fill_null(pc.not_equal(new, old), fill_value=False))
        told = zip(_short(new.filter(odd)), _short(old.filter(odd)), was.filter(odd).to_pylist(), strict=True)
        reasons = [f"Without a date, not taken: {cell} beside {known} of {day}" for cell, known, day in told]
        report.add(table, [None] * len(reasons), name, ids.filter(odd).to_pylist(), reasons)
        filled = pc.if_else(undated, pc.coalesce(old, new), pc.coalesce(new, old))
        values[name] = pc.if_else(older, old, pc.if_else(newer, new, filled))
        if name in stays:
            kept = pa.array(stays[name])
            values[name] = pc.if_else(kept, old, values[name])
            pairs = zip(_short(new.filter(kept)), _short(old.filter(kept)), strict=True)
            reasons = [
                f"Contradicts what is there, not taken: {cell} beside {known}" for cell, known in pairs
            ]
            report.add(table, [None] * len(reasons), name, ids.filter(kept).to_pylist(), reasons)
    return values


def _replaced(
    table: str,
    old: pa.Table,
    places: np.ndarray,
    values: Mapping[str, pa.ChunkedArray],
    ids: pa.ChunkedArray,
    *,
    report: Report,
) -> tuple[pa.Table, int]:
    """Return `old` with other cells of some columns at `places`, and how many rows that changes.

    Cells that had a value and got another, or none, are reported; one that was empty is only filled.
    """
    changed = np.zeros(len(places), dtype=bool)
    for name, after in values.items():
        before = old[name].take(pa.array(places))
        other = differ(before, after)
        changed |= other
        old = with_cells(old, name, places[other], after.filter(pa.array(other)).combine_chunks())
        told = pc.and_(pa.array(other), before.is_valid())
        pairs = zip(_short(before.filter(told)), _short(after.filter(told)), strict=True)
        reasons = [f"Changed by what was appended: {was} became {becomes}" for was, becomes in pairs]
        report.add(table, [None] * len(reasons), name, ids.filter(told).to_pylist(), reasons)
    return old, int(changed.sum())


def _short(values: pa.ChunkedArray) -> list[str]:
    """Return values as a sentence quotes them; of a long text the beginning, "nothing" for an empty cell."""
    if pa.types.is_string(values.type):
        cut = pc.utf8_slice_codeunits(values, 0, 40)
        texts = cut.to_pylist()
        return ["nothing" if text is None else f'"{" ".join(text.split())}"' for text in texts]
    found = values.to_pylist()
    return [f"{v:g}" if isinstance(v, float) else "nothing" if v is None else str(v) for v in found]

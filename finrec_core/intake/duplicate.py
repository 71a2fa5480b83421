"""Duplicates: rows that say the same twice, and rows that take and give up at one moment."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.keys import codes
from finrec_core.dataset.pairs import gives_up
from finrec_core.dataset.report import Report
from finrec_core.dataset.schema import SCHEMAS
from finrec_core.intake.conversion import TypedRows
from finrec_core.intake.mark import marked
from finrec_core.intake.question import Question, Questions

ASKED_ABOVE = 0.01  # share of rows that stand there before
KEPT, ONE = "kept", "one event"
HAS, GAVE = "has it", "gave it up"
DAY = 86_400_000_000  # microseconds
HALF_HOUR = 1_800_000_000


def once(
    parts: Sequence[TypedRows],
    marks: Mapping[str, pa.Table],
    repairs: Report,
    questions: Questions,
    notices: list[str],
) -> list[TypedRows]:
    """Return the rows of all files without those interactions that say again what another says.

    `marks` tells rows of a file apart that say the same. With a time of day, identical rows are one
    event, which is reported in `repairs`. Others are kept, with a notice, and asked about where they are more
    than `ASKED_ABOVE` of all.
    """
    events = [part for part in parts if part.table == "interactions"]
    rows = pa.concat_tables([part.rows.select(SCHEMAS["interactions"].names) for part in events])
    numbers = _numbered(rows, events, marks)
    if numbers is None:
        return list(parts)
    order = np.argsort(numbers, kind="stable")
    again = np.append(False, np.diff(numbers[order]) == 0)[: len(order)]
    twin = np.empty(len(order), dtype=bool)
    twin[order] = again  # says what a row before it says
    if not twin.any():
        return list(parts)
    firsts = order[np.maximum.accumulate(np.where(again, 0, np.arange(len(order))))]
    first = np.empty(len(order), dtype=np.int64)
    first[order] = firsts
    clock = np.concatenate([_has_clock(part) for part in events])
    merged = twin & clock
    kept = twin & ~clock
    if kept.any() and _asked(events, kept, first, questions, notices, numbers=numbers) == ONE:
        merged = twin
    _report(events, merged, first, repairs)
    places = np.cumsum([0, *(len(part.rows) for part in events)])
    lefts = {
        id(part): replace(part, rows=part.rows.filter(pa.array(~merged[low : low + len(part.rows)])))
        for part, low in zip(events, places, strict=False)
    }
    return [lefts.get(id(part), part) for part in parts]


def _numbered(
    rows: pa.Table, events: Sequence[TypedRows], marks: Mapping[str, pa.Table]
) -> np.ndarray | None:
    """Return a number for each row, equal where all cells are; None where no two have pair and time alike."""
    keys = codes([rows[name].combine_chunks() for name in ("client_id", "product_id", "timestamp")])
    some = np.flatnonzero((np.bincount(keys) > 1)[keys])
    if not len(some):
        return None
    own = pa.chunked_array([marked(part, marks) for part in events], pa.string())
    cells = rows.append_column("mark", own).take(pa.array(some))  # of all rows the texts would be compared
    numbers = keys.copy()
    numbers[some] = keys.max() + 1 + codes([column.combine_chunks() for column in cells.columns])
    return numbers


def _has_clock(part: TypedRows) -> np.ndarray:
    """Whether each row has a time, in a column that has times of day, bool (rows,)."""
    times = part.rows["timestamp"].cast(pa.int64())
    known = times.is_valid().to_numpy()
    moments = pc.fill_null(times, 0).to_numpy()
    clocks = np.unique(moments[known] % DAY)
    days = len(np.unique(moments[known] // DAY))
    only = len(clocks) == 1 and (clocks[0] == 0 or (clocks[0] % HALF_HOUR == 0 and days > 1))
    return known & (len(clocks) > 0 and not only)


def _asked(
    events: Sequence[TypedRows],
    kept: np.ndarray,
    first: np.ndarray,
    questions: Questions,
    notices: list[str],
    *,
    numbers: np.ndarray,
) -> object:
    """Say how many rows stand there before, and return what is to become of them."""
    files = np.repeat(np.arange(len(events)), [len(part.rows) for part in events])
    lines = np.concatenate([part.rows["line"].to_numpy() for part in events])
    names = np.array([part.file for part in events], dtype=object)[files]
    counts = Counter(names[kept].tolist())
    file = min(counts, key=lambda name: (-counts[name], name))
    row = int(np.argmax(kept & (names == file)))
    place = (
        f"line {lines[first[row]]}"
        if files[row] == files[first[row]]
        else (f"{events[files[first[row]]].file}, line {lines[first[row]]}")
    )
    sentence = (
        f"{file}: {kept.sum():,} of {len(kept):,} rows say what another row says and have no time of day, as "
        f"line {lines[row]} and {place}"
    )
    if kept.mean() <= ASKED_ABOVE:
        notices.append(f"{sentence}; each is kept as an event.")
        return KEPT
    times = np.unique(numbers, return_counts=True)[1]
    copied = len(times) > 1 and times.min() > 1  # all rows of a file that is there twice
    copied |= len(counts) == 1 and bool(kept[names == file].all())
    question = Question(
        "duplicates",
        file,
        "",
        f"{sentence}. Did each happen, or is it the same?",
        (KEPT, ONE),
        ONE if copied else KEPT,
    )
    return questions.ask(question)


def _report(events: Sequence[TypedRows], merged: np.ndarray, first: np.ndarray, repairs: Report) -> None:
    files = np.repeat(np.arange(len(events)), [len(part.rows) for part in events])
    lines = np.concatenate([part.rows["line"].to_numpy() for part in events])
    names = np.array([part.file for part in events], dtype=object)
    rows = np.flatnonzero(merged)
    same = files[rows] == files[first[rows]]
    places = [
        f"line {line}" if here else f"{name}, line {line}"
        for line, here, name in zip(lines[first[rows]], same, names[files[first[rows]]], strict=True)
    ]
    values = pa.concat_tables([part.rows.select(["product_id"]) for part in events])["product_id"]
    columns = [events[number].names["product_id"] for number in files[rows]]
    repairs.add(
        names[files[rows]].tolist(),
        lines[rows].tolist(),
        columns,
        values.take(pa.array(rows)).to_pylist(),
        [f"Same event, merged: with {place}" for place in places],
    )


def at_one_moment(parts: Sequence[TypedRows], questions: Questions, *, netted: bool) -> list[TypedRows]:
    """Return the rows of all files, what they take and give up at one moment decided by the analyst.

    `netted` says that amounts do that where every row of the pair has one.
    """
    events = [part for part in parts if part.table == "interactions"]
    rows = pa.concat_tables([part.rows for part in events])
    gives = gives_up(rows)
    actions = pc.fill_null(rows["action"], "takes").combine_chunks()
    takes = pc.equal(actions, "takes").to_numpy(zero_copy_only=False) & ~gives
    if not gives.any():
        return list(parts)
    ids = [rows[key].combine_chunks() for key in ("client_id", "product_id")]
    pairs, moments = codes(ids), codes([*ids, rows["timestamp"].combine_chunks()])
    both = _any(takes, moments) & _any(gives, moments)
    if netted:
        both &= _any((takes | gives) & rows["amount"].is_null().to_numpy(), pairs)
    turned = both & gives
    if not turned.any():
        return list(parts)
    files = np.repeat(np.arange(len(events)), [len(part.rows) for part in events])
    owners = np.array([part.file for part in events], dtype=object)[files]
    counts = Counter(owners[turned].tolist())
    file = min(counts, key=lambda name: (-counts[name], name))
    row = int(np.argmax(turned & (owners == file)))
    name = events[int(files[row])].names.get("timestamp", "")
    sentence = (
        f"{file}: {len(np.unique(moments[turned])):,} times a client takes and gives up the same product at "
        f"one moment, as on line {rows['line'][row].as_py()}. Has it the product afterwards?"
    )
    if questions.ask(Question("same_moment", file, name, sentence, (HAS, GAVE), GAVE)) != HAS:
        return list(parts)
    done = pc.if_else(pa.array(turned), pa.scalar("neither"), rows["action"])
    found, low = [], 0
    for part in parts:
        if part.table == "interactions":
            place = part.rows.schema.get_field_index("action")
            cells = done.slice(low, len(part.rows))
            low += len(part.rows)
            found.append(replace(part, rows=part.rows.set_column(place, "action", cells)))
        else:
            found.append(part)
    return found


def _any(marks: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return for each row whether one of its group is marked."""
    return (np.bincount(groups, weights=marks) > 0)[groups]

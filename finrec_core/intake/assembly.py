"""The rows of all files put together: what stands twice merged, what is only named created."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.history import DATES, History, unite
from finrec_core.dataset.keys import codes, with_cells
from finrec_core.dataset.report import Report, quoted
from finrec_core.dataset.schema import SCHEMAS, TABLES
from finrec_core.intake.conversion import TypedRows
from finrec_core.intake.question import Answer, Question, Questions

Tables = dict[str, pa.Table]
# Which of the rows of one id counts that contradict each other without a newer date.
CHOICES = (SORTED, LAST, EMPTY) = ("the first when sorted", "the last line", "none where they differ")


def assemble(
    parts: Sequence[TypedRows], rejects: Report, repairs: Report, questions: Questions, notices: list[str]
) -> Tables:
    """Return the four tables of a dataset from the accepted rows of all files.

    Every interaction is an event of its own. Rows of one client or product become one, in which the
    newest date decides (`unite`); which counts where they contradict each other without one is asked. A
    tie of a client to itself is rejected, one that stands twice merged. Clients and products that are
    only named are created. All of it is reported.
    """
    assembly = _Assembly(parts, rejects, repairs, questions, notices)
    interactions = assembly.interactions()
    ties = assembly.ties()
    products = assembly.home("products", [(interactions, "product_id")])
    clients = assembly.home(
        "clients", [(interactions, "client_id"), (ties, "client_id"), (ties, "other_client_id")]
    )
    tables = {"interactions": interactions, "products": products, "clients": clients, "ties": ties}
    return {table: tables[table].select(SCHEMAS[table].names) for table in TABLES}


class _Assembly:
    """Rows carry the number of their file, `file`, and their `line` until they are put together."""

    def __init__(
        self,
        parts: Sequence[TypedRows],
        rejects: Report,
        repairs: Report,
        questions: Questions,
        notices: list[str],
    ) -> None:
        self.parts = parts
        self.rejects = rejects
        self.repairs = repairs
        self.questions = questions
        self.notices = notices

    def _rows(self, table: str) -> pa.Table:
        schema = SCHEMAS[table].append(pa.field("line", pa.int64())).append(pa.field("file", pa.int64()))
        tables = [
            part.rows.append_column("file", pa.array(np.full(part.rows.num_rows, number)))
            for number, part in enumerate(self.parts)
            if part.table == table
        ]
        return pa.concat_tables([schema.empty_table(), *tables])

    def _add(self, report: Report, rows: pa.Table, column: str, reasons: str | Sequence[str]) -> None:
        """Report rows; `column` is ours and shown under the name it has in each row's file."""
        numbers = rows["file"].to_pylist()
        report.add(
            [self.parts[number].file for number in numbers],
            rows["line"].to_pylist(),
            [self.parts[number].names.get(column, "") for number in numbers],
            [str(value) for value in rows[column].to_pylist()],
            reasons,
        )

    def _place(self, file: int, line: int, beside: int) -> str:
        """Return where a row stands, as seen from a row of the file `beside`."""
        return f"line {line}" if file == beside else f"{self.parts[file].file}, line {line}"

    def interactions(self) -> pa.Table:
        """Return the interactions, an event a row, as they came."""
        return self._rows("interactions")

    def ties(self) -> pa.Table:
        """Return the ties, none to oneself, each once."""
        rows = self._rows("ties")
        own = pc.equal(rows["client_id"], rows["other_client_id"])
        self._add(self.rejects, rows.filter(own), "other_client_id", "Client is tied to itself")
        rows = rows.filter(pc.invert(own))
        return self._once(rows, _groups(rows, SCHEMAS["ties"].names), "tie", "other_client_id")

    def _once(self, rows: pa.Table, groups: list[np.ndarray], what: str, column: str) -> pa.Table:
        """Return rows with the first of each group alone; the others are reported as merged with it."""
        files, lines = rows["file"].to_numpy(), rows["line"].to_numpy()
        reasons = {}
        for first, *others in groups:
            for row in others:
                place = self._place(files[first], lines[first], files[row])
                reasons[int(row)] = f"Same {what}, merged: with {place}"
        self._report_merged(rows, reasons, column)
        return _without(rows, reasons)

    def home(self, table: str, named: Sequence[tuple[pa.Table, str]]) -> pa.Table:
        """Return clients or products, each once, with those that other rows name created."""
        key = TABLES[table][0].name
        rows = self._rows(table)
        numbers = codes([rows[key].combine_chunks()])
        several = np.bincount(numbers)[numbers] > 1
        if several.any():
            rows = self._united(table, rows, several)
        files = [part.file for part in self.parts if part.table == table]
        label = TABLES[table][0].label
        reason = f"{label} not in {', '.join(files)}, created"
        if not files:
            reason = f"{label} created, no file of {table}"
        for where, column in named:
            ids = where[column].combine_chunks()
            unknown = pc.invert(pc.is_in(ids, value_set=rows[key].combine_chunks()))
            missing = where.append_column("row", pa.array(np.arange(where.num_rows))).filter(unknown)
            first = missing.group_by(column, use_threads=False).aggregate([("row", "min")])["row_min"].sort()
            created = where.take(first)
            self._add(self.repairs, created, column, reason)
            new = pa.table({key: created[column]})
            rows = pa.concat_tables([rows, new], promote_options="default")
        return rows

    def _united(self, table: str, rows: pa.Table, several: np.ndarray) -> pa.Table:
        """Return rows with those of one id, which `several` marks, made one by `unite`, and reported."""
        some = np.flatnonzero(several)
        given = rows.take(pa.array(some))
        found = unite(table, given)
        if any(cells.any() for cells in found.open.values()):
            answer = self._ask(table, given, found)
            if answer == LAST:
                found = unite(table, given, np.arange(len(given)))
            elif answer == EMPTY:
                found = found.emptied()
        date, label = DATES[table], TABLES[table][0].label
        files, lines, dates = (given[name].to_pylist() for name in ("file", "line", date))
        homes, older, contradicts = found.kept[found.of].tolist(), found.older.tolist(), found.contradicts
        told: dict[str, list[tuple[int, str]]] = defaultdict(list)  # by column: row, reason
        for row in np.flatnonzero(~np.isin(np.arange(len(given)), found.kept)).tolist():
            kept = homes[row]
            place = self._place(files[kept], lines[kept], files[row])
            if older[row]:
                kind = "profile" if table == "clients" else "row"
                told[date].append((row, f"Older {kind}: of {dates[row]}, replaced by {place}"))
            elif contradicts[row]:
                told[contradicts[row]].append((row, f"{label} stands twice, left out: {place} is kept"))
            else:
                told[TABLES[table][0].name].append((row, f"Same {label.lower()}, merged: with {place}"))
        for column, reasons in told.items():
            shown = given.take(pa.array([row for row, _ in reasons], pa.int64()))
            self._add(self.repairs, shown, column, [reason for _, reason in reasons])
        if found.older.any():
            count = len(np.unique(found.of[found.older]))
            names = ", ".join(sorted({self.parts[file].file for file in set(files)}))
            which = f"{count:,} {table} stand" if count > 1 else f"1 of the {table} stands"
            self.notices.append(f"{names}: {which} in rows of different {date}; the newest counts.")
        for name in found.rows.schema.names:
            rows = with_cells(rows, name, some[found.kept], found.rows[name].combine_chunks())
        several = several.copy()
        several[some[found.kept]] = False
        return rows.filter(pa.array(~several))

    def _ask(self, table: str, rows: pa.Table, found: History) -> Answer | None:
        """Ask which of the rows counts that contradict each other without a newer date."""
        ids = np.flatnonzero(np.any(list(found.open.values()), axis=0))
        keys = found.rows[0].take(pa.array(ids)).to_pylist()
        key = min(keys)
        one = ids[keys.index(key)]
        column = next(name for name, cells in found.open.items() if cells[one])
        mine = rows.filter(pa.array((found.of == one) & ~found.older))
        values = sorted({str(value) for value in mine[column].drop_null().to_pylist()})
        places = mine.select(["file", "line"]).to_pylist()
        files = sorted({self.parts[place["file"]].file for place in places})
        shown = " and ".join(f'"{quoted(value)}"' for value in values[:3])
        count = f"{len(ids):,} {table} stand" if len(ids) > 1 else f"1 of the {table} stands"
        sentence = (
            f"{count} in several rows that contradict each other, and no {DATES[table]} says which is the "
            f'newest, for example "{quoted(key)}": {column} is {shown}. Which row counts?'
        )
        names = self.parts[places[0]["file"]].names
        asked = Question("history", files[0], names[TABLES[table][0].name], sentence, CHOICES, SORTED)
        return self.questions.ask(asked)

    def _report_merged(self, rows: pa.Table, reasons: dict[int, str], column: str) -> None:
        merged = rows.take(pa.array(list(reasons), pa.int64()))
        self._add(self.repairs, merged, column, list(reasons.values()))


def _groups(rows: pa.Table, keys: Sequence[str]) -> list[np.ndarray]:
    """Return the row numbers, ascending, of each combination of keys that stands more than once."""
    numbers = codes([rows[key].combine_chunks() for key in keys])
    order = np.argsort(numbers, kind="stable")
    starts = np.flatnonzero(np.diff(numbers[order], prepend=-1))
    ends = np.append(starts[1:], len(order))
    several = ends - starts > 1
    return [order[low:high] for low, high in zip(starts[several], ends[several], strict=True)]


def _without(rows: pa.Table, dropped: dict[int, str]) -> pa.Table:
    keep = np.ones(rows.num_rows, dtype=bool)
    keep[list(dropped)] = False
    return rows.filter(pa.array(keep))

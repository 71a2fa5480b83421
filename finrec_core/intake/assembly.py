"""The rows of all files put together: what stands twice merged, what is only named created."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.keys import codes, with_cells
from finrec_core.dataset.report import Report
from finrec_core.dataset.schema import SCHEMAS, TABLES
from finrec_core.intake.conversion import TypedRows

Tables = dict[str, pa.Table]


def assemble(parts: Sequence[TypedRows], rejects: Report, repairs: Report) -> Tables:
    """Return the four tables of a dataset from the accepted rows of all files.

    Every interaction is an event of its own. Rows of one client or product become one where they do not
    contradict each other, else the later is rejected. A tie of a client to itself is rejected, one that
    stands twice merged. Clients and products that are only named are created. All of it is reported.
    """
    assembly = _Assembly(parts, rejects, repairs)
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

    def __init__(self, parts: Sequence[TypedRows], rejects: Report, repairs: Report) -> None:
        self.parts = parts
        self.rejects = rejects
        self.repairs = repairs

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
        groups = _groups(rows, [key])
        if groups:
            rows = self._united(table, rows, groups)
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

    def _united(self, table: str, rows: pa.Table, groups: list[np.ndarray]) -> pa.Table:
        """Return rows of one id united: empty cells filled from later rows, contradictions rejected."""
        columns = SCHEMAS[table].names
        label = TABLES[table][0].label
        united: dict[str, list] = {name: [] for name in columns}
        repaired: dict[int, str] = {}
        rejected: dict[int, tuple[str, str]] = {}  # row: column, reason
        for group in groups:
            cells = rows.take(pa.array(group)).to_pylist()
            source = dict.fromkeys(columns, cells[0])  # the row that each cell of the united row is from
            for row, other in zip(group[1:].tolist(), cells[1:], strict=True):
                both = (n for n in columns if source[n][n] is not None and other[n] is not None)
                odd = next((n for n in both if source[n][n] != other[n]), None)
                first = source[odd or columns[0]]
                place = self._place(first["file"], first["line"], other["file"])
                if odd is None:
                    repaired[row] = f"Same {label.lower()}, merged: with {place}"
                    source |= {name: other for name in columns if source[name][name] is None}
                else:
                    rejected[row] = odd, f"{label} stands twice: {place} says otherwise"
            for name in columns:
                united[name].append(source[name][name])
        self._report_merged(rows, repaired, columns[0])
        for row, (column, reason) in rejected.items():
            self._add(self.rejects, rows.slice(row, 1), column, reason)
        firsts = np.array([group[0] for group in groups])
        return _without(_replaced(rows, firsts, united), {**repaired, **dict.fromkeys(rejected, "")})

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


def _replaced(rows: pa.Table, places: np.ndarray, cells: dict[str, list]) -> pa.Table:
    """Return rows with the cells at `places` replaced, a list a column."""
    for name, values in cells.items():
        rows = with_cells(rows, name, places, pa.array(values, rows.schema.field(name).type))
    return rows


def _without(rows: pa.Table, dropped: dict[int, str]) -> pa.Table:
    keep = np.ones(rows.num_rows, dtype=bool)
    keep[list(dropped)] = False
    return rows.filter(pa.array(keep))

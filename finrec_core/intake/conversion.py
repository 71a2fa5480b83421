"""The cells of one file turned from text into typed columns, row by row accepted or rejected."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.report import Report
from finrec_core.dataset.schema import LONGEST_TEXT, SCHEMAS, TABLES, TIME, Column
from finrec_core.intake.error import IntakeError
from finrec_core.intake.figures import Figures, plain_numbers
from finrec_core.intake.numerals import signs_of
from finrec_core.intake.question import Questions
from finrec_core.intake.records import Records
from finrec_core.intake.times import AmbiguousDatesError, day_order, is_early, read_column
from finrec_core.intake.values import Reader, reader

KEPT_AS_WRITTEN = ("review", "description")  # all other texts lose the blanks around them


@dataclass(frozen=True, repr=False, eq=False)
class TypedRows:
    """The accepted rows of one file: the columns of its table, then `line`.

    `names` gives the file's own name of each column it has; `notices` tells what the analyst should
    know of how the columns were read.
    """

    file: str
    table: str
    rows: pa.Table
    names: Mapping[str, str]
    notices: tuple[str, ...]

    def __repr__(self) -> str:
        return f"TypedRows({self.file!r}: {self.rows.num_rows:,} {self.table})"


def convert(
    records: Records,
    rejects: Report,
    repairs: Report,
    *,
    comma: bool,
    day_first: bool | None,
    questions: Questions | None = None,
) -> TypedRows:
    """Return the rows of a file whose cells can all be read, adding the others to `rejects`.

    A text above `LONGEST_TEXT` characters is cut and added to `repairs`. A row is rejected once, for
    its first column that cannot be read. Raises `IntakeError` where dates with the year last do not
    tell their order and `day_first` does not either.
    """
    conversion = _Conversion(records, rejects, repairs, comma=comma, day_first=day_first)
    conversion.questions = questions or conversion.questions
    return conversion.run()


class _Conversion:
    """One file on its way; `keep` marks the rows that have not been rejected so far."""

    def __init__(
        self, records: Records, rejects: Report, repairs: Report, *, comma: bool, day_first: bool | None
    ) -> None:
        self.records = records
        self.rejects = rejects
        self.repairs = repairs
        self.comma = comma
        self.day_first = day_first
        self.lines = records.cells["line"].to_numpy()  # (rows,)
        self.keep = np.ones(len(self.lines), dtype=bool)
        self.notices: list[str] = []
        self.questions = Questions()

    def run(self) -> TypedRows:
        columns = {}
        for column in TABLES[self.records.table]:
            if column.name not in self.records.names:
                columns[column.name] = pa.nulls(len(self.lines), column.type)
            elif pa.types.is_string(column.type) and not column.values:
                columns[column.name] = self._text(column)
            else:
                columns[column.name] = self._typed(column)
        whole = pa.table(columns).cast(SCHEMAS[self.records.table])
        rows = whole.append_column("line", pa.array(self.lines)).filter(pa.array(self.keep))
        return TypedRows(self.records.file, self.records.table, rows, self.records.names, tuple(self.notices))

    def _reject(self, column: Column, rows: np.ndarray, values: list[str | None], reasons: list[str]) -> None:
        """Reject rows, given by ascending number, that an earlier column has not rejected yet."""
        new = np.flatnonzero(self.keep[rows])
        self.rejects.add(
            self.records.file,
            self.lines[rows[new]],
            self.records.names[column.name],
            [values[place] for place in new],
            [reasons[place] for place in new],
        )
        self.keep[rows] = False

    def _text(self, column: Column) -> pa.ChunkedArray:
        written = self.records.cells[column.name]
        cells = pc.utf8_trim_whitespace(written)
        empty = pc.fill_null(pc.equal(cells, ""), fill_value=True)
        if column.required:
            padded = int(pc.sum(pc.not_equal(cells, written)).as_py() or 0)
            if padded:
                where = f'{self.records.file}: "{self.records.names[column.name]}"'
                self.notices.append(f"{where} had blanks around it in {padded:,} rows, which are removed.")
            rows = np.flatnonzero(empty.to_numpy())
            self._reject(column, rows, [None] * len(rows), [f"{column.label} is empty"] * len(rows))
        if column.name in KEPT_AS_WRITTEN:
            cells = written
        cells = pc.if_else(empty, pa.scalar(None, pa.string()), cells)
        long = np.flatnonzero(
            pc.fill_null(pc.greater(pc.utf8_length(cells), LONGEST_TEXT), fill_value=False).to_numpy()
        )
        if len(long) and column.name.endswith("_id"):  # cut, two ids could become one
            reasons = [f"{column.label} is longer than {LONGEST_TEXT:,} characters"] * len(long)
            self._reject(column, long, cells.take(pa.array(long)).to_pylist(), reasons)
        elif len(long):
            texts = cells.take(pa.array(long)).to_pylist()
            reason = f"Text longer than {LONGEST_TEXT:,} characters, cut"
            name = self.records.names[column.name]
            self.repairs.add(self.records.file, self.lines[long], name, texts, reason)
            cells = pc.utf8_slice_codeunits(cells, 0, LONGEST_TEXT)
        return cells

    def _typed(self, column: Column) -> pa.Array:
        cells = pc.utf8_trim_whitespace(self.records.cells[column.name]).combine_chunks()
        cells = pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells)
        if column.type == TIME:
            times = read_column(cells)
            if times is not None:
                return times
        if pa.types.is_floating(column.type):
            numbers = plain_numbers(cells, column, comma=self.comma)
            if numbers is not None:
                return numbers
        coded = cells.dictionary_encode()
        texts: list[str] = coded.dictionary.to_pylist()
        codes = pc.fill_null(coded.indices, -1).to_numpy()  # (rows,)
        if pa.types.is_floating(column.type):
            read = self._figures(column, texts, codes)
        else:
            day_first = self._day_first(column, texts, codes)
            read = reader(column, comma=self.comma, day_first=day_first)
        values, reasons = [], {}
        for code, text in enumerate(texts):
            try:
                values.append(read(text))
            except ValueError as error:
                values.append(None)
                reasons[code] = str(error)
        if reasons:
            rows = np.flatnonzero(np.isin(codes, list(reasons)))
            bad = codes[rows].tolist()
            self._reject(column, rows, [texts[code] for code in bad], [reasons[code] for code in bad])
        return pa.array(values, column.type).take(coded.indices)

    def _figures(self, column: Column, texts: list[str], codes: np.ndarray) -> Reader:
        """Return how the numbers of a column are read, as the whole of it tells."""

        def others() -> set[str]:
            named = [c.name for c in TABLES[self.records.table] if pa.types.is_floating(c.type)]
            rest = [name for name in named if name != column.name and name in self.records.names]
            distinct = [pc.unique(self.records.cells[name]).drop_null().to_pylist() for name in rest]
            return signs_of(text for column in distinct for text in column)

        counts = np.bincount(codes[codes >= 0], minlength=len(texts)).tolist()
        name = self.records.names[column.name]
        figures = Figures(self.records.file, name, column, texts, counts, self.comma, others)
        return figures.reader(self.questions, self.notices)

    def _day_first(self, column: Column, texts: list[str], codes: np.ndarray) -> bool | None:
        """Return the order of dates in a column: as told, else as the column itself decides."""
        if not (pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)):
            return None
        name = self.records.names[column.name]
        early = next((text for text in texts if is_early(text)), None)
        if early is not None:
            self.notices.append(
                f'{self.records.file}: "{name}" holds numbers such as {early}, read as unix seconds, '
                "that is before March 1973."
            )
        if self.day_first is not None:
            return self.day_first
        try:
            order, witness = day_order(texts)
        except AmbiguousDatesError as error:
            line = int(self.lines[np.argmax(codes == error.witness)])
            raise IntakeError(f'"{name}": {error}.', file=self.records.file, line=line) from error
        if order is not None:
            line = int(self.lines[np.argmax(codes == witness)])
            self.notices.append(
                f'{self.records.file}: dates in "{name}" are read {"day" if order else "month"}-first, '
                f"as {texts[witness]} on line {line} must be."
            )
        return order

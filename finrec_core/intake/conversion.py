"""The cells of one file turned from text into typed columns, row by row accepted or rejected."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.report import Report, quoted
from finrec_core.dataset.schema import LONGEST_TEXT, SCHEMAS, TABLES, TIME, Column
from finrec_core.intake.error import IntakeError
from finrec_core.intake.figures import Figures, plain_numbers
from finrec_core.intake.numerals import signs_of
from finrec_core.intake.opinion import find_opinions
from finrec_core.intake.question import STOP, Question, Questions
from finrec_core.intake.records import Records
from finrec_core.intake.scale import TOPICS
from finrec_core.intake.times import AmbiguousDatesError, day_order, is_early, read_column
from finrec_core.intake.values import Reader, emptied, reader
from finrec_core.intake.vocabulary import Cells, find_vocabulary

LEAVE_EMPTY = "leave empty"
FILTERING = frozenset(TOPICS) - {"rating"}  # what is suitable, and what is offered
NOTICED_ABOVE = 0.05  # share of the cells of an optional column that are left empty
MOST_PAIRS, FEWEST_PAIRS = 0.9, 12  # share of the pairs that a matrix has a row for, and how many make one
PAIR = ("client_id", "product_id")
KEPT_AS_WRITTEN = ("review", "description")  # all other texts lose the blanks around them


@dataclass(frozen=True, repr=False, eq=False)
class TypedRows:
    """The accepted rows of one file: the columns of its table, then `line`.

    `names` gives the file's own name of each column it has; `notices` tells what the analyst should
    know of how the columns were read, `losses` which columns lost a large share of their cells.
    """

    file: str
    table: str
    rows: pa.Table
    names: Mapping[str, str]
    notices: tuple[str, ...]
    losses: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"TypedRows({self.file!r}: {self.rows.num_rows:,} {self.table})"


def convert(
    records: Records,
    rejects: Report,
    repairs: Report,
    questions: Questions,
    *,
    comma: bool,
    day_first: bool | None,
) -> TypedRows:
    """Return the rows of a file whose required cells can be read, adding the others to `rejects`.

    An optional cell that cannot be read is left empty and added to `repairs` with its value, as is a
    text above `LONGEST_TEXT` characters, which is cut. A row is rejected once, for its first column
    that cannot be read. Words and numbers that may stand for a value of ours are asked about. Raises
    `IntakeError` where dates with the year last do not tell their order and `day_first` does not either.
    """
    return _Conversion(records, rejects, repairs, questions, comma=comma, day_first=day_first).run()


class _Conversion:
    """One file on its way; `keep` marks the rows that have not been rejected so far."""

    def __init__(
        self,
        records: Records,
        rejects: Report,
        repairs: Report,
        questions: Questions,
        *,
        comma: bool,
        day_first: bool | None,
    ) -> None:
        self.records = records
        self.rejects = rejects
        self.repairs = repairs
        self.questions = questions
        self.comma = comma
        self.day_first = day_first
        self.lines = records.cells["line"].to_numpy()  # (rows,)
        self.keep = np.ones(len(self.lines), dtype=bool)
        self.notices: list[str] = []
        self.losses: list[str] = []
        self.not_held = np.zeros(len(self.lines), dtype=bool)

    def run(self) -> TypedRows:
        columns = {}
        for column in TABLES[self.records.table]:
            if column.name not in self.records.names:
                columns[column.name] = pa.nulls(len(self.lines), column.type)
            elif pa.types.is_string(column.type) and not column.values:
                columns[column.name] = self._text(column)
            else:
                columns[column.name] = self._typed(column)
        if self.not_held.any():  # the row says so, and nothing else
            neither = pc.and_(pa.array(self.not_held), pc.is_null(columns["action"]))
            columns["action"] = pc.if_else(neither, "neither", columns["action"])
        whole = pa.table(columns).cast(SCHEMAS[self.records.table])
        rows = whole.append_column("line", pa.array(self.lines)).filter(pa.array(self.keep))
        told = tuple(self.notices), tuple(self.losses)
        return TypedRows(self.records.file, self.records.table, rows, self.records.names, *told)

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
        if pa.types.is_floating(column.type) and column.name not in TOPICS:  # of these no number is plain
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
        found = Cells(
            self.records.file,
            self.records.names[column.name],
            column,
            texts,
            np.bincount(codes[self.keep & (codes >= 0)], minlength=len(texts)),
        )
        vocabulary = find_vocabulary(found, read, self.questions)
        self.losses += vocabulary.notices
        values: list[Any] = []
        reasons: dict[int, str] = {}
        for code, text in enumerate(texts):
            said = vocabulary.said.get(text, text)
            try:
                value = read(text if said is None else said)
                values.append(None if said is None else value)
                if said is None:
                    reasons[code] = f"{column.label} means nothing that is known, left empty"
            except ValueError as error:
                values.append(None)
                reasons[code] = emptied(str(error))
        self._empty(column, texts, codes, reasons, told=found, asked=vocabulary.asked)
        if column.name == "rating":
            opinions = find_opinions(
                found, values, self.questions, every_pair=lambda: has_every_pair(self.records.cells)
            )
            reasons = {code: opinions.empty[v] for code, v in enumerate(values) if v in opinions.empty}
            self._empty(column, texts, codes, reasons)
            self.not_held = np.isin(codes, [c for c, v in enumerate(values) if v in opinions.not_held])
            values = [None if code in reasons else value for code, value in enumerate(values)]
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

    def _empty(
        self,
        column: Column,
        texts: list[str],
        codes: np.ndarray,
        reasons: Mapping[int, str],
        *,
        told: Cells | None = None,
        asked: bool = True,
    ) -> None:
        """Report cells of an optional column that are left empty, by the code of their text.

        With `told`, a large share of the column is a notice too, and of a column by which products are
        filtered a question, unless its words were `asked` about.
        """
        rows = np.flatnonzero(self.keep & np.isin(codes, list(reasons)))
        bad = codes[rows].tolist()
        self.repairs.add(
            self.records.file,
            self.lines[rows],
            self.records.names[column.name],
            [texts[code] for code in bad],
            [reasons[code] for code in bad],
        )
        filled = int((self.keep & (codes >= 0)).sum())
        if told is not None and len(rows) > NOTICED_ABOVE * filled:
            loss = (
                f"{told.where}: {len(rows):,} of {filled:,} cells cannot be read as {column.name} and are "
                f'left empty, for example "{quoted(texts[bad[0]])}".'
            )
            self.losses.append(loss)
            if column.name in FILTERING and not asked:
                sentence = f"{loss} Rules for it will not know what these rows say. Import all the same?"
                choices = (LEAVE_EMPTY, STOP)
                self.questions.ask(
                    Question("emptied", told.file, told.name, sentence, choices, LEAVE_EMPTY, once=True)
                )

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


def has_every_pair(rows: pa.Table) -> bool:
    """Whether rows of interactions stand for nearly each client and product in them, as in a matrix."""
    pairs = rows.select(PAIR)
    cells = math.prod(pc.count_distinct(ids).as_py() for ids in pairs.columns)
    if cells < FEWEST_PAIRS or len(pairs) < MOST_PAIRS * cells:
        return False
    return len(pairs.group_by(PAIR).aggregate([])) >= MOST_PAIRS * cells

"""Identity: how one column of ids is read, what in it is no id, and which ids have lost digits."""

from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.report import Report, quoted
from finrec_core.dataset.schema import TABLES, Column
from finrec_core.intake.question import Question, Questions
from finrec_core.intake.records import Records
from finrec_core.intake.spelling import spelled

IDS = ("client_id", "product_id", "other_client_id")
# What programs write where there is no id; those of letters alone could be the ticker of a security.
NOTHING = """
nan none null nil na nat undefined n/a n.a. n.a n/d n.d. #n/a #na #n/d #nv #null! #value! #ref! #name? #div/0!
<na> <null> <none> (null) (none) (blank) (empty) [null] [nan] [none]
\\n \\\\n - -- --- – — ? . .. … / [] {} () set()
"""
MARKS = frozenset(NOTHING.split())
# What people write there; it may be a name all the same.
NOBODIES = """
unknown, anonymous, anonym, guest, missing, tbd, tba, dummy, placeholder, not available, not applicable,
no value, no id, unbekannt, keine angabe, k.a., k.a, inconnu, desconocido, sconosciuto, desconhecido, onbekend
"""
NOBODY = frozenset(word.strip() for word in NOBODIES.split(","))
NUMBER_OF_NONE = r"^(?:0+(?:-0+)*|-1|-9+|9{5,})$"  # 0, -1, -999, 99999, and a UUID of zeros
CROWDED = 3  # times the rows of any other id where such a number stands for none
TICKER = r"^[A-Z][A-Z0-9]{0,5}(?:[.\-/:][A-Z0-9]{1,4})?$"
TICKERS = 0.8  # share of the other ids that are such codes where a mark may be one too
PLAIN = r"^-?\d+$"
FLOAT = r"^-?(?:\d+[.,]0{1,2}|\d+[.,]0{4,}|\d{4,}[.,]000)$"  # 1.000 may well be a thousand
CUT = r"[.,]0+$"
POWER = r"^-?(?:\d\.\d+E\d{1,2}|[1-9]e\+0\d)$"  # all digits are there: Java's 1.2345678E7, R's 1e+05
# Excel writes two figures of the exponent and its sign; a plain 1E5 may be a name.
SCIENTIFIC = r"^-?\d(?:[.,]\d+[eE]\+?\d{1,3}|[eE]\+\d{1,3})$"
EXACT = 2**53  # from here on a float skips whole numbers
FIGURES = 15  # of a number that Excel keeps; it writes zeros for the rest
FEW = 3  # ids that end in such zeros by chance


@dataclass(frozen=True, repr=False, eq=False)
class _Ids:
    """The distinct ids of one column of one file as they are written, as they read, and each row's place."""

    file: str
    name: str
    column: Column
    written: pa.Array  # (ids,)
    ids: pa.Array  # (ids,)
    codes: np.ndarray  # (rows,), -1 for an empty cell
    counts: np.ndarray  # (ids,) rows

    @property
    def where(self) -> str:
        return f'{self.file}: "{self.name}"'

    @property
    def rows(self) -> int:
        """Rows that hold something."""
        return int(self.counts.sum())

    def count(self, found: np.ndarray) -> int:
        """Return how many rows hold one of the ids that are marked."""
        return int(self.counts[found].sum())

    def examples(self, found: np.ndarray) -> tuple[str, str]:
        """Return the most frequent id that is marked, of several the first, as written and as read."""
        places = np.flatnonzero(found)
        most = pa.array(places[self.counts[places] == self.counts[places].max()])
        pairs = zip(self.written.take(most).to_pylist(), self.ids.take(most).to_pylist(), strict=True)
        written, read = min((text.strip(), read) for text, read in pairs)
        return quoted(written) if written.isascii() else ascii(quoted(written)), quoted(read)


def read_ids(records: Records, rejects: Report, questions: Questions) -> tuple[Records, list[str]]:
    """Return the rows of a file with their ids in one spelling, and sentences on what was changed.

    A row whose id is a mark for none, such as `nan`, is rejected. What could be a mark and an id, and
    ids that have lost digits, are asked about.
    """
    notices: list[str] = []
    for column in TABLES[records.table]:
        if column.name in IDS and column.name in records.names:
            records = _read(records, column, rejects, questions, notices)
    return records, notices


def _read(
    records: Records, column: Column, rejects: Report, questions: Questions, notices: list[str]
) -> Records:
    coded = records.cells[column.name].combine_chunks().dictionary_encode()
    written = coded.dictionary
    codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    counts = np.bincount(codes[codes >= 0], minlength=len(written))
    column_ids = _Ids(
        records.file, records.names[column.name], column, written, spelled(written), codes, counts
    )
    notices += _respelled(column_ids)
    empty = _empty(column_ids, questions, notices)
    column_ids = _without_point(column_ids, empty, notices)
    lost = _lost(column_ids, empty, questions, notices)
    cells = records.cells
    if not column_ids.ids.equals(written):
        ids = pa.DictionaryArray.from_arrays(coded.indices, column_ids.ids).cast(pa.string())
        cells = cells.set_column(cells.schema.get_field_index(column.name), column.name, ids)
    gone = np.append(empty | lost, [False])[codes]  # (rows,); the last stands for an empty cell
    rows = np.flatnonzero(gone)
    if not len(rows):
        return replace(records, cells=cells)
    reasons = np.where(lost, f"{column.label} has lost digits", f"{column.label} is empty")[codes[rows]]
    values = written.take(pa.array(codes[rows])).to_pylist()
    lines = cells["line"].to_numpy()[rows]
    rejects.add(records.file, lines, column_ids.name, values, reasons.tolist())
    return replace(records, cells=cells.filter(pa.array(~gone)))


def _flags(found: pa.Array) -> np.ndarray:
    return pc.fill_null(found, fill_value=False).to_numpy(zero_copy_only=False).astype(bool)


def _respelled(column: _Ids) -> list[str]:
    """Return sentences on ids that were written in another way, blanks around them apart."""
    trimmed = pc.utf8_trim_whitespace(column.written)
    found = []
    filled = _flags(pc.not_equal(column.ids, ""))
    padded = _flags(pc.not_equal(column.written, trimmed)) & filled
    if rows := column.count(padded):
        found.append(f"{column.where} had blanks around it in {rows:,} rows, which are removed.")
    other = _flags(pc.not_equal(trimmed, column.ids)) & filled
    if rows := column.count(other):
        written, read = column.examples(other)
        found.append(
            f"{column.where} holds marks that are no part of an id in {rows:,} rows, which are removed: "
            f"{written} is read as {read}."
        )
    return found


def _empty(column: _Ids, questions: Questions, notices: list[str]) -> np.ndarray:
    """Return which ids are marks for none, asking of those that may be ids all the same."""
    lower = pc.utf8_lower(column.ids)
    marks = _flags(pc.is_in(lower, value_set=pa.array(sorted(MARKS))))
    blank = _flags(pc.equal(column.ids, ""))
    unseen = blank & ~_flags(pc.equal(pc.utf8_trim_whitespace(column.written), ""))
    coded = _flags(pc.match_substring_regex(column.ids, TICKER)) & ~marks
    others = ~marks & ~blank
    tickers = np.zeros(len(marks), dtype=bool)
    if others.any() and coded[others].mean() >= TICKERS:
        tickers = marks & _flags(pc.match_substring_regex(column.ids, "^[A-Z]+$"))
    doubt = tickers | _nobody(column, lower, others)
    found = (marks & ~tickers) | unseen
    what = column.column.label.lower()
    if rows := column.count(doubt):
        texts = sorted(set(column.ids.filter(pa.array(doubt)).to_pylist()))
        beside = f", beside codes such as {column.examples(coded)[1]}" if tickers.any() else ""
        sentence = (
            f"{column.where} says {' or '.join(map(quoted, texts))} in {rows:,} of {column.rows:,} rows "
            f"({rows / column.rows:.1%}){beside}. Is that a {what}, or is the cell empty?"
        )
        proposal = None if tickers.any() else "empty"
        ask = Question("empty_ids", column.file, column.name, sentence, ("an id", "empty"), proposal)
        if questions.ask(ask) == "empty":
            found |= doubt
    if rows := column.count(found):
        notices.append(
            f"{column.where} names no {what} in {rows:,} of {column.rows:,} rows, which are rejected: "
            f"{column.examples(found)[0]} is a mark for none."
        )
    return found


def _nobody(column: _Ids, lower: pa.Array, others: np.ndarray) -> np.ndarray:
    """Return which ids are words for nobody, or numbers as people set them where there is none."""
    words = _flags(pc.is_in(lower, value_set=pa.array(sorted(NOBODY))))
    numbers = _flags(pc.match_substring_regex(column.ids, NUMBER_OF_NONE)) & others
    most = column.counts[others & ~numbers & ~words].max(initial=1)
    return words | (numbers & (column.counts > CROWDED * most))


def _without_point(column: _Ids, empty: np.ndarray, notices: list[str]) -> _Ids:
    """Return a column of whole numbers that stand as floats, `10000.0`, as whole numbers."""
    filled = _flags(pc.not_equal(column.ids, "")) & ~empty
    pointed = _flags(pc.match_substring_regex(column.ids, FLOAT)) & filled
    powers = _flags(pc.match_substring_regex(column.ids, POWER)) & filled
    texts = column.ids.filter(pa.array(powers)).to_pylist()
    powers[powers] = [Decimal(text) == int(Decimal(text)) < EXACT for text in texts]
    floats = pointed | powers
    plain = _flags(pc.match_substring_regex(column.ids, PLAIN)) & filled
    if not floats.any() or not (floats | plain)[filled].all():
        return column
    ids = pc.replace_substring_regex(column.ids, pattern=CUT, replacement="")
    whole = [str(int(Decimal(text))) for text in column.ids.filter(pa.array(powers)).to_pylist()]
    ids = pc.replace_with_mask(ids, pa.array(powers), pa.array(whole, pa.string()))
    read = replace(column, ids=pc.if_else(pa.array(floats), ids, column.ids))
    written, plain_form = read.examples(floats)
    notices.append(
        f"{column.where} holds whole numbers as a program writes fractions in {column.count(floats):,} rows: "
        f"{written} is read as {plain_form}."
    )
    return read


def _lost(column: _Ids, empty: np.ndarray, questions: Questions, notices: list[str]) -> np.ndarray:
    """Return which ids are to be rejected since a program cut their digits; the analyst says whether."""
    none = np.zeros(len(column.ids), dtype=bool)
    filled = _flags(pc.not_equal(column.ids, "")) & ~empty
    lost = _flags(pc.match_substring_regex(column.ids, SCIENTIFIC)) & filled
    why = "is no whole number: a program has cut its last digits, so that several ids may read alike"
    if not lost.any():
        lost, why = _rounded(column, filled)
    if not lost.any():
        return none
    rows = column.count(lost)
    sentence = (
        f"{column.where} has lost digits in {rows:,} of {column.rows:,} rows, for {int(lost.sum()):,} ids: "
        f"{column.examples(lost)[0]} {why}."
    )
    notices.append(f"{sentence} Take the ids from their source, as text.")
    choices = ("read as they stand", "leave the rows out")
    answer = questions.ask(Question("digits", column.file, column.name, sentence, choices))
    return lost if answer == "leave the rows out" else none


def _rounded(column: _Ids, filled: np.ndarray) -> tuple[np.ndarray, str]:
    """Return which ids are long numbers of which only the first digits can be true, and how that shows."""
    long = _flags(pc.match_substring_regex(column.ids, rf"^\d{{{FIGURES + 1},}}$")) & filled
    zeros = _flags(pc.match_substring_regex(column.ids, rf"^\d{{{FIGURES}}}0+$")) & long
    if int(zeros.sum()) > FEW and zeros[long].all():
        return zeros, f"keeps {FIGURES} digits, as Excel does, and ends in zeros like all that are longer"
    floats = _flags(pc.match_substring_regex(pc.utf8_trim_whitespace(column.written), FLOAT)) & long
    large = np.array([int(text) > EXACT for text in column.ids.filter(pa.array(floats)).to_pylist()], bool)
    floats[floats] = large
    return floats, "was a float, which skips whole numbers of that size"

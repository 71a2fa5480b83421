"""Figures: the numbers of one column, read in the way that the whole column tells, or that is asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.schema import Column
from finrec_core.intake.numerals import COMMA, POINT, ends, middle, numeral, open_ones, signs_of, value
from finrec_core.intake.numerals import PLAIN as PLAIN_NUMBER
from finrec_core.intake.question import Question, Questions
from finrec_core.intake.values import Reader, Value, in_bounds, reader

PLAIN = f"^{PLAIN_NUMBER.pattern}$"
THOUSANDS = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"
MARKS, DECIMALS = "thousands", "decimals"
MIDDLE, LOW, HIGH, EMPTY = "middle", "low end", "high end", "empty"
ANGLO = ("$", "£", "₹", "USD", "GBP", "INR")  # money written with a decimal point


@dataclass(frozen=True)
class Figures:
    """The distinct cells of one column of numbers: its place, and what else of the file leans which way.

    `counts` says in how many rows each text stands; `comma` that a decimal comma is usual in the file;
    `others` returns the signs that are decimal in other columns of the file.
    """

    file: str
    name: str
    column: Column
    texts: Sequence[str]
    counts: Sequence[int]
    comma: bool
    others: Callable[[], set[str]]

    def reader(self, questions: Questions, notices: list[str]) -> Reader:
        """Return the function that reads one cell; what the column leaves open is asked, marks are told."""
        signs = signs_of(self.texts)
        ranges = self._ranges() if self.column.name == "amount" else {}
        decimal = next(iter(signs)) if len(signs) == 1 else ""
        if not signs:
            decimal = self._leaning(questions, bool(ranges)) or ""
        read = reader(
            self.column,
            comma=self.comma or len(signs) > 1,
            day_first=None,
            dotted=len(signs) > 1,
            decimal=decimal,
        )
        notices += self._told(decimal)
        if not ranges:
            return read
        ranges = self._ranges(decimal or POINT)
        chosen = self._chosen(ranges, questions)

        def ranged(text: str) -> Value:
            return chosen[text] if text in chosen else read(text)

        return ranged

    def _told(self, decimal: str) -> list[str]:
        """Return a sentence on how numbers with marks are read, with the example that shows most of them."""
        texts = (t for t in self.texts if not PLAIN_NUMBER.fullmatch(t) or (decimal == COMMA and POINT in t))
        found = ((text, numeral(text)) for text in texts)
        marked = [(text, one) for text, one in found if one is not None]
        if not marked or not decimal:
            return []
        text, one = max(marked, key=lambda pair: (len(pair[0]), pair[0]))
        number = value(one, decimal)
        if number is None:
            return []
        how = f"a decimal {'comma' if decimal == COMMA else 'point'}"
        return [f'{self.file}: numbers in "{self.name}" are read with {how}, as {text} is {number:.12g}.']

    def _ranges(self, decimal: str = POINT) -> Mapping[str, tuple[float | None, float | None]]:
        found = ((text, ends(text, decimal)) for text in self.texts)
        return {text: both for text, both in found if both is not None}

    def _rows(self, texts: Sequence[str]) -> int:
        wanted = set(texts)
        return int(sum(count for text, count in zip(self.texts, self.counts, strict=True) if text in wanted))

    def _leaning(self, questions: Questions, ranges: bool) -> str | None:
        """Return the decimal sign where no cell tells it, asked for where one mark may be either."""
        found = open_ones(self.texts)
        bodies = [one.body for text in found if (one := numeral(text)) is not None]
        commas, points = (sum(sign in body for body in bodies) for sign in (COMMA, POINT))
        if not bodies:
            return POINT if ranges else None
        if commas and points:
            return None
        sign = COMMA if commas else POINT
        if sign == POINT and not (self.comma and self.column.name == "amount" and len(bodies) > 1):
            return POINT
        lean = self._lean(sign)
        proposal = None if lean is None else (DECIMALS if lean == sign else MARKS)
        mark = "comma" if sign == COMMA else "point"
        rows = self._rows(found)
        many = f"{rows:,} numbers" if rows > 1 else "a number"
        sentence = (
            f'{self.file}: "{self.name}" holds {many} such as {found[0]}, where the {mark} may part '
            "thousands or decimals, and no cell tells which."
        )
        question = Question("numbers", self.file, self.name, sentence, (MARKS, DECIMALS), proposal)
        answer = questions.ask(question)
        if answer is None:
            return None
        other = POINT if sign == COMMA else COMMA
        return sign if answer == DECIMALS else other

    def _lean(self, sign: str) -> str | None:
        """Return the decimal sign that the rest of the file speaks for, None where nothing does."""
        others = self.others()
        if len(others) == 1:
            return next(iter(others))
        if any(mark in text.upper() for text in self.texts for mark in ANGLO):
            return POINT
        if any(len(one.body) > 3 and one.body.isdigit() for text in self.texts if (one := numeral(text))):
            return sign  # thousands stand without a mark elsewhere
        if sign == COMMA:
            return None if self.comma else POINT
        return COMMA

    def _chosen(
        self, ranges: Mapping[str, tuple[float | None, float | None]], questions: Questions
    ) -> dict[str, float | None]:
        """Return the value of each range, as the analyst chooses."""
        rows = self._rows(list(ranges))
        example = next(iter(ranges))
        low, high = ranges[example]
        many = f"{rows:,} ranges" if rows > 1 else "a range"
        sentence = (
            f'{self.file}: "{self.name}" holds {many} such as {example}; each is read as its geometric '
            f"middle, here {middle(low, high):,.0f}, unless you say otherwise."
        )
        choices = (MIDDLE, LOW, HIGH, EMPTY)
        answer = questions.ask(Question("ranges", self.file, self.name, sentence, choices, MIDDLE))
        values: dict[str, float | None] = {}
        for text, (low, high) in ranges.items():
            known = low if high is None else high
            if answer == EMPTY:
                values[text] = None
            elif answer == MIDDLE:
                values[text] = in_bounds(middle(low, high), self.column)
            else:
                values[text] = (low if low is not None else 0.0) if answer == LOW else known
        return values


def plain_numbers(cells: pa.Array, column: Column, *, comma: bool) -> pa.Array | None:
    """Return a column of floats where each cell is written plainly and fits, else None."""
    if not pc.all(pc.match_substring_regex(cells, PLAIN)).as_py():
        return None
    if comma and column.name == "amount":
        pointed = cells.filter(pc.match_substring(cells, POINT))
        if len(pointed) and pc.all(pc.match_substring_regex(pointed, THOUSANDS)).as_py():
            return None
    try:
        numbers = pc.cast(cells, pa.float64())
    except pa.ArrowInvalid:
        return None
    ends_found = pc.min_max(numbers).as_py()
    fit = all(
        number is None or (np.isfinite(number) and column.fits(number)) for number in ends_found.values()
    )
    return numbers if fit else None

"""The sense of events that a program hands over: what files would ask, answered or told as warnings."""

import warnings
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.contract import DatasetError
from finrec_core.dataset.dataset import Dataset
from finrec_core.dataset.report import Report
from finrec_core.dataset.schema import TABLES
from finrec_core.intake.amount import count, signed, with_columns
from finrec_core.intake.conversion import TypedRows, has_every_pair
from finrec_core.intake.density import check_density
from finrec_core.intake.error import IntakeError
from finrec_core.intake.event import Events
from finrec_core.intake.opinion import find_opinions
from finrec_core.intake.question import STOP, Questions
from finrec_core.intake.vocabulary import Cells
from finrec_core.intake.zero import without_zeros

FRAME = "interactions"  # what a question calls the frame, in place of a file


class Sense:
    """Reads what events of a frame mean; `told` are the answers of the caller, by the question's id.

    A line that a question names is a row, of which the first is 0.
    """

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.questions = Questions(told)
        self._events = Events(self.questions, [], Report(), Report())
        self._parts: list[TypedRows] = []

    @property
    def amounts_count(self) -> bool:
        """Whether the amounts count pieces, so that what is left of them decides."""
        return self._events.amounts_count

    def read(self, rows: pa.Table, names: Collection[str]) -> pa.Table:
        """Return the events as they are meant; `names` are the columns that the frame has.

        Raises `DatasetError` for an answer that there is not.
        """
        lined = rows.append_column("line", pa.array(np.arange(len(rows))))
        part = TypedRows(FRAME, FRAME, lined, {name: name for name in names}, ())
        try:
            part = self._rated(part) if "rating" in names else part
            counted = "amount" in names
            part = signed(part, self._events.notices) if counted else part
            part, levels = without_zeros(part, self.questions, self._events.notices)
            if counted and not levels:
                self._events.amounts_count &= count(part, "", self.questions)
            self._parts = self._events.settled([part])
        except IntakeError as error:
            raise DatasetError(str(error)) from error
        return self._parts[0].rows.select(rows.schema.names)

    def _rated(self, part: TypedRows) -> TypedRows:
        """Return events of which the ratings that are none are empty, as the caller says or as proposed."""
        ratings = part.rows["rating"].combine_chunks().dictionary_encode()
        values = ratings.dictionary.to_pylist()
        codes = pc.fill_null(ratings.indices, -1).to_numpy()  # (rows,)
        counts = np.bincount(codes[codes >= 0], minlength=len(values))
        column = next(column for column in TABLES[FRAME] if column.name == "rating")
        cells = Cells(FRAME, "rating", column, [f"{value:g}" for value in values], counts)
        found = find_opinions(cells, values, self.questions, every_pair=lambda: has_every_pair(part.rows))
        empty = np.isin(codes, [code for code, value in enumerate(values) if value in found.empty])
        neither = np.isin(codes, [code for code, value in enumerate(values) if value in found.not_held])
        silent = pc.and_(pa.array(neither), part.rows["action"].combine_chunks().is_null())
        return with_columns(
            part,
            rating=pc.if_else(pa.array(empty), None, part.rows["rating"]),
            action=pc.if_else(silent, "neither", part.rows["action"]),
        )

    def close(self, dataset: Dataset) -> None:
        """Ask of the whole dataset, and warn of each question that is open, naming what was assumed.

        Raises `DatasetError` for an answer to something that nobody asks, and where one says to stop.
        """
        check_density(dataset, self._parts, self.questions)
        try:
            self.questions.check_given([FRAME])
        except IntakeError as error:
            raise DatasetError(str(error)) from error
        if stopped := [key for key, answer in self.questions.answers.items() if answer == STOP]:
            raise DatasetError(f'"{stopped[0]}" is answered with "{STOP}".')
        for one in self.questions.open:
            taken = "Nothing is assumed" if one.proposal is None else f"Assumed is {_said(one.proposal)}"
            warnings.warn(f'{one.sentence} {taken}; say so by answers={{"{one.id}": ...}}.', stacklevel=3)


def _said(proposal: str | Mapping[str, str]) -> str:
    if isinstance(proposal, str):
        return f'"{proposal}"'
    return ", ".join(f'"{answer}" of {value}' for value, answer in proposal.items())

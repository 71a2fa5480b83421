"""Events: the rows of interactions read for what they say that a client did."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.report import Report
from finrec_core.intake.action import told_actions
from finrec_core.intake.amount import as_numbers, count, kind_of, signed
from finrec_core.intake.century import with_centuries
from finrec_core.intake.conversion import TypedRows, convert
from finrec_core.intake.duplicate import at_one_moment, once
from finrec_core.intake.ending import endings, given_up
from finrec_core.intake.friends import befriended
from finrec_core.intake.identity import read_ids
from finrec_core.intake.mapping import FileMapping
from finrec_core.intake.mark import marks_of, with_losses
from finrec_core.intake.matrix import taken_apart
from finrec_core.intake.melting import melted, newest
from finrec_core.intake.names import FRIENDS, HELD
from finrec_core.intake.question import Questions
from finrec_core.intake.records import Records
from finrec_core.intake.zero import without_zeros


@dataclass
class Events:
    """Reads what rows mean, file by file, then all together; doubts go to `questions`, the rest to `notices`.

    `amounts_count` says whether all amounts count pieces, so that what is left of them decides.
    """

    questions: Questions
    notices: list[str]
    rejects: Report
    repairs: Report
    amounts_count: bool = True
    marks: dict[str, pa.Table] = field(default_factory=dict)

    def read(
        self, records: Records, mapping: FileMapping, *, comma: bool, day_first: bool | None
    ) -> list[TypedRows]:
        """Return the rows of one file with actions, signed amounts, and those that hold nothing marked."""
        if HELD in mapping.uses.values():
            return self._matrix(records, mapping, comma=comma, day_first=day_first)
        marks = marks_of(records)
        records = with_centuries(records, self.questions)
        records = as_numbers(told_actions(records, mapping, self.questions, self.notices))
        records, ended = endings(records)
        part = self._typed(records, comma=comma, day_first=day_first)
        if FRIENDS in records.names:
            friends, _ = read_ids(befriended(records, self.notices), Report(), Questions())
            return [part, self._typed(friends, comma=comma, day_first=day_first)]
        if part.table != "interactions" or not len(part.rows):
            return [part]
        self.marks[records.file] = with_losses(marks, records, part)
        counted = "amount" in part.names
        part = signed(part, self.notices) if counted else part
        part, levels = without_zeros(part, self.questions, self.notices)
        if counted and not levels:
            self.amounts_count &= count(part, kind_of(records), self.questions)
        if ended is None:
            return [part]
        found = self._typed(ended, comma=comma, day_first=day_first)
        found = signed(found, self.notices) if counted else found
        return [part, given_up(part, found, self.questions)]

    def _matrix(
        self, records: Records, mapping: FileMapping, *, comma: bool, day_first: bool | None
    ) -> list[TypedRows]:
        """Return the interactions and the clients of a matrix, whose rows are rejected once."""
        matrix = taken_apart(records, mapping, self.questions)
        rows = self._typed(matrix.rows, comma=comma, day_first=day_first)
        events = melted(matrix, rows, self.notices)
        read = pc.is_in(matrix.clients.cells["line"], value_set=newest(rows))
        clients = replace(matrix.clients, cells=matrix.clients.cells.filter(read))
        return [events, self._typed(clients, comma=comma, day_first=day_first)]

    def _typed(self, records: Records, *, comma: bool, day_first: bool | None) -> TypedRows:
        return convert(records, self.rejects, self.repairs, self.questions, comma=comma, day_first=day_first)

    def settled(self, parts: Sequence[TypedRows]) -> list[TypedRows]:
        """Return the rows of all files, with what they say twice or at one moment decided."""
        parts = once(parts, self.marks, self.repairs, self.questions, self.notices)
        return at_one_moment(parts, self.questions, netted=self.amounts_count)

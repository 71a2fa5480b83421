"""One file that was read, and the question whether the others of its rows will do where many are rejected."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset.report import reason_counts, row_sentences
from finrec_core.intake.question import STOP, Question, Questions
from finrec_core.terms import wording

CONFIRM_ABOVE = 0.05  # share of the rows of one file that may be rejected unasked
LEAVE_OUT = "leave them out"


@dataclass(frozen=True)
class FileRead:
    r"""One file that was read: the table it went into ("" where left out), its rows and those rejected.

    >>> from finrec_core.intake import Source, read_files
    >>> read_files([Source("has.csv", b"client,product\nann,card\nann,\n")]).files
    (FileRead(name='has.csv', table='interactions', rows_read=2, rows_rejected=1),)
    """

    name: str
    table: str
    rows_read: int
    rows_rejected: int

    @property
    def rejected_share(self) -> float:
        """Rejected rows as a share of the rows read, 0 to 1."""
        return self.rows_rejected / self.rows_read if self.rows_read else 0.0

    def __str__(self) -> str:
        rows, share = wording.counted(self.rows_read, "row"), wording.percent(self.rejected_share)
        return f"{self.name}: {self.rows_rejected:,} of {rows} rejected ({share})"


def ask_about_rejects(questions: Questions, files: Sequence[FileRead], rejected: pa.Table) -> None:
    """Ask of each file with many rejected rows whether it will do without them; no other file counts.

    So a catalogue that is lost is never lost in a crowd of transactions, nor one file of a table in
    another; `rejected` are the rows of all files, as an import reports them.
    """
    for file in files:
        if file.rejected_share > CONFIRM_ABOVE:
            own = rejected.filter(pc.equal(rejected["file"], file.name))
            reason, count = reason_counts(own)[0]
            alike = own.filter(pc.starts_with(own["reason"], reason))
            share = "all" if count == len(own) else f"{count:,}"
            sentence = (
                f"{file}. {wording.capital(share)} of them: {wording.inside(reason)} "
                f"({next(iter(row_sentences(alike.slice(0, 1)))).partition(': ' + reason)[0]}). "
                "Import the others without them?"
            )
            choices = (LEAVE_OUT, STOP)
            questions.ask(Question("rejects", file.name, "", sentence, choices, LEAVE_OUT, once=True))

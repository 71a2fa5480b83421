"""Intake: files as they come become a dataset, with a report of every row rejected or repaired."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pyarrow as pa

from finrec_core.dataset.dataset import Dataset
from finrec_core.dataset.limits import without_products
from finrec_core.dataset.report import REPORT, Report, reason_counts
from finrec_core.intake.assembly import assemble
from finrec_core.intake.contents import in_rows
from finrec_core.intake.density import check_density
from finrec_core.intake.error import ColumnUse, IntakeError
from finrec_core.intake.event import Events
from finrec_core.intake.extraction import Account, extract
from finrec_core.intake.fileread import FileRead, ask_about_rejects
from finrec_core.intake.form import FormChoice
from finrec_core.intake.identity import read_ids
from finrec_core.intake.join import Join, join
from finrec_core.intake.mapping import FileMapping, check_overrides, check_tables
from finrec_core.intake.names import is_unbounded
from finrec_core.intake.orders import Baskets
from finrec_core.intake.precedent import DAY_FIRST, kept_uses, precedent
from finrec_core.intake.preview import Preview
from finrec_core.intake.proposal import propose
from finrec_core.intake.question import STOP, Answer, Question, Questions
from finrec_core.intake.rating import RatingProposal, propose_for
from finrec_core.intake.source import Source
from finrec_core.terms.progress import Progress, part, shares, silent


@dataclass(frozen=True, repr=False, eq=False)
class Intake:
    r"""What the files gave: the dataset and an account of every row.

    `dataset` is None where no interaction was accepted. `rejects` and `repairs` have the columns of
    `REPORT`; a rejected row stands once in `rejects`, an accepted one may stand in `repairs` more
    than once. `columns` lists every column of every file with its use, which `mapping` hands back to
    `read_files` for another pass; `previews` shows the first rows of each file. `questions` are those
    that are open, which the proposals stand in for; `answers` are those that were given, by question. `kept`
    is what to keep with the dataset, for `read_files` to take when the next files are appended.
    `skipped`, of the same columns, has the lines that are no rows: titles, totals, comments and the like.
    `joins` says how many clients and products of each file are found in the file that lists them.
    `rows_read = rows_clean + rows_repaired + rows_rejected`.

    >>> from finrec_core.intake import Source, read_files
    >>> intake = read_files([Source("has.csv", b"client,product\nann,card\nann,card\n")])
    >>> intake.rows_read, intake.rows_clean, intake.rows_repaired, intake.rows_rejected
    (2, 1, 1, 0)
    >>> intake.mapping
    {'has.csv:client': 'client_id', 'has.csv:product': 'product_id'}
    """

    dataset: Dataset | None
    files: tuple[FileRead, ...]
    columns: tuple[ColumnUse, ...]
    rejects: pa.Table
    repairs: pa.Table
    notices: tuple[str, ...]
    rating_proposal: RatingProposal | None
    previews: tuple[Preview, ...] = ()
    questions: tuple[Question, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    skipped: pa.Table = field(default_factory=REPORT.empty_table)
    kept: Mapping[str, Any] = field(default_factory=dict)
    joins: tuple[Join, ...] = ()

    def __post_init__(self) -> None:
        if sum(file.rows_rejected for file in self.files) != len(self.rejects) or self.rows_clean < 0:
            raise ValueError("an intake accounts for each row once.")

    @property
    def rows_read(self) -> int:
        """Rows of all files, headers and blank lines not counted."""
        return sum(file.rows_read for file in self.files)

    @property
    def rows_rejected(self) -> int:
        """Rows that are not in the dataset."""
        return len(self.rejects)

    @property
    def rows_repaired(self) -> int:
        """Rows that are in the dataset after one repair or more."""
        return len(self.repairs.group_by(["file", "line"]).aggregate([]))

    @property
    def rows_clean(self) -> int:
        """Rows that are in the dataset as they were."""
        return self.rows_accepted - self.rows_repaired

    @property
    def rows_accepted(self) -> int:
        """Rows that are in the dataset, repaired or not."""
        return self.rows_read - self.rows_rejected

    @property
    def rejected_share(self) -> float:
        """Rejected rows as a share of the rows read, 0 to 1."""
        return self.rows_rejected / self.rows_read if self.rows_read else 0.0

    @property
    def stopped(self) -> tuple[str, ...]:
        """The questions whose answer says not to import."""
        return tuple(key for key, answer in self.answers.items() if answer == STOP)

    @property
    def reject_counts(self) -> list[tuple[str, int]]:
        """How many rows were rejected for each reason, most frequent first."""
        return reason_counts(self.rejects)

    @property
    def repair_counts(self) -> list[tuple[str, int]]:
        """How many repairs of each kind were made, most frequent first."""
        return reason_counts(self.repairs)

    @property
    def mapping(self) -> dict[str, str]:
        """The use of every column as `read_files` takes it, each under `FILE:COLUMN`."""
        return {f"{use.file}:{use.column}": use.used_as for use in self.columns}

    def __repr__(self) -> str:
        return (
            f"Intake({len(self.files)} files, {self.rows_read:,} rows read, {self.rows_rejected:,} rejected, "
            f"{self.rows_repaired:,} repaired: {self.dataset!r})"
        )


def read_files(
    files: Sequence[Source],
    *,
    mapping: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
    forms: Mapping[str, FormChoice] | None = None,
    day_first: bool | None = None,
    rating_limit: float | Literal["propose"] | None = "propose",
    verb: str = "has",
    name: str = "dataset",
    answers: Mapping[str, Any] | None = None,
    kept: Mapping[str, Any] | None = None,
    progress: Progress = silent,
) -> Intake:
    r"""Read files in the contract of docs/data.md, "Columns", and return what they gave.

    Nothing is stored.

    Args:
        files: The files, as `find_sources` gives them.
        mapping: What a column is used as: `COLUMN` or, for one file, `FILE:COLUMN` to a column of ours,
            "" to leave it out; the rest is proposed from the names.
        kinds: By file, which table it holds, "" to leave it out.
        forms: By file, how it is written where that is not to be found; bytes that are no UTF-8 without
            a byte order mark are never guessed.
        day_first: The order of dates like 04/03/2026; None where none is in doubt.
        rating_limit: Under it a rating is low; None for none, "propose" for what `propose_limit` finds.
        verb: What a client does with a product.
        name: What the dataset is called.
        answers: What the analyst says to questions, by their id.
        kept: What was said when this dataset was imported before (`Intake.kept`), for files with the
            same columns.
        progress: Told the stage and the share that is done, 0 to 1.

    Returns:
        The dataset, None where no interaction was accepted, and an account of every row.

    Raises:
        IntakeError: Where a whole file cannot be read, with all that is known of the columns.

    >>> from finrec_core.intake import Source, read_files
    >>> stars = Source("stars.csv", b"user_id,isin,stars\nann,A1,5\nbob,A1,2\nbob,B2,five\n")
    >>> intake = read_files([stars], verb="bought", name="bank")
    >>> intake.dataset
    Dataset('bank': 2 clients, 2 products, 3 interactions, 0 ties)
    >>> intake.dataset.rating_limit
    3.0
    >>> intake.repair_counts[-1]
    ('Rating is not a number, left empty', 1)
    """
    mapping, kinds, kept = mapping or {}, kinds or {}, kept or {}
    questions = Questions(answers or {}, kept)
    proposal = propose(files, mapping=mapping, kinds=kinds, forms=forms, questions=questions, kept=kept)
    uses, holds = kept_uses(proposal.columns, kept, mapping, kinds)
    if (uses, holds) != (mapping, kinds):
        questions = Questions(answers or {}, kept)
        proposal = propose(files, mapping=uses, kinds=holds, forms=proposal.told, questions=questions)
    day_first = kept.get(DAY_FIRST) if day_first is None else day_first
    mappings, notices = proposal.mappings, list(proposal.notices)
    rejects, repairs = Report(), Report()
    events = Events(questions, notices, rejects, repairs)
    baskets = Baskets(proposal.orders, rejects, notices)
    account = Account(rejects, Report(), notices, questions)
    rows_read: Counter[str] = Counter()
    parts = []
    try:
        check_overrides(mapping, kinds, mappings)
        check_tables(mappings)
        told = shares(progress, [text.size for text in proposal.texts])
        for text, form, columns, report in zip(proposal.texts, proposal.forms, mappings, told, strict=True):
            if columns.table:
                records = extract(text, form, columns, account, part(report, 0.0, 0.7))
                records = in_rows(records, text)
                rows_read[text.name] = records.rows_read
                records, said = read_ids(baskets.told(records), rejects, questions)
                notices += said
                report(f"checking {text.name}", 0.7)
                comma = form.delimiter in (";", "\t")
                parts += events.read(records, columns, comma=comma, day_first=day_first)
            notices += columns.notices()
        _check_rows(mappings, rows_read)
        progress("putting the rows together", 0.9)
        joined = join(parts, questions)
        tables = assemble(events.settled(joined.parts), rejects, repairs, questions, notices)
    except IntakeError as error:
        error.columns, error.previews = proposal.columns, proposal.previews
        raise
    notices += [notice for part in parts for notice in part.notices]
    notices[:0] = [loss for part in parts for loss in part.losses]
    notices += joined.notices
    counts = any(is_unbounded(part.names.get("rating", "")) for part in parts)
    rating = None if counts else propose_for(tables["interactions"])
    if rating and rating_limit == "propose":
        notices.append(str(rating))
    limit = (rating.limit if rating else None) if rating_limit == "propose" else rating_limit
    counted = events.amounts_count
    dataset = Dataset(**tables, name=name, verb=verb, rating_limit=limit, amounts_count=counted)
    check_density(dataset, parts, questions)
    order = [text.name for text in proposal.texts]
    rejected = rejects.table(order)
    by_file = Counter(rejected["file"].to_pylist())
    read = tuple(FileRead(m.file, m.table or "", rows_read[m.file], by_file[m.file]) for m in mappings)
    ask_about_rejects(questions, read, rejected)
    notices += questions.check_given(order)
    return Intake(
        dataset=dataset if len(dataset.interactions) else None,
        files=read,
        columns=proposal.columns,
        rejects=rejected,
        repairs=repairs.table(order, without=rejected),
        notices=(*joined.failures, *without_products(dataset), *notices),
        rating_proposal=rating,
        previews=proposal.previews,
        questions=questions.open,
        answers=questions.answers,
        skipped=account.skipped.table(order),
        kept=precedent(
            questions,
            proposal.columns,
            mapping=uses,
            kinds=holds,
            forms=proposal.told,
            day_first=day_first,
        ),
        joins=joined.joins,
    )


def _check_rows(mappings: Sequence[FileMapping], rows_read: Mapping[str, int]) -> None:
    """Raise `IntakeError` where no file of interactions has a row."""
    files = [mapping.file for mapping in mappings if mapping.table == "interactions"]
    if not any(rows_read[file] for file in files):
        raise IntakeError("the file has a header but no rows.", file=files[0], line=1)

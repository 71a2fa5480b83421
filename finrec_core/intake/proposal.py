"""The proposal: what the first lines of files say of how they are written and what they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from finrec_core.intake.action import look_for_actions
from finrec_core.intake.amount import look_for_amount
from finrec_core.intake.candidate import choose
from finrec_core.intake.contents import text_files
from finrec_core.intake.documents import opened
from finrec_core.intake.encoding import ENCODINGS, UTF8, marked
from finrec_core.intake.ending import look_for_ending
from finrec_core.intake.error import ColumnUse, IntakeError
from finrec_core.intake.form import Form, FormChoice, find_form
from finrec_core.intake.mapping import FileMapping, leave_out_others
from finrec_core.intake.mark import look_for_marks
from finrec_core.intake.matrix import look_for_matrices
from finrec_core.intake.orders import Orders, find_orders
from finrec_core.intake.precedent import kept_forms
from finrec_core.intake.preview import SHOWN, Preview, preview_table
from finrec_core.intake.question import Questions
from finrec_core.intake.records import SAMPLE, first_cells, first_rows, sample
from finrec_core.intake.source import Source
from finrec_core.intake.stray import check_strays, part_strays
from finrec_core.intake.textfile import TextFile


@dataclass(frozen=True, repr=False, eq=False)
class Proposal:
    r"""How files are to be read, before their rows are: each with its form and its mapping.

    `columns` lists every column of every file with its use, `previews` the first rows of each file; `told` is
    how files are written by what the analyst says, or said of such files before.

    >>> from finrec_core.intake import Source, propose
    >>> stars = propose([Source("stars.csv", b"user_id;isin;stars\nann;A1;5\n")])
    >>> [(use.column, use.used_as) for use in stars.columns]
    [('user_id', 'client_id'), ('isin', 'product_id'), ('stars', 'rating')]
    >>> stars.previews[0].delimiter
    ';'
    """

    texts: tuple[TextFile, ...]
    forms: tuple[Form, ...]
    mappings: tuple[FileMapping, ...]
    previews: tuple[Preview, ...]
    notices: tuple[str, ...]
    orders: Orders = field(default_factory=Orders)
    told: Mapping[str, FormChoice] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not len(self.texts) == len(self.forms) == len(self.mappings) == len(self.previews):
            raise ValueError("a proposal speaks of each file once.")

    @property
    def columns(self) -> tuple[ColumnUse, ...]:
        """Every column of every file with its use and an example."""
        return tuple(use for mapping in self.mappings for use in mapping.columns())

    def __repr__(self) -> str:
        return f"Proposal({len(self.texts)} files, {len(self.columns)} columns)"


def propose(
    files: Sequence[Source],
    *,
    mapping: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
    forms: Mapping[str, FormChoice] | None = None,
    questions: Questions | None = None,
    kept: Mapping[str, Any] | None = None,
) -> Proposal:
    r"""Look at the first lines of files and return how they are to be read.

    `mapping`, `kinds` and `forms` are what the analyst says, as `read_files` takes them; which of
    several columns is used is asked of `questions`; `kept` is what was said before, of which only how files
    are written counts here. Raises `IntakeError` where the first lines of a file cannot be read that others
    cannot do without.

    >>> from finrec_core.intake import Source, propose
    >>> propose([Source("has.csv", b"client,product\nann,card\n")])
    Proposal(1 files, 2 columns)
    """
    mapping, kinds, forms = mapping or {}, kinds or {}, forms or {}
    texts, notices = text_files(files)
    forms = kept_forms(texts, kept or {}, forms)
    texts, more, unread = opened([_encoded(text, _choice(text, forms)) for text in texts])
    notices = [*notices, *more]
    told = {*kinds, *forms, *(key.partition(":")[0] for key in mapping)}  # files that the analyst speaks of

    def find(text: TextFile) -> Form:
        return _form(text, _choice(text, forms), kinds.get(text.name), unread.get(text.name))

    pairs, strays = part_strays(texts, find, told)
    mappings = tuple(_mapping(text, form, mapping, kinds.get(text.name)) for text, form in pairs)
    orders = find_orders(mappings)
    if orders.heads:  # their lines are read after them
        several = sorted(zip(pairs, mappings, strict=True), key=lambda one: one[1].file not in orders.heads)
        pairs, mappings = [pair for pair, _ in several], tuple(one for _, one in several)
    samples = [first_rows(text, form, SAMPLE) if form.names else [] for text, form in pairs]
    look_for_matrices(mappings, samples)
    for columns, rows in zip(mappings, samples, strict=True):
        look_for_amount(columns)
        look_for_actions(columns, rows)
        look_for_ending(columns)
        look_for_marks(columns)
    check_strays(strays, mappings)
    notices += [stray.notice for stray in strays]
    leave_out_others(mappings)
    files_by_name = {text.name: (text, form) for text, form in pairs}
    chosen = choose(
        mappings,
        lambda file, names, count: first_cells(*files_by_name[file], names, count),
        questions or Questions(),
    )
    notices = [*chosen, *notices]
    return Proposal(
        texts=tuple(text for text, _ in pairs),
        forms=tuple(form for _, form in pairs),
        mappings=mappings,
        previews=tuple(_preview(*pair, rows) for pair, rows in zip(pairs, samples, strict=True)),
        notices=tuple(notices + [notice for text, form in pairs for notice in _notices(text, form)]),
        orders=orders,
        told=forms,
    )


def _form(text: TextFile, choice: FormChoice | None, kind: str | None, unread: IntakeError | None) -> Form:
    """Return the form of a file; of one that the analyst leaves out, whatever it holds."""
    try:
        if unread is not None:
            raise unread
        return find_form(text, choice)
    except IntakeError:
        if kind != "":
            raise
        return Form(delimiter=",", quoted=True, names=(), header=True, first=1)


def _choice(text: TextFile, forms: Mapping[str, FormChoice]) -> FormChoice | None:
    """Return what the analyst says of a file; how a table of another kind was written is known."""
    if text.delimiter is None:
        return forms.get(text.name)
    return replace(forms.get(text.name, FormChoice()), encoding=UTF8, delimiter=text.delimiter)


def _encoded(text: TextFile, choice: FormChoice | None) -> TextFile:
    """Return a file in the encoding that the analyst says, else the one its byte order mark tells."""
    told = choice.encoding if choice else None
    return replace(text, encoding=told or marked(text.stream))


def _mapping(text: TextFile, form: Form, overrides: Mapping[str, str], kind: str | None) -> FileMapping:
    """Return the mapping of a file; the layout of a published file without a header names its columns."""
    if kind is None and form.layout is not None:
        kind = form.layout.table
    header = form.header or form.layout is not None
    examples = sample(text, form) if form.names else {}
    return FileMapping(text.name, text.stem, examples, overrides, kind, header=header)


def _preview(text: TextFile, form: Form, rows: Sequence[dict[str, str | None]]) -> Preview:
    shown = preview_table(form.names, rows[:SHOWN])
    return Preview(text.name, text.encoding, form.delimiter, form.header, shown, form.line)


def _notices(text: TextFile, form: Form) -> list[str]:
    """Return sentences on what is unusual in how a file is written."""
    found = []
    if text.encoding != UTF8:
        found.append(f"{text.name} is read as {ENCODINGS[text.encoding]}.")
    if form.layout is not None:
        found.append(f"{text.name} has no header line; its columns are those of {form.layout.source}.")
    if form.literal:
        found.append(f"{text.name} holds Python literals in place of JSON, which are read too.")
    return found

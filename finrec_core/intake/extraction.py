"""The extraction of one file: its records, in a second try where the first shows how the file is written."""

from dataclasses import dataclass, replace

import pyarrow.compute as pc

from finrec_core.dataset.report import Report
from finrec_core.intake.asides import sentences
from finrec_core.intake.form import Form
from finrec_core.intake.lists import take_apart
from finrec_core.intake.mapping import FileMapping
from finrec_core.intake.question import Questions
from finrec_core.intake.quotation import BACKSLASH
from finrec_core.intake.records import Records, read_rows, report_broken
from finrec_core.intake.rows import MisquotedError
from finrec_core.intake.textfile import TextFile
from finrec_core.terms.progress import Progress, silent

NOTHING = r"\N"  # how databases write an empty cell


@dataclass(frozen=True)
class Account:
    """Where an extraction writes what it meets: broken rows, lines that are no rows, sentences, questions."""

    rejects: Report
    skipped: Report
    notices: list[str]
    questions: Questions


def extract(
    file: TextFile, form: Form, mapping: FileMapping, account: Account, progress: Progress = silent
) -> Records:
    r"""Return the records of a file with its lists taken apart, everything odd told in `account`.

    Where quotation marks break rows and a backslash stands before some, the file is read again with the
    backslash as their escape, and that reading counts if it breaks fewer; where tabs separate, quotation
    marks may be plain characters. `\N` is an empty cell. Raises what `read_rows` raises.
    """
    records, form = _read(file, form, mapping, account.notices, progress)
    apart: list[str] = []
    whole = take_apart(_emptied(records), account.questions, apart)
    report_broken(whole, account.rejects)
    asides = records.asides
    account.skipped.add(
        file.name,
        [aside.line for aside in asides],
        "",
        [aside.value for aside in asides],
        [aside.reason for aside in asides],
    )
    account.notices.extend([*_shape(file.name, form, records), *sentences(file.name, asides), *apart])
    return whole


def _read(
    file: TextFile, form: Form, mapping: FileMapping, notices: list[str], progress: Progress
) -> tuple[Records, Form]:
    """Return the records of a file and the form that they were read in."""
    found: Records | None = None
    stopped: MisquotedError | None = None
    try:
        found = read_rows(file, form, mapping, progress)
    except MisquotedError as error:
        stopped = error
    odd = stopped is not None or bool(found and found.broken)
    if odd and form.delimiter and not form.escape and not form.told_escape and _has_escapes(file):
        escaped = replace(form, escape=BACKSLASH)
        again = _tried(file, escaped, mapping, progress)
        if again is not None and (found is None or len(again.broken) < len(found.broken)):
            line = stopped.line if stopped else found.broken[0][0] if found else None
            notices.append(
                f"{file.name}: a backslash before a quotation mark makes it plain text, as line {line} shows."
            )
            return again, escaped
    if found is not None:
        return found, form
    if stopped is not None:
        if form.delimiter != "\t":
            raise stopped
        notices.append(
            f"{file.name}: quotation marks are plain characters here, as line {stopped.line} shows."
        )
    form = replace(form, quoted=False)
    return read_rows(file, form, mapping, progress), form


def _tried(file: TextFile, form: Form, mapping: FileMapping, progress: Progress) -> Records | None:
    try:
        return read_rows(file, form, mapping, progress)
    except MisquotedError:
        return None


def _has_escapes(file: TextFile) -> bool:
    with file.open() as text:
        return any('\\"' in line for line in text)


def _shape(file: str, form: Form, records: Records) -> list[str]:
    """Return sentences on where the header stands and how the rows fit it."""
    found = []
    if form.line is not None and form.asides and form.asides[0].line < form.line:
        found.append(f"{file}: the header is found on line {form.line}.")
    if form.numbered:
        found.append(
            f"{file}: its rows begin with a cell that the header has no name for; it is read as the name of "
            "the row and left out."
        )
    elif form.names and form.header and form.names[0] == "column 1" and not form.lead:
        found.append(
            f"{file}: its first column has no name; it is read as the number of the row and left out."
        )
    if records.padded:
        sign = {"\t": "a tab", ",": "a comma", ";": "a semicolon"}.get(form.delimiter, f'"{form.delimiter}"')
        rows = "1 row ends" if records.padded == 1 else f"{records.padded:,} rows end"
        found.append(f"{file}: {rows} in {sign} that the header lacks; the empty cell behind it is left out.")
    return found


def _emptied(records: Records) -> Records:
    r"""Return records with `\N` as an empty cell."""
    cells = records.cells
    for place, name in enumerate(cells.column_names):
        if name != "line":
            nothing = pc.equal(cells[name], NOTHING)
            if pc.any(nothing).as_py():
                cells = cells.set_column(place, name, pc.if_else(nothing, None, cells[name]))
    return replace(records, cells=cells)

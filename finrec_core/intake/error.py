"""The error that stops an import, with what is known of the files by then."""

from collections.abc import Sequence
from dataclasses import dataclass

from finrec_core.intake.preview import Preview


@dataclass(frozen=True)
class ColumnUse:
    r"""One column of one file: its name there, an example, the table it is for and what it is used as.

    `used_as` is a column of `TABLES[table]`, or "" where it is left out; `table` is "" where the
    whole file is left out or its table is unknown.

    >>> from finrec_core.intake import Source, read_files
    >>> read_files([Source("has.csv", b"client,product\nann,card\n")]).columns[1]
    ColumnUse(file='has.csv', column='product', example='card', table='interactions', used_as='product_id')
    """

    file: str
    column: str
    example: str
    table: str
    used_as: str


class IntakeError(ValueError):
    """No dataset can be made of the files; the message is one sentence that names file and line.

    `columns` holds what is known of the files' columns by then, so that a page can still offer them
    for mapping, and `previews` how they are written, as far as that was found.
    """

    def __init__(
        self, reason: str, *, file: str = "", line: int | None = None, columns: Sequence[ColumnUse] = ()
    ) -> None:
        place = file if line is None else f"{file}, line {line}"
        super().__init__(f"{place}: {reason}" if place else reason)
        self.file = file
        self.line = line
        self.columns = tuple(columns)
        self.previews: tuple[Preview, ...] = ()

"""The first rows of a file as they are read, under the file's own column names."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

SHOWN = 10  # rows


@dataclass(frozen=True, repr=False, eq=False)
class Preview:
    r"""The first rows of one file: `rows` has a string column for each column of the file.

    `encoding` is a key of `ENCODINGS`, `delimiter` one of `DELIMITERS`, "" for JSON lines; `header`
    says whether the file has a header line, `header_line` which one it is, where that is known.

    >>> from finrec_core.intake import Source, read_files
    >>> read_files([Source("has.csv", b"client,product\nann,card\n")]).previews[0]
    Preview('has.csv': 1 rows, 2 columns)
    """

    file: str
    encoding: str
    delimiter: str
    header: bool
    rows: pa.Table
    header_line: int | None = None

    def __repr__(self) -> str:
        return f"Preview({self.file!r}: {self.rows.num_rows} rows, {self.rows.num_columns} columns)"


def preview_table(names: Sequence[str], rows: Sequence[dict[str, str | None]]) -> pa.Table:
    """Return rows as a table of texts, a column for each name."""
    names = list(dict.fromkeys([*names, *(name for row in rows for name in row)]))
    cells = [pa.array([_sound(row.get(name)) for row in rows], pa.string()) for name in names]
    return pa.table(cells, names=[_sound(name) or "" for name in names])


def _sound(text: str | None) -> str | None:
    """Return a text, half a surrogate pair replaced: its row is rejected when all is read."""
    return None if text is None else text.encode("utf-8", "replace").decode()

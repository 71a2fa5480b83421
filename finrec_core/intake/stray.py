"""Stray files: what lies beside the tables of a data set and cannot be read as one is left out."""

import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from finrec_core.intake.encoding import UTF8, UnknownEncodingError, marked
from finrec_core.intake.error import IntakeError
from finrec_core.intake.form import JSON, Form
from finrec_core.intake.mapping import FileMapping
from finrec_core.intake.names import is_other, table_of_name
from finrec_core.intake.textfile import TextFile, kind_of

LOOKED_AT = 64_000  # bytes of a file that tell whether it is a table
SEPARATOR = re.compile(rb"[,;\t|]|::")


@dataclass(frozen=True)
class Stray:
    """A file that cannot be read, and why; `needed` where its name or the analyst says that it is a table."""

    error: IntakeError
    needed: bool

    @property
    def notice(self) -> str:
        """The sentence that says that the file is left out."""
        return f"{self.error.file} is left out: {self.reason}"

    @property
    def reason(self) -> str:
        """Why the file cannot be read, without its name."""
        return str(self.error).removeprefix(f"{self.error.file}, ").removeprefix(f"{self.error.file}: ")


def part_strays(
    texts: Sequence[TextFile], find: Callable[[TextFile], Form], told: Collection[str]
) -> tuple[list[tuple[TextFile, Form]], list[Stray]]:
    """Return the files that can be read with their form, and those that cannot.

    `told` are the files that the analyst speaks of. Raises `IntakeError` for a single file.
    """
    pairs, strays = [], []
    for text in texts:
        try:
            pairs.append((text, find(text)))
        except IntakeError as error:
            if len(texts) == 1:
                raise
            error.file = error.file or text.name
            strays.append(Stray(error, needed=text.name in told or not _is_stray(text, error)))
    return pairs, strays


def _is_stray(text: TextFile, error: IntakeError) -> bool:
    """Whether a file that cannot be read is no table: it is empty, binary, or prose without separators.

    One whose name tells a table is one, unless it is empty; so is one in an encoding unknown here.
    """
    try:
        with text.stream() as stream:
            start = stream.read(LOOKED_AT)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, IntakeError):
        return False
    if not start.strip():
        return True
    if table_of_name(text.stem) is not None and not is_other(text.stem):
        return False
    if kind_of(start[:16]) is not None or (b"\0" in start and marked(text.stream) == UTF8):
        return True
    if isinstance(error.__cause__, UnknownEncodingError):
        return False
    if text.suffix in JSON:
        return True
    lines = [line for line in start.splitlines() if line.strip()]
    return 2 * sum(SEPARATOR.search(line) is not None for line in lines) < len(lines)


def check_strays(strays: Sequence[Stray], mappings: Sequence[FileMapping]) -> None:
    """Raise `IntakeError` where a file that cannot be read may not be left out.

    That is one whose name or the analyst says that it is a table, and any where no other file holds
    interactions; all of them are named then.
    """
    for stray in strays:
        if stray.needed:
            raise stray.error
    holds = any(one.table == "interactions" and not one.missing() for one in mappings)
    if strays and not holds:
        if len(strays) == 1:
            raise strays[0].error
        raise IntakeError("; ".join(str(stray.error).removesuffix(".") for stray in strays) + ".")

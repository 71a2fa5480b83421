"""Sources: the files and addresses as the analyst hands them over, not opened yet."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from finrec_core.intake import address, columnar, database, sheet
from finrec_core.intake.error import IntakeError
from finrec_core.intake.packing import unpacked_name

if TYPE_CHECKING:
    from finrec_core.intake.textfile import TextFile

# The last of these are those of MovieLens and RecBole.
FORMATS = (".csv", ".tsv", ".dat", ".jsonl", ".json", ".data", ".item", ".user", ".inter", ".net")
CONTAINERS = (*sheet.ENDINGS, *columnar.ENDINGS, *database.ENDINGS)
NOTES = ".txt"  # a table where it is handed over by name; in a folder or an archive it is a note beside them
NO_TABLES = ("thumbs.db",)  # what systems leave in folders
READABLE = (
    ".csv, .tsv, .txt, .dat and .jsonl files, .xlsx and .ods workbooks, .parquet, .feather and .sqlite "
    "files, each also as .gz, .xz, .bz2 or .zst, or a .zip of them"
)


@dataclass(frozen=True, repr=False)
class Source:
    r"""One file as the analyst hands it over: its name, and its bytes or the path to them, or an address.

    Of a workbook or a database, `only` names the sheets or tables that are read, `query` the SELECT whose
    rows are read in their place.

    >>> from finrec_core.intake import Source
    >>> Source("plays.csv", b"user_id,artist,plays\nann,Low,12\n")
    Source('plays.csv': 32 bytes)
    """

    name: str
    content: "bytes | Path | address.Address"
    only: tuple[str, ...] = ()
    query: str = ""
    # What was made of a workbook or a database, so that it is made once: text files and sentences on them.
    opened: "list[tuple[list[TextFile], list[str]]]" = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    def open(self) -> BinaryIO:
        """Return a fresh binary stream; raises `IntakeError` if the file cannot be opened."""
        if isinstance(self.content, bytes):
            return io.BytesIO(self.content)
        if isinstance(self.content, address.Address):
            raise IntakeError("this is the address of a database, which is no file.", file=self.name)
        try:
            return self.content.open("rb")
        except OSError as error:
            raise IntakeError(f"the file cannot be opened ({error.strerror}).", file=self.name) from error

    @property
    def size(self) -> int:
        """Bytes of the file, 0 where it cannot be looked at."""
        if isinstance(self.content, bytes):
            return len(self.content)
        if isinstance(self.content, address.Address):
            return 0
        try:
            return self.content.stat().st_size
        except OSError:
            return 0

    def __repr__(self) -> str:
        size = f"{len(self.content):,} bytes" if isinstance(self.content, bytes) else str(self.content)
        return f"Source({self.name!r}: {size})"


def find_sources(paths: Iterable[Path | str] | Path | str) -> list[Source]:
    """Return the files named by `paths`, a folder standing for the readable files in it, by name.

    Args:
        paths: Files, folders and addresses of databases, as `postgresql://HOST/DATABASE?table=NAME`, or one.

    Returns:
        The files, not opened yet.

    Raises:
        IntakeError: For a path that does not exist, for a folder without a readable file, and for an
            address that cannot be taken apart.

    >>> from pathlib import Path
    >>> from finrec_core.dataset import write_csv
    >>> from finrec_core.intake import find_sources
    >>> write_csv(bank, Path("bank"))
    >>> [source.name for source in find_sources([Path("bank")])]
    ['clients.csv', 'interactions.csv', 'products.csv', 'ties.csv']
    """
    found = []
    for given in [paths] if isinstance(paths, Path | str) else paths:
        path = Path(given)
        if isinstance(given, str) and address.is_address(given):
            found.append(_addressed(given))
        elif path.is_dir():
            inside = [
                file
                for file in sorted(path.iterdir())
                if file.is_file() and is_readable(file.name, inside=True)
            ]
            if not inside:
                raise IntakeError(f"the folder holds none of {READABLE}.", file=str(path))
            found += [Source(_shown(file), file) for file in inside]
        elif path.is_file():
            found.append(Source(_shown(path), path))
        elif path.exists():
            raise IntakeError("this is neither a file nor a folder.", file=str(path))
        else:
            raise IntakeError("there is no such file or folder.", file=str(path))
    return found


def _addressed(text: str) -> Source:
    content, tables, query = address.parse(text)
    name = _shown(content) if isinstance(content, Path) else content.shown
    return Source(name, content, tables, query)


def left_out(paths: Iterable[Path]) -> list[str]:
    """Return a sentence for each file in the folders of `paths` that `find_sources` does not take."""
    inside = (entry for path in paths if path.is_dir() for entry in sorted(path.iterdir()))
    return [
        f"{_shown(entry)} is left out: {why_left_out(entry.name) if entry.is_file() else 'it is a folder'}."
        for entry in inside
        if not entry.name.startswith((".", "~$"))
        and not (entry.is_file() and is_readable(entry.name, inside=True))
    ]


def why_left_out(name: str) -> str:
    """Return why a file beside others is left out."""
    if is_readable(name) and not name.lower().endswith(".zip"):
        return "beside other files .txt is taken for a note; name it by itself if it is a table"
    return f"finrec reads {READABLE}"


def _shown(path: Path) -> str:
    """Return the name of a file as text, whatever bytes it has."""
    return path.name.encode("utf-8", "replace").decode()


def is_readable(name: str, *, inside: bool = False) -> bool:
    """Return whether a file of this name can be read; `inside` if it lies in a folder or an archive."""
    lower = unpacked_name(name.lower())[0]
    if lower.startswith((".", "~$")) or lower in NO_TABLES:
        return False
    return lower.endswith((*FORMATS, *CONTAINERS, ".zip", *(() if inside else (NOTES,))))

"""Sources: the files as the analyst hands them over, archives opened into text files."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from finrec_core.intake import textfile
from finrec_core.intake.error import IntakeError
from finrec_core.intake.textfile import TextFile

# The last of these are those of MovieLens and RecBole.
FORMATS = (".csv", ".tsv", ".dat", ".jsonl", ".json", ".data", ".item", ".user", ".inter", ".net")
NOTES = ".txt"  # a table where it is handed over by name; in a folder or an archive it is a note beside them
READABLE = ".csv, .tsv, .txt, .dat and .jsonl files, each also as .gz, or a .zip of them"


@dataclass(frozen=True, repr=False)
class Source:
    r"""One file as the analyst hands it over: its name, and its bytes or the path to them.

    >>> from finrec_core.intake import Source
    >>> Source("plays.csv", b"user_id,artist,plays\nann,Low,12\n")
    Source('plays.csv': 32 bytes)
    """

    name: str
    content: bytes | Path

    def open(self) -> BinaryIO:
        """Return a fresh binary stream; raises `IntakeError` if the file cannot be opened."""
        if isinstance(self.content, bytes):
            return io.BytesIO(self.content)
        try:
            return self.content.open("rb")
        except OSError as error:
            raise IntakeError(f"the file cannot be opened ({error.strerror}).", file=self.name) from error

    @property
    def size(self) -> int:
        """Bytes of the file, 0 where it cannot be looked at."""
        if isinstance(self.content, bytes):
            return len(self.content)
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
        paths: Files and folders, or one.

    Returns:
        The files, not opened yet.

    Raises:
        IntakeError: For a path that does not exist, and for a folder without a readable file.

    >>> from pathlib import Path
    >>> from finrec_core.dataset import write_csv
    >>> from finrec_core.intake import find_sources
    >>> write_csv(bank, Path("bank"))
    >>> [source.name for source in find_sources([Path("bank")])]
    ['clients.csv', 'interactions.csv', 'products.csv', 'ties.csv']
    """
    found = []
    for path in map(Path, [paths] if isinstance(paths, Path | str) else paths):
        if path.is_dir():
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


def left_out(paths: Iterable[Path]) -> list[str]:
    """Return a sentence for each file in the folders of `paths` that `find_sources` does not take."""
    inside = (entry for path in paths if path.is_dir() for entry in sorted(path.iterdir()))
    return [
        f"{_shown(entry)} is left out: {_why(entry.name) if entry.is_file() else 'it is a folder'}."
        for entry in inside
        if not entry.name.startswith(".") and not (entry.is_file() and is_readable(entry.name, inside=True))
    ]


def _why(name: str) -> str:
    """Return why a file beside others is left out."""
    if is_readable(name) and not name.lower().endswith(".zip"):
        return "beside other files .txt is taken for a note; name it by itself if it is a table"
    return f"finrec reads {READABLE}"


def _shown(path: Path) -> str:
    """Return the name of a file as text, whatever bytes it has."""
    return path.name.encode("utf-8", "replace").decode()


def is_readable(name: str, *, inside: bool = False) -> bool:
    """Return whether a file of this name can be read; `inside` if it lies in a folder or an archive."""
    lower = name.lower().removesuffix(".gz")
    return not lower.startswith(".") and lower.endswith((*FORMATS, ".zip", *(() if inside else (NOTES,))))


def text_files(sources: Sequence[Source]) -> tuple[list[TextFile], list[str]]:
    """Return the text files in `sources`, archives opened, and a notice for each member left out.

    Nothing is unpacked to disk. Raises `IntakeError` for a file of another kind, a damaged or
    encrypted archive, one that unpacks to more than `UNPACKED_LIMIT` bytes or names a file outside
    itself, and for two files of one name.
    """
    files: list[TextFile] = []
    notices: list[str] = []
    unread: list[IntakeError] = []
    for source in sources:
        if source.name.lower().endswith(".zip"):
            members, left_out = _zip_members(source)
            files += members
            notices += left_out
        elif is_readable(source.name):
            files.append(_text_file(source.name, source.open, source.size))
        else:
            with source.open() as stream:
                kind = textfile.kind_of(stream.read(16)) or "a file of a kind unknown here"
            reason = f"this is {kind}; finrec reads {READABLE}."
            unread.append(IntakeError(reason, file=source.name, line=1))
    if not files and unread:
        raise unread[0]
    notices += [f"{error.file} is left out: finrec reads {READABLE}." for error in unread]
    seen: set[str] = set()
    for file in files:
        if file.name in seen:
            reason = "two files have this name; rename one, so that reports tell them apart."
            raise IntakeError(reason, file=file.name)
        seen.add(file.name)
    return files, notices


def _text_file(name: str, stream: Callable[[], BinaryIO], size: int, limit: int | None = None) -> TextFile:
    """Return the text file behind a stream of `size` bytes, which is unpacked if the name ends in .gz."""
    base = PurePosixPath(name.lower())
    if base.suffix != ".gz":
        return TextFile(name, base.stem, base.suffix, stream, size, limit)
    base = PurePosixPath(base.stem)
    limit = textfile.unpacked_limit(size)
    return TextFile(name, base.stem, base.suffix, lambda: _gunzip(stream()), _told_size(stream, size), limit)


def _told_size(stream: Callable[[], BinaryIO], size: int) -> int:
    """Return the unpacked size that a gzip file of `size` bytes tells in its last four (RFC 1952, 2.3.1)."""
    with stream() as opened:
        if size < 18 or not opened.seekable():
            return 0
        try:
            opened.seek(size - 4)
            return int.from_bytes(opened.read(4), "little")
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error):  # told when it is read
            return 0


def _gunzip(stream: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, gzip.GzipFile(fileobj=stream))


def _zip_members(source: Source) -> tuple[list[TextFile], list[str]]:
    """Return the readable members of a zip archive and a notice for each other one."""
    try:
        archive = zipfile.ZipFile(source.open())
    except (zipfile.BadZipFile, OSError, ValueError, OverflowError, struct.error) as error:
        raise IntakeError(f"the archive is damaged ({error}).", file=source.name) from error
    files, notices = [], []
    total = 0
    for member in archive.infolist():
        path = PurePosixPath(member.filename.replace("\\", "/"))
        name = f"{source.name}/{path}"
        if path.is_absolute() or ".." in path.parts:
            raise IntakeError(f'the archive names a file outside itself, "{path}".', file=source.name)
        if member.is_dir() or "__MACOSX" in path.parts or path.name.startswith("."):
            continue
        if not is_readable(path.name, inside=True) or path.suffix.lower() == ".zip":
            notices.append(f"{name} is left out: {_why(path.name)}.")
            continue
        if member.flag_bits & 1:
            raise IntakeError("this file is encrypted; unpack the archive with its password.", file=name)
        total += member.file_size
        limit = textfile.unpacked_limit(member.compress_size)
        if total > textfile.UNPACKED_LIMIT:
            raise textfile.too_big(source.name, textfile.UNPACKED_LIMIT)
        if member.file_size > limit:
            raise textfile.too_big(name, limit)
        files.append(_text_file(name, _member_stream(archive, member, name), member.file_size, limit))
    if not files:
        raise IntakeError(f"the archive holds none of {READABLE}.", file=source.name)
    return files, notices


def _member_stream(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Callable[[], BinaryIO]:
    def stream() -> BinaryIO:
        try:
            return cast(BinaryIO, archive.open(member))
        except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, struct.error) as error:
            raise IntakeError(f"this file cannot be unpacked ({error}).", file=name) from error

    return stream

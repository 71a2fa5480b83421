"""The contents of sources: archives, workbooks and databases opened into the text files that are read."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

import pyarrow as pa

from finrec_core.intake import columnar, database, sheet, textfile
from finrec_core.intake.address import Address
from finrec_core.intake.error import IntakeError
from finrec_core.intake.names import table_of_name
from finrec_core.intake.packing import PACKINGS, unpacked_name
from finrec_core.intake.records import Records
from finrec_core.intake.source import CONTAINERS, READABLE, Source, is_readable, why_left_out
from finrec_core.intake.spool import DELIMITER, Spool
from finrec_core.intake.textfile import TextFile

BLOCK = 1 << 20  # bytes
PAGES = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")  # how what is called .xls may start
Found = tuple[list[TextFile], list[str]]


def text_files(sources: Sequence[Source]) -> Found:
    """Return the text files in `sources`, archives opened, and a notice for each member left out.

    A table of a workbook or a database is written as text, once for each source. Nothing else is unpacked
    to disk. Raises `IntakeError` for a file of another kind, a damaged or encrypted archive, one that
    unpacks to more than `UNPACKED_LIMIT` bytes or names a file outside itself, and for two files of one name.
    """
    files: list[TextFile] = []
    notices: list[str] = []
    unread: list[IntakeError] = []
    unopened: list[IntakeError] = []
    for source in sources:
        if isinstance(source.content, Address) or is_readable(source.name):
            try:
                found, told = _once(source)
            except IntakeError as error:
                # What nobody would miss; a table that cannot be opened stops the import.
                if len(sources) == 1 or table_of_name(source.name) or not _is_container(source):
                    raise
                unopened.append(error)
                continue
            files += found
            notices += told
        else:
            with source.open() as stream:
                kind = textfile.kind_of(stream.read(16)) or "a file of a kind unknown here"
            reason = f"this is {kind}; finrec reads {READABLE}."
            unread.append(IntakeError(reason, file=source.name, line=1))
    if not files and (unopened or unread):
        raise (unopened or unread)[0]
    notices += [f"{error.file} is left out{str(error).removeprefix(error.file)}" for error in unopened]
    notices += [f"{error.file} is left out: finrec reads {READABLE}." for error in unread]
    seen: set[str] = set()
    for file in files:
        if file.name in seen:
            reason = "two files have this name; rename one, so that reports tell them apart."
            raise IntakeError(reason, file=file.name)
        seen.add(file.name)
    return files, notices


def _once(source: Source) -> Found:
    """Return what is in a source; tables that are written as text are written once."""
    if source.opened:
        return source.opened[0]
    found = _opened(source)
    if any(file.delimiter is not None for file in found[0]):
        source.opened.append(found)
    return found


def _is_container(source: Source) -> bool:
    return unpacked_name(source.name.lower())[0].endswith(CONTAINERS)


def in_rows(records: Records, file: TextFile) -> Records:
    """Return records with the rows of the table that they stand in as their lines."""
    if not len(file.breaks):
        return records
    place = records.cells.schema.get_field_index("line")
    rows = pa.array(file.row(records.cells["line"].to_numpy()))
    return replace(records, cells=records.cells.set_column(place, "line", rows))


def _opened(source: Source) -> Found:
    """Return the text files in one source, and sentences on what is left out of it."""
    plain, packing = unpacked_name(source.name)
    ending = PurePosixPath(plain.lower()).suffix
    if isinstance(source.content, Address):
        return _as_text(source, "", database.database_tables(*_asked(source, source.content)))
    if ending in CONTAINERS and not text_in_disguise(source):
        content = unpacked(source, packing) if packing else source.content
        if ending in columnar.ENDINGS:
            _no_choice(source)
            size = len(content) if isinstance(content, bytes) else source.size
            spool, notices = columnar.columnar_table(source.name, content, size)
            return _as_text(source, ending, ([("", spool)], notices))
        if ending in database.ENDINGS:
            return _as_text(source, ending, database.database_tables(*_asked(source, content)))
        if source.query:
            raise IntakeError("a query is asked of a database; this is a workbook.", file=source.name)
        return _as_text(source, ending, sheet.Workbook(source.name, content).tables(source.only))
    if ending == ".zip" and not packing:
        return _zip_members(source)
    _no_choice(source)
    return [_text_file(source.name, source.open, source.size)], []


def _asked(
    source: Source, content: bytes | Path | Address
) -> tuple[str, bytes | Path | Address, Sequence[str], str]:
    return source.name, content, source.only, source.query


def _no_choice(source: Source) -> None:
    """Raise `IntakeError` where a sheet, a table or a query is asked of a file that has none."""
    if source.only or source.query:
        raise IntakeError("this file holds one table, of which none can be chosen.", file=source.name)


def _as_text(source: Source, ending: str, tables: tuple[list[tuple[str, Spool]], list[str]]) -> Found:
    """Return tables as text files; one alone whose name says nothing is known by that of its file."""
    found, notices = tables
    stem = PurePosixPath(unpacked_name(source.name)[0].lower()).name.removesuffix(ending)
    files = []
    for table, spool in found:
        known = table.lower() if len(found) > 1 or not ending or table_of_name(table) else stem
        files.append(
            TextFile(
                spool.name, known, ".csv", spool.open, spool.size, delimiter=DELIMITER, breaks=spool.breaks
            )
        )
    return files, notices


def text_in_disguise(source: Source) -> bool:
    """Whether a file that is called .xls is text; raises `IntakeError` where it is a web page or XML."""
    if not source.name.lower().endswith(".xls"):
        return False
    with source.open() as stream:
        start = stream.read(256).lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith(PAGES):
        reason = (
            "this is a web page or XML that is called .xls; open it in a spreadsheet and save it as .xlsx."
        )
        raise IntakeError(reason, file=source.name)
    return not start.startswith((sheet.ZIPPED.lower(), sheet.OLD)) and textfile.kind_of(start) is None


def unpacked(source: Source, packing: str) -> bytes:
    """Return the bytes of a container that is packed as a whole."""
    limit = textfile.unpacked_limit(source.size)
    whole = bytearray()
    try:
        with PACKINGS[packing](source.open()) as stream:
            while block := stream.read(BLOCK):
                whole += block
                if len(whole) > limit:
                    raise textfile.too_big(source.name, limit)
    except (OSError, EOFError, zlib.error) as error:
        raise IntakeError(f"the archive is damaged ({error}).", file=source.name) from error
    return bytes(whole)


def _text_file(name: str, stream: Callable[[], BinaryIO], size: int, limit: int | None = None) -> TextFile:
    """Return the text file behind a stream of `size` bytes, which is unpacked if its name says so."""
    plain, packing = unpacked_name(name)
    base = PurePosixPath(plain.lower())
    suffix = ".csv" if base.suffix == ".xls" else base.suffix
    if not packing:
        return TextFile(name, base.stem, suffix, stream, size, limit)
    limit = textfile.unpacked_limit(size)
    told = _told_size(stream, size) if packing == ".gz" else 0
    return TextFile(name, base.stem, suffix, lambda: PACKINGS[packing](stream()), told, limit)


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


def _zip_members(source: Source) -> Found:
    """Return the readable members of a zip archive and a notice for each other one."""
    try:
        archive = zipfile.ZipFile(source.open())
    except (zipfile.BadZipFile, OSError, ValueError, OverflowError, struct.error) as error:
        raise IntakeError(f"the archive is damaged ({error}).", file=source.name) from error
    files: list[TextFile] = []
    notices: list[str] = []
    total = 0
    for member in archive.infolist():
        path = PurePosixPath(member.filename.replace("\\", "/"))
        name = f"{source.name}/{path}"
        if path.is_absolute() or ".." in path.parts:
            raise IntakeError(f'the archive names a file outside itself, "{path}".', file=source.name)
        if member.is_dir() or "__MACOSX" in path.parts or path.name.startswith((".", "~$")):
            continue
        if not is_readable(path.name, inside=True) or path.suffix.lower() == ".zip":
            notices.append(f"{name} is left out: {why_left_out(path.name)}.")
            continue
        if member.flag_bits & 1:
            raise IntakeError("this file is encrypted; unpack the archive with its password.", file=name)
        total += member.file_size
        limit = textfile.unpacked_limit(member.compress_size)
        if total > textfile.UNPACKED_LIMIT:
            raise textfile.too_big(source.name, textfile.UNPACKED_LIMIT)
        if member.file_size > limit:
            raise textfile.too_big(name, limit)
        stream = _member_stream(archive, member, name)
        if not unpacked_name(path.name.lower())[0].endswith(CONTAINERS):
            files.append(_text_file(name, stream, member.file_size, limit))
            continue
        try:
            with stream() as opened:
                inner = Source(name, opened.read(limit))
        except (zipfile.BadZipFile, OSError, EOFError, zlib.error) as error:
            raise IntakeError(f"the archive is damaged ({error}).", file=name) from error
        found, told = _opened(inner)
        files += found
        notices += told
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

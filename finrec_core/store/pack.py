"""The pack: a zip archive written whole or not at all, and unpacked only where it is whole."""

import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from finrec_core.store.error import StoreError

STORE = "finrec.duckdb"  # what the store's file is called in an archive
RUNS = "runs"
LEDGER = "erased.json"  # the erasures up to the backup
KEY = re.compile(r"(clients/[0-9a-f]{32}|[A-Za-z0-9][\w.-]{0,100})", re.ASCII)
# What the reading of a damaged archive raises, beside its own error.
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError)
MOST = 1 << 41  # bytes that an archive may unpack to


@contextmanager
def packing(archive: Path) -> Iterator[zipfile.ZipFile]:
    """Lend an archive to be filled, for this user alone; it has its name once the block ends well."""
    draft = archive.with_name(f".{archive.name}.new")
    try:
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
                yield out
            file.flush()
            os.fsync(file.fileno())
        draft.replace(archive)
    finally:
        draft.unlink(missing_ok=True)


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a backup; raises `StoreError` for a file that is none, and for one that is damaged."""
    _unpack(archive, folder, _ours, "is no backup of finrec", STORE)


def unpack_keys(archive: Path, folder: Path) -> int:
    """Unpack the keys of a backup and return how many files they are; raises as `unpack` does."""
    return _unpack(archive, folder, lambda name: bool(KEY.fullmatch(name)), "holds no keys of finrec")


def _unpack(archive: Path, folder: Path, ours: Callable[[str], bool], other: str, *needed: str) -> int:
    try:
        with zipfile.ZipFile(archive) as packed:
            names = packed.namelist()
            strange = not set(needed) <= set(names) or not all(map(ours, names))
            fault = None if strange else _fault(packed)
            if not strange and not fault:
                packed.extractall(folder)
    except DAMAGE as error:
        fault, strange = " ".join(str(error).split()).rstrip(".")[:200] or type(error).__name__, False
    if strange:
        raise StoreError(f"{archive} {other}, or one of a newer version.")
    if fault:
        raise StoreError(f"{archive}: this is no zip archive, or a damaged one ({fault}).")
    return len(names)


def _fault(packed: zipfile.ZipFile) -> str | None:
    """Return what is wrong with the list of an archive; unpacking checks each member against its sum."""
    members = packed.infolist()
    doubled = len({one.filename for one in members}) < len(members)
    large = sum(one.file_size for one in members) > MOST
    return "its list of files is wrong" if doubled or large else None


def _ours(name: str) -> bool:
    """Return whether a member is the store, the ledger or lies in a run's folder."""
    parts = PurePosixPath(name).parts
    inside = len(parts) > 2 and parts[0] == RUNS and ".." not in parts and "\\" not in name
    return name in (STORE, LEDGER) or inside

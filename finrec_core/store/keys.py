"""The folder of keys: files that nobody but this user may read, outside the store and its backups."""

import os
from pathlib import Path

from finrec_core.settings import settings
from finrec_core.store.error import StoreError


def folder(store: Path) -> Path:
    """Return the folder of the keys that belong to a store's file, for this user alone; made where missing.

    It is the one of the settings, by default `keys` beside the file. Raises `StoreError` where it cannot
    be made.
    """
    place = settings().keys or store.parent / "keys"
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.chmod(0o700)
    except OSError as error:
        raise StoreError(f"{place}: the folder of keys cannot be made ({error.strerror}).") from error
    return place


def keep(file: Path, content: bytes) -> None:
    """Write a file of the folder whole or not at all, on the disk when this returns, for this user alone.

    Raises `StoreError` where it cannot be written.
    """
    draft = file.with_name(f".{file.name}.new")
    try:
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
        _settle(file.parent)
    except OSError as error:
        raise StoreError(f"{file}: this key cannot be written ({error.strerror}).") from error


def _settle(place: Path) -> None:
    """Wait until what was renamed in a folder stands on the disk."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

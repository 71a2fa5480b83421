"""The folder of keys: files that nobody but this user may read, outside the store and its backups."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from finrec_core.settings import settings
from finrec_core.store.error import StoreError

FOLDER = "keys"  # beside a store, unless the settings name another place
CLIENTS = "clients"  # the folder of the clients' keys
NAME = re.compile(r"[0-9a-f]{32}")
LENGTH = 32  # bytes of a key


def folder(store: Path) -> Path:
    """Return the folder of the keys that belong to a store's file, for this user alone; made where missing.

    It is the one of the settings, by default `keys` beside the file. Raises `StoreError` where it cannot
    be made.
    """
    place = settings().keys or store.parent / FOLDER
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.chmod(0o700)
    except OSError as error:
        raise StoreError(f"{place}: the folder of keys cannot be made ({error.strerror}).") from error
    return place


def files(store: Path) -> list[Path]:
    """Return the files of the folder of a store's keys, those half written left out."""
    place = settings().keys or store.parent / FOLDER
    return [path for path in sorted(place.rglob("*")) if path.is_file() and not path.name.startswith(".")]


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


class Keyring:
    """The keys that open what the logs hold of clients: a file for each in `clients` of the folder of keys.

    A key goes by a random name that says nothing of its client. Destroying its file makes everything that
    was sealed with it unreadable for good. Any number of threads may use one keyring.
    """

    def __init__(self, store: Path) -> None:
        self.store = store
        self._known: dict[str, bytes] = {}

    @property
    def folder(self) -> Path:
        """The folder of all keys of the store, which may not be there yet."""
        return settings().keys or self.store.parent / FOLDER

    def make(self) -> str:
        """Make a key, keep it and return its name."""
        place = folder(self.store) / CLIENTS
        try:
            place.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{place}: the folder of keys cannot be made ({error.strerror}).") from error
        name = uuid4().hex
        self._known[name] = AESGCM.generate_key(256)
        keep(place / name, self._known[name])
        return name

    def key(self, name: str) -> bytes | None:
        """Return a key by its name, None where it was destroyed or is not there."""
        if name not in self._known:
            try:
                found = self._place(name).read_bytes()
            except OSError:
                return None
            if len(found) != LENGTH:
                return None
            self._known[name] = found
        return self._known[name]

    def destroy(self, names: Iterable[str]) -> None:
        """Destroy keys; those that are gone already are passed over.

        Raises `StoreError` where one cannot be removed.
        """
        for name in names:
            self._known.pop(name, None)
            place = self._place(name)
            try:
                with place.open("r+b") as file:  # a file system that keeps blocks keeps no key in them
                    file.write(bytes(LENGTH))
                    file.flush()
                    os.fsync(file.fileno())
                place.unlink()
                _settle(place.parent)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise StoreError(f"{place}: this key cannot be destroyed ({error.strerror}).") from error

    def _place(self, name: str) -> Path:
        return self.folder / CLIENTS / (name if NAME.fullmatch(name) else "none")

"""The ledger of erasures: which clients were erased, as salted hashes, beside the keys and inside backups.

It lies outside the store, so a store that comes back from an older backup can be told whom it must not
hold. A hash says who it was only to somebody who has the id to try.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from finrec_core.store import keys
from finrec_core.store.error import StoreError

SALT = 16  # bytes
FORMAT = 1


@dataclass(frozen=True)
class Note:
    """One erasure: its id, when it was asked for (ISO, UTC), and the client's id as a salted hash."""

    erasure: str
    created: str
    salt: str
    hash: str

    @classmethod
    def of(cls, erasure: str, created: datetime, client: str, salt: str) -> "Note":
        """Return the note of an erasure."""
        return cls(erasure, created.isoformat(), salt, hashed(client, salt))


def hashed(client: str, salt: str) -> str:
    """Return the salted hash of a client's id."""
    return sha256(f"{salt} {client}".encode("utf-8", "surrogatepass")).hexdigest()


class Ledger:
    """The notes of one store's erasures in the folder of its keys; the file is made with the first note.

    Raises `StoreError` where it cannot be read or written.
    """

    def __init__(self, store: Path, identity: str) -> None:
        self._store = store
        self._file = keys.Keyring(store).folder / f"erased-{identity}.json"

    def notes(self) -> list[Note]:
        """Return all notes, oldest first; none before the first."""
        try:
            text = self._file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            raise StoreError(f"{self._file}: the ledger of erasures cannot be read.") from error
        return parsed(text, self._file)

    def text(self) -> str:
        """Return what a backup keeps of it."""
        return _text(self.notes())

    def add(self, erasures: Iterable[tuple[str, datetime, str]]) -> None:
        """Note erasures (id, when, client) that are not noted yet."""
        notes = self.notes()
        known = {note.erasure for note in notes}
        salt = notes[-1].salt if notes else secrets.token_hex(SALT)
        self.merge(Note.of(*one, salt) for one in erasures if one[0] not in known)

    def merge(self, more: Iterable[Note]) -> None:
        """Take in notes that are not there yet."""
        notes = self.notes()
        known = {note.erasure for note in notes}
        new = [note for note in more if note.erasure not in known]
        if new:
            keys.folder(self._store)
            keys.keep(self._file, _text([*notes, *new]).encode("utf-8"))

    def erased(self, clients: Iterable[str], known: Iterable[str]) -> dict[str, Note]:
        """Return those of the clients who were erased, each with the last note but for the `known` ones."""
        passed = set(known)
        notes = {(note.salt, note.hash): note for note in self.notes() if note.erasure not in passed}
        salts = {salt for salt, _ in notes}
        found = {}
        for client in clients if notes else ():
            for salt in salts:
                if note := notes.get((salt, hashed(client, salt))):
                    found[client] = note
        return found


def parsed(text: str, place: Path) -> list[Note]:
    """Return the notes of a ledger's text; raises `StoreError` naming its place where it is none."""
    try:
        held: Mapping[str, Any] = json.loads(text)
        newer = held["format"] != FORMAT
        notes = [] if newer else [Note(**one) for one in held["erased"]]
        whole = all(isinstance(value, str) for note in notes for value in asdict(note).values())
    except (ValueError, TypeError, KeyError):
        whole = newer = False
    if newer:
        raise StoreError(f"{place}: this ledger of erasures was written by a newer version of finrec.")
    if not whole:
        raise StoreError(
            f"{place}: the ledger of erasures is damaged: "
            "put that of the newest backup of the keys in its place."
        )
    return notes


def _text(notes: Iterable[Note]) -> str:
    return json.dumps({"format": FORMAT, "erased": [asdict(note) for note in notes]}, indent=1)

"""The anchor: the head of the chain, signed, on a line of a file outside the store that only grows.

Whoever holds a copy of the file can tell what was cut, altered or added in the store since, even where all of
the store's file was written anew: each line also says which rows the links since the line before are about.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from finrec_core.store.error import StoreError
from finrec_core.store.rows import to_text
from finrec_core.store.signature import SigningKey, signed

FORMAT = 1
START = "0" * 64  # what the first line follows
SHORT = 16  # digits of a row's digest that a line holds
MOST_LINKS = 10_000  # on one line
SIGNED = ("format", "store", "sequence", "hash", "created", "previous", "key", "links")


@dataclass(frozen=True)
class Anchor:
    """One line: which store, its chain's last link and its hash, when it was written, by whose key signed.

    `previous` is the SHA-256 of the line before, `links` names table, row and short digest of each link since
    then. `stamp` is an RFC 3161 time stamp of the signature, as hexadecimal digits, "" for none.
    """

    store: str
    sequence: int
    hash: str
    created: datetime
    previous: str
    key: str
    links: tuple[tuple[str, str, str], ...]
    signature: str = ""
    stamp: str = ""

    @property
    def text(self) -> bytes:
        """What is signed: all but signature and stamp, as canonical JSON."""
        return to_text({name: self._plain[name] for name in SIGNED}).encode("utf-8", "surrogatepass")

    @property
    def _plain(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in (*SIGNED[1:], "signature", "stamp")}
        moments = {"format": FORMAT, "created": self.created.isoformat(), "links": [*map(list, self.links)]}
        return values | moments

    @property
    def line(self) -> bytes:
        """The line of the file, without its end."""
        return to_text(self._plain).encode("utf-8", "surrogatepass")

    @property
    def line_hash(self) -> str:
        """The SHA-256 of the line, which the next one carries."""
        return sha256(self.line).hexdigest()

    @property
    def whole(self) -> bool:
        """Whether the signature is that of the owner of the key that it names."""
        return signed(self.key, self.signature, self.text)

    def signed_by(self, key: SigningKey) -> Self:
        """Return the anchor with its signature."""
        return type(self)(**{**self._fields, "signature": key.sign(self.text)})

    def stamped(self, token: bytes) -> Self:
        """Return the anchor with a time stamp of its signature."""
        return type(self)(**{**self._fields, "stamp": token.hex()})

    @property
    def _fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Return the anchor of a line's values; raises `ValueError` where they are none."""
        if values.get("format") != FORMAT:
            raise ValueError("it is of another format")
        texts = ("store", "hash", "previous", "key", "signature", "stamp")
        if not all(isinstance(values.get(name), str) for name in (*texts, "created")):
            raise ValueError("a text is missing")
        sequence, links = values.get("sequence"), values.get("links")
        if not isinstance(sequence, int) or isinstance(sequence, bool) or sequence < 0:
            raise ValueError("its place is none")
        if not isinstance(links, list) or not all(
            isinstance(link, list) and len(link) == 3 and all(isinstance(one, str) for one in link)
            for link in links
        ):
            raise ValueError("its links are none")
        created = datetime.fromisoformat(values["created"])
        if created.tzinfo is None:
            raise ValueError("its time needs a zone")
        told = {name: values[name] for name in texts}
        return cls(**told, sequence=sequence, created=created, links=tuple((a, b, c) for a, b, c in links))


@dataclass(frozen=True)
class AnchorFile:
    """What a file of anchors holds: those that can be read, by their line, and a sentence for each fault."""

    file: Path
    anchors: Mapping[int, Anchor]
    lines: Mapping[int, str] = field(default_factory=dict)  # the SHA-256 of all lines, by number
    faults: tuple[str, ...] = ()

    @property
    def last_hash(self) -> str:
        """The SHA-256 of the last line."""
        return self.lines[max(self.lines)]

    @property
    def last(self) -> Anchor | None:
        """The newest anchor that can be read."""
        return self.anchors[max(self.anchors)] if self.anchors else None


def read(file: Path) -> AnchorFile:
    """Read a file of anchors; raises `StoreError` where it cannot be read, or holds not one anchor."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise StoreError(f"{file}: the anchors cannot be read ({error.strerror}).") from error
    anchors, faults, lines = {}, [], {}
    previous = START
    for number, line in _lines(content):
        anchor = _anchor(line)
        lines[number] = sha256(line).hexdigest()
        if anchor is None:
            faults.append(f"{file.name}: line {number} is no anchor; it was cut or damaged.")
            previous = ""
            continue
        if not anchor.whole:
            faults.append(f"{file.name}: line {number} was altered, for its signature does not fit.")
        elif previous and anchor.previous != previous:
            what = "before line 1" if number == 1 else f"between lines {number - 1} and {number}"
            faults.append(f"{file.name}: lines {what} are missing.")
        anchors[number] = anchor
        previous = lines[number]
    if not anchors:
        raise StoreError(f"{file} holds no anchor of a store.")
    return AnchorFile(file, anchors, lines, tuple(faults))


def append(file: Path, anchor: Anchor) -> None:
    """Write an anchor behind those of a file, on the disk when this returns; raises `StoreError`."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            left = (b"" if _ended(file) else b"\n") + anchor.line + b"\n"
            while left:
                left = left[os.write(handle, left) :]
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise StoreError(f"{file}: the anchor cannot be written ({error.strerror}).") from error


def last(file: Path) -> tuple[str, Anchor | None]:
    """Return the SHA-256 of a file's last line, `START` for none, and its newest readable anchor."""
    try:
        lines = [line for _, line in _lines(file.read_bytes())]
    except FileNotFoundError:
        return START, None
    except OSError as error:
        raise StoreError(f"{file}: the anchors cannot be read ({error.strerror}).") from error
    found = next((anchor for line in reversed(lines) if (anchor := _anchor(line)) is not None), None)
    return (sha256(lines[-1]).hexdigest() if lines else START), found


def _anchor(line: bytes) -> Anchor | None:
    try:
        return Anchor.of(json.loads(line))
    except (ValueError, AttributeError, TypeError, RecursionError):
        return None


def _ended(file: Path) -> bool:
    """Return whether a file is empty or ends with a line's end; a line that was cut gets one."""
    with file.open("rb") as opened:
        if not opened.seek(0, os.SEEK_END):
            return True
        opened.seek(-1, os.SEEK_END)
        return opened.read() == b"\n"


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    return ((number, line) for number, line in enumerate(content.split(b"\n"), start=1) if line.strip())

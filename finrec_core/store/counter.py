"""The counter: where other processes of this user ask the process that owns a store, while it runs.

It is a socket beside the store's file that only this user may use. Who asks sends one line, the name of a
reading method and what it takes, and gets what it returns; nothing here writes to the store. Whatever comes
in is bounded in size, time and number, so that no visitor holds up the desk.
"""

import inspect
import os
import shutil
import socket
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import BoundedSemaphore, Thread
from time import monotonic
from typing import Any

from finrec_core.store.error import StoreError
from finrec_core.store.message import UNREADABLE, line, value
from finrec_core.store.store import Store

# What may be asked: methods of a store that read.
READING = frozenset(
    (
        *("activations", "active_run", "comparisons", "datasets", "decision", "decision_ranks", "decisions"),
        *("decisions_in_brief", "dependents", "erasures", "heads", "last_shown", "latest_comparison"),
        *("ledger", "rules", "rules_versions", "run", "run_before", "run_folder", "run_use", "runs"),
        *("search_clients", "shown", "shown_in_brief", "snapshot", "traces", "trained", "verification"),
        *("verify", "version"),
    )
)
COPY = "copy"  # asks for the file itself, into a folder
MOST = 64 * 1024  # bytes of a question
PATIENCE = 20.0  # seconds for a question to come, and for each part of an answer to be taken
VISITORS = 8  # at once
PART = 500  # items of a list in one line of an answer
BUSY = "The desk answers others just now: try again in a minute."
_CREDENTIALS = struct.Struct("3i")  # process, user and group of a peer

Gate = Callable[[str, Mapping[str, Any]], None]  # raises StoreError where who asks may not


@contextmanager
def place(store: Path) -> Iterator[str]:
    """Lend the address of a store's socket, `<file>.socket`, through its folder: no path is too long then."""
    folder = os.open(store.absolute().parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{store.name}.socket"
    finally:
        os.close(folder)


def peer(connection: socket.socket) -> int:
    """Return the user at the other end of a connection."""
    held = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return _CREDENTIALS.unpack(held)[1]


def all_of_this_user(_name: str, _given: Mapping[str, Any]) -> None:
    """Let the user who runs the desk read everything: the file is open to that user anyway."""


class Counter:
    """A thread that answers questions about a store until it is closed.

    `gate` is asked before each answer with the method's name and what it takes by name; it raises
    `StoreError` where who asks may not have it.
    """

    def __init__(self, store: Store, gate: Gate = all_of_this_user) -> None:
        self._store, self._gate = store, gate
        self._free = BoundedSemaphore(VISITORS)
        self._door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with place(store.file) as address:
            Path(address).unlink(missing_ok=True)  # left by a process that was killed; the store is ours
            self._door.bind(address)
            Path(address).chmod(0o600)  # before anybody can connect
        self._door.listen(VISITORS)
        Thread(target=self._receive, name="counter", daemon=True).start()

    def close(self) -> None:
        """Take nobody in any more; closing twice does nothing."""
        with suppress(OSError), place(self._store.file) as address:
            Path(address).unlink(missing_ok=True)
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _receive(self) -> None:
        while True:
            try:
                visitor, _ = self._door.accept()
            except OSError:  # closed
                return
            visitor.settimeout(PATIENCE)
            if peer(visitor) != os.getuid():
                visitor.close()
            elif self._free.acquire(blocking=False):
                Thread(target=self._serve, args=(visitor,), name="visitor", daemon=True).start()
            else:
                with suppress(OSError), visitor:
                    visitor.sendall(line({"error": BUSY}))

    def _serve(self, visitor: socket.socket) -> None:
        try:
            with visitor, suppress(OSError):  # gone, or too slow: nobody to tell
                question = _question(visitor)
                while question:
                    for part in self._answer(question):
                        visitor.sendall(part)
                    question = _question(visitor)
        finally:
            self._free.release()

    def _answer(self, question: bytes) -> Iterator[bytes]:
        """Yield the lines of an answer: parts of a list, or one value, or the sentence of an error."""
        try:
            asked = value(question)
            name, given = asked["method"], asked["given"]
            method = self._copy if name == COPY else getattr(self._store, name) if name in READING else None
            bound = None if method is None else inspect.signature(method).bind(**given)
        except UNREADABLE:
            method = bound = None
        if method is None or bound is None:
            yield line({"error": "The desk does not understand this question: is it of the same version?"})
            return
        try:
            self._gate(name, bound.arguments)
            found = method(**bound.arguments)
            if not isinstance(found, list):
                yield line({"value": found})
                return
            for start in range(0, len(found), PART):
                yield line({"part": found[start : start + PART]})
            yield line({"whole": len(found)})
        except StoreError as error:
            yield line({"error": str(error)})

    def _copy(self, folder: Path) -> str:
        """Copy the file, whole and at rest, into a folder and return its name."""
        try:
            with self._store.standing() as file:
                shutil.copyfile(file, folder / file.name)
        except OSError as error:
            raise StoreError(f"{folder}: the store cannot be copied there ({error.strerror}).") from error
        return self._store.file.name


def _question(visitor: socket.socket) -> bytes:
    """Return the next line, b"" where there is none, or none that is short enough."""
    text, end = bytearray(), monotonic() + PATIENCE
    while not text.endswith(b"\n") and monotonic() < end:
        more = visitor.recv(MOST)
        text += more
        if not more or len(text) > MOST:
            if more:
                visitor.sendall(line({"error": f"A question has at most {MOST:,} bytes."}))
            return b""
    return bytes(text) if text.endswith(b"\n") else b""


def asked(name: str, given: Mapping[str, Any]) -> bytes:
    """Return the line of a question."""
    return line({"method": name, "given": dict(given)})


def answered(readline: Callable[[], bytes]) -> Any:  # noqa: ANN401 - what the method returns
    """Return what the lines of an answer come to; raises `StoreError` where it is an error."""
    found: list[Any] = []
    while True:
        ((kind, held),) = value(readline()).items()
        if kind == "error":
            raise StoreError(str(held))
        if kind == "value":
            return held
        if kind == "whole":
            return found
        found += held

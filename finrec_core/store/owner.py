"""The owner of a store: the one process that may open its file."""

import fcntl
import json
import os
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from finrec_core.store.error import StoreError

# Seconds for which the claim of a process that is gone is waited for: what it was starting just then
# holds the lock until it runs.
PATIENCE = 5.0


class Owner:
    """The claim of this process on a store file.

    The claim is a system lock on `<file>.owner`, which ends with the process however it ends, so a
    file left behind by a killed process claims nothing. What is written in it is for people: the
    process, its command and since when. Raises `StoreError` naming the owner if there is one, and for a
    place where no store can stand, before anything is made there.
    """

    def __init__(self, file: Path) -> None:
        if "?" in str(file.absolute()):
            raise StoreError(
                f"{file}: a path with a question mark cannot hold a store, because DuckDB takes what follows "
                "it for settings: choose another place, or rename the folder."
            )
        card = file.with_name(f"{file.name}.owner")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._card = card.open("a+", encoding="utf-8")
        except OSError as error:
            raise StoreError(f"{file}: the store cannot be opened ({error.strerror}).") from error
        end = time.monotonic() + PATIENCE
        while not self._claimed():
            self._card.seek(0)
            words = self._card.read()
            if _alive(words) or time.monotonic() > end:
                with self._card:
                    raise StoreError(_refusal(file, words))
            time.sleep(0.01)
        self._write(
            {"pid": os.getpid(), "command": _command(), "since": f"{datetime.now(UTC):%d %b %Y %H:%M} UTC"}
        )

    def _claimed(self) -> bool:
        """Try once to take the claim."""
        try:
            fcntl.flock(self._card, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Give the claim back; the empty file stays, because deleting it could undo a newer claim."""
        if not self._card.closed:
            self._write({})
            with suppress(OSError):  # what could not be written stands in its buffer still; it is closed
                self._card.close()

    def _write(self, words: dict[str, object]) -> None:
        with suppress(OSError):  # a full disk: the claim counts, the words are for people
            self._card.truncate(0)
            if words:
                self._card.write(json.dumps(words))
            self._card.flush()


def _command() -> str:
    """Return the command line of this process as a person would name it, without folders."""
    first, *rest = sys.orig_argv or ["python"]
    words = [Path(first).name, *(Path(word).name if "/" in word else word for word in rest)]
    return " ".join(words)[:80].replace("\n", " ")


def _alive(card: str) -> bool:
    """Return whether the owner that a card names may still run: without a name, it may."""
    try:
        os.kill(int(json.loads(card)["pid"]), 0)
    except ProcessLookupError:
        return False
    except (ValueError, KeyError, TypeError, OSError):
        return True
    return True


def _refusal(file: Path, card: str) -> str:
    """Return the sentence for a second opener, from what the owner wrote about itself."""
    try:
        owner = json.loads(card)
        pid, command, since = owner["pid"], owner["command"], owner["since"]
    except (ValueError, KeyError, TypeError):
        return f"The store {file} is open in another process: stop it first, or read a run folder with --run."
    if pid == os.getpid():
        return f"The store {file} is already open in this process: use that one or close it first."
    return (
        f"The store {file} is open in process {pid} ({command}, since {since}): "
        "stop it first, or read a run folder with --run."
    )

"""The store: what the bank's data, its runs and its decisions are kept in."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from finrec_core.store.archive import Archive
from finrec_core.store.clients import ClientIndex
from finrec_core.store.connection import Connection
from finrec_core.store.error import StoreError
from finrec_core.store.journal import Journal
from finrec_core.store.keys import Keyring
from finrec_core.store.registry import Registry

_log = logging.getLogger(__name__)


class Store(Archive, Registry, Journal):
    """One DuckDB file, owned by this process until it is closed; safe for any number of threads.

    `runs_folder` is by default beside the file; its keys are those of `keys_of`, another place of the same
    store, where that is named. Every method raises `StoreError` with one sentence, on
    opening also if another process owns the file, if a newer version wrote it or if it is damaged.
    """

    def __init__(self, file: Path, *, runs_folder: Path | None = None, keys_of: Path | None = None) -> None:
        self.file = Path(file)
        self.runs_folder = runs_folder or self.file.parent / "runs"
        self._ring = Keyring(keys_of or self.file)
        self._connection = Connection(self.file, self._ring)
        self._indexes: dict[str, ClientIndex] = {}
        self._sweep_runs()
        try:
            self._settle_erasures()
        except StoreError as error:  # the desk opens all the same, and the next opening tries again
            _log.warning("What was erased is not out of reach yet: %s", error)

    def close(self) -> None:
        """Close the file so that another process can open it; closing twice does nothing."""
        self._connection.close()

    @contextmanager
    def standing(self) -> Iterator[Path]:
        """Lend the file itself, to be copied: nobody writes until the block ends."""
        with self._connection.standing() as file:
            yield file

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store({str(self.file)!r})"

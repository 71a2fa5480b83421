"""The visitor: a store that another process of this user owns, read through its counter."""

import inspect
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from finrec_core.dataset import Dataset
from finrec_core.store.counter import COPY, READING, answered, asked, peer, place
from finrec_core.store.error import StoreError
from finrec_core.store.message import UNREADABLE
from finrec_core.store.store import Store

LONGEST = 600.0  # seconds that an answer may take


class Visitor:
    """The reading methods of a `Store`, as its owner answers them.

    Raises `StoreError` where nobody of this user answers there, and in every method where the owner does, or
    where it is gone meanwhile.
    """

    def __init__(self, file: Path, *, runs_folder: Path | None = None) -> None:
        self.file = Path(file)
        self.runs_folder = runs_folder or self.file.parent / "runs"
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._line.settimeout(LONGEST)
        try:
            with place(self.file) as address:
                self._line.connect(address)
            if peer(self._line) != os.getuid():
                raise StoreError(f"The desk of {file} runs as another user.")
        except OSError as error:
            self._line.close()
            raise StoreError(f"Nobody answers for {file} ({error.strerror}).") from error
        self._answers = self._line.makefile("rb")

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return a reading method."""
        if name not in READING:
            raise AttributeError(f'a store that another process owns has no "{name}".')
        own = getattr(Store, name)

        def ask(*values: Any, **named: Any) -> Any:  # noqa: ANN401 - what the method takes and returns
            given = inspect.signature(own).bind(self, *values, **named).arguments
            return self._ask(name, {key: one for key, one in given.items() if key != "self"})

        return ask

    def dataset(self, name: str | None = None, version: int | None = None) -> Dataset:
        """Return the dataset that is meant, as `Store.dataset` does."""
        with TemporaryDirectory(prefix="finrec-") as folder:
            self._ask("snapshot", {"name": name, "version": version, "folder": Path(folder) / "dataset"})
            return Dataset.load(Path(folder) / "dataset")

    @contextmanager
    def standing(self) -> Iterator[Path]:
        """Lend a copy of the file, whole, made while nobody wrote."""
        with TemporaryDirectory(prefix=".copy-", dir=self.file.parent) as folder:
            yield Path(folder) / self._ask(COPY, {"folder": Path(folder).absolute()})

    def close(self) -> None:
        """Leave."""
        self._answers.close()
        self._line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, name: str, given: dict[str, Any]) -> Any:  # noqa: ANN401 - what the method returns
        try:
            self._line.sendall(asked(name, given))
            return answered(self._answers.readline)
        except (*UNREADABLE, OSError) as error:
            raise StoreError(f"The desk of {self.file} stopped answering: try again.") from error

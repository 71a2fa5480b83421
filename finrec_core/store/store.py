"""The store: what the bank's data, its runs and its decisions are kept in."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import pyarrow as pa

from finrec_core.dataset import Dataset
from finrec_core.store import comparisons, datasets, runs
from finrec_core.store.clients import ClientIndex, ClientMatch
from finrec_core.store.comparisons import Comparison
from finrec_core.store.connection import Connection
from finrec_core.store.datasets import DatasetVersion
from finrec_core.store.error import StoreError
from finrec_core.store.journal import Journal
from finrec_core.store.runs import RunRow


class Imported(Protocol):
    """What an import made: the dataset, and its rejected and repaired rows as the import reports them."""

    @property
    def dataset(self) -> Dataset | None:
        """The dataset, None where the import failed."""

    @property
    def rejects(self) -> pa.Table:
        """The rows that could not be used."""

    @property
    def repairs(self) -> pa.Table:
        """The rows that were used after a repair."""


class Store(Journal):
    """One DuckDB file, owned by this process until it is closed; safe for any number of threads.

    Runs are named by their folders inside `runs_folder` (by default beside the file). A dataset is
    meant by name and version, by "NAME@VERSION" as name, by its name alone (its latest version) or
    not at all (the latest of all). Every method raises `StoreError` with one sentence, on opening
    also if another process owns the file, if a newer version wrote it or if it is damaged.
    """

    def __init__(self, file: Path, *, runs_folder: Path | None = None) -> None:
        self.file = Path(file)
        self.runs_folder = runs_folder or self.file.parent / "runs"
        self._connection = Connection(self.file)
        self._indexes: dict[str, ClientIndex] = {}

    def close(self) -> None:
        """Close the file so that another process can open it; closing twice does nothing."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store({str(self.file)!r})"

    # Datasets

    def add_dataset(
        self,
        data: Dataset | Imported,
        *,
        rejects: pa.Table | None = None,
        repairs: pa.Table | None = None,
        source: str = "",
        user: str = "",
    ) -> DatasetVersion:
        """Add a dataset, or an import with its reports, as the next version of its name, or nothing at all.

        `source` says in words where it came from: names of files without folders.
        """
        if isinstance(data, Dataset):
            dataset = data
        elif data.dataset is not None:
            dataset, rejects, repairs = data.dataset, data.rejects, data.repairs
        else:
            raise StoreError("This import made no dataset, so there is nothing to store.")
        content_hash = dataset.content_hash  # can take seconds, which should not hold up other writers
        with self._connection.writing() as cursor:
            return datasets.add(cursor, dataset, content_hash, rejects, repairs, source=source, user=user)

    def datasets(self) -> list[DatasetVersion]:
        """Return all versions of all datasets, newest first."""
        with self._connection.reading() as cursor:
            return datasets.versions(cursor)

    def version(self, name: str | None = None, version: int | None = None) -> DatasetVersion:
        """Return the version that is meant."""
        with self._connection.reading() as cursor:
            return datasets.find(cursor, name, version)[1]

    def dataset(self, name: str | None = None, version: int | None = None) -> Dataset:
        """Return the dataset that is meant, its rows in the order in which they were added."""
        with self._connection.reading() as cursor:
            return datasets.read(cursor, *datasets.find(cursor, name, version))

    def report(self, name: str | None = None, version: int | None = None) -> tuple[pa.Table, pa.Table]:
        """Return the rejected and the repaired rows of an import (file, line, column, value, reason)."""
        with self._connection.reading() as cursor:
            return datasets.report(cursor, datasets.find(cursor, name, version)[0])

    def remove_dataset(self, name: str, version: int | None = None) -> DatasetVersion:
        """Remove one version and return what it was; runs that learned from it stay."""
        with self._connection.writing() as cursor:
            key, removed = datasets.find(cursor, name, version)
            datasets.remove(cursor, key)
            return removed

    def snapshot(self, name: str | None, version: int | None, folder: Path) -> DatasetVersion:
        """Write a dataset as Parquet files, as `Dataset.load` reads them, and return its version."""
        with self._connection.reading() as cursor:
            key, found = datasets.find(cursor, name, version)
            dataset = datasets.read(cursor, key, found)
        dataset.save(folder)
        return found

    def search_clients(
        self, text: str, *, name: str | None = None, version: int | None = None, limit: int = 50
    ) -> list[ClientMatch]:
        """Return at most `limit` clients by id or name, best match first; case and accents do not count."""
        with self._connection.reading() as cursor:
            key, _ = datasets.find(cursor, name, version)
            index = self._indexes.get(key) or ClientIndex.read(cursor, key)
        # The last two stay: the version that is advised on, and the one that is looked at.
        self._indexes = dict([*self._indexes.items()][-1:]) | {key: index}
        return index.search(text, limit)

    # Runs

    def runs(self) -> list[RunRow]:
        """Return all finished trainings, newest first."""
        with self._connection.reading() as cursor:
            return runs.every(cursor, self.runs_folder)

    def run(self, run: str) -> RunRow:
        """Return one training."""
        with self._connection.reading() as cursor:
            return runs.find(cursor, run, self.runs_folder)

    def active_run(self) -> RunRow | None:
        """Return the training that is the active model, None before the first; its folder may be missing."""
        with self._connection.reading() as cursor:
            chosen = runs.active(cursor)
            return None if chosen is None else runs.find(cursor, chosen, self.runs_folder)

    def run_folder(self, run: str) -> Path:
        """Return the folder of a run that the store holds; raises `StoreError` if it is gone."""
        return self._present(self.run(run))

    def add_run(self, row: RunRow, *, reason: str = "the first model", user: str = "") -> RunRow:
        """Add a finished training, in the same step as the active model if there is none yet.

        A run that the store holds already stays as it is.
        """
        self._present(row)
        with self._connection.writing() as cursor:
            runs.add(cursor, row, row.user or user)
            if runs.active(cursor) is None:
                runs.activate(cursor, row.run, reason=reason, user=row.user or user)
            return runs.find(cursor, row.run, self.runs_folder)

    def publish(self, run: str | RunRow, *, reason: str = "", user: str = "") -> RunRow:
        """Make a run the active model, an older one too; a `RunRow` is added in the same step."""
        with self._connection.writing() as cursor:
            if isinstance(run, RunRow):
                runs.add(cursor, run, run.user or user)
            row = runs.find(cursor, run if isinstance(run, str) else run.run, self.runs_folder)
            self._present(row)
            runs.activate(cursor, row.run, reason=reason, user=user)
            return runs.find(cursor, row.run, self.runs_folder)

    def _present(self, row: RunRow) -> Path:
        folder = self.runs_folder / row.run
        if not runs.present(folder):
            raise StoreError(f"The folder of run {row.run} is gone: publish another run, or train again.")
        return folder

    # Comparisons

    def add_comparison(
        self, version: DatasetVersion, document: Mapping[str, Any], *, user: str = ""
    ) -> Comparison:
        """Keep the document of an `evaluate` that was made on a version, which may be removed by now."""
        with self._connection.writing() as cursor:
            return comparisons.add(cursor, version, document, user=user)

    def comparisons(self, dataset: str, version: int) -> list[Comparison]:
        """Return the comparisons made on a version, newest first; none where there is no such version."""
        with self._connection.reading() as cursor:
            return comparisons.of_version(cursor, dataset, version)

    def latest_comparison(self, dataset: str, version: int) -> Comparison | None:
        """Return the newest comparison made on a version, None before the first."""
        with self._connection.reading() as cursor:
            return next(iter(comparisons.of_version(cursor, dataset, version, limit=1)), None)

"""The registry of a store: finished trainings, which of them is active, and comparisons of models."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from finrec_core.store import comparisons, runs
from finrec_core.store.comparisons import Comparison
from finrec_core.store.connection import Connection
from finrec_core.store.datasets import DatasetVersion
from finrec_core.store.error import StoreError
from finrec_core.store.runs import Publication, RunRow


class Registry:
    """The part of a store that holds runs, named by their folders inside `runs_folder`, and comparisons."""

    runs_folder: Path
    _connection: Connection

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

    def publications(self, run: str) -> list[Publication]:
        """Return each time that a run became the active model, oldest first."""
        with self._connection.reading() as cursor:
            return runs.publications(cursor, run)

    def _present(self, row: RunRow) -> Path:
        folder = self.runs_folder / row.run
        if not runs.present(folder):
            raise StoreError(f"The folder of run {row.run} is gone: publish another run, or train again.")
        return folder

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

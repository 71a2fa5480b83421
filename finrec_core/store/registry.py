"""The registry of a store: finished trainings, which of them is active, and comparisons of models."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from duckdb import DuckDBPyConnection

from finrec_core.store import activations, removals, run_hashes, runs
from finrec_core.store.activations import Activation
from finrec_core.store.connection import Connection
from finrec_core.store.datasets import DatasetVersion
from finrec_core.store.error import StoreError
from finrec_core.store.removals import RunUse
from finrec_core.store.rows import from_text, insert, now, read, to_text
from finrec_core.store.runs import RunRow

MOST = 20  # comparisons of one version, the newest


@dataclass(frozen=True, repr=False)
class Comparison:
    """A comparison of models: the version it was made on, when, by whom, and the document of `evaluate`.

    `document` has the keys in alphabetical order, whatever order it was made in.
    """

    id: str
    dataset: str
    version: int
    content_hash: str
    created: datetime
    user: str
    document: Mapping[str, Any]

    @property
    def label(self) -> str:
        """The dataset it was made on as a person types it: NAME@VERSION."""
        return f"{self.dataset}@{self.version}"

    def __repr__(self) -> str:
        protocols = ", ".join(self.document.get("protocols", {}))
        return f"Comparison({self.label}: {protocols or 'no protocol'})"


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

    def trained(self) -> list[datetime]:
        """Return when each training started, those of removed runs too; far cheaper than the runs."""
        with self._connection.reading() as cursor:
            return runs.trained(cursor)

    def active_run(self) -> RunRow | None:
        """Return the training that is the active model, None before the first; its folder may be missing."""
        with self._connection.reading() as cursor:
            chosen = activations.active(cursor)
            return None if chosen is None else runs.find(cursor, chosen, self.runs_folder)

    def run_folder(self, run: str) -> Path:
        """Return the folder of a run that the store holds; raises `StoreError` if it is gone or was changed.

        What its `run.json` lists is checked by whoever loads the files.
        """
        try:
            return self._lent(run)
        except run_hashes.ChangedError:  # an erasure's draft may have come after this state of the store
            return self._lent(run)

    def _lent(self, run: str) -> Path:
        with self._connection.reading() as cursor:
            return self._present(runs.find(cursor, run, self.runs_folder), cursor)

    def exchange_run(
        self, run: str, put: Callable[[], None], *, erasures: Sequence[str], before: str, after: str
    ) -> None:
        """Write down the hash of an erasure's draft and then `put` it in place of a run's folder.

        `before` is the SHA-256 of the `run.json` that it was made from, `after` its own: a draft of a folder
        that is not what was trained is put in place without its hash, and serves no more than that did.
        Until one of the erasures notes the run as done it may be either; so a sudden end leaves one that
        loads.
        """
        with self._connection.writing() as cursor:
            if not run_hashes.expect(cursor, run, erasures, before, after):
                put()  # of a run that nobody can add to the store meanwhile
                return
        put()

    def add_run(
        self, row: RunRow, *, reason: str = "the first model", user: str = "", activate: bool = True
    ) -> RunRow:
        """Add a finished training, in the same step as the active model if there is none yet and `activate`.

        A run that the store holds already stays as it is.
        """
        self._present(row)
        with self._connection.writing() as cursor:
            runs.add(cursor, row, row.user or user, self.runs_folder)
            if activate and activations.active(cursor) is None:
                activations.activate(cursor, row.run, reason=reason, user=row.user or user)
            return runs.find(cursor, row.run, self.runs_folder)

    def publish(
        self, run: str | RunRow, *, reason: str = "", user: str = "", instead_of: str | None = None
    ) -> RunRow:
        """Make a run the active model, an older one too; a `RunRow` is added in the same step.

        `instead_of` is the active model that the user saw; raises `StoreError` where it is another by now.
        Nothing changes, and the history stays as it is, where the run is the active model already.
        """
        with self._connection.writing() as cursor:
            self._still_active(cursor, instead_of)
            if isinstance(run, RunRow):
                runs.add(cursor, run, run.user or user, self.runs_folder)
            row = runs.find(cursor, run if isinstance(run, str) else run.run, self.runs_folder)
            self._present(row, cursor)
            if not row.active:
                activations.activate(cursor, row.run, reason=reason, user=user)
            return runs.find(cursor, row.run, self.runs_folder)

    def activations(self) -> list[Activation]:
        """Return which runs were the active model, newest first."""
        with self._connection.reading() as cursor:
            return activations.history(cursor)

    def run_before(self) -> RunRow | None:
        """Return the run to roll back to: the last one before this that is still there; None without."""
        return next(iter(self.runs_before()), None)

    def runs_before(self) -> list[RunRow]:
        """Return the runs that were in use before this one and are still there as trained, the last first."""
        with self._connection.reading() as cursor:
            earlier = self._before(cursor)
        return [row for row in earlier if self._lendable(row.run)]

    def _lendable(self, run: str) -> bool:
        try:
            self.run_folder(run)
        except StoreError:
            return False
        return True

    def roll_back(
        self, *, reason: str = "", user: str = "", instead_of: str | None = None, to: str | None = None
    ) -> RunRow:
        """Make the run active again that was so before; the next step back goes further.

        `instead_of` is as in `publish`, `to` the run that the user expects back. Raises `StoreError` where
        there is none, or where it would be another by now.
        """
        with self._connection.writing() as cursor:
            self._still_active(cursor, instead_of)
            row = next((row for row in self._before(cursor) if self._whole(row, cursor)), None)
            if row is None:
                raise StoreError("No model was in use before this one that is still there: publish a run.")
            if to is not None and row.run != to:
                raise StoreError(f"Run {to}, which was to come back, is gone: look at the models first.")
            activations.activate(cursor, row.run, reason=reason, user=user, step="roll back")
            return runs.find(cursor, row.run, self.runs_folder)

    def pin_run(self, run: str, *, user: str = "") -> RunRow:
        """Keep a run from being removed."""
        with self._connection.writing() as cursor:
            row = runs.find(cursor, run, self.runs_folder)
            removals.pin(cursor, row.run, user=user)
            return runs.find(cursor, run, self.runs_folder)

    def unpin_run(self, run: str) -> RunRow:
        """Let a run be removed again."""
        with self._connection.writing() as cursor:
            removals.unpin(cursor, runs.find(cursor, run, self.runs_folder).run)
            return runs.find(cursor, run, self.runs_folder)

    def run_use(self, run: str) -> RunUse:
        """Return what hangs on a run, to be named before it is removed."""
        with self._connection.reading() as cursor:
            return removals.use(cursor, run, self.runs_folder / runs.find(cursor, run, self.runs_folder).run)

    def remove_run(self, run: str, *, user: str = "") -> RunRow:
        """Remove a run with its folder and return what it was; the history and the logs stay as they are.

        Raises `StoreError` for the active one and for one that is pinned.
        """
        going: Path | None = None
        with ExitStack() as undo:
            with self._connection.writing() as cursor:
                row = runs.find(cursor, run, self.runs_folder)
                if row.active:
                    raise StoreError(f"Run {row.run} is the model in use: publish another one first.")
                if row.pinned:
                    raise StoreError(f"Run {row.run} is pinned: take the pin off first.")
                removals.remove(cursor, row, user=user)
                folder = self.runs_folder / row.run
                if folder.exists():
                    try:
                        going = removals.put_away(folder)
                    except OSError as error:
                        raise StoreError(f"{folder} cannot be removed ({error.strerror}).") from error
                    undo.callback(going.rename, folder)
            undo.pop_all()
        if going is not None:
            shutil.rmtree(going, ignore_errors=True)  # what stays is swept when the store is opened next
        return row

    def _sweep_runs(self) -> None:
        """Finish the removals that a killed process began, and take the hashes of runs that have none yet."""
        with self._connection.reading() as cursor:
            removals.sweep(cursor, self.runs_folder)
            lacking = run_hashes.lacking(cursor)
        if lacking:
            with self._connection.writing() as cursor:
                run_hashes.adopt(cursor, self.runs_folder)

    def _still_active(self, cursor: DuckDBPyConnection, seen: str | None) -> None:
        last = next(iter(activations.history(cursor)), None)
        if seen is not None and last is not None and last.run != seen:
            who = last.user or "somebody"
            raise StoreError(f"Meanwhile {who} put run {last.run} in use: look at the models again first.")

    def _before(self, cursor: DuckDBPyConnection) -> list[RunRow]:
        rows = {row.run: row for row in runs.every(cursor, self.runs_folder)}
        return [rows[run] for run in activations.before(cursor) if run in rows]

    def _whole(self, row: RunRow, cursor: DuckDBPyConnection) -> bool:
        try:
            self._present(row, cursor)
        except StoreError:
            return False
        return True

    def _present(self, row: RunRow, cursor: DuckDBPyConnection | None = None) -> Path:
        """Return the folder of a run; with a cursor, one that is what the store keeps the hash of."""
        folder = self.runs_folder / row.run
        if not runs.present(folder):
            raise StoreError(f"The folder of run {row.run} is gone: publish another run, or train again.")
        if cursor is not None:
            run_hashes.check(cursor, folder)
        return folder

    def add_comparison(
        self, version: DatasetVersion, document: Mapping[str, Any], *, user: str = ""
    ) -> Comparison:
        """Keep the document of an `evaluate` that was made on a version, which may be removed by now."""
        made = Comparison(
            id=uuid4().hex,
            dataset=version.name,
            version=version.version,
            content_hash=version.content_hash,
            created=now(),
            user=user,
            document=from_text(to_text(document)),
        )
        values = asdict(made)
        values["comparison_id"] = values.pop("id")
        with self._connection.writing() as cursor:
            insert(cursor, "comparisons", values)
        return made

    def comparisons(self, dataset: str, version: int, limit: int = MOST) -> list[Comparison]:
        """Return the comparisons made on a version, newest first; none where there is no such version."""
        with self._connection.reading() as cursor:
            rows = read(
                cursor,
                "SELECT comparison_id AS id, dataset, version, content_hash, created, user_name, document "
                "FROM comparisons WHERE dataset = ? AND version = ? "
                "ORDER BY rowid DESC LIMIT ?",  # the order in which they were added, whatever the clock said
                [dataset, version, limit],
            )
        return [Comparison(**row) for row in rows]

    def latest_comparison(self, dataset: str, version: int) -> Comparison | None:
        """Return the newest comparison made on a version, None before the first."""
        return next(iter(self.comparisons(dataset, version, limit=1)), None)

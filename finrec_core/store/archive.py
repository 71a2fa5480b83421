"""The archive of a store: versions of datasets, added whole, read whole, changed by an erasure alone."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
from duckdb import DuckDBPyConnection

from finrec_core.dataset import Dataset
from finrec_core.store import datasets, erasures, overlap, run_hashes, runs
from finrec_core.store.clients import ClientIndex, ClientMatch
from finrec_core.store.connection import Connection
from finrec_core.store.datasets import DatasetVersion
from finrec_core.store.erasures import Erasure, Trace
from finrec_core.store.error import StoreError
from finrec_core.store.keys import Keyring
from finrec_core.store.ledger import Ledger, parsed
from finrec_core.store.migrations import identity
from finrec_core.store.overlap import Overlap
from finrec_core.store.rows import single


@dataclass(frozen=True)
class Dependents:
    """What refers to a version; all of it stays when the version is removed.

    `runs` learned from it, newest first, and `active` is the one of them that is the active model;
    `decisions` counts those made with these runs; `children` are the versions whose parent it is.
    """

    runs: tuple[str, ...]
    active: str | None
    comparisons: int
    decisions: int
    children: tuple[int, ...]

    @property
    def nothing(self) -> bool:
        """Whether nothing refers to it."""
        return not (self.runs or self.comparisons or self.decisions or self.children)


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

    @property
    def kept(self) -> Mapping[str, Any]:
        """What was said of the files, to be used again for the next ones that are appended."""


class Archive:
    """The part of a store that holds datasets.

    A dataset is meant by name and version, by "NAME@VERSION" as name, by its name alone (its latest
    version) or not at all (the latest of all).
    """

    runs_folder: Path
    _connection: Connection
    _ring: Keyring
    _indexes: dict[str, ClientIndex]

    def add_dataset(
        self,
        data: Dataset | Imported,
        *,
        rejects: pa.Table | None = None,
        repairs: pa.Table | None = None,
        source: str = "",
        user: str = "",
        appended_to: int | None = None,
        answers: Mapping[str, Any] | None = None,
        erasures_known: Collection[str] | None = None,
    ) -> DatasetVersion:
        """Add a dataset, or an import with its reports, as the next version of its name, or nothing at all.

        `source` says in words where it came from: names of files without folders; `appended_to` is the
        version of the same name that `append` began with, `answers` what was said of the files.
        `erasures_known` are the ids of the erasures that were known when the data was put together: raises
        `StoreError` where it holds a client who was erased since then.
        """
        if isinstance(data, Dataset):
            dataset = data
        elif data.dataset is not None:
            dataset, rejects, repairs, answers = data.dataset, data.rejects, data.repairs, data.kept
        else:
            raise StoreError("This import made no dataset, so there is nothing to store.")
        content_hash = dataset.content_hash  # can take seconds, which should not hold up other writers
        with self._connection.writing() as cursor:
            if erasures_known is not None:
                erasures.keep_out(cursor, dataset.client_rows.keys(), erasures_known)
            return datasets.add(
                cursor,
                dataset,
                content_hash,
                rejects,
                repairs,
                source=source,
                user=user,
                appended_to=appended_to,
                answers=answers,
            )

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

    def overlaps(self, dataset: Dataset) -> list[Overlap]:
        """Return which ids a dataset has in common with the latest version of each name, newest first."""
        with self._connection.reading() as cursor:
            return overlap.overlaps(cursor, dataset)

    def overlap(self, dataset: Dataset, version: DatasetVersion) -> Overlap:
        """Return which ids a dataset has in common with a version."""
        with self._connection.reading() as cursor:
            return overlap.overlap(cursor, dataset, version)

    def pairs_removed(self, dataset: Dataset, version: DatasetVersion) -> tuple[int, int]:
        """Return how many pairs of client and product a version has, and how many a dataset lacks of them."""
        with self._connection.reading() as cursor:
            return overlap.pairs(cursor, dataset, version)

    def report(self, name: str | None = None, version: int | None = None) -> tuple[pa.Table, pa.Table]:
        """Return the rejected and the repaired rows of an import (file, line, column, value, reason)."""
        with self._connection.reading() as cursor:
            return datasets.report(cursor, datasets.find(cursor, name, version)[0])

    def remove_dataset(self, name: str, version: int | None = None) -> DatasetVersion:
        """Remove one version and return what it was; runs that learned from it stay."""
        with self._connection.writing() as cursor:
            key, removed = datasets.find(cursor, name, version)
            datasets.remove(cursor, key, removed.label)
            return removed

    def dependents(self, name: str, version: int | None = None) -> Dependents:
        """Return what hangs on a version: runs, comparisons, decisions and later versions."""
        with self._connection.reading() as cursor:
            meant = datasets.find(cursor, name, version)[1]
            own = [row for row in runs.every(cursor, self.runs_folder) if row.label == meant.label]
            names = [row.run for row in own]
            place = [meant.name, meant.version]
            compared = "SELECT count(*) FROM comparisons WHERE dataset = ? AND version = ?"
            decided = "SELECT count(*) FROM decisions WHERE run IN (SELECT unnest(?::VARCHAR[]))"
            followed = "SELECT version FROM datasets WHERE name = ? AND parent = ? AND removed IS NULL"
            children = cursor.execute(f"{followed} ORDER BY version", place).fetchall()
            return Dependents(
                runs=tuple(names),
                active=next((row.run for row in own if row.active), None),
                comparisons=single(cursor, compared, place),
                decisions=single(cursor, decided, [names]),
                children=tuple(number for (number,) in children),
            )

    def traces(self, client: str) -> list[Trace]:
        """Return how many rows of a client each version holds, newest first."""
        with self._connection.reading() as cursor:
            return erasures.traces(cursor, client)

    def erase_client(self, client: str, *, reason: str, user: str = "", elsewhere: bool = False) -> Erasure:
        """Remove a client's data from every version in one step; logs and the folders of runs stay.

        What the logs show of the client can be read no more: its keys are destroyed. `jobs.erase` does this
        and then the folders. The file is written anew when it is next opened, so that no freed block of it
        holds the rows. Raises `StoreError` where no version holds the client, unless it is known to stand
        `elsewhere`.
        """
        with self._connection.writing() as cursor:
            erasure = erasures.erase(cursor, client, reason=reason, user=user, elsewhere=elsewhere)
        self._indexes = {}
        self._settle_erasures()
        return erasure

    def erase_again(self, more: Iterable[str] = (), *, user: str = "") -> list[Erasure]:
        """Erase the clients whom the ledger names and this store does not know to be erased.

        So a store that came back from a backup is without those who were erased since. `more` are ids of
        clients that stand elsewhere, in the folders of runs.
        """
        with self._connection.writing() as cursor:
            held = {*erasures.clients(cursor), *more}
            known = [one.id for one in erasures.every(cursor)]
            found = self._ledger(cursor).erased(held, known)
            made = [
                erasures.erase(
                    cursor,
                    client,
                    reason=f"Erased on {note.created[:10]} already; a backup brought it back.",
                    user=user,
                    elsewhere=True,
                    own=note.erasure,
                )
                for client, note in found.items()
            ]
        self._indexes = {}
        self._settle_erasures()
        return made

    def ledger(self) -> str:
        """Return the ledger of erasures as a backup keeps it."""
        with self._connection.reading() as cursor:
            return self._ledger(cursor).text()

    def learn_erasures(self, ledger: str, place: Path) -> None:
        """Take in the ledger of erasures that a backup at `place` keeps."""
        with self._connection.reading() as cursor:
            self._ledger(cursor).merge(parsed(ledger, place))

    def _settle_erasures(self) -> None:
        """See to it that each erasure stands in the ledger and that its keys are destroyed."""
        with self._connection.reading() as cursor:
            every = erasures.every(cursor)[::-1]
            if every:
                self._ledger(cursor).add((one.id, one.created, one.client) for one in every)
        self._ring.destroy(key for one in every for key in one.keys)

    def _ledger(self, cursor: DuckDBPyConnection) -> Ledger:
        return Ledger(self._ring.store, identity(cursor))

    def finish_erasure(self, key: str, runs: Sequence[str], *, whole: bool) -> None:
        """Note the runs whose folders are without the client now; `whole` where none is left to do."""
        with self._connection.writing() as cursor:
            told = [*runs, *(run_hashes.erased(cursor, key, self.runs_folder) if whole else ())]
            erasures.finish(cursor, key, list(dict.fromkeys(told)), whole=whole)

    def erasures(self) -> list[Erasure]:
        """Return all erasures, newest first."""
        with self._connection.reading() as cursor:
            return erasures.every(cursor)

    def erased_clients(self) -> dict[str, datetime]:
        """Return when the data of each erased client was erased last."""
        return {one.client: one.created for one in reversed(self.erasures())}

    def snapshot(self, name: str | None, version: int | None, folder: Path) -> DatasetVersion:
        """Write a dataset as Parquet files, as `Dataset.load` reads them, and return its version."""
        with self._connection.reading() as cursor:
            key, found = datasets.find(cursor, name, version)
            dataset = datasets.read(cursor, key, found)
        dataset.save(folder)
        return found

    def search_clients(
        self,
        text: str,
        *,
        name: str | None = None,
        version: int | None = None,
        limit: int = 50,
        within: Callable[[str], bool] | None = None,
        mine: Callable[[str], bool] | None = None,
    ) -> list[ClientMatch]:
        """Return at most `limit` clients by id or name, best match first; case and accents do not count.

        `within` tells of an id whether its client may be found; None: all may. `mine` tells of an adviser
        whether its clients stand first.
        """
        with self._connection.reading() as cursor:
            key, _ = datasets.find(cursor, name, version)
            index = self._indexes.get(key) or ClientIndex.read(cursor, key)
        # The last two stay: the version that is advised on, and the one that is looked at.
        self._indexes = dict([*self._indexes.items()][-1:]) | {key: index}
        return index.search(text, limit, within, mine)

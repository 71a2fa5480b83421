"""The connection to the DuckDB file: opened once, one cursor for each call, one writer at a time."""

import logging
import re
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Lock

import duckdb

from finrec_core.store.error import StoreError
from finrec_core.store.keys import Keyring
from finrec_core.store.migrations import migrate
from finrec_core.store.owner import Owner
from finrec_core.store.rows import now, to_row

_log = logging.getLogger(__name__)
# Nothing but the store's own file is ever read, written or fetched, and no statement can change that.
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_persistent_secrets": False,
    "enable_external_access": False,
    "python_enable_replacements": False,
    "lock_configuration": True,
    "threads": 1,  # statements are small and many people ask: threads for each would wait for each other
}
# What the file or the machine can do to a statement that is right; wrong statements stay tracebacks.
FAILURES = (duckdb.OperationalError, duckdb.InternalError, duckdb.FatalException)


class Connection:
    """An open store file, owned by this process and brought to the newest schema.

    Any number of threads may read and write: each call gets its own cursor, a reading call sees one
    state throughout, writing calls queue. After an erasure the file is written anew on opening. Raises
    `StoreError` if another process owns the file, if it is no store, or if a newer version wrote it.
    """

    def __init__(self, file: Path, ring: Keyring) -> None:
        self._file = file
        self._ring = ring
        self._writer = Lock()
        with ExitStack() as undo:
            self._owner = Owner(file)
            undo.callback(self._owner.release)
            try:
                if not file.exists():
                    self._create()
            except OSError as error:
                said = f"{file}: the store cannot be made ({error.strerror or error})."
                raise StoreError(said) from error
            self._database = self._open(file)
            if self._erased():
                self._database.close()
                self._rewrite()
                self._database = self._open(file)
            undo.pop_all()

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor whose statements all see the same state of the store."""
        with self._translated(), self._database.cursor() as cursor:
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            yield cursor
            cursor.execute("COMMIT")

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend the one writing cursor; what it did counts whole when the block ends, or not at all."""
        # A cursor that is closed before its COMMIT takes everything back.
        with self._writer, self._translated(), self._database.cursor() as cursor:
            cursor.execute("BEGIN TRANSACTION")
            yield cursor
            cursor.execute("COMMIT")

    @contextmanager
    def standing(self) -> Iterator[Path]:
        """Lend the file itself, whole and at rest: nobody writes until the block ends."""
        with self._writer, self._translated():
            with self._database.cursor() as cursor:
                cursor.execute("FORCE CHECKPOINT")
            yield self._file

    def close(self) -> None:
        """Close the file and let other processes open it; closing twice does nothing."""
        with self._writer:
            try:
                with self._translated():
                    self._database.close()
            finally:
                self._owner.release()

    def _create(self) -> None:
        """Make a new store beside its place and move it there, so that no half-made file is left."""
        draft = self._file.with_name(f"{self._file.name}.new")
        for left in (draft, draft.with_name(f"{draft.name}.wal"), draft.with_name(f"{self._file.name}.wal")):
            left.unlink(missing_ok=True)
        self._open(draft).close()
        draft.replace(self._file)

    def _erased(self) -> bool:
        """Return whether rows were erased since the file was last written whole."""
        with self.reading() as cursor:
            return bool(cursor.execute("SELECT 1 FROM erasures WHERE rewritten IS NULL LIMIT 1").fetchall())

    def _rewrite(self) -> None:
        """Write all tables of the closed file into a new one that takes its place in one step.

        So no freed block of it holds what was erased. Where that fails, for want of room on the disk say,
        the file stays as it is and the next opening tries again.
        """
        draft = self._file.with_name(f"{self._file.name}.new")
        draft.unlink(missing_ok=True)
        try:
            # A connection of its own: the store's may not attach any file.
            with closing(duckdb.connect(draft.absolute())) as database:
                name = str(self._file.absolute()).replace("'", "''")
                database.execute(f"ATTACH '{name}' AS before (READ_ONLY)")
                (own,) = database.execute("SELECT current_database()").fetchall()[0]
                own = own.replace('"', '""')
                database.execute(f'COPY FROM DATABASE before TO "{own}"')
                moment = to_row(now())
                database.execute("UPDATE erasures SET rewritten = ? WHERE rewritten IS NULL", [moment])
                database.execute("DETACH before")
            draft.replace(self._file)
        except (duckdb.Error, OSError) as error:
            _log.warning("The store could not be written anew after an erasure (%s).", error)
            draft.unlink(missing_ok=True)
            draft.with_name(f"{draft.name}.wal").unlink(missing_ok=True)

    def _open(self, file: Path) -> duckdb.DuckDBPyConnection:
        try:
            # Whole, because a path such as ":memory:" or "md:desk" means no file to DuckDB.
            database = duckdb.connect(file.absolute(), config=CONFIG)
        except duckdb.Error as error:
            raise StoreError(_unopened(file, str(error))) from error
        with ExitStack() as undo:
            undo.callback(database.close)
            with self._translated(), database.cursor() as cursor:
                migrate(cursor, file, self._ring)
            undo.pop_all()
        return database

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn a failure of the file or the machine into a sentence."""
        try:
            yield
        except FAILURES as error:
            raise StoreError(f"{self._file}: the store failed ({_reason(str(error))}).") from error


def _unopened(file: Path, message: str) -> str:
    """Return the sentence for a file that DuckDB did not open."""
    holder = re.search(r"Conflicting lock is held in (.*?) ?\(PID (\d+)\)", message)
    if holder:
        program, pid = Path(holder[1]).name, holder[2]
        return (
            f"The store {file} is open in process {pid} ({program}): "
            "stop it first, or read a run folder with --run."
        )
    if "database file with version number" in message:
        return f"{file} was written by a newer DuckDB: install the newer finrec that wrote it."
    return (
        f"{file} is not a readable store ({_reason(message)}): "
        "put a backup in its place, or move it away to start an empty one."
    )


def _reason(message: str) -> str:
    """Return the first line of a DuckDB message without its kind, as a part of a sentence."""
    line = message.strip().split("\n")[0]
    return re.sub(r"^[\w ]*Error: ", "", line).rstrip(".!")

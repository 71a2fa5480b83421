"""The rewriting of a store file after an erasure, so that no freed block of it holds what was erased."""

import logging
from contextlib import closing
from pathlib import Path

import duckdb

from finrec_core.store.moment import now, to_row

_log = logging.getLogger(__name__)


def wanted(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Return whether rows were erased since the file was last written whole."""
    return bool(cursor.execute("SELECT 1 FROM erasures WHERE rewritten IS NULL LIMIT 1").fetchall())


def rewrite(file: Path) -> None:
    """Write all tables of a closed store file into a new one that takes its place in one step.

    Where that fails, for want of room on the disk say, the file stays as it is and the next opening
    tries again.
    """
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    try:
        # A connection of its own: the store's may not attach any file.
        with closing(duckdb.connect(draft)) as database:
            name = str(file).replace("'", "''")
            database.execute(f"ATTACH '{name}' AS before (READ_ONLY)")
            (own,) = database.execute("SELECT current_database()").fetchall()[0]
            own = own.replace('"', '""')
            database.execute(f'COPY FROM DATABASE before TO "{own}"')
            moment = to_row(now())
            database.execute("UPDATE erasures SET rewritten = ? WHERE rewritten IS NULL", [moment])
            database.execute("DETACH before")
        draft.replace(file)
    except (duckdb.Error, OSError) as error:
        _log.warning("The store could not be written anew after an erasure (%s).", error)
        draft.unlink(missing_ok=True)
        draft.with_name(f"{draft.name}.wal").unlink(missing_ok=True)

"""Databases: tables of SQLite, DuckDB and PostgreSQL, or one query of them, read and never written."""

import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote

from finrec_core.intake import columnar, textfile
from finrec_core.intake.address import Address
from finrec_core.intake.catalogue import Entry, chosen
from finrec_core.intake.error import IntakeError
from finrec_core.intake.spool import Spool

ENDINGS = (".sqlite", ".sqlite3", ".db", ".db3", ".duckdb")
SQLITE, DUCKDB = b"SQLite format 3\0", b"DUCK"  # how the files start, the other one at its ninth byte
BATCH = 20_000  # rows held at once
ANSWER_WITHIN = 5  # seconds that a server has to answer, and a lock to be given up
ROW_WITHIN = 60.0  # seconds that a view or query may work without giving a row
QUERY = "query"  # what the rows of one are called
READS = re.compile(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/|\()*(?:select|with|values|from|table)\b", re.DOTALL | re.IGNORECASE
)
ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
SAFE: dict[str, str | bool | int | float | list[str]] = {
    **dict.fromkeys(("enable_external_access", "autoload_known_extensions"), "false"),
    **{"autoinstall_known_extensions": "false", "lock_configuration": "true", "memory_limit": "2GB"},
}
IN_POSTGRES = """
    SELECT n.nspname, c.relname, c.relkind IN ('v', 'm'), array_agg(a.attname::text ORDER BY a.attnum)
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
    GROUP BY 1, 2, 3 ORDER BY 1, 2
"""
IN_DUCKDB = """
    SELECT t.table_schema, t.table_name, t.table_type = 'VIEW',
      list(c.column_name ORDER BY c.ordinal_position)
    FROM information_schema.tables t JOIN information_schema.columns c
      USING (table_catalog, table_schema, table_name)
    WHERE t.table_catalog = current_database() GROUP BY 1, 2, 3 ORDER BY 1, 2
"""
ONE_SELECT = "a query is one SELECT, which reads and changes nothing."
HOMES = ("main", "public")  # schemas that need not be named
Tables = tuple[list[tuple[str, Spool]], list[str]]
Read = Callable[[str, str], tuple[Spool, list[str]]]  # a title and a statement to its rows and notices
Database = tuple[list[Entry], Read, list[str]]


def database_tables(name: str, content: bytes | Path | Address, only: Sequence[str], query: str) -> Tables:
    """Return tables of a database as text, by their names, and sentences on what is read otherwise.

    `content` is the bytes of a file, its path, or the address of a server; `only` names tables, `query` is
    one SELECT to be read instead. Raises `IntakeError` where the database cannot be opened or does not
    answer, and where the table or the query cannot be read; no sentence of it holds a password.
    """
    if query and not READS.match(query):
        raise IntakeError(ONE_SELECT, file=name)
    with _opened(name, content) as (entries, read, told):
        if query:
            spool, more = read(f"{name}/{QUERY}", query.strip().removesuffix(";"))
            return [(QUERY, spool)], more
        known = {entry.name for entry in entries}
        only = [table if table in known else _at_home(table) for table in only]
        taken, more = chosen(entries, only, name, every=not isinstance(content, Address))
        notices, found = [*told, *more], []
        for entry in taken:
            path = ".".join('"{}"'.format(part.replace('"', '""')) for part in entry.path)
            spool, more = read(f"{name}/{entry.name}", f"SELECT * FROM {path}")  # noqa: S608 - quoted
            found.append((entry.name, spool))
            notices += more
        return found, notices


def table_names(name: str, content: bytes | Path) -> list[str]:
    """Return the names of the tables and views in a file; raises `IntakeError` as `database_tables` does."""
    with _opened(name, content) as (entries, _, _):
        return [entry.name for entry in entries]


@contextmanager
def _opened(name: str, content: bytes | Path | Address) -> Iterator[Database]:
    """Lend the tables of a database, what reads one, and sentences on what cannot be read."""
    if isinstance(content, Address):
        with _postgres(name, content) as database:
            yield database
        return
    with _as_file(content, name) as (file, own):
        with file.open("rb") as opened:
            start = opened.read(16)
        if start[8:12] != DUCKDB and not start.startswith(SQLITE):
            reason = "this is no SQLite or DuckDB database, or it is encrypted."
            raise IntakeError(reason if start else "the file is empty.", file=name)
        engine = _duckdb(name, file) if start[8:12] == DUCKDB else _sqlite(name, file, own=own)
        with engine as database:
            yield database


@contextmanager
def _as_file(content: bytes | Path, name: str) -> Iterator[tuple[Path, bool]]:
    """Lend a file with the content, and whether it is a copy of our own."""
    if isinstance(content, Path):
        if not content.is_file():
            raise IntakeError("there is no such file.", file=name)
        yield content, False
        return
    with tempfile.TemporaryDirectory(prefix="finrec-") as folder:
        file = Path(folder) / "database"
        file.write_bytes(content)
        yield file, True


@contextmanager
def _sqlite(name: str, file: Path, *, own: bool) -> Iterator[Database]:
    # A file of others may be written to meanwhile, so its locks hold; a copy has neither lock nor log.
    uri = f"file:{quote(str(file.resolve()))}?mode=ro{'&immutable=1' if own else ''}"
    limit = textfile.unpacked_limit(file.stat().st_size)
    deadline = float("inf")

    def read(title: str, statement: str) -> tuple[Spool, list[str]]:
        nonlocal deadline
        spool = Spool(title, limit)
        deadline = monotonic() + ROW_WITHIN
        cursor = database.execute(statement)
        spool.write([[column[0] for column in cursor.description]])
        while rows := cursor.fetchmany(BATCH):
            spool.write(rows)
            deadline = monotonic() + ROW_WITHIN
        return spool, spool.notices()

    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=ANSWER_WITHIN)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA query_only = ON")
            database.set_progress_handler(lambda: monotonic() > deadline, 100_000)
            entries, left_out = _sqlite_entries(database)
            database.set_authorizer(
                lambda action, *_: sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY
            )
            yield entries, read, [f"{name}/{table} is left out: {why}." for table, why in left_out.items()]
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise IntakeError(_sqlite_reason(str(error)), file=name) from error


def _sqlite_entries(database: sqlite3.Connection) -> tuple[list[Entry], dict[str, str]]:
    """Return the tables and views of a database, and why others cannot be read, by their names."""
    listed = "SELECT name, type FROM pragma_table_list WHERE schema = 'main' ORDER BY name"
    entries, left_out = [], {}
    for table, kind in database.execute(listed).fetchall():
        if table.startswith("sqlite_") or kind == "shadow":
            continue
        if kind == "virtual":
            left_out[table] = "it is no table but what a program makes of others"
            continue
        try:
            quoted = table.replace('"', '""')
            head = database.execute(f'SELECT * FROM "{quoted}" LIMIT 0')  # noqa: S608 - quoted
        except sqlite3.OperationalError:
            left_out[table] = "this view is broken"
            continue
        entries.append(Entry(table, tuple(column[0] for column in head.description), kind == "view"))
    return entries, left_out


def _sqlite_reason(said: str) -> str:
    known = {
        "not a database": "this is no SQLite database, or it is encrypted.",
        "malformed": "the database is damaged.",
        "locked": f"another program keeps the database locked for over {ANSWER_WITHIN} seconds; close it.",
        "interrupted": f"a view or query gave no row within {ROW_WITHIN:.0f} seconds.",
        "not authorized": ONE_SELECT,
        "one statement": ONE_SELECT,
        "unable to open": "the database cannot be opened for reading.",
    }
    return next((why for part, why in known.items() if part in said), f"the database says: {said}.")


@contextmanager
def _duckdb(name: str, file: Path) -> Iterator[Database]:
    import duckdb  # noqa: PLC0415 - a notebook without databases does without it

    def read(title: str, statement: str) -> tuple[Spool, list[str]]:
        told = duckdb.extract_statements(statement)
        if len(told) != 1 or told[0].type != duckdb.StatementType.SELECT:
            raise IntakeError(ONE_SELECT, file=name)
        reader = database.execute(statement).to_arrow_reader(BATCH)
        return columnar.write(title, reader.schema, reader, textfile.UNPACKED_LIMIT)

    try:
        with closing(duckdb.connect(file, read_only=True, config=SAFE)) as database:
            yield [_entry("main", *row) for row in database.execute(IN_DUCKDB).fetchall()], read, []
    except duckdb.Error as error:
        said = str(error).partition("\n")[0]
        known = {
            "set lock": "another program has the database open; close it there, or copy the file.",
            "different configuration": "finrec itself has this database open; copy the file.",
            "disabled": "a view or query reads another file, which is not allowed here.",
        }
        reason = next((why for part, why in known.items() if part in said), f"DuckDB says: {said[:200]}")
        raise IntakeError(reason, file=name) from error


def _at_home(table: str) -> str:
    """Return the name of a table without the schema that need not be named."""
    schema, _, name = table.partition(".")
    return name if schema in HOMES and name else table


def _entry(usual: str, schema: str, table: str, is_view: bool, columns: Sequence[str]) -> Entry:
    shown = table if schema == usual else f"{schema}.{table}"
    return Entry(shown, tuple(columns), bool(is_view), (schema, table))


@contextmanager
def _postgres(name: str, address: Address) -> Iterator[Database]:
    try:
        import psycopg  # noqa: PLC0415 - an extra
        from psycopg.types.string import TextLoader  # noqa: PLC0415
    except ImportError as error:
        reason = (
            'PostgreSQL is read through the extra "postgres"; install it: pip install "finrec[postgres]".'
        )
        raise IntakeError(reason, file=name) from error

    def read(title: str, statement: str) -> tuple[Spool, list[str]]:
        spool = Spool(title)
        with database.cursor(name="finrec") as cursor:
            cursor.itersize = BATCH
            cursor.execute(statement)
            spool.write([[column.name for column in cursor.description or ()]])
            spool.write(cursor)
        return spool, spool.notices()

    try:
        database = psycopg.connect(address.url, connect_timeout=ANSWER_WITHIN, client_encoding="utf8")
    except (psycopg.Error, UnicodeError, ValueError) as error:
        # What the driver says may repeat a part of the address, and so of the password.
        raise IntakeError(_refusal(error), file=name) from None
    try:
        with closing(database):
            database.read_only = True
            database.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            for kind in ("timestamp", "timestamptz", "date", "time", "numeric"):
                database.adapters.register_loader(kind, TextLoader)  # endless and ancient ones too
            for setting in (f"lock_timeout = '{ANSWER_WITHIN}s'", "timezone = 'UTC'", "datestyle = 'ISO'"):
                database.execute(f"SET LOCAL {setting}")
            rows = database.execute(IN_POSTGRES).fetchall()
            yield [_entry("public", *row) for row in rows if address.schema in ("", row[0])], read, []
    except (psycopg.Error, UnicodeError) as error:
        said = getattr(getattr(error, "diag", None), "message_primary", None) or "the connection is lost"
        raise IntakeError(f"the server says: {said}.", file=name) from None


def _refusal(error: Any) -> str:  # noqa: ANN401 - an error of a library that may be absent
    """Return why a server cannot be reached, in words that repeat nothing of its address."""
    code = getattr(error, "sqlstate", None) or ""
    said = str(error).lower()
    if code.startswith("28") or "password" in said or "authentication" in said or "role" in said:
        return "the server refuses the user or the password."
    if code == "3D000" or ("database" in said and "does not exist" in said):
        return "there is no database of this name on the server."
    if "timeout" in type(error).__name__.lower() or "timeout" in said:
        return f"the server does not answer within {ANSWER_WITHIN} seconds."
    if "translate host" in said or "name or service" in said or "resolve" in said:
        return "there is no server of this name."
    if "too many" in said:
        return "the server has too many connections."
    return "the server cannot be reached at this address."

"""The address of a table in a database, as a URL names it; what it shows never holds a password."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from finrec_core.intake.error import IntakeError

SERVERS = ("postgresql", "postgres")
FILES = ("sqlite", "duckdb")
OURS = ("table", "query", "schema")  # what a URL says to finrec; the rest goes to the server
FORM = "postgresql://USER:PASSWORD@HOST/DATABASE?table=NAME"
HARD = (
    "a special sign in user or password is written as %40 for @, %3A for :, %2F for /, %3F for ?, %23 for #"
)


@dataclass(frozen=True, repr=False)
class Address:
    """A database on a server: `shown` names it without user and password, `url` is for its driver alone.

    >>> from finrec_core.intake.address import parse
    >>> address, tables, query = parse("postgresql://ann:secret@db.bank.test/trades?table=orders")
    >>> address, tables
    (Address('postgresql://db.bank.test/trades'), ('orders',))
    """

    shown: str
    url: str = field(repr=False)
    database: str = ""
    schema: str = ""

    def __repr__(self) -> str:
        return f"Address({self.shown!r})"


def is_address(text: str) -> bool:
    """Whether a text is the URL of a database, or at least of something that is no file.

    >>> from finrec_core.intake.address import is_address
    >>> is_address("sqlite:///bank.sqlite?table=trades"), is_address("bank/trades.csv")
    (True, False)
    """
    return "://" in text.partition("?")[0]


def parse(text: str) -> tuple[Address | Path, tuple[str, ...], str]:
    """Return what a URL names: a server's database or a file, the tables in it, and a query.

    In `table` commas separate tables; `query` stands last and may hold any sign. Raises `IntakeError`
    for a URL of another kind, or one that cannot be taken apart, without repeating it.
    """
    base, _, rest = text.partition("?")
    scheme = base.partition("://")[0].lower()
    if scheme not in (*SERVERS, *FILES):
        known = f"{FORM}, sqlite:///FILE and duckdb:///FILE"
        named = f'"{scheme}"' if scheme.isalnum() else "this"
        raise IntakeError(f"{named} is no address that finrec can read; there are {known}.")
    told, kept, query = _told(rest)
    tables = tuple(name for name in told.get("table", "").split(",") if name)
    if tables and query:
        raise IntakeError("the address names both a table and a query; one of them is read.")
    if scheme in FILES:
        return _file(base, scheme), tables, query
    return _server(base, kept, told.get("schema", "")), tables, query


def _told(rest: str) -> tuple[dict[str, str], list[str], str]:
    """Return what is said to finrec, what is said to the server, and the query, which may hold any sign."""
    before, mark, query = ("", "query=", rest[6:]) if rest.startswith("query=") else rest.partition("&query=")
    told, kept = {}, []
    for one in filter(None, before.split("&")):
        key, _, value = one.partition("=")
        if key.lower() in OURS:
            told[key.lower()] = unquote(value)
        else:
            kept.append(one)
    return told, kept, (query if " " in query else unquote(query)).strip() if mark else ""


def _file(base: str, scheme: str) -> Path:
    """Return the file that a URL names: from the root where it lies there, else from the working folder."""
    path = unquote(base.partition("://")[2])
    if not path.startswith("/"):
        raise IntakeError(f"a file is written with three strokes, as {scheme}:///folder/bank.{scheme}.")
    rooted, relative = Path("/" + path.lstrip("/")), Path(path.lstrip("/"))
    if not path.lstrip("/"):
        raise IntakeError(f"the address names no file, as {scheme}:///folder/bank.{scheme} does.")
    return relative if not path.startswith("//") and not rooted.exists() and relative.exists() else rooted


def _server(base: str, kept: list[str], schema: str) -> Address:
    try:
        parts = urlsplit(base)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise IntakeError(f"the address cannot be taken apart; it is {FORM}, and {HARD}.") from error
    elsewhere = "@" in parts.path or parts.fragment or (kept and "@" in "&".join(kept))
    if elsewhere or any("=" not in one for one in kept) or "/" in parts.path.lstrip("/"):
        raise IntakeError(f"the address cannot be taken apart; it is {FORM}, and {HARD}.")
    database = unquote(parts.path.lstrip("/"))
    named = f"[{host}]" if ":" in host else host
    shown = f"postgresql://{named}{f':{port}' if port else ''}/{database}"
    url = f"postgresql://{parts.netloc}{parts.path}" + (f"?{'&'.join(kept)}" if kept else "")
    return Address(shown, url, database, schema)

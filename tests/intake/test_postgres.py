"""Tables of PostgreSQL, from a server that the tests start."""

import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from finrec_core.intake import IntakeError, database, find_sources, read_files
from finrec_core.intake.contents import text_files
from tests.cli.conftest import run
from tests.intake.server import SECRET, USER, WRITTEN, running

psycopg = pytest.importorskip("psycopg", reason="the extra postgres is not installed")
FILLED = f"""
    CREATE ROLE {USER} LOGIN PASSWORD '{SECRET}';
    CREATE TABLE trades (client_id text, isin text, "timestamp" timestamptz, amount numeric(12,2), note text);
    INSERT INTO trades VALUES ('00123', 'A1', '2024-03-05 12:00+02', 10000, E'two\nlines'),
      ('00124', 'A1', 'infinity', -1.5, NULL), ('00125', 'B2', '2024-03-05', NULL, 'x');
    CREATE TABLE clients (client_id text, name text, profile_date date);
    INSERT INTO clients VALUES ('00123', 'Ann', '2024-01-01');
    CREATE VIEW v_trades AS SELECT * FROM trades;
    CREATE TABLE log (at timestamptz, what text);
    CREATE TABLE hidden (client_id text, product_id text);
    CREATE SCHEMA old;
    CREATE TABLE old.trades (client_id text, product_id text);
    INSERT INTO old.trades VALUES ('c1', 'p1');
    CREATE FUNCTION sneak() RETURNS text LANGUAGE sql AS
      $$ INSERT INTO log VALUES (now(), 'was here') RETURNING what $$;
    GRANT USAGE ON SCHEMA old TO {USER};
    GRANT SELECT ON trades, clients, v_trades, log, old.trades TO {USER};
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="finrec-pg-", dir="/tmp") as name, running(Path(name)) as folder:
        address = f"postgresql://postgres:root-secret@/postgres?host={quote(str(folder))}"
        with psycopg.connect(address, autocommit=True) as admin:
            admin.execute(FILLED)
        yield folder


def address(
    server: Path, rest: str = "", *, user: str = USER, secret: str = WRITTEN, name: str = "postgres"
) -> str:
    return f"postgresql://{user}:{secret}@/{name}?host={quote(str(server))}{rest}"


def texts(url: str) -> tuple[dict[str, str], list[str]]:
    files, notices = text_files(find_sources([url]))
    found = {}
    for file in files:
        with file.open() as text:
            found[file.name.rpartition("/")[2]] = text.read().replace("\r\n", "\n")
    return found, notices


def test_a_table_is_read_with_its_types(server: Path) -> None:
    found, _ = texts(address(server, "&table=trades"))
    assert found["trades"].split("\n") == [
        "client_id\tisin\ttimestamp\tamount\tnote",
        '00123\tA1\t2024-03-05 10:00:00+00\t10000.00\t"two',
        'lines"',
        "00124\tA1\tinfinity\t-1.50\t",
        "00125\tB2\t2024-03-05 00:00:00+00\t\tx",
        "",
    ]


def test_without_a_table_those_that_look_like_ours_are_read(server: Path) -> None:
    found, notices = texts(address(server, "&schema=public"))
    assert sorted(found) == ["clients", "trades"]
    assert notices == [
        'postgresql:///postgres: "v_trades" is left out, a view of others; name the table to read it.',
        'postgresql:///postgres: "log" is left out, of columns unknown here; name the table to read it.',
    ]


def test_several_tables_another_schema_and_a_view_may_be_named(server: Path) -> None:
    assert sorted(texts(address(server, "&table=public.clients,old.trades,v_trades"))[0]) == [
        "clients",
        "old.trades",
        "v_trades",
    ]


def test_a_query_is_read_in_place_of_a_table(server: Path) -> None:
    url = address(server, "&query=SELECT client_id, isin FROM trades WHERE isin LIKE 'A%' AND note <> '?&x'")
    intake = read_files(find_sources([url]))
    assert intake.dataset is not None
    assert intake.dataset.interactions["client_id"].to_pylist() == ["00123"]


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ("&table=nothing", 'there is no table "nothing"; there are '),
        ("&table=hidden", 'there is no table "hidden"; there are '),
        ("&query=SELECT * FROM hidden", "the server says: permission denied for table hidden."),
        ("&query=SELECT * FORM trades", "the server says: "),
        ("&query=DELETE FROM trades", "a query is one SELECT, which reads and changes nothing."),
        ("&query=SELECT 1; DROP TABLE trades", "the server says: "),
        ("&query=WITH x AS (DELETE FROM trades RETURNING *) SELECT * FROM x", "the server says: "),
        ("&query=SELECT 1 AS client_id, pg_sleep(0) AS product_id; COMMIT; SELECT 2", "the server says: "),
    ],
)
def test_what_cannot_be_read_is_said(rest: str, sentence: str, server: Path) -> None:
    with pytest.raises(IntakeError) as caught:
        texts(address(server, rest))
    assert str(caught.value).startswith(f"postgresql:///postgres: {sentence}")


def test_nothing_is_written(server: Path) -> None:
    sneaking = address(server, "&query=SELECT sneak()", user="postgres", secret="root-secret")
    with pytest.raises(IntakeError, match="cannot execute INSERT in a read-only transaction"):
        texts(sneaking)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"secret": "wr0ng-secret"}, "the server refuses the user or the password."),
        ({"user": "nobody-known"}, "the server refuses the user or the password."),
        ({"name": "no-such"}, "there is no database of this name on the server."),
    ],
)
def test_who_is_refused_reads_no_password(changes: dict[str, str], sentence: str, server: Path) -> None:
    ended = run("import", address(server, **changes))
    assert ended.code == 2
    assert sentence in ended.err
    for secret in (WRITTEN, SECRET, "wr0ng-secret", USER):
        assert secret not in ended.err + ended.out


def test_the_password_is_shown_nowhere(server: Path) -> None:
    url = address(server, "&table=old.trades")
    (source,) = find_sources([url])
    intake = read_files([source])
    assert source.name == "postgresql:///postgres"  # what a store keeps
    said = repr([source, source.content, intake, intake.notices, intake.columns, intake.files])
    assert "postgresql:///postgres/old.trades" in said
    for secret in (WRITTEN, SECRET, USER):
        assert secret not in said


def test_a_server_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "ANSWER_WITHIN", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(IntakeError) as caught:
            texts(f"postgresql://ann:secret@127.0.0.1:{port}/bank?table=trades&sslmode=disable")
    assert (
        str(caught.value)
        == f"postgresql://127.0.0.1:{port}/bank: the server does not answer within 2 seconds."
    )


def test_nobody_at_the_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(IntakeError, match="the server cannot be reached at this address"):
        texts(f"postgres://ann:secret@127.0.0.1:{port}/bank")


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(IntakeError, match=r'install it: pip install "finrec\[postgres\]"'):
        texts("postgresql://ann:secret@127.0.0.1/bank")

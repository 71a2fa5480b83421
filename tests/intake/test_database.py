import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from finrec_core.intake import IntakeError, Source, database, find_sources, read_files, table_names
from finrec_core.intake.contents import text_files

FILLED = """
    CREATE TABLE trades (client_id, isin, at, amount, note);
    INSERT INTO trades VALUES ('00123', 'A1', '2024-03-05', 10000.0, x'ff'), ('00124', 'A1', NULL, 1.5, 'ab');
    CREATE TABLE clients (client_id, name);
    INSERT INTO clients VALUES ('00123', 'Ann');
    CREATE TABLE log (what);
    CREATE VIEW v_trades AS SELECT * FROM trades;
    CREATE VIEW broken AS SELECT * FROM gone;
"""
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0"


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    file = tmp_path / "bank.sqlite"
    with closing(sqlite3.connect(file)) as made:
        made.executescript(FILLED)
    return file


@pytest.fixture
def ducks(tmp_path: Path) -> Path:
    file = tmp_path / "bank.duckdb"
    (tmp_path / "other.csv").write_text("client_id,product_id\nc9,p9\n")
    with duckdb.connect(file) as made:
        made.execute("CREATE TABLE trades AS SELECT '00123' client_id, 'A1' isin, DATE '2024-03-05' AS day")
        made.execute("CREATE SCHEMA old; CREATE TABLE old.trades AS SELECT 'c1' client_id, 'p1' product_id")
        made.execute(f"CREATE VIEW outside AS SELECT * FROM read_csv('{tmp_path}/other.csv')")
    return file


def texts(*sources: Source) -> dict[str, list[str]]:
    found = {}
    for file in text_files(sources)[0]:
        with file.open() as text:
            found[file.name] = text.read().replace('"', "").split()
    return found


@pytest.mark.parametrize("as_bytes", [False, True])
def test_every_table_of_a_file_is_read_and_a_view_of_them_only_by_name(bank: Path, as_bytes: bool) -> None:
    source = Source("bank.sqlite", bank.read_bytes() if as_bytes else bank)
    intake = read_files([source])
    assert [(file.name, file.table) for file in intake.files] == [
        ("bank.sqlite/clients", "clients"),
        ("bank.sqlite/log", ""),
        ("bank.sqlite/trades", "interactions"),
    ]
    assert intake.notices[:3] == (
        "bank.sqlite/broken is left out: this view is broken.",
        'bank.sqlite: "v_trades" is left out, a view of others; name the table to read it.',
        "bank.sqlite/trades: 1 cell holds bytes that are no text, the first in row 2, read as empty.",
    )
    assert intake.dataset is not None
    assert intake.dataset.interactions["client_id"].to_pylist() == ["00123", "00124"]
    assert table_names(source) == ["clients", "log", "trades", "v_trades"]
    view = Source("bank.sqlite", source.content, only=("main.v_trades",))
    assert list(texts(view)) == ["bank.sqlite/v_trades"]


def test_a_view_is_read_where_no_table_holds_the_same(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "bank.db")) as made:
        made.executescript(
            "CREATE TABLE t (a, b); CREATE VIEW v AS SELECT a AS client_id, b AS product_id FROM t"
        )
    assert sorted(texts(*find_sources([tmp_path / "bank.db"]))) == ["bank.db/t", "bank.db/v"]


def test_a_query_is_read_in_place_of_tables(bank: Path, ducks: Path) -> None:
    where = "SELECT client_id, isin FROM trades WHERE isin LIKE 'A%';"
    assert texts(*find_sources([f"sqlite://{bank}?query={where}"])) == {
        "bank.sqlite/query": ["client_id", "isin", "00123", "A1", "00124", "A1"]
    }
    assert texts(*find_sources([f"duckdb://{ducks}?query={where}"])) == {
        "bank.duckdb/query": ["client_id", "isin", "00123", "A1"]
    }


def test_a_duckdb_file_is_read_by_its_address_or_its_name(ducks: Path) -> None:
    for found in (f"duckdb://{ducks}?table=trades,old.trades", ducks):
        read = texts(*find_sources([found]))
        assert read["bank.duckdb/trades"] == ["client_id", "isin", "day", "00123", "A1", "2024-03-05"]
        assert read["bank.duckdb/old.trades"] == ["client_id", "product_id", "c1", "p1"]


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM trades",
        "DROP TABLE trades",
        "WITH a AS (SELECT 1) DELETE FROM trades",
        "SELECT 1; DELETE FROM trades",
        "SELECT 1; SELECT 2",
        "ATTACH 'other.db' AS other",
        "PRAGMA writable_schema = 1",
        "EXPLAIN SELECT 1",
        "/* SELECT */ INSERT INTO trades SELECT * FROM trades",
    ],
)
def test_a_query_only_reads(query: str, bank: Path, ducks: Path) -> None:
    before = bank.read_bytes()
    for file in (bank, ducks):
        with pytest.raises(
            IntakeError, match=rf"^{file.name}: a query is one SELECT, which reads and changes"
        ):
            texts(Source(file.name, file, query=query))
    assert bank.read_bytes() == before


@pytest.mark.parametrize("query", ["SELECT * FROM outside", "SELECT * FROM read_text('/etc/hostname')"])
def test_a_duckdb_file_reaches_no_other_file(query: str, ducks: Path) -> None:
    with pytest.raises(IntakeError, match="a view or query reads another file, which is not allowed here"):
        texts(Source("bank.duckdb", ducks, query=query))


def test_what_is_no_database_is_told_apart(bank: Path, tmp_path: Path) -> None:
    for content, sentence in (
        (b"", "the file is empty."),
        (bytes(range(256)) * 16, "this is no SQLite or DuckDB database, or it is encrypted."),
        (bank.read_bytes()[:700], "the database is damaged."),
        (b"SQLite format 3\0" + bytes(5000), "this is no SQLite database, or it is encrypted."),
        (bytes(8) + b"DUCK" + bytes(9000), "DuckDB says: "),
    ):
        with pytest.raises(IntakeError) as caught:
            texts(Source("bank.sqlite", content))
        assert str(caught.value).startswith(f"bank.sqlite: {sentence}")
    with pytest.raises(IntakeError, match="there is no such file"):
        texts(*find_sources([f"sqlite://{tmp_path}/none.sqlite"]))
    with pytest.raises(IntakeError, match=r'there is no table "none"; there are "clients", "log", "trades"'):
        texts(*find_sources([f"sqlite://{bank}?table=none"]))


def test_a_locked_database_is_given_up(bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "ANSWER_WITHIN", 0.1)
    with closing(sqlite3.connect(bank)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(IntakeError, match="another program keeps the database locked"):
            texts(Source("bank.sqlite", bank))


def test_a_view_without_an_end_is_given_up(bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "ROW_WITHIN", 0.1)
    with pytest.raises(IntakeError, match="a view or query gave no row within"):
        texts(Source("bank.sqlite", bank, query=ENDLESS))


def test_a_database_that_another_program_writes_is_read(bank: Path) -> None:
    with closing(sqlite3.connect(bank)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("INSERT INTO clients VALUES ('00125', 'Eve')")
        other.commit()
        assert "Eve" in texts(Source("bank.sqlite", bank, only=("clients",)))["bank.sqlite/clients"]


def test_what_holds_one_table_leaves_nothing_to_choose() -> None:
    for given in ({"only": ("a",)}, {"query": "SELECT 1"}):
        with pytest.raises(
            IntakeError, match=r"a\.csv: this file holds one table, of which none can be chosen"
        ):
            texts(Source("a.csv", b"client_id,product_id\n", **given))

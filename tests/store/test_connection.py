"""The connection: one owner, one file, many threads, nothing outside."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from finrec_core.store import Store, StoreError
from tests import tied
from tests.store.conftest import make_bank

ROOT = Path(__file__).parents[2]


def python(script, *arguments, wait=True):
    """Run a script in another process that finds the package."""
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    if not wait:
        return tied.start(command, env=environment, stdout=subprocess.PIPE, text=True)
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


OPEN = """
    import sys
    from pathlib import Path
    from finrec_core.store import Store, StoreError
    try:
        Store(Path(sys.argv[1])).close()
    except StoreError as error:
        print(error)
"""


def test_a_second_process_gets_one_sentence_that_names_the_first(tmp_path):
    file = tmp_path / "finrec.duckdb"
    with Store(file):
        said = python(OPEN, file).stdout.strip()
    assert f"is open in process {os.getpid()} (" in said
    assert "pytest" in said
    assert "stop it first, or read a run folder with --run" in said
    assert said.count("\n") == 0
    assert python(OPEN, file).stdout == ""


def test_a_second_store_in_this_process_is_refused(tmp_path):
    with Store(tmp_path / "s.duckdb"), pytest.raises(StoreError, match="already open in this process"):
        Store(tmp_path / "s.duckdb")
    Store(tmp_path / "s.duckdb").close()


def test_a_store_that_was_forgotten_open_can_be_opened_again(tmp_path):
    store = Store(tmp_path / "s.duckdb")
    del store
    Store(tmp_path / "s.duckdb").close()


def test_what_a_killed_owner_left_behind_claims_nothing(tmp_path):
    file = tmp_path / "finrec.duckdb"
    owner = python(
        """
        import os, sys, time
        from pathlib import Path
        from finrec_core.store import Store
        store = Store(Path(sys.argv[1]))
        print("open", flush=True)
        time.sleep(60)
        """,
        file,
        wait=False,
    )
    assert owner.stdout.readline() == "open\n"
    with pytest.raises(StoreError, match=f"process {owner.pid} "):
        Store(file)
    owner.kill()
    owner.wait()
    owner.stdout.close()
    card = json.loads((tmp_path / "finrec.duckdb.owner").read_text())
    assert card["pid"] == owner.pid
    Store(file).close()


def test_an_owner_file_that_says_nothing_is_no_hindrance(tmp_path):
    (tmp_path / "s.duckdb.owner").write_text("{ half a li")
    Store(tmp_path / "s.duckdb").close()


def test_another_program_that_holds_the_file_is_named(tmp_path):
    file = tmp_path / "finrec.duckdb"
    Store(file).close()
    holder = python(
        """
        import duckdb, sys, time
        database = duckdb.connect(sys.argv[1])
        print("open", flush=True)
        time.sleep(60)
        """,
        file,
        wait=False,
    )
    assert holder.stdout.readline() == "open\n"
    with pytest.raises(StoreError, match=rf"is open in process {holder.pid} \(python") as caught:
        Store(file)
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert "\n" not in str(caught.value)
    Store(file).close()


def test_a_file_that_is_no_store_is_refused_in_one_sentence_and_left_as_it_is(tmp_path):
    file = tmp_path / "finrec.duckdb"
    for content in (b"", b"client_id,product_id\n1,2\n" * 1000, os.urandom(300_000)):
        file.write_bytes(content)
        with pytest.raises(StoreError, match="is not a readable store") as caught:
            Store(file)
        assert "\n" not in str(caught.value)
        assert "backup" in str(caught.value)
        assert file.read_bytes() == content


def test_a_damaged_store_is_refused_in_one_sentence(tmp_path):
    file = tmp_path / "finrec.duckdb"
    with Store(file) as store:
        store.add_dataset(make_bank())
    whole = file.read_bytes()
    for cut in (5_000, 20_000):
        file.write_bytes(whole[:cut])
        with pytest.raises(StoreError) as caught:
            Store(file)
        assert "\n" not in str(caught.value)
    holes = bytearray(whole)
    for place in range(12_288, len(whole), 4_096):
        holes[place : place + 64] = os.urandom(64)
    file.write_bytes(holes)
    with pytest.raises(StoreError) as caught, Store(file) as store:
        store.dataset()
    assert "\n" not in str(caught.value)
    file.write_bytes(whole)
    with Store(file) as store:
        assert store.dataset().content_hash == make_bank().content_hash


def test_a_folder_in_the_place_of_the_file_is_one_sentence(tmp_path):
    (tmp_path / "s.duckdb").mkdir()
    with pytest.raises(StoreError, match=r"s\.duckdb"):
        Store(tmp_path / "s.duckdb")
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be opened"):
        Store(tmp_path / "file" / "s.duckdb")


def test_a_database_of_another_program_is_refused_and_left_as_it_is(tmp_path):
    file = tmp_path / "finrec.duckdb"
    with duckdb.connect(file) as other:
        other.execute("CREATE TABLE sales (amount INTEGER)")
    with pytest.raises(StoreError, match="no store of finrec"):
        Store(file)
    with duckdb.connect(file) as other:
        assert other.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("sales",)]


def test_a_leftover_log_of_a_deleted_store_does_not_harm_the_new_one(tmp_path):
    (tmp_path / "finrec.duckdb.wal").write_bytes(os.urandom(500))
    (tmp_path / "finrec.duckdb.new").write_bytes(b"half a store")
    with Store(tmp_path / "finrec.duckdb") as store:
        assert store.datasets() == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["finrec.duckdb", "finrec.duckdb.owner"]


def test_a_closed_store_says_so(tmp_path):
    store = Store(tmp_path / "s.duckdb")
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.datasets()


@pytest.mark.parametrize(
    "statement",
    [
        "SET threads = 1",
        "SET enable_external_access = true",
        "SELECT * FROM read_csv('/etc/hostname')",
        "COPY datasets TO 'out.csv'",
        "ATTACH 'other.duckdb'",
        "INSTALL httpfs",
        "LOAD sqlite",
        "SELECT * FROM bank_rows",
    ],
)
def test_nothing_outside_the_file_can_be_reached(store, statement):
    bank_rows = make_bank().clients
    assert len(bank_rows) == 3
    with pytest.raises((duckdb.Error, StoreError)), store._connection.reading() as cursor:
        cursor.execute(statement)


def test_reading_cannot_write(store):
    with pytest.raises(StoreError, match="read-only"), store._connection.reading() as cursor:
        cursor.execute("DELETE FROM datasets")


def test_eight_threads_read_and_write_without_a_wrong_answer(store):
    # Guards: one shared DuckDB connection gave wrong results to threads, without an error.
    for clients in range(2, 10):
        store.add_dataset(make_bank(f"bank{clients}", clients=clients))
    hashes = {clients: make_bank(f"bank{clients}", clients=clients).content_hash for clients in range(2, 10)}

    def work(thread):
        for step in range(10):
            clients = 2 + (thread + step) % 8
            name = f"bank{clients}"
            assert store.version(name).clients == clients
            assert len(store.search_clients("client", name=name)) == clients
            if step % 5 == 0:
                assert store.dataset(name).content_hash == hashes[clients]
                store.log_shown(client=f"c{thread}", run="r", content={"step": step})
        return store.add_dataset(make_bank("written")).version

    with ThreadPoolExecutor(8) as pool:
        versions = list(pool.map(work, range(8)))
    assert sorted(versions) == list(range(1, 9))
    assert [row.sequence for row in store.shown()] == list(range(16, 0, -1))
    assert store.verify() == ()


KILLED = """
    import os, signal, sys
    from dataclasses import replace
    from pathlib import Path
    import pyarrow as pa
    from finrec_core.dataset import SCHEMAS
    from finrec_core.store import Store, datasets
    from tests.store.conftest import make_bank

    store = Store(Path(sys.argv[1]))
    store.add_dataset(make_bank(clients=300))
    insert = datasets._insert

    def insert_and_die(cursor, key, table, rows):
        insert(cursor, key, table, rows)
        if table == sys.argv[2]:
            os.kill(os.getpid(), signal.SIGKILL)

    ids = pa.array(range(10, 10 + int(sys.argv[3]))).cast(pa.string())
    more = {field.name: pa.nulls(len(ids), field.type) for field in SCHEMAS["clients"]} | {"client_id": ids}
    bank = make_bank("killed")
    bank = replace(bank, clients=pa.concat_tables([bank.clients, pa.table(more)]))
    datasets._insert = insert_and_die
    store.add_dataset(bank)
"""


# More than 122,880 rows are written to the file before the commit; fewer wait in the log.
@pytest.mark.parametrize(("table", "clients"), [("clients", 130_000), ("repairs", 3)])
def test_a_kill_while_a_dataset_is_added_keeps_what_was_committed_and_nothing_else(tmp_path, table, clients):
    file = tmp_path / "finrec.duckdb"
    assert python(KILLED, file, table, clients).returncode == -signal.SIGKILL
    with Store(file) as store:
        assert [version.label for version in store.datasets()] == ["demo@1"]
        assert store.dataset().content_hash == make_bank(clients=300).content_hash
        with store._connection.reading() as cursor:
            assert cursor.execute("SELECT count(*) FROM clients").fetchall() == [(300,)]
        assert store.add_dataset(make_bank("killed")).version == 1


def test_importing_the_store_does_not_import_torch():
    said = python(
        "import sys, finrec_core.store; print(sorted(m for m in sys.modules if '.' not in m))"
    ).stdout
    assert "'duckdb'" in said
    for heavy in ("torch", "dgl", "transformers", "pandas", "streamlit"):
        assert f"'{heavy}'" not in said

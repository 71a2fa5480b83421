"""Migrations: an older store opens, a newer one says so, a failing step changes nothing."""

import duckdb
import pytest

from finrec_core.store import Store, StoreError
from finrec_core.store.keys import Keyring
from finrec_core.store.migrations import MIGRATIONS, migrate
from tests.store.conftest import make_bank

NAMES = ["create_datasets", "create_runs", "create_logs", "create_rules", "create_comparisons"]
NAMES += [
    "create_erasures",
    "create_pins",
    "create_events",
    "number_datasets",
    "create_client_keys",
    "seal_logs",
    "create_chain",
    "create_rules_proposals",
    "create_restores",
    "add_advisers",
]


def steps(file):
    with duckdb.connect(file) as database:
        return database.execute("SELECT step, name FROM migrations ORDER BY step").fetchall()


def test_the_steps_that_were_released_stay_as_they_are(tmp_path):
    # A store written earlier has these names in this order; a new step goes to the end of the list.
    assert [step.__name__ for step in MIGRATIONS][: len(NAMES)] == NAMES
    Store(tmp_path / "s.duckdb").close()
    assert steps(tmp_path / "s.duckdb") == [(n, step.__name__) for n, step in enumerate(MIGRATIONS, start=1)]


@pytest.mark.parametrize("count", range(1, len(MIGRATIONS)))
def test_a_store_of_an_older_version_opens_with_its_data(tmp_path, count):
    file = tmp_path / "finrec.duckdb"
    with duckdb.connect(file) as old:
        assert migrate(old, file, Keyring(file), MIGRATIONS[:count]) == NAMES[:count]
        old.execute(
            "INSERT INTO datasets (dataset_id, name, version, content_hash, parent, verb, rating_limit, "
            "created, removed, user_name, source, clients, products, interactions, ties, rejected, repaired) "
            "VALUES ('k', 'old', 4, 'h', 3, 'has', NULL, '2024-05-06 07:08:09', NULL, "
            "'ana', 'a.csv', 1, 0, 0, 0, 0, 0)"
        )
        old.execute(
            "INSERT INTO clients (dataset_id, place, client_id, haystack, alphabet) "
            "VALUES ('k', 0, 'c1', '\n \n c1\n', 1)"
        )
    with Store(file) as store:
        assert store.version().label == "old@4"
        assert store.search_clients("C1")[0].client_id == "c1"
        assert store.add_dataset(make_bank("old")).version == 5
        store.add_decision(kind="accepted", client="c", product="p", run="r", content={})
        assert store.runs() == []
        assert store.rules() is None
        assert store.comparisons("old", 4) == []
    assert len(steps(file)) == len(MIGRATIONS)


def test_rows_of_a_store_without_events_are_events_that_take_their_product_once(tmp_path):
    file = tmp_path / "finrec.duckdb"
    with duckdb.connect(file) as old:
        migrate(old, file, Keyring(file), MIGRATIONS[: NAMES.index("create_events")])
        old.execute("""
            INSERT INTO datasets (dataset_id, name, version, content_hash, verb, rating_limit, created,
                user_name, source, clients, products, interactions, ties, rejected, repaired)
            VALUES ('k', 'old', 1, 'h', 'bought', 3, '2024-05-06 07:08:09', 'ana', 'a.csv', 1, 2, 2, 0, 0, 0);
            INSERT INTO clients (dataset_id, place, client_id, haystack, alphabet)
            VALUES ('k', 0, 'c1', 'c1', 1);
            INSERT INTO products (dataset_id, place, product_id, name, risk_class)
            VALUES ('k', 0, 'p1', 'Savings', 2), ('k', 1, 'p2', NULL, NULL);
            INSERT INTO interactions (dataset_id, place, client_id, product_id, timestamp, rating, review)
            VALUES ('k', 0, 'c1', 'p1', '2024-02-29 23:59:59+00', 4, 'good'),
                ('k', 1, 'c1', 'p2', NULL, NULL, NULL)
        """)
    with Store(file) as store:
        version, dataset = store.version(), store.dataset()
        assert (version.answers, version.amounts_count, dataset.amounts_count) == ({}, True, True)
        assert dataset.interactions.column_names == [
            "client_id", "product_id", "timestamp", "action", "amount", "rating", "review"
        ]  # fmt: skip
        first, second = dataset.interactions.to_pylist()
        assert (first["timestamp"].isoformat(), first["rating"]) == ("2024-02-29T23:59:59+00:00", 4.0)
        assert first["review"] == "good"
        assert (first["action"], first["amount"]) == (second["action"], second["amount"]) == (None, None)
        assert dataset.products["valid_from"].to_pylist() == [None, None]
        assert dataset.products["risk_class"].to_pylist() == [2, None]
        assert store.add_dataset(dataset).version == 2
        assert store.dataset("old", 2).interactions.equals(dataset.interactions)


def test_a_store_of_a_newer_version_says_so_and_is_left_as_it_is(tmp_path):
    file = tmp_path / "finrec.duckdb"

    def add_notes(cursor):
        cursor.execute("CREATE TABLE notes (text VARCHAR)")

    with duckdb.connect(file) as newer:
        migrate(newer, file, Keyring(file), (*MIGRATIONS, add_notes))
    before = file.read_bytes()
    with pytest.raises(
        StoreError, match=r'newer version of finrec \(step "add_notes" is not known here\)'
    ) as caught:
        Store(file)
    assert "\n" not in str(caught.value)
    assert file.read_bytes() == before


def test_a_store_in_a_newer_format_of_duckdb_says_so():
    from finrec_core.store.connection import _unopened

    said = _unopened(
        "s.duckdb",
        "IO Error: Trying to read a database file with version number 69, but we can only read versions "
        "between 64 and 67.\n"
        "The database file was created with a newer version of DuckDB.",
    )
    assert said == "s.duckdb was written by a newer DuckDB: install the newer finrec that wrote it."


def test_a_step_that_fails_takes_back_those_before_it(tmp_path):
    file = tmp_path / "finrec.duckdb"

    def fail(cursor):
        cursor.execute("CREATE TABLE half (x INTEGER)")
        raise RuntimeError("half way")

    with duckdb.connect(file) as database:
        migrate(database, file, Keyring(file), MIGRATIONS[:1])
    with (
        duckdb.connect(file) as database,
        pytest.raises(RuntimeError, match="half way"),
        database.cursor() as cursor,
    ):
        migrate(cursor, file, Keyring(file), (*MIGRATIONS[:2], fail))
    assert steps(file) == [(1, "create_datasets")]
    with Store(file) as store:
        assert store.datasets() == []


def test_the_schema_can_move_to_another_engine(store):
    # docs/store.md: no foreign keys, no array columns, no computed defaults or sequences.
    with store._connection.reading() as cursor:
        kinds = {k for (k,) in cursor.execute("SELECT constraint_type FROM duckdb_constraints()").fetchall()}
        types = {
            t
            for (t,) in cursor.execute("SELECT data_type FROM duckdb_columns() WHERE NOT internal").fetchall()
        }
        defaults = cursor.execute(
            "SELECT count(*) FROM duckdb_columns() WHERE NOT internal AND column_default IS NOT NULL"
        ).fetchall()
        sequences = cursor.execute("SELECT count(*) FROM duckdb_sequences()").fetchall()
    assert kinds <= {"PRIMARY KEY", "UNIQUE", "NOT NULL"}
    assert types <= {
        "VARCHAR", "INTEGER", "BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"
    }  # fmt: skip
    assert defaults == sequences == [(0,)]

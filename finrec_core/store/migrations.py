"""The migrations: named steps that bring a store file to the schema of this version, applied in order.

A step that has been released is never changed; a new need is a new step at the end. The schema uses
no foreign keys, no array columns and no sequences, so that another engine can hold it later: ids
and times are made in Python, times are UTC, and rows name no folder.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path

from duckdb import DuckDBPyConnection

from finrec_core.store import chain
from finrec_core.store.error import StoreError
from finrec_core.store.keys import Keyring
from finrec_core.store.sealing import seal_logs


def create_datasets(cursor: DuckDBPyConnection) -> None:
    """Versions of datasets, their four tables in row order, and the reports of their import."""
    cursor.execute("""
        CREATE TABLE datasets (
            dataset_id VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, version INTEGER NOT NULL,
            content_hash VARCHAR NOT NULL, parent INTEGER, verb VARCHAR NOT NULL, rating_limit DOUBLE,
            created TIMESTAMP NOT NULL, removed TIMESTAMP,
            user_name VARCHAR NOT NULL, source VARCHAR NOT NULL,
            clients BIGINT NOT NULL, products BIGINT NOT NULL, interactions BIGINT NOT NULL,
            ties BIGINT NOT NULL, rejected BIGINT NOT NULL, repaired BIGINT NOT NULL,
            UNIQUE (name, version)
        );
        CREATE TABLE clients (
            dataset_id VARCHAR NOT NULL, place BIGINT NOT NULL,
            client_id VARCHAR NOT NULL, name VARCHAR, segment VARCHAR, branch VARCHAR, risk_tolerance BIGINT,
            horizon_years DOUBLE, knowledge VARCHAR, loss_capacity VARCHAR, profile_date DATE,
            haystack VARCHAR NOT NULL, alphabet BIGINT NOT NULL
        );
        CREATE TABLE products (
            dataset_id VARCHAR NOT NULL, place BIGINT NOT NULL,
            product_id VARCHAR NOT NULL, name VARCHAR, category VARCHAR, description VARCHAR,
            risk_class BIGINT, min_horizon_years DOUBLE, ongoing_cost_pct DOUBLE, available BOOLEAN,
            min_knowledge VARCHAR, loss_potential VARCHAR
        );
        CREATE TABLE interactions (
            dataset_id VARCHAR NOT NULL, place BIGINT NOT NULL,
            client_id VARCHAR NOT NULL, product_id VARCHAR NOT NULL,
            timestamp TIMESTAMPTZ, rating DOUBLE, review VARCHAR
        );
        CREATE TABLE ties (
            dataset_id VARCHAR NOT NULL, place BIGINT NOT NULL,
            client_id VARCHAR NOT NULL, other_client_id VARCHAR NOT NULL, kind VARCHAR
        );
        CREATE TABLE rejects (
            dataset_id VARCHAR NOT NULL, place BIGINT NOT NULL,
            file VARCHAR, line BIGINT, column_name VARCHAR, value VARCHAR, reason VARCHAR
        );
        CREATE TABLE repairs (
            dataset_id VARCHAR NOT NULL, place BIGINT NOT NULL,
            file VARCHAR, line BIGINT, column_name VARCHAR, value VARCHAR, reason VARCHAR
        );
    """)


def create_runs(cursor: DuckDBPyConnection) -> None:
    """Finished trainings, and the history of which of them was the active model."""
    cursor.execute("""
        CREATE TABLE runs (
            run VARCHAR PRIMARY KEY, dataset VARCHAR NOT NULL, version INTEGER NOT NULL,
            content_hash VARCHAR NOT NULL, created TIMESTAMP NOT NULL, seconds DOUBLE NOT NULL,
            encoder VARCHAR NOT NULL, seed BIGINT NOT NULL,
            metrics VARCHAR NOT NULL, constants VARCHAR NOT NULL,
            added TIMESTAMP NOT NULL, user_name VARCHAR NOT NULL
        );
        CREATE TABLE activations (
            sequence BIGINT PRIMARY KEY, run VARCHAR NOT NULL, created TIMESTAMP NOT NULL,
            user_name VARCHAR NOT NULL, reason VARCHAR NOT NULL
        );
    """)


def create_logs(cursor: DuckDBPyConnection) -> None:
    """Decisions and lists shown, each a chain of rows that are only ever appended."""
    cursor.execute("""
        CREATE TABLE decisions (
            sequence BIGINT PRIMARY KEY, id VARCHAR NOT NULL, created TIMESTAMP NOT NULL,
            user_name VARCHAR NOT NULL, kind VARCHAR NOT NULL, client VARCHAR NOT NULL,
            product VARCHAR NOT NULL, run VARCHAR NOT NULL, content VARCHAR NOT NULL,
            previous VARCHAR NOT NULL, hash VARCHAR NOT NULL
        );
        CREATE TABLE shown (
            sequence BIGINT PRIMARY KEY, id VARCHAR NOT NULL, created TIMESTAMP NOT NULL,
            user_name VARCHAR NOT NULL, kind VARCHAR NOT NULL, client VARCHAR NOT NULL,
            product VARCHAR NOT NULL, run VARCHAR NOT NULL, content VARCHAR NOT NULL,
            previous VARCHAR NOT NULL, hash VARCHAR NOT NULL
        );
    """)


def create_rules(cursor: DuckDBPyConnection) -> None:
    """Versions of the bank's suitability rules."""
    cursor.execute("""
        CREATE TABLE rules (
            version INTEGER PRIMARY KEY, created TIMESTAMP NOT NULL, user_name VARCHAR NOT NULL,
            reason VARCHAR NOT NULL, content VARCHAR NOT NULL
        );
    """)


def create_comparisons(cursor: DuckDBPyConnection) -> None:
    """What comparisons of models found, by the version that they were made on."""
    cursor.execute("""
        CREATE TABLE comparisons (
            comparison_id VARCHAR PRIMARY KEY, dataset VARCHAR NOT NULL, version INTEGER NOT NULL,
            content_hash VARCHAR NOT NULL, created TIMESTAMP NOT NULL, user_name VARCHAR NOT NULL,
            document VARCHAR NOT NULL
        );
    """)


def create_erasures(cursor: DuckDBPyConnection) -> None:
    """How a version came (empty: an import), when it was last erased from, and the record of erasures."""
    cursor.execute("""
        ALTER TABLE datasets ADD COLUMN how VARCHAR;
        ALTER TABLE datasets ADD COLUMN erased TIMESTAMP;
        CREATE TABLE erasures (
            erasure_id VARCHAR PRIMARY KEY, client VARCHAR NOT NULL, created TIMESTAMP NOT NULL,
            user_name VARCHAR NOT NULL, reason VARCHAR NOT NULL, content VARCHAR NOT NULL,
            finished TIMESTAMP, rewritten TIMESTAMP
        );
    """)


def create_pins(cursor: DuckDBPyConnection) -> None:
    """Runs that may not be removed, what removed ones were, and steps back among the activations."""
    cursor.execute("""
        CREATE TABLE pins (run VARCHAR PRIMARY KEY, created TIMESTAMP NOT NULL, user_name VARCHAR NOT NULL);
        CREATE TABLE removed_runs (
            run VARCHAR PRIMARY KEY, dataset VARCHAR NOT NULL, version INTEGER NOT NULL,
            created TIMESTAMP NOT NULL, removed TIMESTAMP NOT NULL, user_name VARCHAR NOT NULL
        );
        ALTER TABLE activations ADD COLUMN step VARCHAR;
    """)


def create_events(cursor: DuckDBPyConnection) -> None:
    """What an interaction did and how much of it, since when a product's row holds, and what was answered.

    Rows of before are events without action and amount: each of them takes its product once.
    """
    cursor.execute("""
        ALTER TABLE interactions ADD COLUMN action VARCHAR;
        ALTER TABLE interactions ADD COLUMN amount DOUBLE;
        ALTER TABLE products ADD COLUMN valid_from DATE;
        ALTER TABLE datasets ADD COLUMN amounts_count BOOLEAN;
        ALTER TABLE datasets ADD COLUMN answers VARCHAR;
    """)


def number_datasets(cursor: DuckDBPyConnection) -> None:
    """The order in which versions were added, since a clock may be set back; in a name by number."""
    cursor.execute("""
        ALTER TABLE datasets ADD COLUMN sequence BIGINT;
        UPDATE datasets SET sequence = numbered.place FROM (
            SELECT dataset_id, row_number() OVER (ORDER BY moment, name, version) AS place FROM (
                SELECT dataset_id, name, version, max(created) OVER (
                    PARTITION BY name ORDER BY version
                ) AS moment FROM datasets
            )
        ) AS numbered WHERE datasets.dataset_id = numbered.dataset_id;
    """)


def create_client_keys(cursor: DuckDBPyConnection) -> None:
    """The name of the key that each client's rows in the logs are sealed with; the keys lie elsewhere."""
    cursor.execute("CREATE TABLE client_keys (client VARCHAR PRIMARY KEY, key VARCHAR NOT NULL)")


def create_chain(cursor: DuckDBPyConnection) -> None:
    """The chain over all tables of the record, the store's identity, and the hashes of runs as trained.

    Rows of before get links now, and the first link says how many these are.
    """
    cursor.execute("""
        CREATE TABLE identity (store VARCHAR PRIMARY KEY, created TIMESTAMP NOT NULL);
        CREATE TABLE run_hashes (
            sequence BIGINT PRIMARY KEY, run VARCHAR NOT NULL, hash VARCHAR NOT NULL,
            created TIMESTAMP NOT NULL, reason VARCHAR NOT NULL
        );
        CREATE TABLE chain (
            sequence BIGINT PRIMARY KEY, created TIMESTAMP NOT NULL, about VARCHAR NOT NULL,
            name VARCHAR NOT NULL, digest VARCHAR NOT NULL, previous VARCHAR NOT NULL, hash VARCHAR NOT NULL
        );
    """)
    chain.begin(cursor)


def create_rules_proposals(cursor: DuckDBPyConnection) -> None:
    """Rules that somebody wrote and that wait for somebody else; one at most."""
    cursor.execute("""
        CREATE TABLE rules_proposals (
            id VARCHAR NOT NULL, created TIMESTAMP NOT NULL, user_name VARCHAR NOT NULL,
            reason VARCHAR NOT NULL, content VARCHAR NOT NULL
        );
    """)


def create_restores(cursor: DuckDBPyConnection) -> None:
    """That the store came back from a backup, and what was lost by that."""
    cursor.execute("""
        CREATE TABLE restores (
            sequence BIGINT PRIMARY KEY, created TIMESTAMP NOT NULL, user_name VARCHAR NOT NULL,
            archive VARCHAR NOT NULL, store VARCHAR NOT NULL, kept BIGINT NOT NULL, known BIGINT NOT NULL,
            anchor VARCHAR NOT NULL, content VARCHAR NOT NULL, key VARCHAR NOT NULL,
            signature VARCHAR NOT NULL
        );
    """)


def add_advisers(cursor: DuckDBPyConnection) -> None:
    """Who looks after each client, as the data names them."""
    cursor.execute("ALTER TABLE clients ADD COLUMN adviser VARCHAR")


Migration = Callable[..., None]  # takes a cursor, and the keyring where it seals
MIGRATIONS: tuple[Migration, ...] = (
    create_datasets,
    create_runs,
    create_logs,
    create_rules,
    create_comparisons,
    create_erasures,
    create_pins,
    create_events,
    number_datasets,
    create_client_keys,
    seal_logs,
    create_chain,
    create_rules_proposals,
    create_restores,
    add_advisers,
)
SEALING: tuple[Migration, ...] = (seal_logs,)


def migrate(
    cursor: DuckDBPyConnection, file: Path, ring: Keyring, steps: tuple[Migration, ...] = MIGRATIONS
) -> list[str]:
    """Apply the steps that the store lacks, all in one transaction, and return their names.

    Raises `StoreError` if the store has steps that this version does not know, in which case nothing
    is changed.
    """
    cursor.execute("BEGIN TRANSACTION")
    tables = {name for (name,) in cursor.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if tables and "migrations" not in tables:
        raise StoreError(f"{file} is a DuckDB file but no store of finrec: choose another file.")
    cursor.execute("""
        CREATE TABLE IF NOT EXISTS migrations (
            step INTEGER PRIMARY KEY, name VARCHAR NOT NULL, applied TIMESTAMP NOT NULL
        )
    """)
    done = [name for (name,) in cursor.execute("SELECT name FROM migrations ORDER BY step").fetchall()]
    known = [step.__name__ for step in steps]
    strange = next((name for name, own in zip_longest(done, known[: len(done)]) if name != own), None)
    if strange:
        raise StoreError(
            f'{file} was written by a newer version of finrec (step "{strange}" is not known here): '
            "install that version, or choose another file."
        )
    missing = steps[len(done) :]
    for number, step in enumerate(missing, start=len(done) + 1):
        step(cursor, ring) if step in SEALING else step(cursor)
        now = datetime.now(UTC).replace(tzinfo=None)
        cursor.execute("INSERT INTO migrations VALUES (?, ?, ?)", [number, step.__name__, now])
    cursor.execute("COMMIT")
    return [step.__name__ for step in missing]


def identity(cursor: DuckDBPyConnection) -> str:
    """Return what tells one store from all others, through copies, backups and upgrades: when it was made."""
    (made,) = cursor.execute("SELECT applied FROM migrations WHERE step = 1").fetchall()[0]
    return sha256(f"finrec {made.isoformat()}".encode()).hexdigest()[:16]

"""Erasure: one client's data leaves every version, is written down, and the logs stay as they are."""

from dataclasses import replace

import pyarrow as pa
import pytest

from finrec_core.dataset import TABLES
from finrec_core.dataset.erasure import without_clients
from finrec_core.dataset.report import REPORT
from finrec_core.store import Store, StoreError, Trace, seal
from tests.store.conftest import make_bank

SECRET = "a review that nobody else wrote, of 4711 Elm Street"


@pytest.fixture
def bank():
    bank = make_bank()
    column = pa.array([SECRET, None, "a\nb"], pa.string())
    place = bank.interactions.column_names.index("review")
    return replace(bank, interactions=bank.interactions.set_column(place, "review", column))


def rows(*values):
    return pa.table(
        {
            "file": ["interactions.csv"] * len(values),
            "line": list(range(len(values))),
            "column": ["client_id"] * len(values),
            "value": list(values),
            "reason": ['Changed: "x" became "y"'] * len(values),
        },
        schema=REPORT,
    )


def test_one_clients_rows_leave_every_version_and_no_other_row_does(store, bank):
    store.add_dataset(bank)
    store.add_dataset(make_bank(clients=5), appended_to=1)
    store.add_dataset(make_bank("other", clients=2))
    assert store.traces("c1") == [
        Trace("other", 1, 1, 1, 1, 0),
        Trace("demo", 2, 1, 1, 1, 0),
        Trace("demo", 1, 1, 1, 1, 0),
    ]
    erasure = store.erase_client("c1", reason=" asked for it ", user="ana")
    assert (erasure.client, erasure.reason, erasure.user) == ("c1", "asked for it", "ana")
    assert len(erasure.traces) == 3
    assert store.traces("c1") == []
    for version in store.datasets():
        left = store.dataset(version.name, version.version)
        assert "c1" not in left.client_rows
        assert version.content_hash == left.content_hash
        assert version.erased == erasure.created
        assert [getattr(version, table) for table in TABLES] == [
            len(getattr(left, table)) for table in TABLES
        ]
    expected = without_clients(bank, {"c1"})
    assert store.dataset("demo", 1).content_hash == expected.content_hash
    assert store.dataset("demo", 1).clients.equals(expected.clients)
    assert store.erasures() == [erasure]
    assert store.erased_clients() == {"c1": erasure.created}


def test_the_reports_of_an_import_forget_the_client_too(store, bank):
    store.add_dataset(bank, rejects=rows("c1", "c2", "Client 1"), repairs=rows("c0", SECRET, "p1"))
    assert store.traces("c1")[0].reported == 3
    store.erase_client("c1", reason="asked")
    rejects, repairs = store.report()
    assert rejects["value"].to_pylist() == ["c2"]
    assert repairs["value"].to_pylist() == ["c0", "p1"]
    assert (store.version().rejected, store.version().repaired) == (1, 2)


def test_what_was_said_of_the_files_forgets_the_client_too(store, bank):
    twins = {"c1": "as c0", "c2": "as they are", "c0": "c1"}
    files = [{"columns": ["c1", "who"], "table": None, "uses": {"who": "client_id"}}]
    said = {"twins:May.csv:who": twins, "zeros:May.csv:c1": "c1", "files": files, "day_first": True}
    store.add_dataset(bank, answers=said)
    store.add_dataset(make_bank("other", clients=2), answers={"actions:May.csv:side": {"c1": "takes"}})
    store.erase_client("c1", reason="asked")
    assert store.version("demo").answers == {
        "twins:May.csv:who": {"c2": "as they are"},
        "files": [{"columns": ["who"], "table": None, "uses": {"who": "client_id"}}],
        "day_first": True,
    }
    assert store.version("other").answers == {"actions:May.csv:side": {}}


def test_the_search_does_not_find_the_client_any_more(store, bank):
    store.add_dataset(bank)
    assert store.search_clients("c1")  # the index is in memory now
    store.erase_client("c1", reason="asked")
    assert store.search_clients("c1") == []


def test_what_the_logs_show_is_out_of_reach_and_their_chains_hold(store, bank):
    store.add_dataset(bank)
    about = {"kind": "reject", "client": "c1", "product": "p1", "run": "r"}
    decided = {"client_name": "Ann Client", "note": "in debt", "reason": "risk", "about": None}
    store.add_decision(
        **about, content={"decision": decided, "snapshot": {"rank": 3, "client": "Ann Client"}}
    )
    other = store.add_decision(**about | {"client": "c0"}, content={"decision": decided})
    store.log_shown(client="c1", run="r", content={"snapshot": {"rank": 1}})
    heads = store.heads()
    erasure = store.erase_client("c1", reason="asked")
    assert store.heads() == heads
    assert store.verify() == ()
    (row,) = store.decisions("c1")
    assert (row.content, row.lost) == ({"decision": {"reason": "risk", "about": None}}, seal.GONE)
    assert store.decision(row.id) == row
    assert [(one.content, one.lost) for one in store.decisions_in_brief()] == [
        ({"reason": "risk", "about": None}, seal.GONE),
        (decided, ""),
    ]
    assert store.decision_ranks() == {row.id: 3}
    assert [(one.content, one.lost) for one in store.shown() + store.last_shown(5)] == [({}, seal.GONE)] * 2
    assert store.decisions("c0") == [other]
    assert len(erasure.keys) == 1
    store.add_dataset(bank)  # who comes back after an erasure begins anew
    again = store.add_decision(**about, content={"decision": decided})
    assert (store.decision(again.id).content, store.decision(row.id)) == ({"decision": decided}, row)
    assert store.erase_client("c1", reason="again", elsewhere=True).keys != erasure.keys


def test_no_name_stands_in_the_file_and_the_keys_lie_outside_it(tmp_path):
    file = tmp_path / "finrec.duckdb"
    with Store(file) as store:
        content = {
            "decision": {"client_name": "Ann Client", "note": "in debt"},
            "snapshot": {"a": "Ann Client"},
        }
        store.add_decision(kind="later", client="c1", product="p1", run="r", content=content)
        store.log_shown(client="c1", run="r", content=content)
        assert store.decisions()[0].content == content
    (key,) = (tmp_path / "keys" / "clients").iterdir()
    assert (key.stat().st_mode & 0o777, key.stat().st_size) == (0o600, 32)
    whole = file.read_bytes()
    assert b"Ann" not in whole
    assert b"debt" not in whole
    assert key.read_bytes() not in whole


def test_keys_that_outlived_an_erasure_go_when_the_store_is_next_opened(tmp_path, bank):
    file = tmp_path / "finrec.duckdb"
    with Store(file) as store:
        store.add_dataset(bank)
        store.add_decision(
            kind="later", client="c1", product="p1", run="r", content={"decision": {"note": "x"}}
        )
        (key,) = (tmp_path / "keys" / "clients").iterdir()
        kept = key.read_bytes()
        store.erase_client("c1", reason="asked")
    assert not key.exists()
    key.write_bytes(kept)  # as a copy of the keys brings it back, or a sudden end leaves it
    (ledger,) = (tmp_path / "keys").glob("erased-*.json")
    ledger.unlink()
    with Store(file) as store:
        assert store.decisions()[0].lost == seal.GONE
    assert not key.exists()
    assert ledger.exists()
    assert '"c1"' not in ledger.read_text()


@pytest.mark.parametrize(
    ("client", "reason", "sentence"),
    [("c9", "asked", 'holds a client "c9"'), ("c1", "  ", "needs a reason")],
)
def test_what_cannot_be_erased_changes_nothing(store, bank, client, reason, sentence):
    before = store.add_dataset(bank)
    with pytest.raises(StoreError, match=sentence):
        store.erase_client(client, reason=reason)
    assert store.version() == before
    assert store.erasures() == []


def test_a_failure_half_way_leaves_every_version_as_it_was(store, bank, monkeypatch):
    from finrec_core.store import datasets

    store.add_dataset(bank)
    store.add_dataset(make_bank(clients=5))
    before, recount, done = store.datasets(), datasets.recount, []

    def failing(cursor, key, *, erased):
        recount(cursor, key, erased=erased)
        done.append(key)
        if len(done) == 2:
            raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(datasets, "recount", failing)
        with pytest.raises(RuntimeError, match="disk"):
            store.erase_client("c1", reason="asked")
    assert store.datasets() == before
    assert "c1" in store.dataset("demo", 1).client_rows
    assert store.erasures() == []


def test_an_erasure_is_finished_when_the_folders_are(store, bank):
    store.add_dataset(bank)
    erasure = store.erase_client("c1", reason="asked")
    store.finish_erasure(erasure.id, ["r1"], whole=False)
    assert store.erasures()[0] == replace(erasure, runs=("r1",))
    store.finish_erasure(erasure.id, ["r1", "r2"], whole=True)
    (done,) = store.erasures()
    assert done.runs == ("r1", "r2")
    assert done.finished > erasure.created


def test_the_file_is_written_anew_when_it_is_next_opened(tmp_path, bank):
    # Guards: DuckDB frees the blocks of deleted rows and leaves their bytes in the file.
    file = tmp_path / "it's.duckdb"
    with Store(file) as store:
        store.add_dataset(bank, source="a.csv", user="ana")
        store.add_decision(kind="k", client="c1", product="p", run="r", content={})
        store.erase_client("c1", reason="asked")
        before = store.datasets(), store.erasures(), store.heads()
        old = store.dataset()
    assert SECRET.encode() in file.read_bytes()
    with Store(file) as store:
        assert (store.datasets(), store.erasures(), store.heads()) == before
        assert store.verify() == ()
        assert all(getattr(store.dataset(), table).equals(getattr(old, table)) for table in TABLES)
        store.add_dataset(bank)  # keys and constraints came along
    assert sorted(path.name for path in tmp_path.iterdir()) == ["it's.duckdb", "it's.duckdb.owner", "keys"]


def test_the_secret_is_gone_from_the_file(tmp_path, bank):
    file = tmp_path / "finrec.duckdb"
    with Store(file) as store:
        store.add_dataset(bank)
        store.erase_client("c1", reason="asked")
    Store(file).close()
    assert SECRET.encode() not in file.read_bytes()


def test_a_rewriting_that_fails_leaves_the_file_and_is_tried_again(tmp_path, bank, monkeypatch):
    file = tmp_path / "finrec.duckdb"
    with Store(file) as store:
        store.add_dataset(bank)
        store.erase_client("c1", reason="asked")

    def failing(*_):
        raise OSError("no room")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.replace", failing)
        with Store(file) as store:
            assert store.traces("c1") == []
    assert [path.name for path in tmp_path.glob("*.new*")] == []
    assert SECRET.encode() in file.read_bytes()
    Store(file).close()
    assert SECRET.encode() not in file.read_bytes()


def test_an_append_names_the_version_it_began_with(store):
    store.add_dataset(make_bank(clients=2))
    store.add_dataset(make_bank(clients=3))
    third = store.add_dataset(make_bank(clients=4), appended_to=1)
    assert (third.version, third.parent, third.how) == (3, 1, "append")
    assert (store.version("demo", 2).parent, store.version("demo", 2).how) == (1, "import")
    with pytest.raises(StoreError, match=r'no dataset "demo@9"'):
        store.add_dataset(make_bank(), appended_to=9)


def test_what_hangs_on_a_version_is_named(store, run_folder):
    from tests.store.conftest import make_run

    store.add_dataset(make_bank())
    version = store.add_dataset(make_bank(clients=4), appended_to=1)
    assert store.dependents("demo", 2).nothing
    for run in ("20260101-000000-000", "20260102-000000-000"):
        run_folder(run)
        store.add_run(make_run(run))
    store.add_comparison(store.version("demo", 1), {"protocols": {}})
    for run in ("20260101-000000-000", "elsewhere"):
        store.add_decision(kind="k", client="c1", product="p", run=run, content={})
    hanging = store.dependents("demo", 1)
    assert set(hanging.runs) == {"20260101-000000-000", "20260102-000000-000"}
    assert hanging.active == "20260101-000000-000"
    assert (hanging.comparisons, hanging.decisions, hanging.children) == (1, 1, (version.version,))
    store.remove_dataset("demo", 1)
    assert len(store.runs()) == 2

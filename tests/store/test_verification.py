"""The verification: every forgery of the record is told, row by row, and an honest one is not."""

import inspect
import json
import shutil
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from finrec_core.settings import settings
from finrec_core.store import Store, StoreError, anchor, chain
from finrec_core.store.migrations import MIGRATIONS
from finrec_core.store.signature import SigningKey
from tests.store.conftest import make_bank, make_run
from tests.store.forgery import PLAIN, WHOLE, change, filled, rewrite, write


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A data folder with a store that is anchored once, closed; to be copied."""
    folder = tmp_path_factory.mktemp("made")
    with filled(folder / "s.duckdb") as store:
        assert store.anchor().written == 1
    return folder


@pytest.fixture
def desk(made, tmp_path):
    """A copy of that store, open."""
    shutil.copytree(made, tmp_path / "data")
    with Store(tmp_path / "data" / "s.duckdb") as store:
        yield store


def test_an_honest_record_fits_itself_and_its_anchors(desk):
    write(desk)
    desk.anchor()
    found = desk.verification()
    assert found.faults == ()
    assert (found.anchors, found.remarks) == (2, ())
    assert found.rows == sum(
        len(rows) for rows in (desk.decisions(), desk.shown(), desk.rules_versions(), desk.activations())
    ) + len(desk.erasures()) + len(desk.datasets()) + 2 * len(desk.runs())


@pytest.mark.parametrize("what", PLAIN)
def test_what_was_done_past_the_store_is_told(desk, what):
    statements, said = PLAIN[what]
    change(desk, *statements)
    assert any(said in fault for fault in desk.verify()), desk.verify()


@pytest.mark.parametrize("what", WHOLE)
def test_a_chain_written_anew_shows_against_an_anchor_alone(desk, what):
    statements, said = WHOLE[what]
    change(desk, *statements)
    rewrite(desk)
    kept = desk.anchors_file.rename(desk.anchors_file.with_name("kept.jsonl"))
    change(desk, "DELETE FROM chain WHERE about = 'anchor'")
    # Within the file all fits; that the folder of a run does not is another matter.
    assert all(fault.startswith("runs: Run b is not what was trained") for fault in desk.verify())
    faults = desk.verification(kept).faults
    for one in said:
        assert any(one in fault for fault in faults), faults
    assert any("the chain" in fault and "line 1" in fault for fault in faults)


def test_rows_added_among_what_was_anchored_are_told(desk):
    change(
        desk, "INSERT INTO rules SELECT 9, created, user_name, reason, content FROM rules WHERE version = 1"
    )
    change(desk, "DELETE FROM rules WHERE version = 2", "DELETE FROM chain WHERE about = 'anchor'")
    rewrite(desk)
    faults = desk.verify()
    assert any("rules: row 2 was cut" in fault for fault in faults)
    assert any("rules: row 9 was added" in fault for fault in faults)


def test_what_fits_up_to_an_earlier_anchor_is_said_to_fit(desk):
    place = desk.chain_head()[0] - 1  # the last link notes the anchor itself
    write(desk)
    desk.anchor()
    statement = "UPDATE decisions SET product = 'p0' WHERE sequence = 5"
    change(desk, statement, f"DELETE FROM chain WHERE sequence > {place + 1}")
    with desk._connection.writing() as cursor:
        chain.record(cursor, "decisions", 5)
    assert any(f"after link {place}, up to which it fits" in fault for fault in desk.verify())


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda rows: rows[1:], "lines before line 1 are missing"),
        (lambda rows: [rows[0], rows[2]], "lines between lines 1 and 2 are missing"),
        (lambda rows: rows[:2], "1 anchor is not in this file any more"),
        (lambda rows: [*rows[:2], rows[2][:-40]], "line 3 is no anchor; it was cut or damaged"),
        (lambda rows: [*rows[:2], b"\xff\x00 rubbish\n"], "line 3 is no anchor"),
        (lambda rows: [*rows[:2], b"[" * 100_000 + b"\n"], "line 3 is no anchor"),
        (
            lambda rows: [*rows[:2], rows[2].replace(b'"decisions"', b'"decision2"')],
            "line 3 was altered, for its signature",
        ),
    ],
)
def test_a_file_of_anchors_that_was_cut_or_altered_is_told(desk, harm, said):
    for _ in range(2):
        write(desk)
        desk.anchor()
    desk.anchors_file.write_bytes(b"".join(harm(desk.anchors_file.read_bytes().splitlines(keepends=True))))
    assert any(said in fault for fault in desk.verify())


def test_an_altered_line_does_not_carry_its_signature(desk):
    whole = desk.anchors_file.read_bytes()
    values = json.loads(whole)
    for name, value in (("sequence", 3), ("hash", "0" * 64), ("created", "2020-01-01T00:00:00+00:00")):
        desk.anchors_file.write_text(json.dumps(values | {name: value}) + "\n")
        assert any("line 1 was altered, for its signature does not fit" in fault for fault in desk.verify())


def signed(desk, key=None, **changes):
    """Write one more anchor with changed values and return the faults that are found."""
    last = [*anchor.read(desk.anchors_file).anchors.values()][-1]
    first = anchor.read(desk.anchors_file).anchors[1]
    fields = first._fields | {"previous": last.line_hash, "links": (), "stamp": ""} | changes
    keys = key or SigningKey(desk.file.parent / "keys")
    anchor.append(desk.anchors_file, anchor.Anchor(**fields | {"key": keys.public}).signed_by(keys))
    return desk.verify()


def test_an_anchor_of_another_store_from_the_future_or_by_another_key_is_told(desk, tmp_path):
    assert signed(desk) == ()
    assert any("line 3 is of another store" in fault for fault in signed(desk, store="ab"))
    late = datetime.now(UTC) + timedelta(days=1)
    assert any(
        "line 4 is dated" in fault and "in the future" in fault for fault in signed(desk, created=late)
    )
    (tmp_path / "other").mkdir()
    foreign = SigningKey(tmp_path / "other")
    assert any("line 5 is signed by another key" in fault for fault in signed(desk, foreign))


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"rubbish", b"{}", b'{"format":1}', b"\x00" * 100, b'{"format":2}']
)
def test_a_file_without_an_anchor_is_refused_in_one_sentence(desk, tmp_path, content):
    file = tmp_path / "given"
    file.write_bytes(content)
    with pytest.raises(StoreError, match="holds no anchor of a store"):
        desk.verification(file)
    with pytest.raises(StoreError, match="cannot be read"):
        desk.verification(tmp_path / "missing")


def test_anchors_deleted_as_a_whole_are_missed(desk):
    desk.anchors_file.unlink()
    (fault,) = desk.verify()
    assert fault.startswith("anchors.jsonl: 1 anchor is not in this file any more")


def test_a_file_of_another_store_is_not_written_to(desk, tmp_path, monkeypatch):
    with Store(tmp_path / "other" / "s.duckdb") as other:
        other.add_rules({}, user="x")
        monkeypatch.setattr(settings(), "__dict__", settings().__dict__ | {"anchors": desk.anchors_file})
        with pytest.raises(StoreError, match="holds the anchors of another store"):
            other.anchor()


def test_nothing_new_is_no_anchor_and_a_long_chain_takes_several_lines(desk, monkeypatch):
    assert desk.anchor() is None
    monkeypatch.setattr(anchor, "MOST_LINKS", 2)
    for number in range(5):
        write(desk, number)
    assert desk.anchor().written == 3
    assert desk.verify() == ()
    assert desk.anchor() is None


def test_file_and_key_are_for_this_user_alone(desk):
    for file in (desk.anchors_file, desk.file.parent / "keys" / "anchor-signing.pem"):
        assert file.stat().st_mode & 0o777 == 0o600


def test_an_anchor_follows_a_line_that_was_cut(desk):
    desk.anchors_file.write_bytes(desk.anchors_file.read_bytes() + b'{"format":1,"sto')
    write(desk)
    desk.anchor()
    assert len(anchor.read(desk.anchors_file).anchors) == 2
    assert any("line 2 is no anchor" in fault for fault in desk.verify())


def test_rows_of_before_get_links_when_a_store_is_brought_up_to_date(tmp_path):
    with filled(tmp_path / "s.duckdb") as store, store._connection.writing() as cursor:
        # As a finrec without the chain left it.
        for table in ("chain", "identity", "run_hashes", "rules_proposals", "restores"):
            cursor.execute(f"DROP TABLE {table}")
        cursor.execute("ALTER TABLE clients DROP COLUMN adviser")
        place = [one.__name__ for one in MIGRATIONS].index("create_chain") + 1
        cursor.execute("DELETE FROM migrations WHERE step >= ?", [place])
    with Store(tmp_path / "s.duckdb") as store:
        found = store.verification()
        assert found.faults == ()
        assert any("13 rows are older than the chain" in one for one in found.remarks), found.remarks
        assert store.run_folder("b").name == "b"
        header = json.loads((store.runs_folder / "b" / "run.json").read_text())
        assert header["files"] == {}
        assert header["files_listed"]
        change(store, PLAIN["altered rule"][0][0])
        assert any("rules: row 1 was changed" in fault for fault in store.verify())


def exchange(store, erasure):
    """Put another `run.json` in the place of that of b, as an erasure does."""
    header = store.runs_folder / "b" / "run.json"
    before, after = (sha256(text).hexdigest() for text in (header.read_bytes(), b"[]"))
    store.exchange_run("b", lambda: header.write_bytes(b"[]"), erasures=[erasure], before=before, after=after)


def test_whatever_writes_to_the_store_leaves_a_record_that_fits(tmp_path):
    """Guards a way of writing that forgets its link: every method that writes must be done here."""
    with filled(tmp_path / "s.duckdb") as store:
        erasure = store.erasures()[0].id
        done = {
            "add_dataset": lambda: store.add_dataset(make_bank("other")),
            "remove_dataset": lambda: store.remove_dataset("other"),
            "erase_client": lambda: store.erase_client("c0", reason="asked"),
            "exchange_run": lambda: exchange(store, erasure),
            "finish_erasure": lambda: store.finish_erasure(erasure, ["b"], whole=True),
            "add_run": lambda: store.add_run(make_run("b")),
            "publish": lambda: store.publish("a"),
            "roll_back": store.roll_back,
            "erase_again": store.erase_again,
            "pin_run": lambda: store.pin_run("a"),
            "unpin_run": lambda: store.unpin_run("a"),
            "remove_run": lambda: store.remove_run("a"),
            "add_comparison": lambda: store.add_comparison(store.version("demo"), {}),
            "add_decision": lambda: write(store),
            "log_shown": lambda: store.log_shown(client="c", run="b", content={}),
            "add_rules": lambda: store.add_rules({}),
            "propose_rules": lambda: store.propose_rules({}),
            "drop_proposal": lambda: store.drop_proposal(store.rules_proposal().id),
            "note_restore": lambda: store.note_restore(tmp_path / "a.zip", tmp_path / "gone.duckdb"),
            "anchor": store.anchor,
            "_sweep_runs": store._sweep_runs,
        }
        writes = {
            name
            for name, method in inspect.getmembers(Store, inspect.isfunction)
            if "_connection.writing()" in inspect.getsource(method)
        }
        assert writes <= done.keys(), writes - done.keys()
        for name, act in done.items():
            act()
            assert store.verify() == (), name

"""The counter and its visitors: what may be read while another process owns the store, and by whom."""

import json
import os
import socket
import stat
from contextlib import closing
from threading import Thread
from time import sleep

import pytest

from finrec_core.store import LogQuery, Store, StoreError, counter, message
from finrec_core.store.counter import Counter, place
from finrec_core.store.visitor import Visitor
from tests.store.conftest import make_bank, make_run


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Yield a store with something of everything, its counter open, in a folder with a very long path."""
    monkeypatch.setattr(counter, "PART", 3)
    folder = tmp_path / ("long" * 30)
    with Store(folder / "finrec.duckdb") as store:
        store.add_dataset(make_bank())
        run = make_run()
        (store.runs_folder / run.run).mkdir(parents=True)
        (store.runs_folder / run.run / "run.json").write_text("{}")
        store.add_run(run)
        store.add_rules({"a": [1, None]}, reason="first", user="ana")
        for number in range(7):
            content = {"decision": {"note": "\ud800 \n"}, "snapshot": {"rank": number}}
            store.add_decision(kind="accept", client="c1", product="p1", run="r", content=content)
        store.log_shown(client="c2", run="r", content={})
        store.erase_client("c2", reason="asked")
        with closing(Counter(store)):
            yield store


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("datasets", {}),
        ("version", {"name": "demo@1"}),
        ("runs", {}),
        ("active_run", {}),
        ("activations", {}),
        ("run_folder", {"run": make_run().run}),
        ("decisions", {"query": LogQuery(client="c1", before=6), "limit": 100}),
        ("decisions", {"client": "nobody"}),
        ("decisions_in_brief", {"after": 2}),
        ("decision_ranks", {}),
        ("shown", {}),
        ("heads", {}),
        ("verify", {}),
        ("rules", {}),
        ("erasures", {}),
        ("traces", {"client": "c1"}),
        ("dependents", {"name": "demo"}),
        ("search_clients", {"text": "c1"}),
        ("trained", {}),
        ("ledger", {}),
    ],
)
def test_a_visitor_reads_what_the_owner_reads(desk, name, given):
    with Visitor(desk.file) as visitor:
        assert getattr(visitor, name)(**given) == getattr(desk, name)(**given)


def test_a_visitor_gets_datasets_and_a_copy_of_the_file(desk):
    with Visitor(desk.file) as visitor:
        assert visitor.dataset("demo").content_hash == desk.dataset("demo").content_hash
        with visitor.standing() as copy, Store(copy, keys_of=desk.file) as other:
            assert other.heads() == desk.heads()
        assert not copy.exists()


def test_nothing_can_be_written_through_the_counter(desk):
    before = desk.heads()
    reading = {name for name in dir(Visitor) if not name.startswith("_")}
    assert reading == {"close", "dataset", "standing"}
    with Visitor(desk.file) as visitor:
        for name in ("add_decision", "erase_client", "remove_run", "publish", "_connection"):
            with pytest.raises(AttributeError):
                getattr(visitor, name)()
            with pytest.raises(StoreError, match="does not understand this question"):
                visitor._ask(name, {})
        with pytest.raises(StoreError, match='no entry "nothing"'):
            visitor.decision("nothing")
        assert visitor.heads() == before  # the line is still open


def test_the_socket_is_for_this_user_alone_and_goes_with_the_desk(desk):
    file = desk.file.with_name("finrec.duckdb.socket")
    assert stat.S_ISSOCK(file.stat().st_mode)
    assert file.stat().st_mode & 0o777 == 0o600
    again = Counter(desk)  # what a killed process left is taken over
    again.close()
    again.close()
    assert not file.exists()
    with pytest.raises(StoreError, match="Nobody answers"):
        Visitor(desk.file)


def test_another_user_is_sent_away(desk, monkeypatch):
    monkeypatch.setattr(counter, "peer", lambda _connection: os.getuid() + 1)
    with Visitor(desk.file) as visitor, pytest.raises(StoreError, match="stopped answering"):
        visitor.heads()


def test_the_gate_is_asked_before_each_answer(tmp_path):
    seen = []

    def gate(name, given):
        seen.append((name, dict(given)))
        if name == "decisions":
            raise StoreError("Decisions are not yours to read.")

    with (
        Store(tmp_path / "finrec.duckdb") as store,
        closing(Counter(store, gate)),
        Visitor(store.file) as visitor,
    ):
        assert visitor.datasets() == []
        with pytest.raises(StoreError, match="not yours"):
            visitor.decisions("c1")
    assert seen == [("datasets", {}), ("decisions", {"client": "c1"})]


def told(desk, sent):
    """Send bytes to the counter and return what it says until it hangs up."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line, place(desk.file) as address:
        line.settimeout(20)
        line.connect(address)
        try:
            line.sendall(sent)
            line.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it hung up already
        said = b""
        try:
            while more := line.recv(65536):
                said += more
        except ConnectionResetError:
            pass
        return said


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\xff" * 50 + b"\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"[" * 60_000 + b"\n",
        b"{}\n",
        b"null\n",
        b'{"map": [["method", "heads"]]}\n',
        message.line({"method": "decisions", "given": {"limits": 3}}),
        message.line({"method": ["decisions"], "given": {}}),
        message.line({"method": "standing", "given": {}}),
        json.dumps({"map": [["method", "heads"], ["given", {"Popen": {}}]]}).encode() + b"\n",
    ],
)
def test_rubbish_is_a_sentence(desk, sent):
    said = told(desk, sent).splitlines()
    assert len(said) >= 1
    assert all(b"does not understand" in one for one in said)
    assert told(desk, message.line({"method": "heads", "given": {}})).startswith(b'{"map": [["value"')


def test_a_hundred_megabytes_are_not_taken_in(desk):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line, place(desk.file) as address:
        line.settimeout(20)
        line.connect(address)
        with pytest.raises((BrokenPipeError, ConnectionResetError)):  # it hangs up long before the end
            line.sendall(b"x" * 100_000_000)
    with Visitor(desk.file) as visitor:
        assert visitor.heads() == desk.heads()


def test_visitors_who_never_read_or_never_speak_hold_nobody_up_for_long(desk, monkeypatch):
    monkeypatch.setattr(counter, "PATIENCE", 0.3)
    lines = []
    with place(desk.file) as address:
        for number in range(counter.VISITORS):
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.connect(address)
            if number % 2:
                line.settimeout(5)
                Thread(target=_flood, args=(line,), daemon=True).start()
            lines.append(line)
        assert desk.add_decision(kind="a", client="c", product="p", run="r", content={}).sequence == 8
        with pytest.raises(StoreError, match=r"answers others|stopped answering"), Visitor(desk.file) as late:
            late.heads()
    for _ in range(100):  # each of them is given up after a while
        try:
            with Visitor(desk.file) as visitor:
                assert visitor.heads() == desk.heads()
                break
        except StoreError:
            sleep(0.1)
    else:
        raise AssertionError("nobody was given up")
    for line in lines:
        line.close()


def _flood(line):
    """Ask for all decisions without ever reading an answer."""
    question = message.line({"method": "decisions", "given": {}})
    try:
        for _ in range(10_000):
            line.sendall(question)
    except OSError:
        pass

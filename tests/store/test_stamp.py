"""The time stamp: asked of `openssl ts`, checked against its root, refused where it is of another text."""

import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from finrec_core.settings import settings
from finrec_core.store import Store, anchor
from finrec_core.store.stamp import StampError, ask, moment
from tests.store.authority import authority


@pytest.fixture(scope="module")
def tsa(tmp_path_factory):
    """An authority's address and its root certificate."""
    folder = tmp_path_factory.mktemp("authority")
    with authority(folder) as url:
        yield url, folder / "ca.pem"


def use(monkeypatch, **values):
    for name, value in values.items():
        monkeypatch.setitem(settings().__dict__, name, value)


def test_a_stamp_is_of_its_text_at_its_moment_and_by_its_authority(tsa, tmp_path):
    url, root = tsa
    token = ask(url, b"a text")
    for roots in (None, root):
        assert abs(moment(token, b"a text", roots) - datetime.now(UTC)) < timedelta(minutes=1)
    with pytest.raises(StampError, match="of another text"):
        moment(token, b"another text")
    with pytest.raises(StampError, match="of another text"):
        moment(token, b"another text", root)
    with authority(tmp_path / "foreign"), pytest.raises(StampError, match="not signed by who"):
        moment(token, b"a text", tmp_path / "foreign" / "ca.pem")
    with pytest.raises(StampError, match="cannot be read"):
        moment(token, b"a text", tmp_path / "missing.pem")


@pytest.mark.parametrize("token", [b"", b"rubbish", b"\x30\x03\x02\x01\x02", b"\x30" * 1000])
def test_what_is_no_stamp_is_one_sentence(token):
    with pytest.raises(StampError):
        moment(token, b"a text")


def test_an_altered_stamp_is_not_signed_by_its_authority(tsa):
    url, root = tsa
    token = ask(url, b"a text")
    refused = 0
    for place in range(len(token) - 60, len(token), 7):  # within the signature
        harmed = token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :]
        with pytest.raises(StampError):
            moment(harmed, b"a text", root)
        refused += 1
    assert refused == 9


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "file:///etc/passwd", "x", "http://127.0.0.1:1/"])
def test_an_address_that_gives_no_stamp_is_one_sentence(url):
    with pytest.raises(StampError):
        ask(url, b"a text")


def test_an_answer_to_another_question_is_refused(tsa):
    """Guards an authority, or somebody between, that answers each question with an old stamp."""
    old = ask(tsa[0], b"a text")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(old)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        with pytest.raises(StampError, match="answered another question"):
            ask(f"http://127.0.0.1:{server.server_port}/", b"a text")


def test_anchors_are_stamped_and_their_stamps_checked(tsa, tmp_path, monkeypatch):
    url, root = tsa
    use(monkeypatch, timestamp_url=url, timestamp_roots=root)
    with Store(tmp_path / "s.duckdb") as store:
        store.add_rules({}, user="cora")
        assert store.anchor().remark == ""
        found = store.verification()
        assert (found.faults, found.stamps, found.remarks) == ((), 1, ())
        # Another's stamp on this line.
        line = store.last_anchor()
        foreign = ask(url, b"another signature")
        store.anchors_file.write_bytes(line.stamped(foreign).line + b"\n")
        assert any("the time stamp is of another text" in fault for fault in store.verify())


def test_where_no_stamp_can_be_had_the_anchor_is_written_without(tmp_path, monkeypatch):
    use(monkeypatch, timestamp_url="http://127.0.0.1:1/", timestamp_roots=None)
    with Store(tmp_path / "s.duckdb") as store:
        store.add_rules({}, user="cora")
        assert "gave no answer" in store.anchor().remark
        assert len(anchor.read(store.anchors_file).anchors) == 1
        assert store.verify() == ()

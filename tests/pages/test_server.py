"""The server: where it listens, what it says on the wire, and that nobody harms it there."""

import asyncio
import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession

from finrec_core.store import Store, anchor
from pages.frame import server, switch
from pages.frame.wire import GUARDS
from tests.browser.server import serve
from tests.conftest import REPOSITORY


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    """Return where a desk is served over an empty store."""
    with serve(data) as address:
        yield urlsplit(address).netloc


def asked(address: str, path: str, method: str = "GET", **headers: str) -> tuple[int, Mapping[str, str], str]:
    connection = http.client.HTTPConnection(address, timeout=60)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    return (
        answer.status,
        {key.lower(): value for key, value in answer.getheaders()},
        answer.read().decode(errors="replace"),
    )


def log(data: Path) -> list[dict[str, object]]:
    return [
        json.loads(line) for line in (data / "server.txt").read_text("utf-8").splitlines() if line[:1] == "{"
    ]


async def first_session(address: str) -> NewSession:
    """Return what the server tells a browser of itself for its first page."""
    async with websockets.connect(f"ws://{address}/_stcore/stream", max_size=None, open_timeout=60) as socket:
        asking = BackMsg()
        asking.rerun_script.query_string = ""
        await socket.send(asking.SerializeToString())
        async for said in socket:
            message = ForwardMsg()
            message.ParseFromString(said)
            if message.WhichOneof("type") == "new_session":
                return message.new_session
    raise AssertionError("the server told nothing of itself")


async def first_page(address: str, rubbish: bytes | str | None = None) -> list[str]:
    """Return the kinds of messages that a browser gets for its first page, after it has sent rubbish."""
    async with websockets.connect(f"ws://{address}/_stcore/stream", max_size=None, open_timeout=60) as socket:
        if rubbish is not None:
            await socket.send(rubbish)
        else:
            asking = BackMsg()
            asking.rerun_script.query_string = ""
            await socket.send(asking.SerializeToString())
        kinds = []
        async for said in socket:
            message = ForwardMsg()
            message.ParseFromString(said)
            kinds.append(message.WhichOneof("type"))
            if kinds[-1] == "script_finished":
                return kinds
        return kinds


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/", "GET", 200),
        ("/recommendations?client=C1", "GET", 200),
        ("/static/js/none.js", "GET", 200),
        ("/favicon.png", "GET", 200),
        ("/media/none.csv", "GET", 404),
        ("/_stcore/health", "GET", 200),
        ("/_stcore/host-config", "GET", 200),
        ("/_stcore/metrics", "GET", 404),
        ("/_stcore/agent/mcp", "POST", 404),
        ("/_stcore/upload_file/none/none", "PUT", 403),
        ("/component/none/index.html", "GET", 404),
        ("/today/", "GET", 301),
        ("//evil.example/x/..", "GET", 400),
        ("/%2e%2e/%2e%2e/etc/passwd", "GET", 400),
        ("/", "POST", 405),
        ("/auth/login", "GET", 302),
        ("/healthz", "GET", 200),
        ("/readyz", "GET", 200),
    ],
)
def test_every_answer_carries_the_guards(address: str, path: str, method: str, status: int) -> None:
    found, headers, _ = asked(address, path, method)
    assert found == status
    assert GUARDS.items() <= headers.items()
    assert "content-security-policy" in headers
    assert not {"access-control-allow-origin", "server"} & headers.keys()


def test_no_origin_is_let_in_by_streamlits_own_answer(address: str) -> None:
    assert json.loads(asked(address, "/_stcore/host-config")[2])["allowedOrigins"] == []


def test_a_foreign_page_makes_the_server_ask_nobody(address: str, data: Path) -> None:
    """Streamlit would ask a service for its own address, and say that it did not find it."""
    for origin in ("https://evil.example", "null", f"http://evil.example:{address.partition(':')[2]}"):
        with pytest.raises(websockets.InvalidStatus) as refused:
            asyncio.run(_opened(address, origin))
        assert refused.value.response.status_code == 403
        assert refused.value.response.headers["x-content-type-options"] == "nosniff"
    assert not any(line["logger"] == "streamlit.net_util" for line in log(data))


def test_streamlit_itself_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    from streamlit import net_util
    from streamlit.web.server.server_util import is_url_from_allowed_origins

    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda *_, **__: pytest.fail("it asked outside"))
    for name in ("get_external_ip", "get_internal_ip"):
        monkeypatch.setattr(net_util, name, getattr(net_util, name))
    monkeypatch.setattr(server.PagesManager, "uses_pages_directory", None)
    usual = server.starlette_server._get_uvicorn_config_kwargs
    monkeypatch.setattr(server.starlette_server, "_get_uvicorn_config_kwargs", usual)
    server.close_doors()
    assert not is_url_from_allowed_origins("https://evil.example")


async def _opened(address: str, origin: str) -> None:
    async with websockets.connect(f"ws://{address}/_stcore/stream", origin=origin):  # type: ignore[arg-type]
        pass


def test_rubbish_on_a_socket_harms_nobody(address: str) -> None:
    shutdown = BackMsg()
    shutdown.debug_shutdown_runtime = True
    kinds = (b"\xff" * 1000, b"", "text", b"x" * (server.MOST + 1), shutdown.SerializeToString())

    async def all_at_once() -> None:
        sent = (asyncio.wait_for(first_page(address, rubbish), 3) for rubbish in kinds)
        for ended in await asyncio.gather(*sent, return_exceptions=True):
            assert isinstance(ended, websockets.ConnectionClosed | TimeoutError | list)

    asyncio.run(all_at_once())
    assert asyncio.run(first_page(address))[-1] == "script_finished"


def test_a_message_of_100_megabytes_is_not_taken_in(address: str) -> None:
    held = _memory(address)
    with pytest.raises(websockets.ConnectionClosedError):
        asyncio.run(first_page(address, b"\x00" * 100_000_000))
    assert _memory(address) - held < 50_000_000
    assert asyncio.run(first_page(address))[-1] == "script_finished"


def test_a_browser_that_never_reads_keeps_nobody_waiting(address: str) -> None:
    host, port = address.split(":")
    deaf = []
    for _ in range(5):
        one = socket.create_connection((host, int(port)))
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        one.sendall(
            f"GET /_stcore/stream HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        one.sendall(b"\x82\x82\x00\x00\x00\x00\x5a\x00" * 20)  # asks for the page again and again
        deaf.append(one)
    assert asyncio.run(first_page(address))[-1] == "script_finished"
    for one in deaf:
        one.close()


def _memory(address: str) -> int:
    """Return the bytes that the server of an address holds."""
    port = int(address.partition(":")[2])
    (pid,) = {
        one.pid
        for one in psutil.net_connections("tcp")
        if one.status == psutil.CONN_LISTEN and one.laddr.port == port
    }
    return int(psutil.Process(pid).memory_info().rss)


def test_it_is_ready_and_tells_its_figures(address: str) -> None:
    assert asked(address, "/readyz")[2] == "ready\n"
    asyncio.run(first_page(address))
    figures = asked(address, "/metrics")[2]
    for name in (
        'finrec_step_seconds_count{page="Start"}',
        "finrec_browsers",
        'finrec_jobs{state="running"} 0.0',
        "process_resident_memory_bytes",
        "finrec_store_bytes",
        "finrec_disk_free_bytes",
        "finrec_chain_info{",
    ):
        assert name in figures


def test_the_figures_are_for_this_machine(address: str) -> None:
    """uvicorn takes the word of a proxy on this machine for who asks."""
    assert asked(address, "/metrics", **{"X-Forwarded-For": "10.0.0.9"})[0] == 403


def test_no_table_offers_its_cells_as_a_file(address: str) -> None:
    """Streamlit's own file of a table passes neither the guard against formulas nor a check."""
    assert asyncio.run(first_session(address)).config.disable_data_export


def test_a_server_that_is_stopped_anchors_the_record_once_more(tmp_path: Path) -> None:
    with Store(tmp_path / "finrec.duckdb") as store:
        store.add_rules({}, user="cora")
        file, links = store.anchors_file, store.chain_head()[0]
    with serve(tmp_path) as served:
        assert asked(urlsplit(served).netloc, "/readyz")[0] == 200
        assert not file.exists()  # an hour has not passed
    (made,) = anchor.read(file).anchors.values()
    assert made.sequence == links
    with Store(tmp_path / "finrec.duckdb") as store:
        assert store.verify() == ()


# Where it listens


def started(*options: str, path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pages.frame.server", "--server.port=0", *options],
        cwd=REPOSITORY,
        env=os.environ | {"FINREC_DATA": str(path)} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_listens_to_other_machines_only_with_sign_in(tmp_path: Path) -> None:
    ended = started("--server.address", "0.0.0.0", path=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr == (
        "finrec listens on this machine alone until people sign in: name 127.0.0.1 instead of 0.0.0.0, "
        "or set [auth] in .streamlit/secrets.toml.\n"
    )
    assert ended.stdout == ""
    assert not (tmp_path / "finrec.duckdb").exists()


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "10.1.2.3", "desk.bank.example", "unix://x", ""])
def test_an_address_needs_sign_in(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "sign_in", lambda: False)
    assert "until people sign in" in server.refusal(address)
    monkeypatch.setattr(server, "sign_in", lambda: True)
    assert server.refusal(address) == ""


def test_it_listens_on_this_machine_alone_however_it_is_started() -> None:
    settings = (REPOSITORY / ".streamlit" / "config.toml").read_text("utf-8")
    assert 'address = "127.0.0.1"' in settings


def test_an_address_for_all_is_no_name_of_the_desk() -> None:
    assert server.own_names("0.0.0.0") == server.own_names("::") == ()
    assert server.own_names("::1") == ("[::1]",)
    assert server.own_names("10.0.0.4") == ("10.0.0.4",)


def test_app_started_another_way_says_so_and_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    from streamlit.testing.v1 import AppTest

    monkeypatch.setattr(switch, "_turned", {"on": False})
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60).run()
    assert [error.value for error in app.error] == [switch.SENTENCE]
    assert not app.exception
    assert len(app.main.children) == 1

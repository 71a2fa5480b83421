"""The wire: who is let in, what every answer carries, and whom a file is handed to."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest

from pages.frame import wire as wire_module
from pages.frame.wire import (
    COOKIE,
    GUARDS,
    OF_FILES,
    Answer,
    Wire,
    browser_of,
    host_name,
    is_loopback,
    policy,
)

Headers = dict[str, str]
ASKED = ("host", "desk.bank.example")


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer a page at /, a script at /static/, fail at /broken, and say who may read it."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close" if scope["path"] == "/closed" else "websocket.accept"})
        return
    if scope["path"] == "/broken":
        raise ValueError("Marta Lindqvist")
    kind = b"text/javascript" if scope["path"].startswith("/static/") else b"text/html; charset=utf-8"
    headers = [
        (b"content-type", kind),
        (b"access-control-allow-origin", b"*"),
        (b"Referrer-Policy", b"unsafe-url"),
        (b"cache-control", b"public"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"whole"})


def asked(
    path: str = "/",
    *headers: tuple[str, str],
    method: str = "GET",
    kind: str = "http",
    scheme: str = "http",
    wire: Wire | None = None,
) -> tuple[int, Headers, str, list[str]]:
    """Ask the wire; return status, headers, body and the kinds of messages that came back."""
    scope = {
        "type": kind,
        "path": path,
        "method": method,
        "scheme": scheme,
        "headers": [(name.encode(), value.encode()) for name, value in headers],
        "extensions": {"websocket.http.response": {}},
    }
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    with suppress(ValueError):  # which /broken raises; the server logs it
        asyncio.run((wire or made())(scope, receive, send))
    start = next((one for one in sent if "status" in one), {"status": 0, "headers": []})
    given = [(name.decode().lower(), value.decode()) for name, value in start["headers"]]
    assert len(given) == len(dict(given)), "a header stands twice"
    body = b"".join(one.get("body", b"") for one in sent).decode()
    return start["status"], dict(given), body, [one["type"] for one in sent]


def made(hosts: Iterable[str] = ("localhost", "Desk.Bank.Example"), **more: Any) -> Wire:
    return Wire(application, hosts=hosts, **more)


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8501", "desk.bank.example", "DESK.BANK.EXAMPLE:443", "desk.bank.example."],
)
def test_a_host_of_the_desk_is_let_in(host: str) -> None:
    assert asked("/", ("host", host))[0] == 200


@pytest.mark.parametrize(
    "hosts",
    [
        (),
        ("",),
        ("evil.example",),
        ("localhost.evil.example",),
        ("evil.example@localhost",),
        ("localhost@evil.example",),
        ("localhost:port",),
        ("localhost/evil.example",),
        ("localhost", "evil.example"),
        ("localhost", "localhost"),
        ("desk.bank.example\\@evil.example",),
        ("[::1",),
        ("127.0.0.1.evil.example",),
        ("0.0.0.0",),
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_any_other_host_is_refused(hosts: tuple[str, ...], kind: str) -> None:
    status, headers, body, _ = asked("/", *(("host", host) for host in hosts), kind=kind)
    assert status == 400
    assert "FINREC_HOSTS" in body
    assert GUARDS.items() <= headers.items()


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        "http://localhost.evil.example",
        "http://desk.bank.example:81",
        "file://",
        "desk.bank.example",
        "http://desk.bank.example@evil.example",
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_a_foreign_origin_is_refused_before_streamlit_sees_it(origin: str, kind: str) -> None:
    status, _, _, sent = asked("/_stcore/stream", ASKED, ("origin", origin), kind=kind)
    assert status == 403
    assert "websocket.accept" not in sent


@pytest.mark.parametrize("origin", ["http://desk.bank.example", "https://desk.bank.example"])
def test_the_desks_own_pages_are_let_in(origin: str) -> None:
    assert asked("/", ASKED, ("origin", origin))[0] == 200
    assert asked("/_stcore/stream", ASKED, ("origin", origin), kind="websocket")[3] == ["websocket.accept"]


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/agent/mcp", "/_stcore/script-health-check", "/component/x/y.js"]
)
def test_streamlits_unused_doors_are_closed(path: str) -> None:
    assert asked(path, ASKED)[0] == 404
    assert asked(f"{path}s", ASKED)[0] in (200, 404)


@pytest.mark.parametrize(
    "path", ["/", "/static/x.js", "/nowhere", "/_stcore/agent", "/broken", "/media/x.csv"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_every_answer_carries_the_guards(path: str, method: str) -> None:
    _, headers, _, _ = asked(path, ASKED, method=method)
    assert GUARDS.items() <= headers.items()
    expected = OF_FILES if path.startswith("/media/") else policy([])
    assert headers["content-security-policy"] == expected
    assert not [name for name in headers if name.startswith("access-control-")]


def test_a_failure_is_answered_without_what_it_said() -> None:
    status, headers, body, _ = asked("/broken", ASKED)
    assert status == 500
    assert "Marta" not in body
    assert GUARDS.items() <= headers.items()


def test_the_policy_runs_no_text_and_fetches_nothing() -> None:
    rules = dict(one.split(" ", 1) for one in policy(["'sha256-x'"]).split("; "))
    assert rules["script-src"] == "'self' 'sha256-x'"
    assert rules["frame-ancestors"] == rules["object-src"] == "'none'"
    assert rules["default-src"] == rules["connect-src"] == "'self'"
    assert "unsafe-eval" not in policy([])
    assert "http" not in policy([])
    assert "*" not in policy([])


def test_what_is_encrypted_stays_encrypted() -> None:
    assert "strict-transport-security" not in asked("/", ASKED)[1]
    _, headers, _, _ = asked("/", ASKED, scheme="https")
    assert "max-age=" in headers["strict-transport-security"]
    assert headers["set-cookie"].endswith("; Secure")


def test_a_browser_gets_one_name_with_its_first_page() -> None:
    first, second = (asked("/", ASKED)[1]["set-cookie"] for _ in range(2))
    assert first != second
    assert "HttpOnly; SameSite=Lax" in first
    name = first.split("=")[1].split(";")[0]
    assert len(name) >= 40
    assert "set-cookie" not in asked("/", ASKED, ("cookie", f"_streamlit_xsrf=2|a|b; {COOKIE}={name}"))[1]
    assert "set-cookie" not in asked("/static/x.js", ASKED)[1]  # caches keep it for all


def test_a_file_goes_to_the_browser_it_was_made_for() -> None:
    wire = made(owns=lambda browser, file: (browser, file) == ("mine", "1f.csv"))
    mine = ("cookie", f"{COOKIE}=mine")
    status, headers, body, _ = asked("/media/1f.csv", ASKED, mine, wire=wire)
    assert (status, body) == (200, "whole")
    assert headers["cache-control"] == "no-store"
    assert "sandbox" in headers["content-security-policy"]
    for path, *cookies in (
        ("/media/1f.csv",),
        ("/media/1f.csv", ("cookie", f"{COOKIE}=")),
        ("/media/1f.csv", ("cookie", f"{COOKIE}=other")),
        ("/media/1f.csv", ("cookie", f"x{COOKIE}=mine")),
        ("/media/2f.csv", mine),
        ("/media/", mine),
    ):
        assert asked(path, ASKED, *cookies, wire=wire)[0] == 404, (path, cookies)


def test_a_socket_that_streamlit_refuses_gets_an_answer_with_the_guards() -> None:
    status, headers, _, _ = asked("/closed", ASKED, kind="websocket")
    assert status == 403
    assert GUARDS.items() <= headers.items()


def test_the_desks_own_answers_are_read_only() -> None:
    async def lives(_: Any) -> Answer:
        return Answer(200, "ok")

    wire = made(own={"/healthz": lives})
    assert asked("/healthz", ASKED, wire=wire)[::2] == (200, "ok")
    status, headers, body, _ = asked("/healthz", ASKED, method="HEAD", wire=wire)
    assert (status, headers["content-length"], body) == (200, "2", "")
    assert asked("/healthz", ASKED, method="POST", wire=wire)[0] == 405
    assert asked("/healthz", ("host", "evil.example"), wire=wire)[0] == 400


@pytest.mark.parametrize(
    ("value", "name"),
    [("[::1]:8501", "::1"), ("A.example:1", "a.example"), ("a:b", ""), ("a/b", ""), ("", ""), ("a@b", "")],
)
def test_a_host_header_is_read_strictly(value: str, name: str) -> None:
    assert host_name(value) == name


@pytest.mark.parametrize("cookies", ["", "=", ";;;", f"{COOKIE}", "a b=c", "\x00"])
def test_odd_cookies_name_no_browser(cookies: str) -> None:
    assert browser_of(cookies) == ""


@pytest.mark.parametrize(
    ("address", "alone"),
    [
        ("127.0.0.1", True),
        ("127.3.2.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.4", False),
        ("desk.bank.example", False),
        ("localhost.bank.example", False),
        ("", False),
    ],
)
def test_what_this_machine_alone_reaches(address: str, alone: bool) -> None:
    assert is_loopback(address) == alone


def test_a_browser_that_sends_without_end_waits_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def receive() -> Any:
        return {"type": "websocket.receive", "bytes": b"again"}

    async def send(_: Any) -> None:
        return None

    async def reading(scope: Any, receive: Any, send: Any) -> None:
        for _ in range(500):
            await receive()

    monkeypatch.setattr(wire_module.asyncio, "sleep", sleep)
    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": [(b"host", b"localhost")]}
    asyncio.run(Wire(reading, hosts=["localhost"])(scope, receive, send))
    assert len(slept) > 400
    assert slept == sorted(slept)

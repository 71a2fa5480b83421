"""The wire: what stands between the network and Streamlit, for every request and every answer.

A request is let through only where it names a host that this desk has and comes from the desk's own
pages; every answer, those that refuse and those that fail included, carries the same guards. A file made
for one browser is handed to no other.
"""

import asyncio
import ipaddress
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

COOKIE = "finrec_browser"  # names a browser, so that files made for it go to nobody else
MEDIA = "/media/"
# Streamlit's own doors that the desk does not use: its figures, its interface for programs.
CLOSED = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent", "/component")
GUARDS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), "
    "geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), "
    "serial=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
# Files are shown or saved, never run: a page that somebody uploaded or exported has no script and no origin.
OF_FILES = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
)
RATE, AT_ONCE = 10.0, 40.0  # messages of a browser in a second, and how many may come together
_log = logging.getLogger("finrec.wire")


def policy(scripts: Iterable[str]) -> str:
    """Return the Content-Security-Policy of the desk's pages; `scripts` are hashes of inline scripts.

    Styles are set inline by Streamlit, plotly and its tables; pictures and fonts come as `data:` and
    `blob:`; the picture of a recommendation is a `data:` frame, which inherits this policy. Nothing may
    call `eval`, and nothing is fetched from another machine.
    """
    allowed = " ".join(scripts)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {allowed}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "media-src 'self'",
            "worker-src 'self' blob:",
            "frame-src data:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


@dataclass(frozen=True)
class Answer:
    """A short answer of the desk itself: its status, its text and what kind of text that is."""

    status: int
    text: str
    kind: str = "text/plain; charset=utf-8"


Own = Callable[[Scope], Awaitable[Answer]]


def host_name(value: str) -> str:
    """Return the host of a Host header or an address in small letters without port, "" where it is none."""
    try:
        found = urlsplit(f"//{value.strip()}")
        _ = found.port  # raises where it is no number
    except ValueError:
        return ""
    bare = not (found.path or found.query or found.fragment or "@" in found.netloc)
    return (found.hostname or "").rstrip(".") if bare else ""


def is_loopback(address: str) -> bool:
    """Return whether only this machine reaches an address to listen on."""
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address.lower() == "localhost"


class Wire:
    """An ASGI application around another one, which it guards.

    `hosts` are the names that a request may ask for. `scripts` are the hashes of the inline scripts that
    may run. `owns` says whether a browser, named by its cookie, has a file. `own` are the desk's own
    answers by path. `counted` makes what lasts as long as a browser is connected.
    """

    def __init__(
        self,
        application: Application,
        *,
        hosts: Iterable[str],
        scripts: Iterable[str] = (),
        owns: Callable[[str, str], bool] = lambda browser, file: False,
        own: Mapping[str, Own] | None = None,
        counted: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._application, self._owns, self._own = application, owns, dict(own or {})
        self._counted = counted
        self._hosts = frozenset(filter(None, map(host_name, hosts)))
        self._policy = policy(scripts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] not in ("http", "websocket"):
            await self._application(scope, receive, send)
            return
        guarded = _Guarded(scope, send, self._policy)
        refusal = self._refusal(scope) or self._missing(scope, guarded.browser)
        if refusal is not None:
            _log.warning("A request was refused.", extra={"facts": {"status": refusal.status}})
        elif scope["type"] == "http" and scope["path"] in self._own:
            answer = self._own[scope["path"]]
            refusal = await answer(scope) if scope["method"] in ("GET", "HEAD") else Answer(405, "Only GET.")
        if refusal is not None:
            await guarded.answer(refusal)
            return
        try:
            if scope["type"] == "websocket":
                with self._counted():
                    await self._application(scope, _Paced(receive), guarded)
            else:
                await self._application(scope, receive, guarded)
        finally:
            if not guarded.begun:  # it failed; what it said goes into the log, as far as that may hold it
                await guarded.answer(Answer(500, "The desk could not answer; its log says where it failed."))

    def _refusal(self, scope: Scope) -> Answer | None:
        """Return why a request is not let in, None where it is."""
        hosts, origins = values(scope, b"host"), values(scope, b"origin")
        if len(hosts) != 1 or host_name(hosts[0]) not in self._hosts:
            return Answer(400, "This desk is not known under that name: FINREC_HOSTS lists the names it has.")
        if len(origins) > 1 or (origins and urlsplit(origins[0]).netloc.lower() != hosts[0].strip().lower()):
            return Answer(403, "This desk answers its own pages only.")
        if any(scope["path"] == place or scope["path"].startswith(f"{place}/") for place in CLOSED):
            return Answer(404, "There is nothing here.")
        return None

    def _missing(self, scope: Scope, browser: str) -> Answer | None:
        """Return that there is no such file where it was made for another browser."""
        path = scope["path"]
        if scope["type"] != "http" or not path.startswith(MEDIA):
            return None
        if browser and self._owns(browser, path.removeprefix(MEDIA)):
            return None
        return Answer(404, "There is no such file for this browser.")


def values(scope: Scope, name: bytes) -> list[str]:
    """Return the values of a request's header."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def browser_of(cookies: str) -> str:
    """Return the name that a Cookie header gives the browser, "" where it gives none."""
    try:
        found = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


class _Paced:
    """The way in of one socket: a browser that sends faster than a person can work waits for itself.

    Each message starts a page run, so many of them would take the time of all others. While it waits
    here the server reads no more from it.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive, self._room, self._last = receive, AT_ONCE, 0.0

    async def __call__(self) -> Message:
        """Return the next message when its time has come."""
        message = await self._receive()
        if message["type"] == "websocket.receive":
            now = asyncio.get_running_loop().time()
            self._room = min(AT_ONCE, self._room + (now - self._last) * RATE) - 1
            self._last = now
            if self._room < 0:
                await asyncio.sleep(-self._room / RATE)
        return message


class _Guarded:
    """The way back: sends answers with the guards, and gives a browser its name where it has none."""

    def __init__(self, scope: Scope, send: Send, policy: str) -> None:
        self._scope, self._send, self._policy = scope, send, policy
        self.browser = next(filter(None, map(browser_of, values(scope, b"cookie"))), "")
        self.begun = False

    async def __call__(self, message: Message) -> None:
        """Send a message of the application."""
        kind = message["type"]
        if kind == "websocket.close" and not self.begun:
            await self.answer(Answer(403, "This desk answers its own pages only."))
            return
        if kind in ("http.response.start", "websocket.http.response.start", "websocket.accept"):
            self.begun = True
            message = {**message, "headers": self._headers(message.get("headers", ()))}
        await self._send(message)

    async def answer(self, answer: Answer) -> None:
        """Send a short answer."""
        self.begun = True
        of_socket = self._scope["type"] == "websocket"
        if of_socket and "websocket.http.response" not in self._scope.get("extensions", {}):
            await self._send({"type": "websocket.close", "code": 1008})
            return
        kind, body = ("websocket." if of_socket else "") + "http.response", answer.text.encode("utf-8")
        headers = [
            (b"content-type", answer.kind.encode("ascii")),
            (b"content-length", str(len(body)).encode("ascii")),
            (b"cache-control", b"no-store"),
        ]
        if self._scope.get("method") == "HEAD":
            body = b""
        await self._send(
            {"type": f"{kind}.start", "status": answer.status, "headers": self._headers(headers)}
        )
        await self._send({"type": f"{kind}.body", "body": body})

    def _headers(self, given: Iterable[tuple[bytes, bytes]]) -> Headers:
        """Return an answer's headers with the guards in the place of what they say otherwise."""
        of_file = self._scope["path"].startswith(MEDIA)
        guards = GUARDS | {"content-security-policy": OF_FILES if of_file else self._policy}
        secure = self._scope.get("scheme") in ("https", "wss")
        if secure:
            guards["strict-transport-security"] = "max-age=31536000"
        if of_file:  # clients' data
            guards["cache-control"] = "no-store"
        added = [(name.encode("ascii"), value.encode("ascii")) for name, value in guards.items()]
        names = {name for name, _ in added}
        # No other origin is ever let in, so no answer says that one is.
        kept = [
            (name, value)
            for name, value in given
            if name.lower() not in names and not name.lower().startswith(b"access-control-")
        ]
        # With a page alone: what caches keep for all must not carry it.
        page = any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in kept)
        if self._scope["type"] == "http" and page and not self.browser:
            self.browser = secrets.token_urlsafe(32)
            words = f"{COOKIE}={self.browser}; Path=/; HttpOnly; SameSite=Lax" + "; Secure" * secure
            added.append((b"set-cookie", words.encode("ascii")))
        return kept + added

"""The server: the only way to serve the desk, Streamlit's own application with the wire around it."""

import ipaddress
import re
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import config, file_util, net_util
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web import bootstrap, cli
from streamlit.web.server.starlette import starlette_server

from finrec_core.settings import settings, settle
from finrec_core.terms import privacy
from pages.frame import health, log, metrics, switch
from pages.frame.desk import leave
from pages.frame.ownership import Ownership
from pages.frame.wire import Receive, Scope, Send, Wire, is_loopback

APP = Path(__file__).parents[2] / "app.py"
HERE = ("localhost", "127.0.0.1", "[::1]")  # under which this machine asks itself
MOST = 4_000_000  # bytes of a message from a browser; files come another way
# What no option, file or environment may change: each would open the desk or send something out.
FIXED: Mapping[str, Any] = {
    "browser.gatherUsageStats": False,
    "client.allowedOrigins": [],
    "client.disableDataExport": True,  # what leaves as a file passes the desk's own checks
    "client.showErrorDetails": "none",
    "global.developmentMode": False,
    "global.e2eTest": False,
    "logger.enableRich": False,
    "server.corsAllowedOrigins": [],
    "server.enableAgentApi": False,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
    "server.fileWatcherType": "none",
    "server.maxWidgetStateSize": MOST // 1_000_000,
    "server.scriptHealthCheckEnabled": False,
    "server.trustedUserHeaders": {},
}
_INLINE = re.compile(r"<script(?![^>]*\bsrc\b)[^>]*>(.*?)</script>", re.DOTALL)


class Desk(st.App):
    """Streamlit's application for app.py, all of whose answers pass the wire."""

    def __init__(self) -> None:
        super().__init__(APP, on_script_error=log.failure)
        self._hosts: tuple[str, ...] = ()
        self._wire: Wire | None = None

    def listen(self, address: str, options: Mapping[str, Any]) -> None:
        """Serve on an address until it is stopped; `options` are Streamlit's by their dotted names."""
        self._hosts = (*HERE, *own_names(address), *settings().host_names)
        self.run(config={**options, "server.address": address})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; the wire stands outside all of Streamlit, what fails there included."""
        if self._wire is None:  # the first call comes before the first request
            self._runtime = self._create_runtime()
            self._wire = Wire(
                super().__call__,
                hosts=self._hosts,
                scripts=scripts(),
                owns=Ownership(self._runtime).has,
                own=health.answers(self._runtime),
                counted=metrics.browser,
            )
        await self._wire(scope, receive, send)


def scripts() -> list[str]:
    """Return the inline scripts of the desk, Streamlit's and its own, as a policy calls them."""
    from finrec_core.views import keyboard  # noqa: PLC0415 - loads pandas and plotly
    from finrec_core.views.recommendation import drawing  # noqa: PLC0415

    index = (Path(file_util.get_static_dir()) / "index.html").read_text("utf-8")
    return [drawing.hashed(text) for text in (*_INLINE.findall(index), keyboard.HEARD, *drawing.SCRIPTS)]


def own_names(address: str) -> tuple[str, ...]:
    """Return the names that an address to listen on gives the desk, none where it stands for all."""
    try:
        found = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return (address,)
    if found.is_unspecified:
        return ()
    return (f"[{found}]" if found.version == 6 else str(found),)


def sign_in() -> bool:
    """Return whether Streamlit's secrets say how people sign in."""
    return bool(secrets_singleton.load_if_toml_exists() and secrets_singleton.get("auth"))


def refusal(address: str) -> str:
    """Return why the desk does not listen on an address, "" where it may."""
    if is_loopback(address) or sign_in():
        return ""
    return (
        f"finrec listens on this machine alone until people sign in: name 127.0.0.1 instead of {address}, "
        "or set [auth] in .streamlit/secrets.toml."
    )


def serve(options: Sequence[str]) -> None:
    """Serve the desk until it is stopped; `options` are those of `streamlit run`.

    Ends with one sentence where it would listen to other machines and nobody has to sign in.
    """
    cli.main_run.callback = _serve  # its options, read and checked by Streamlit
    cli.main(["run", str(APP), *options])


def _serve(target: str, args: Sequence[str] = (), **flags: Any) -> None:  # noqa: ANN401 - Streamlit's options
    log.write_json()
    asked = {name.replace("_", "."): value for name, value in flags.items() if value not in (None, ())}
    sys.argv = [str(APP)]  # beside which Streamlit looks for its settings
    desk = Desk()
    bootstrap.load_config_options({**asked, **FIXED})
    address = config.get_option("server.address") or "127.0.0.1"
    if why := refusal(address):
        sys.exit(why)
    close_doors()
    switch.turn_on()
    signal.signal(signal.SIGTERM, _end)
    desk.listen(address, {**asked, **FIXED})


def _end(number: int, _frame: object) -> None:
    """End by a signal, which uvicorn sends once more when all doors are closed; no other code runs then."""
    leave()
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)


def close_doors() -> None:
    """Close what Streamlit opens by itself."""
    # Beside a folder `pages` Streamlit takes its older navigation for the first visitor. A link into the
    # desk then opens on "Page not found", for `st.navigation` in app.py turns that off a moment too late.
    PagesManager.uses_pages_directory = False
    # It asks a service for this machine's address where a request names an origin it does not know.
    net_util.get_external_ip = _nowhere
    net_util.get_internal_ip = _nowhere
    usual = starlette_server._get_uvicorn_config_kwargs
    limits = {"ws_max_size": MOST, "server_header": False, "log_config": None, "timeout_graceful_shutdown": 5}
    starlette_server._get_uvicorn_config_kwargs = lambda: usual() | limits


def _nowhere() -> None:
    return None


if __name__ == "__main__":
    privacy.keep()
    settle()
    serve(sys.argv[1:])

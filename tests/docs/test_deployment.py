"""The deployment page: systemd takes its unit, and nginx with its file stands in front of a desk."""

import http.client
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pages.frame.wire import GUARDS
from tests import tied
from tests.browser.server import serve
from tests.conftest import REPOSITORY

FILES = REPOSITORY / "docs" / "deployment"
NAME = "desk.bank.example"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    text = (FILES / "finrec.service").read_text("utf-8")
    unit = tmp_path / "finrec.service"
    unit.write_text(text.replace("/opt/finrec/.venv/bin/python", sys.executable), "utf-8")
    found = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60, check=False
    )
    about = [line for line in found.stderr.splitlines() if "finrec" in line]
    assert (found.returncode, about) == (0, []), found.stderr
    unit.write_text(text.replace("Restart=", "Restarts="), "utf-8")  # what it would say of a mistake
    wrong = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60, check=False
    )
    assert "Restarts" in wrong.stderr


def test_the_unit_starts_the_desk_as_it_is_started() -> None:
    (start,) = re.findall(r"^ExecStart=(.*)$", (FILES / "finrec.service").read_text("utf-8"), re.MULTILINE)
    assert "-m pages.frame.server" in start
    assert "--server.address" not in start  # nginx is in front of it on the same machine


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed here: its file is read by no one")
@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl, which makes the certificate, is not here")
def test_nginx_stands_in_front_of_a_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert NGINX is not None
    monkeypatch.setenv("FINREC_HOSTS", NAME)
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
         "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", key, "-out", certificate],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    plain, encrypted = free(), free()
    data = tmp_path / "data"
    data.mkdir()
    with serve(data) as address:
        text = (FILES / "nginx.conf").read_text("utf-8")
        for old, new in (
            ("127.0.0.1:8501", urlsplit(address).netloc),
            ("listen 80;", f"listen 127.0.0.1:{plain};"),
            ("listen 443 ssl;", f"listen 127.0.0.1:{encrypted} ssl;"),
            (f"/etc/ssl/certs/{NAME}.pem", str(certificate)),
            (f"/etc/ssl/private/{NAME}.key", str(key)),
        ):
            assert old in text
            text = text.replace(old, new)
        places = "".join(
            f"{name}_temp_path {tmp_path}/{name};"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        whole = tmp_path / "nginx.conf"
        whole.write_text(
            f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.txt; worker_processes 1;"
            f"events {{}} http {{ access_log off; {places} {text} }}"
        )
        started = tied.start([NGINX, "-p", tmp_path, "-c", whole, "-e", tmp_path / "error.txt"])
        try:
            _seen(plain, encrypted, certificate, tmp_path / "error.txt")
        finally:
            started.terminate()
            started.wait(timeout=30)


def _seen(plain: int, encrypted: int, certificate: Path, log: Path) -> None:
    trusted = ssl.create_default_context(cafile=str(certificate))

    def asked(path: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", encrypted, timeout=60)
        connection.connect()
        connection.sock = trusted.wrap_socket(connection.sock, server_hostname=NAME)
        connection.request("GET", path, headers={"Host": NAME} | headers)
        return connection.getresponse()

    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", encrypted)) == 0:
                break
        time.sleep(0.1)
    page = asked("/recommendations?client=C1")
    assert page.status == 200, log.read_text("utf-8")
    given = {name.lower(): value for name, value in page.getheaders()}
    assert GUARDS.items() <= given.items()
    assert "max-age=" in given["strict-transport-security"]
    assert given["set-cookie"].endswith("Secure")
    assert [asked(path).status for path in ("/healthz", "/readyz", "/metrics")] == [404] * 3
    socket_key = {"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version": "13"}
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade"} | socket_key
    assert asked("/_stcore/stream", Origin=f"https://{NAME}", **upgrade).status == 101
    assert asked("/_stcore/stream", Origin="https://evil.example", **upgrade).status == 403
    assert asked("/", Host="evil.example").status in (301, 400)
    before = http.client.HTTPConnection("127.0.0.1", plain, timeout=60)
    before.request("GET", "/today?x=1", headers={"Host": NAME})
    moved = before.getresponse()
    assert (moved.status, moved.getheader("location")) == (301, f"https://{NAME}/today?x=1")

"""A time stamp authority on this machine: `openssl ts` behind a small HTTP server."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[stamping]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[ca]
basicConstraints = critical,CA:TRUE
"""


@contextmanager
def authority(folder: Path) -> Iterator[str]:
    """Lend the address of an authority whose certificates lie in a folder: `ca.pem` is the root."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "tsa.cnf"
    config.write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")

    def call(*words: str, given: bytes = b"") -> bytes:
        return subprocess.run([openssl, *words], input=given, capture_output=True, check=True).stdout

    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    ca, key = f"{folder}/ca.pem", f"{folder}/ca.key"
    name = ("-subj", "/CN=Root of a test", "-days", "2", "-config", str(config), "-extensions", "ca")
    config.write_text(config.read_text() + "[req]\ndistinguished_name = dn\n[dn]\n")
    call("req", "-x509", *curve, "-keyout", key, "-out", ca, *name)
    call(
        *("req", *curve, "-keyout", f"{folder}/tsa.key", "-out", f"{folder}/tsa.csr"),
        *("-subj", "/CN=Stamps of a test", "-config", str(config)),
    )
    call(
        *("x509", "-req", "-in", f"{folder}/tsa.csr", "-CA", ca, "-CAkey", key, "-days", "2"),
        *("-extfile", str(config), "-extensions", "stamping", "-out", f"{folder}/tsa.pem"),
    )

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = folder / "query.tsq"
            query.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            answer = call(
                "ts", "-reply", "-queryfile", str(query), "-config", str(config), "-section", "here"
            )
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

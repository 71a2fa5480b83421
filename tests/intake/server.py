"""A PostgreSQL server of the tests' own, in a folder of theirs, reached through a socket in it."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import tied

USER, SECRET = "analyst", "p@ss/w:rd#1?x"
WRITTEN = "p%40ss%2Fw%3Ard%231%3Fx"  # the secret as a URL holds it


def binaries() -> Path:
    """Return the folder of the server's programs, or skip the test that asks for it."""
    found = [path.parent for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))]
    usual = shutil.which("initdb")
    if not found and usual is None:
        pytest.skip("no PostgreSQL server is installed here; `make postgres` installs Debian's package")
    return found[-1] if found else Path(str(usual)).parent


@contextmanager
def running(folder: Path) -> Iterator[Path]:
    """Run a server over a new database and lend the folder of its socket; it asks for passwords."""
    programs = binaries()
    prefix = []
    if os.geteuid() == 0:  # the server refuses to be run by root
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("the server must not be run by root, and there is no user postgres")
        prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        shutil.chown(folder, "postgres", "postgres")
    secret, data = folder / "secret", folder / "data"
    secret.write_text("root-secret")
    secret.chmod(0o644)

    def call(program: str, *arguments: str) -> None:
        command = [*prefix, str(programs / program), *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    made = ("-U", "postgres", "--auth=scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "-N")
    call("initdb", "-D", str(data), *made)
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
    stop = [*prefix, str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"]
    with tied.stopped(stop, cwd=folder, stdout=subprocess.DEVNULL):
        call("pg_ctl", "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
        yield folder

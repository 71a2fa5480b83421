"""When the runner of the tests is killed, what it started ends too."""

import ast
import os
import signal
import subprocess
import sys
import time

import psutil

from tests.conftest import REPOSITORY

RUNNER = """
import sys, time
from tests import tied

TOUCH = "import pathlib, sys; pathlib.Path(sys.argv[1]).touch()"

server = tied.start([sys.executable, "-c", "import time; time.sleep(600)"])
with tied.stopped([sys.executable, "-c", TOUCH, sys.argv[1]]):
    print(server.pid, flush=True)
    time.sleep(600)
"""


def test_a_killed_runner_leaves_no_server(tmp_path):
    stopped = tmp_path / "stopped"
    runner = subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(stopped)],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with runner.stdout as said:
        server = int(said.readline())
        assert psutil.pid_exists(server)
        runner.send_signal(signal.SIGKILL)
        runner.wait()
    end = time.monotonic() + 60
    while psutil.pid_exists(server) or not stopped.exists():
        assert time.monotonic() < end, "it stayed behind"
        time.sleep(0.05)


def test_nothing_else_of_the_tests_starts_a_process_that_goes_on():
    """`run` waits for its process; whatever goes on is started by tests/tied.py."""
    found = {
        file.relative_to(REPOSITORY).as_posix()
        for file in (REPOSITORY / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "Popen"
    }
    assert found == {"tests/tied.py", "tests/test_tied.py"}

"""Processes of the tests that end with whoever runs the tests, however that ends: only this starts them."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

DEATH = 1  # PR_SET_PDEATHSIG: the signal that a process gets when its parent is gone
WAITING = "import subprocess, sys; sys.stdin.read(); subprocess.run(sys.argv[1:], check=False)"


def start(command: Sequence[str], **options: Any) -> "subprocess.Popen[Any]":
    """Start a process that is killed when this one is gone."""
    parent = os.getpid()
    return subprocess.Popen(command, preexec_fn=lambda: tie(parent), **options)  # noqa: PLW1509 - it only ties


def tie(parent: int) -> None:
    """Let the system kill this process when its parent is gone, or end at once where it is by now."""
    ctypes.CDLL(None).prctl(DEATH, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


@contextmanager
def stopped(command: Sequence[str], **options: Any) -> Iterator[None]:
    """Run a command when the block ends, and also when this process is gone, for what is no child of it."""
    watcher = subprocess.Popen(
        [sys.executable, "-c", WAITING, *command], stdin=subprocess.PIPE, start_new_session=True, **options
    )
    try:
        yield
    finally:
        assert watcher.stdin is not None
        watcher.stdin.close()
        assert watcher.wait(timeout=120) == 0

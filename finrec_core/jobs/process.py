"""The process of a job: how it is started, known again, ended and buried."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Thread
from typing import Self

import psutil

from finrec_core.jobs import record
from finrec_core.jobs.error import JobError

MOST = 2**22  # what Linux gives as the number of a process at most
COMMAND = (sys.executable, "-u", "-m", "finrec_core.jobs.child")


@dataclass(frozen=True)
class Process:
    """A process by number and start time (hundredths of a second since boot), since numbers are given again.

    `boot` names the machine's start that both count from.
    """

    pid: int
    started: str
    boot: str = ""

    @classmethod
    def of(cls, pid: int) -> Self:
        """Return the process that has the number now."""
        return cls(pid, _started(pid) or "", _boot())

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """Return the process that a run's folder names, None before it has one."""
        values = record.read(folder / "process.json") or {}
        pid, started, boot = values.get("pid"), values.get("started"), str(values.get("boot", ""))
        if not isinstance(pid, int) or not 0 < pid < MOST or not isinstance(started, str):
            return None
        return cls(pid, started, boot)

    def save(self, folder: Path) -> None:
        """Write the process into a run's folder."""
        record.write(folder / "process.json", asdict(self))

    @property
    def alive(self) -> bool:
        """Whether it still runs; a dead process that nobody has buried does not."""
        return bool(self.started) and not self.before_restart and _started(self.pid) == self.started

    @property
    def before_restart(self) -> bool:
        """Whether the machine was started anew since."""
        return bool(self.boot) and self.boot != _boot()

    @property
    def exit_code(self) -> int | None:
        """How it ended, below zero for a signal; None where it runs or was not this process's child."""
        child = _children.get(self)
        if child is None or self.alive:
            return None
        return child.wait(timeout=5)

    def kill(self, patience: float = 10.0) -> None:
        """End it and all that it started; everything it writes is safe against a sudden end."""
        if self.alive:
            with suppress(ProcessLookupError):  # it may end by itself just now
                os.killpg(self.pid, signal.SIGKILL)
        end = time.monotonic() + patience
        while self.alive:
            if time.monotonic() > end:
                raise JobError(f"Process {self.pid} of the job does not end: stop it by hand.")
            time.sleep(0.01)


# The children of this process: their exit codes are known to nobody else.
_children: dict[Process, subprocess.Popen[bytes]] = {}


def spawn(
    folder: Path,
    environment: Mapping[str, str],
    slot: int | None,
    ended: Callable[[Path, int], object],
    secret: bytes = b"",
) -> Process:
    """Start the job of a folder in a session of its own, so that it outlives this process.

    The child inherits the open `slot` if there is one. A thread waits for its end, so that no zombie
    stays, and then calls `ended` with the folder and the exit code. The `secret` reaches the child alone.
    """
    with (folder / "log.txt").open("ab") as log:
        child = subprocess.Popen(  # noqa: S603 - our own module and a folder that we made
            [*COMMAND, str(folder.absolute())],
            stdin=subprocess.PIPE if secret else subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            pass_fds=[] if slot is None else [slot],
            start_new_session=True,
        )
    if child.stdin is not None:
        with suppress(BrokenPipeError), child.stdin as told:  # one that has ended already needs it no more
            told.write(secret)
    process = Process.of(child.pid)
    _children[process] = child
    process.save(folder)
    Thread(target=lambda: ended(folder, child.wait()), name=f"job {folder.name}", daemon=True).start()
    return process


def _boot() -> str:
    """Return what names this start of the machine, "" where it has no name.

    It is the kernel's name: the time of the start, which psutil gives, changes when the clock is set.
    """
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def _started(pid: int) -> str | None:
    """Return the start time of a running process, None if there is none."""
    try:
        process = psutil.Process(pid)
        if process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
            return None
        # Since boot and not of the day: whoever sets the clock moves both times alike.
        return str(round(100 * (process.create_time() - psutil.boot_time())))
    except psutil.Error:
        return None

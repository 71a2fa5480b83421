"""The swap: a folder made anew takes the place of another in one step, whoever reads it meanwhile."""

import ctypes
import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
ASIDE = ".before-"  # the old folder between two names, where the disk knows no exchange
HERE, EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux
UNKNOWN = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)
TRIES = 20


def swap(made: Path, place: Path) -> None:
    """Give two folders each other's name; raises `OSError` where one of them is gone.

    What was made is on the disk before. At no moment is there nothing under either name; a disk that
    knows no exchange, such as one on a network, gets three renames: see `recover`.
    """
    flush(made)
    code = _exchange(made, place)
    if code in UNKNOWN:
        aside = place.with_name(f"{ASIDE}{place.name}")
        place.rename(aside)
        made.rename(place)
        aside.rename(made)
    elif code:
        raise OSError(code, os.strerror(code), str(place))


def flush(made: Path) -> None:
    """See to it that all files of a folder are on the disk."""
    for path in made.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def recover(parent: Path) -> None:
    """Give a folder its name back that a sudden end left beside it, or delete it where another has that.

    Nobody may swap meanwhile.
    """
    for aside in parent.glob(f"{ASIDE}*"):
        place = parent / aside.name.removeprefix(ASIDE)
        if place.exists():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.rename(place)


def steady(folder: Path, read: Callable[[], T]) -> T:
    """Return what `read` makes of several files of a folder; where it was swapped meanwhile, read again."""
    for _ in range(TRIES):
        before = _identity(folder)
        try:
            made = read()
        except (OSError, ValueError):
            if _identity(folder) == before:
                raise
        else:
            if _identity(folder) == before:
                return made
    return read()


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another of its name; None where there is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _exchange(one: Path, other: Path) -> int:
    """Exchange two names in one step and return 0, or the number of the system's error."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):  # a system library that lacks it
        return errno.ENOSYS
    done = rename(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE)
    return ctypes.get_errno() if done else 0

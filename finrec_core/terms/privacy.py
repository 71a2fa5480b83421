"""The privacy of files: what finrec writes can be read by the user that runs it, and by nobody else.

Whoever starts a process of finrec calls `keep` before anything is written, so that no place that makes a file
or a folder has to think of it: what is made then is 0600 or 0700, and children take it over. A program that
uses the package as a library keeps the modes of its own.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

OTHERS = 0o077  # all that a group and others may do


def keep() -> None:
    """Let this process and its children make files and folders for their user alone."""
    os.umask(OTHERS)


def close(places: Iterable[Path]) -> int:
    """Take from others what they may do with files that are there already; returns how many were open.

    For data folders of a time before `keep`. Links are left alone, and so is what belongs to another user.
    """
    return sum(_closed(path) for place in places for path in (place, *_below(place)))


def _below(place: Path) -> Iterable[Path]:
    return place.rglob("*") if place.is_dir() and not place.is_symlink() else ()


def _closed(path: Path) -> bool:
    """Close one file or folder to others and return whether it was open to them."""
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode) or not found.st_mode & OTHERS:
            return False
        path.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)
    except OSError:  # it went meanwhile, its owner decides, or the disk is read-only
        return False
    return True

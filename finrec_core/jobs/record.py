"""The record: a small JSON file that is replaced whole, so that a reader never meets half of one."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from threading import get_ident
from typing import Any


def write(file: Path, values: Mapping[str, Any]) -> None:
    """Write the values beside the file and move them into its place."""
    write_text(file, json.dumps(values, ensure_ascii=False, allow_nan=False))


def write_text(file: Path, text: str) -> None:
    """Write a text the same way; it is on the disk before it has the file's name."""
    draft = file.with_name(f".{file.name}.{os.getpid()}-{get_ident()}")  # others may write the same record
    try:
        with draft.open("w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def read(file: Path) -> dict[str, Any] | None:
    """Return the values, None where there is no readable record; NaN and infinity are none of JSON."""
    try:
        values = json.loads(file.read_text("utf-8"), parse_constant=_refuse)
    except (OSError, ValueError, RecursionError):  # the last for what is nested too deep to be ours
        return None
    return values if isinstance(values, dict) else None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no value of JSON.")

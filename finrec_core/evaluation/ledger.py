"""The ledger: what an evaluation has finished, kept in a folder so that it can be taken up again."""

import hashlib
import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from finrec_core.evaluation.holdout import Measured, Slice

_PACKAGES = ("terms", "dataset", "text", "model", "evaluation", "metrics.py")  # what a figure depends on


class Ledger:
    """Constants chosen and test figures measured, by everything they depend on, the code included.

    Without a folder nothing is kept. An entry is written whole or not at all; one that cannot be
    read is made again, as is every entry after a change of the code.

    >>> from pathlib import Path
    >>> from finrec_core.evaluation import Ledger
    >>> ledger = Ledger(Path("ledger"))
    >>> ledger.chosen("a key", lambda: {"ridge": 200.0})[0]
    {'ridge': 200.0}
    >>> ledger.chosen("a key", lambda: {"ridge": 1.0})[0]
    {'ridge': 200.0}
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    def chosen(self, key: str, choose: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], float]:
        """Return the constants kept under a key, or choose and keep them; and the seconds that took."""
        path = self._path(key, ".json")
        try:
            kept = json.loads(path.read_text("utf-8")) if path else None
        except (OSError, ValueError):
            kept = None
        if kept is None:
            began = monotonic()
            kept = {"constants": choose(), "seconds": monotonic() - began}
            if path:
                _replace(path, lambda temporary: temporary.write_text(json.dumps(kept), "utf-8"))
        return kept["constants"], kept["seconds"]

    def measured(self, key: str, measure: Callable[[], Measured]) -> tuple[Measured, float]:
        """Return the figures kept under a key, or measure and keep them; and the seconds that took."""
        path = self._path(key, ".parquet")
        if path and (kept := _read(path)):
            return kept
        began = monotonic()
        measured, seconds = measure(), monotonic() - began
        if path:
            columns = {
                json.dumps([*part, metric]): pa.array(values)
                for part, metrics in measured.values.items()
                for metric, values in metrics.items()
            }
            about = {"coverage": json.dumps(measured.coverage), "seconds": repr(seconds)}
            table = pa.table(columns).replace_schema_metadata(about)
            _replace(path, lambda temporary: pq.write_table(table, temporary))
        return measured, seconds

    def _path(self, key: str, ending: str) -> Path | None:
        if self.folder is None:
            return None
        self.folder.mkdir(parents=True, exist_ok=True)
        # Whole, because a path such as "s3:" is a place elsewhere to Arrow.
        digest = hashlib.sha256(f"{code_hash()}\0{key}".encode()).hexdigest()[:32]
        return self.folder.absolute() / (digest + ending)

    def __repr__(self) -> str:
        return f"Ledger({self.folder})"


@cache
def code_hash() -> str:
    """Return the SHA-256 over the source of the packages that figures come from."""
    root = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for package in _PACKAGES:
        place = root / package
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> tuple[Measured, float] | None:
    try:
        table = pq.read_table(path)
        about = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
        coverage, seconds = json.loads(about["coverage"]), float(about["seconds"])
    except (OSError, ValueError, KeyError):  # Arrow's errors are of the first two kinds
        return None
    values: dict[Slice, dict[str, np.ndarray]] = {}
    for column in table.schema.names:
        kind, name, metric = json.loads(column)
        values.setdefault((kind, name), {})[metric] = table[column].to_numpy()
    return Measured(values, coverage), seconds


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place and move it there, so that nobody reads half of it."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    write(temporary)
    temporary.replace(path)

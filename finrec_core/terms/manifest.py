"""The manifest of a run's folder: the SHA-256 of each file that the model is, as `run.json` names them."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

HEADER = "run.json"
LISTED = "files"  # the key of the manifest in it
# What a model is. The job's files, its log among them, stay out: they change while it runs and afterwards.
PARTS = (
    *("model.safetensors", "tf-idf.json", "tf-idf.safetensors", "ids.parquet"),
    *("metrics.json", "per_client.parquet", "dataset/*"),
)


def digest(file: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal; raises `OSError` where it cannot be read."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def manifest(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file that makes up a model, by its name with forward slashes."""
    files = [file for part in PARTS for file in folder.glob(part) if file.is_file()]
    return {file.relative_to(folder).as_posix(): digest(file) for file in sorted(files)}


def listed(folder: Path) -> dict[str, str] | None:
    """Return the manifest in a run's `run.json`, None where it names none, as of older runs.

    Raises `OSError` or `ValueError` where that cannot be read.
    """
    header = json.loads((folder / HEADER).read_text("utf-8"))
    named = header.get(LISTED) if isinstance(header, dict) else None
    if named is not None and not (
        isinstance(named, dict) and all(isinstance(one, str) for one in named.values())
    ):
        raise ValueError("its list of files is none")
    return named


def differing(folder: Path, named: Mapping[str, str]) -> list[str]:
    """Return the names of files that are not as listed: changed, gone, or there without being listed."""
    held = manifest(folder)
    return sorted(name for name in held.keys() | named.keys() if held.get(name) != named.get(name))


def changed(folder: Path) -> list[str]:
    """Return the names of files that are not as `run.json` lists them; none where it has no list."""
    named = listed(folder)
    return [] if named is None else differing(folder, named)

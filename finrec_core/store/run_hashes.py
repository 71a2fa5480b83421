"""The hashes of runs: what `run.json` of each was when it was trained, and what an erasure has made of it.

`run.json` names the SHA-256 of every file that the model is, so its own hash stands for all of them. Rows are
only appended, as links of the chain; the last one of a run counts.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from duckdb import DuckDBPyConnection

from finrec_core.store import chain
from finrec_core.store.error import StoreError
from finrec_core.store.rows import from_row, insert, now, single
from finrec_core.terms import manifest

TRAINED, ERASURE, ADOPTED = "trained", "erasure", "first seen"
SINCE = "files_listed"  # in run.json, where its files were listed after the training


def note(cursor: DuckDBPyConnection, run: str, known: str, reason: str) -> None:
    """Write down the hash of a run's `run.json`, unless it is the one that counts already."""
    if known in accepted(cursor, run)[:1]:
        return
    last = single(cursor, "SELECT coalesce(max(sequence), 0) FROM run_hashes")
    row = {"sequence": last + 1, "run": run, "hash": known, "created": now(), "reason": reason}
    insert(cursor, "run_hashes", row)
    chain.record(cursor, "run_hashes", row["sequence"])


def renew(
    cursor: DuckDBPyConnection, runs: Sequence[str], runs_folder: Path, *, erasure: str | None = None
) -> None:
    """Write down the hashes of runs as their folders are: just trained, or without a client by an erasure."""
    for run in runs:
        header = runs_folder / run / manifest.HEADER
        held = cursor.execute("SELECT 1 FROM runs WHERE run = ?", [run]).fetchall()
        if not held or not header.is_file():  # a folder of lists, or one whose model went with the client
            continue
        note(cursor, run, _digest(header), TRAINED if erasure is None else f"{ERASURE} {erasure}")


def accepted(cursor: DuckDBPyConnection, run: str) -> list[str]:
    """Return the hashes that a run's `run.json` may have, the one that counts first.

    While an erasure is not finished, its draft may not have taken the folder's place yet, so the hash of
    before is good too; afterwards it is that of a folder that still holds the client.
    """
    rows = cursor.execute(
        "SELECT hash, reason FROM run_hashes WHERE run = ? ORDER BY sequence DESC LIMIT 2", [run]
    ).fetchall()
    if not rows or not rows[0][1].startswith(f"{ERASURE} "):
        return [known for known, _ in rows[:1]]
    key = rows[0][1].removeprefix(f"{ERASURE} ")
    query = "SELECT 1 FROM erasures WHERE erasure_id = ? AND finished IS NULL"
    begun = bool(cursor.execute(query, [key]).fetchall())
    return [known for known, _ in rows[: 2 if begun else 1]]


def check(cursor: DuckDBPyConnection, folder: Path) -> None:
    """Raise `StoreError` with one sentence where a run's `run.json` is not what the store keeps the hash of.

    What that lists is checked by whoever loads the files.
    """
    known = accepted(cursor, folder.name)
    if not known:
        raise StoreError(
            f"Run {folder.name} was trained before hashes were kept, and none could be taken since: "
            "make its folder writable and open the store again, or publish another run."
        )
    if _digest(folder / manifest.HEADER) not in known:
        raise StoreError(
            f"Run {folder.name} is not what was trained: its run.json was changed since. "
            "Put its folder back from a backup, or publish another run."
        )


def erased(cursor: DuckDBPyConnection, erasure: str, runs_folder: Path) -> list[str]:
    """Return the runs whose `run.json` notes an erasure: its child may have ended before it told of them."""
    query = "SELECT created FROM erasures WHERE erasure_id = ?"
    found = cursor.execute(query, [erasure]).fetchall()
    moment = from_row(found[0][0]).isoformat(timespec="seconds") if found else ""
    runs = [run for (run,) in cursor.execute("SELECT run FROM runs ORDER BY run").fetchall()]
    return [run for run in runs if moment in _noted(runs_folder / run / manifest.HEADER)]


def _noted(header: Path) -> list[str]:
    """Return the moments of the erasures that a `run.json` notes, none where it cannot be read."""
    try:
        values = json.loads(header.read_text("utf-8"))
    except (OSError, ValueError):
        return []
    noted = values.get("erased") if isinstance(values, dict) else None
    return [one for one in noted if isinstance(one, str)] if isinstance(noted, list) else []


def lacking(cursor: DuckDBPyConnection) -> list[str]:
    """Return the runs of which no hash was ever taken."""
    query = "SELECT run FROM runs WHERE run NOT IN (SELECT run FROM run_hashes) ORDER BY run"
    return [run for (run,) in cursor.execute(query).fetchall()]


def expect(cursor: DuckDBPyConnection, run: str, draft: Path, erasure: str) -> None:
    """Write down the hash of an erasure's draft before it takes the place of a run's folder."""
    note(cursor, run, _digest(draft / manifest.HEADER), f"{ERASURE} {erasure}")


def adopt(cursor: DuckDBPyConnection, runs_folder: Path) -> None:
    """Take the hashes of runs from before hashes were kept, as their folders are now, and say so in them.

    A folder that cannot be written stays without a hash.
    """
    for run in lacking(cursor):
        folder = runs_folder / run
        if not (folder / manifest.HEADER).is_file():
            continue
        try:
            _list_files(folder)
        except OSError:
            continue
        note(cursor, run, _digest(folder / manifest.HEADER), ADOPTED)


def _list_files(folder: Path) -> None:
    """Write the list of its files into the `run.json` of an older run, whole or not at all."""
    header = folder / manifest.HEADER
    try:
        if manifest.listed(folder) is not None:
            return
        values = json.loads(header.read_text("utf-8"))
    except ValueError:
        return  # no model, which a load says
    if not isinstance(values, dict):
        return
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    values |= {manifest.LISTED: manifest.manifest(folder), SINCE: moment}
    draft = folder / ".run.json.new"
    draft.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", "utf-8")
    draft.replace(header)


def _digest(header: Path) -> str:
    try:
        return manifest.digest(header)
    except OSError as error:
        raise StoreError(f"{header}: this file cannot be read ({error.strerror}).") from error

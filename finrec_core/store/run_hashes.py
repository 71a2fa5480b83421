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
from finrec_core.store.rows import from_text, insert, now, single
from finrec_core.terms import manifest

TRAINED, ERASURE, ADOPTED = "trained", "erasure", "first seen"
SINCE = "files_listed"  # in run.json, where its files were listed after the training


class ChangedError(StoreError):
    """The `run.json` of a run is none that the store keeps the hash of."""


def note(cursor: DuckDBPyConnection, run: str, known: str, reason: str) -> None:
    """Write down the hash of a run's `run.json`, unless it is the one that counts already."""
    if known in accepted(cursor, run)[:1]:
        return
    last = single(cursor, "SELECT coalesce(max(sequence), 0) FROM run_hashes")
    row = {"sequence": last + 1, "run": run, "hash": known, "created": now(), "reason": reason}
    insert(cursor, "run_hashes", row)
    chain.record(cursor, "run_hashes", row["sequence"])


def take(cursor: DuckDBPyConnection, run: str, runs_folder: Path) -> None:
    """Write down the hash of a run that was just trained, as its folder is."""
    header = runs_folder / run / manifest.HEADER
    if header.is_file():
        note(cursor, run, _digest(header), TRAINED)


def accepted(cursor: DuckDBPyConnection, run: str) -> list[str]:
    """Return the hashes that a run's `run.json` may have, the one that counts first.

    Until an erasure notes the run as done, its draft may not have taken the folder's place yet, so the hash
    of before is good too; afterwards it is that of a folder that still holds the client.
    """
    rows = cursor.execute(
        "SELECT hash, reason FROM run_hashes WHERE run = ? ORDER BY sequence DESC", [run]
    ).fetchall()
    good = []
    for known, reason in rows:
        good.append(known)
        if not _open(cursor, run, _erasures(reason)):
            break
    return good


def _erasures(reason: str) -> list[str]:
    """Return the ids of the erasures that a row's reason names."""
    return reason.removeprefix(f"{ERASURE} ").split() if reason.startswith(f"{ERASURE} ") else []


def _open(cursor: DuckDBPyConnection, run: str, keys: Sequence[str]) -> bool:
    """Return whether one of the erasures neither is finished nor notes the run as done."""
    named = "erasure_id IN (SELECT unnest(?::VARCHAR[]))"
    query = f"SELECT content FROM erasures WHERE finished IS NULL AND {named}"  # noqa: S608 - constants
    found = cursor.execute(query, [list(keys)]).fetchall() if keys else []
    return any(run not in from_text(content)["runs"] for (content,) in found)


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
        raise ChangedError(
            f"Run {folder.name} is not what was trained: its run.json was changed since. "
            "Put its folder back from a backup, or publish another run."
        )


def erased(cursor: DuckDBPyConnection, erasure: str, runs_folder: Path) -> list[str]:
    """Return the runs whose folders are as an erasure's drafts were: a sudden end may have kept the note."""
    query = "SELECT run, hash, reason FROM run_hashes WHERE contains(reason, ?) ORDER BY sequence"
    found = cursor.execute(query, [erasure]).fetchall()
    return [
        run
        for run, known, reason in found
        if erasure in _erasures(reason)
        and (header := runs_folder / run / manifest.HEADER).is_file()
        and _digest(header) == known
    ]


def lacking(cursor: DuckDBPyConnection) -> list[str]:
    """Return the runs of which no hash was ever taken."""
    query = "SELECT run FROM runs WHERE run NOT IN (SELECT run FROM run_hashes) ORDER BY run"
    return [run for (run,) in cursor.execute(query).fetchall()]


def expect(cursor: DuckDBPyConnection, run: str, erasures: Sequence[str], before: str, after: str) -> bool:
    """Write down the hash of a draft before it takes a folder's place, and return whether the run is held.

    Nothing is written where the folder that it was made from is not what counts, or the draft has no model.
    """
    if not cursor.execute("SELECT 1 FROM runs WHERE run = ?", [run]).fetchall():
        return False
    if after and before in accepted(cursor, run):
        note(cursor, run, after, f"{ERASURE} {' '.join(erasures)}")
    return True


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

"""The verification: what in the record was cut, altered or added past the store, row by row."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from duckdb import DuckDBPyConnection

from finrec_core.store import chain, datasets, log, restores, run_hashes, stamp
from finrec_core.store.anchor import SHORT, Anchor, AnchorFile
from finrec_core.store.error import StoreError
from finrec_core.store.log import LOGS
from finrec_core.store.restores import Restore
from finrec_core.terms import manifest
from finrec_core.terms.swap import steady

AHEAD = timedelta(minutes=5)  # by which another machine's clock may differ
Rows = dict[tuple[str, str], list[str]]  # the digests of a row by its table and its name, oldest first


@dataclass(frozen=True)
class Verification:
    """What was checked, and a sentence for each fault that was found.

    `rows` stand in the record, over which `links` go; `anchors` were compared, the newest of `anchored`, and
    `stamps` of them carry a time stamp that fits. `remarks` say what the check cannot tell.
    """

    faults: tuple[str, ...]
    rows: int = 0
    links: int = 0
    anchors: int = 0
    anchored: datetime | None = None
    stamps: int = 0
    remarks: tuple[str, ...] = ()


def verify(
    cursor: DuckDBPyConnection,
    runs_folder: Path,
    *,
    files: tuple[AnchorFile, ...] = (),
    own: Path | None = None,
    key: str | None = None,
    roots: Path | None = None,
) -> Verification:
    """Check the rows against the chain, the chain against anchors, and data and runs against their hashes.

    `own` is the file that the store's anchors are written to, which must hold all of them; `key` is the
    public key that must have signed, None where it is not known.
    """
    faults: dict[tuple[str, str], str] = {}
    now: Rows = defaultdict(list)
    _chain_faults(cursor, faults, now)
    for table in LOGS:
        for place, said in log.faults(cursor, table):
            faults.setdefault((table, str(place)), f"{table}: row {place} {said}.")
    rows = sum(_row_faults(cursor, table, faults, now) for table in chain.RECORD)
    _content_faults(cursor, faults)
    _run_faults(cursor, runs_folder, faults)
    told = list(faults.values())
    restored, remarks = _restores(cursor, key, told)
    stamps, anchors = 0, [one for file in files for one in file.anchors.values()]
    for file in files:
        told += file.faults
        told += _anchor_faults(cursor, file, key, faults, restored)
        found, wrong = _stamps(file, roots)
        stamps += found
        told += wrong
    if own is not None:
        told += _missing(cursor, own, files, restored)
    if not anchors:
        remarks.append(
            "No anchor was compared: rows cut off at the end, or a chain written anew, do not show."
        )
    if stamps and roots is None:
        remarks.append(
            "Who signed the time stamps was not checked: FINREC_TIMESTAMP_ROOTS names no certificates."
        )
    if (before := chain.before_chain(cursor)) is not None:
        remarks.append(
            f"{before[1]:,} rows are older than the chain, which began on {before[0]:%Y-%m-%d}: "
            "they are checked as they were then."
        )
    newest = max((one.created for one in anchors), default=None)
    return Verification(
        tuple(told), rows, chain.head(cursor)[0], len(anchors), newest, stamps, tuple(remarks)
    )


def _chain_faults(cursor: DuckDBPyConnection, faults: dict[tuple[str, str], str], now: Rows) -> None:
    """Find links that are missing, altered or do not follow, and gather the digests that they name."""
    previous, expected = chain.START, 1
    for link in chain.links(cursor):
        whole = link.fits()
        where = f"chain: link {link.sequence}"
        if link.sequence != expected:
            missing = "is" if link.sequence == expected + 1 else f"to {link.sequence - 1} are"
            faults["chain", str(expected)] = f"chain: link {expected} {missing} missing."
        elif link.previous != previous and whole:
            faults["chain", str(link.sequence)] = f"{where} does not follow the link before it."
        if not whole:
            faults["chain", str(link.sequence)] = f"{where} was changed after it was written."
        now[link.about, link.name].append(link.digest)
        previous, expected = link.hash, link.sequence + 1


def _row_faults(
    cursor: DuckDBPyConnection,
    table: str,
    faults: dict[tuple[str, str], str],
    now: Mapping[tuple[str, str], list[str]],
) -> int:
    """Find rows of a table that are not what their last links say, and return how many rows there are."""
    seen = set()
    for name, digest in chain.digests(cursor, table):
        seen.add(name)
        known = now.get((table, name), [""])[-1]
        if known == digest:
            continue
        what = "was changed after it was written" if known else "was added past the chain"
        faults.setdefault((table, name), f"{table}: row {name} {what}.")
    for about, name in now:
        if about == table and now[about, name][-1] and name not in seen:
            faults.setdefault((table, name), f"{table}: row {name} is missing.")
    return len(seen)


def _content_faults(cursor: DuckDBPyConnection, faults: dict[tuple[str, str], str]) -> None:
    """Find versions whose rows are not those that were imported."""
    for version in datasets.versions(cursor):
        key = datasets.find(cursor, version.name, version.version)[0]
        try:
            held = datasets.read(cursor, key, version).content_hash
        except ValueError:  # rows that make no dataset any more
            held = ""
        if held != version.content_hash:
            faults.setdefault(
                ("datasets", version.label), f"datasets: the rows of {version.label} are not those imported."
            )


def _run_faults(cursor: DuckDBPyConnection, runs_folder: Path, faults: dict[tuple[str, str], str]) -> None:
    """Find runs whose folders are not what was trained."""
    for (run,) in cursor.execute("SELECT run FROM runs ORDER BY run").fetchall():
        folder = runs_folder / run
        if not (folder / manifest.HEADER).is_file():
            continue  # which the desk says wherever the run is named
        try:
            run_hashes.check(cursor, folder)
            changed = steady(folder, partial(manifest.changed, folder))
        except StoreError as error:
            faults.setdefault(("runs", run), f"runs: {error}")
        except (OSError, ValueError) as error:
            faults.setdefault(("runs", run), f"runs: the run.json of {run} cannot be read ({error}).")
        else:
            for name in changed:
                faults["runs", f"{run}/{name}"] = f"runs: {name} of run {run} is not what was trained."


def _anchor_faults(
    cursor: DuckDBPyConnection,
    file: AnchorFile,
    key: str | None,
    faults: Mapping[tuple[str, str], str],
    restored: list[Restore],
) -> Iterator[str]:
    """Find what does not fit a file's anchors: first whose they are, then the chain, row by row."""
    store, latest = chain.identity(cursor), datetime.now(UTC) + AHEAD
    own = {}
    for number, one in file.anchors.items():
        where = f"{file.file.name}: line {number}"
        if one.store != store:
            yield f"{where} is of another store, or this store was put in the place of the one that it is of."
        elif not one.whole:
            continue  # said already: nothing that it tells counts
        elif key is not None and one.key != key:
            yield f"{where} is signed by another key than that of this desk."
        else:
            own[number] = one
        if one.created > latest:
            yield f"{where} is dated {one.created:%Y-%m-%d %H:%M}, in the future."
    digests = dict(chain.digests(cursor, restores.TABLE))
    for number in restores.given_up(file, restored, digests):
        own.pop(number, None)  # a remark says so
    held = _hashes(cursor, {one.sequence for one in own.values()})
    wrong = {number: one for number, one in own.items() if held.get(one.sequence, chain.START) != one.hash}
    if not wrong:
        return
    number, first = min(wrong.items())
    fits = max((one.sequence for place, one in own.items() if place < number), default=0)
    told = [*_differences(cursor, [one for place, one in own.items() if place >= number], fits, faults)]
    yield from told
    moment = f"{first.created:%Y-%m-%d %H:%M}"
    length = chain.head(cursor)[0]
    what = f"the chain has {length:,} links where {first.sequence:,} were anchored"
    if length >= first.sequence:
        what = "the chain was written anew"
    since = f"after link {fits:,}, up to which it fits" if fits else "from its first link on"
    yield f"{file.file.name}: {what} ({since}; anchor of {moment}, line {number})."


def _restores(
    cursor: DuckDBPyConnection, key: str | None, told: list[str]
) -> tuple[list[Restore], list[str]]:
    """Return the restores that somebody of this desk made, and a sentence for each; tell of others."""
    good, sentences = [], []
    for one in restores.every(cursor):
        if not one.whole or one.store != chain.identity(cursor) or (key is not None and one.key != key):
            told.append(f"restores: row {one.sequence} is not signed by the key of this desk.")
        else:
            good.append(one)
            sentences.append(one.sentence)
    return good, sentences


def _differences(
    cursor: DuckDBPyConnection, anchors: list[Anchor], fits: int, known: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    """Yield a sentence for each row that the links after `fits` tell otherwise than the anchors do."""
    then: Rows = defaultdict(list)
    when: dict[tuple[str, str], datetime] = {}
    for one in anchors:
        for about, name, digest in one.links:
            then[about, name].append(digest)
            when[about, name] = one.created
    now: Rows = defaultdict(list)
    early = set()
    last = max(one.sequence for one in anchors)
    for link in chain.links(cursor, fits):
        now[link.about, link.name].append(link.digest[:SHORT])
        if link.sequence <= last:
            early.add((link.about, link.name))
    for row in sorted(then.keys() | early):
        if row[0] not in chain.RECORD or row in known:
            continue
        if row not in now:
            yield f"{row[0]}: row {row[1]} was cut; it was anchored on {when[row]:%Y-%m-%d %H:%M}."
        elif row not in then:
            yield f"{row[0]}: row {row[1]} was added among what was anchored."
        elif now[row][: len(then[row])] != then[row]:
            yield f"{row[0]}: row {row[1]} was altered since it was anchored on {when[row]:%Y-%m-%d %H:%M}."


def _missing(
    cursor: DuckDBPyConnection, own: Path, files: tuple[AnchorFile, ...], restored: list[Restore]
) -> Iterator[str]:
    """Find anchors that the store wrote and its file lacks; where a restore found none, those since."""
    found = next((file.lines for file in files if file.file.resolve() == own.resolve()), {})
    held = set(found.values())
    bare = max((one.kept for one in restored if not one.anchor), default=0)
    query = "SELECT created, name FROM chain WHERE about = ? AND sequence > ? ORDER BY sequence"
    noted = cursor.execute(query, [chain.ANCHOR, bare]).fetchall()
    gone = [moment for moment, line in noted if line not in held]
    if gone:
        count = "1 anchor is" if len(gone) == 1 else f"{len(gone):,} anchors are"
        yield f"{own.name}: {count} not in this file any more, the first of {gone[0]:%Y-%m-%d %H:%M}."


def _hashes(cursor: DuckDBPyConnection, places: set[int]) -> dict[int, str]:
    query = "SELECT sequence, hash FROM chain WHERE sequence IN (SELECT unnest(?::BIGINT[]))"
    return dict(cursor.execute(query, [sorted(places)]).fetchall()) | (
        {0: chain.START} if 0 in places else {}
    )


def _stamps(file: AnchorFile, roots: Path | None) -> tuple[int, list[str]]:
    """Return how many anchors carry a time stamp that fits, and a sentence for each whose stamp does not."""
    found, wrong = 0, []
    for number, one in file.anchors.items():
        if not one.stamp:
            continue
        try:
            moment = stamp.moment(bytes.fromhex(one.stamp), bytes.fromhex(one.signature), roots)
        except (ValueError, StoreError) as error:
            wrong.append(f"{file.file.name}: line {number}: {str(error).rstrip('.')}.")
            continue
        if abs(moment - one.created) > AHEAD:
            wrong.append(
                f"{file.file.name}: line {number} was stamped {moment:%Y-%m-%d %H:%M}, not when it says."
            )
        found += 1
    return found, wrong

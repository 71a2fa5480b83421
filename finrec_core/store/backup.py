"""The backup: a store and its runs in one zip archive, its keys in another, and the way back."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

import pyarrow as pa
import pyarrow.parquet as pq

from finrec_core.store import keys, signature
from finrec_core.store.error import StoreError
from finrec_core.store.owner import Owner
from finrec_core.store.pack import LEDGER, RUNS, STORE, packing, unpack, unpack_keys
from finrec_core.store.restores import Restore
from finrec_core.store.store import Store
from finrec_core.terms import lock
from finrec_core.terms.progress import Progress, silent

PATIENCE = 600.0  # seconds that a backup waits for an erasure to end in the folders of runs
IDS = {"clients": ["client_id"], "interactions": ["client_id"], "ties": ["client_id", "other_client_id"]}


@dataclass(frozen=True)
class Restored:
    """What came back: how many runs and keys, those that were there already not counted.

    `aside` is where what made room lies; `erased` counts the clients who were erased since the backup and
    are so again. `lost` says what the store that is back lacks, as its record does; `replaced` are runs whose
    folders were not those of the backup, and which lie in a folder beside the others now.
    """

    runs: int
    aside: Path | None
    keys: int = 0
    erased: int = 0
    lost: str = ""
    replaced: tuple[str, ...] = ()


def keys_of(archive: Path) -> Path:
    """Return where a backup's keys are kept unless another place is named: beside it, as NAME-keys.zip."""
    return archive.with_name(f"{archive.stem}-keys.zip")


def write(store: Store, archive: Path, progress: Progress = silent, *, secrets: Path | None = None) -> int:
    """Write the store and the folders of its runs into an archive and return how many runs it holds.

    The keys go into an archive of their own, `secrets`, by default that of `keys_of`: without them what the
    logs show of clients stays sealed. Nobody can write to the store meanwhile, nor put a run's folder in
    another's place. Each archive has its name once both are whole. Raises `StoreError` where they cannot be
    written, or an erasure goes on writing folders.
    """
    secrets = secrets or keys_of(archive)
    if secrets.absolute() == archive.absolute():
        raise StoreError(f"{archive}: the keys belong apart from what they open: name another file for them.")
    try:
        with (
            lock.take(store.runs_folder / lock.SWAPS, PATIENCE, shared=True) as still,
            packing(archive) as out,
            packing(secrets) as safe,
        ):
            if still is None:
                raise StoreError("A client's data is being erased: make the backup once that is done.")
            folders = [store.runs_folder / row.run for row in store.runs() if not row.missing]
            with store.standing() as file:
                out.write(file, STORE)
            out.writestr(LEDGER, store.ledger())
            for path in keys.files(store.file):
                safe.write(path, path.relative_to(keys.Keyring(store.file).folder).as_posix())
            files = [(path, folder) for folder in folders for path in _files(folder)]
            for place, (path, folder) in enumerate(files, start=1):
                out.write(path, f"{RUNS}/{folder.name}/{path.relative_to(folder).as_posix()}")
                progress("Packing the runs", place / len(files))
        _noted(store.file).write_text(datetime.now(UTC).isoformat(timespec="seconds"), "ascii")
    except OSError as error:
        raise StoreError(f"{archive}: the backup cannot be written ({error.strerror or error}).") from error
    return len(folders)


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def last(file: Path) -> datetime | None:
    """Return when the last backup of a store was made, None where none was, or where that is not known."""
    try:
        return datetime.fromisoformat(_noted(file).read_text("ascii")).astimezone(UTC)
    except (OSError, ValueError):
        return None


def _noted(file: Path) -> Path:
    return file.with_name(f"{file.name}.backup")


def restore(
    archive: Path,
    file: Path,
    runs_folder: Path,
    *,
    replace: bool = False,
    secrets: Path | None = None,
    user: str = "",
) -> Restored:
    """Put a backup's store in the place of `file`, and its runs beside those in `runs_folder`.

    Keys that are not there come from `secrets`, by default the archive of `keys_of` where there is one.
    Clients whom the ledger beside the keys, or that of the backup, knows to be erased are erased from the
    store again; the folders of runs follow when its erasures are finished. The restore is a row of the
    record, and says what was lost. A store that stands there is moved aside, and only where `replace` says
    so; folders of runs that are not what the store that comes back keeps the hash of make room, too. Nothing
    is changed until the archives have been unpacked and the store opened. Raises `StoreError` otherwise.
    """
    if file.exists() and not replace:
        raise StoreError(f"{file} is a store already: say that it should make room, or name another place.")
    beside = keys_of(archive)
    secrets = secrets or (beside if beside.is_file() else None)
    owner = Owner(file)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with ExitStack() as undo:
            draft = Path(mkdtemp(prefix=".restore-", dir=file.parent))
            undo.callback(shutil.rmtree, draft, ignore_errors=True)
            unpack(archive, draft)
            if secrets is not None:
                unpack_keys(secrets, draft / keys.FOLDER)
            failing = undo.enter_context(ExitStack())  # what is taken back where the rest fails
            made = _add_keys(draft / keys.FOLDER, file, failing)
            signing = keys.folder(file) / signature.FILE  # made to sign the restore where there is none
            if not signing.exists():
                failing.callback(signing.unlink, missing_ok=True)
            erased, made_row, stale = _open(draft, file, runs_folder, archive, user)
            replaced = _put_aside(
                [run for run in stale if (draft / RUNS / run).is_dir()], runs_folder, failing
            )
            runs = _move_runs(draft / RUNS, runs_folder, failing)
            aside = _make_room(file)
            (draft / STORE).replace(file)
            failing.pop_all()
    except OSError as error:
        raise StoreError(f"{archive}: the backup cannot be restored ({error.strerror or error}).") from error
    finally:
        owner.release()
    return Restored(runs - len(replaced), aside, made, erased, made_row.sentence, replaced)


def _open(
    draft: Path, file: Path, runs_folder: Path, archive: Path, user: str
) -> tuple[int, Restore, list[str]]:
    """Open what was unpacked, as of a version known here, note the restore, and erase who was erased since.

    Returns how many these were, what was noted, and the runs whose folders are others than they should be.
    """
    ledgers = [draft / LEDGER, *(draft / keys.FOLDER).glob("erased-*.json")]
    with Store(draft / STORE, runs_folder=draft / RUNS, keys_of=file) as store:
        for ledger in filter(Path.exists, ledgers):
            store.learn_erasures(ledger.read_text(encoding="utf-8", errors="replace"), archive)
        noted = store.note_restore(archive, file, user=user)
        stale = [run for run in store.stale_runs(runs_folder) if (runs_folder / run).exists()]
        erased = len(store.erase_again(_clients(draft / RUNS), user=user))
    if erased:
        Store(draft / STORE, runs_folder=draft / RUNS, keys_of=file).close()  # no freed block holds them
    return erased, noted, stale


def _clients(runs: Path) -> Iterator[str]:
    """Yield the ids of clients in the data of all runs."""
    for table, columns in IDS.items():
        for path in runs.glob(f"*/dataset/{table}.parquet"):
            try:
                read = pq.read_table(path, columns=columns)
            except (
                pa.ArrowException,
                OSError,
                ValueError,
            ):  # a damaged run says so when it is read
                continue
            for column in columns:
                yield from filter(None, read[column].unique().to_pylist())


def _add_keys(source: Path, store: Path, undo: ExitStack) -> int:
    """Put the keys that are not there yet into the folder of the store's keys, and return how many."""
    count = 0
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        place = keys.folder(store) / path.relative_to(source)
        if path.is_file() and not place.exists() and not path.match("erased-*.json"):
            place.parent.mkdir(mode=0o700, exist_ok=True)
            keys.keep(place, path.read_bytes())
            undo.callback(place.unlink, missing_ok=True)
            count += 1
    return count


def _move_runs(source: Path, target: Path, undo: ExitStack) -> int:
    """Move the runs that are not there yet and return how many."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    missing = [run for run in sorted(source.glob("*")) if not (target / run.name).exists()]
    for run in missing:
        undo.callback(shutil.rmtree, target / run.name, ignore_errors=True)
        shutil.move(run, target / run.name)
    return len(missing)


def _put_aside(stale: Sequence[str], runs_folder: Path, undo: ExitStack) -> tuple[str, ...]:
    """Move folders of runs out of the way of those of the backup, into a folder beside all runs."""
    aside = runs_folder.with_name(f"{runs_folder.name}.before-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    for run in stale:
        aside.mkdir(mode=0o700, exist_ok=True)
        (runs_folder / run).rename(aside / run)
        undo.callback((aside / run).rename, runs_folder / run)
    return tuple(stale)


def _make_room(file: Path) -> Path | None:
    """Move a store and what DuckDB wrote beside it aside, and return where it is."""
    if not file.exists():
        return None
    aside = file.with_name(f"{file.name}.before-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    for suffix in ("", ".wal"):
        one = file.with_name(file.name + suffix)
        if one.exists():
            one.replace(aside.with_name(aside.name + suffix))
    return aside

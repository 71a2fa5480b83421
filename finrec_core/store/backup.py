"""The backup: a store and the folders of its runs in one zip archive, and the way back."""

import shutil
import zipfile
import zlib
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp

from finrec_core.store.error import StoreError
from finrec_core.store.owner import Owner
from finrec_core.store.store import Store
from finrec_core.terms.progress import Progress, silent

STORE = "finrec.duckdb"  # what the store's file is called in an archive
RUNS = "runs"


@dataclass(frozen=True)
class Restored:
    """What came back: how many runs, those that were there already not counted, and what made room."""

    runs: int
    aside: Path | None


def write(store: Store, archive: Path, progress: Progress = silent) -> int:
    """Write the store and the folders of its runs into an archive and return how many runs it holds.

    Nobody can write to the store meanwhile. The archive has its name once it is whole. Raises
    `StoreError` where it cannot be written.
    """
    folders = [store.runs_folder / row.run for row in store.runs() if not row.missing]
    files = [(path, folder) for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    draft = archive.with_name(f".{archive.name}.new")
    try:
        with ExitStack() as undo:
            undo.callback(draft.unlink, missing_ok=True)
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
                with store.standing() as file:
                    out.write(file, STORE)
                for place, (path, folder) in enumerate(files, start=1):
                    out.write(path, f"{RUNS}/{folder.name}/{path.relative_to(folder).as_posix()}")
                    progress("Packing the runs", place / len(files))
            draft.replace(archive)
            _noted(store.file).write_text(datetime.now(UTC).isoformat(timespec="seconds"), "ascii")
    except OSError as error:
        raise StoreError(f"{archive}: the backup cannot be written ({error.strerror or error}).") from error
    return len(folders)


def last(file: Path) -> datetime | None:
    """Return when the last backup of a store was made, None where none was, or where that is not known."""
    try:
        return datetime.fromisoformat(_noted(file).read_text("ascii")).astimezone(UTC)
    except (OSError, ValueError):
        return None


def _noted(file: Path) -> Path:
    return file.with_name(f"{file.name}.backup")


def restore(archive: Path, file: Path, runs_folder: Path, *, replace: bool = False) -> Restored:
    """Put a backup's store in the place of `file`, and its runs beside those in `runs_folder`.

    A store that stands there is moved aside, and only where `replace` says so. Nothing is changed
    until the archive has been unpacked and its store opened. Raises `StoreError` otherwise.
    """
    if file.exists() and not replace:
        raise StoreError(f"{file} is a store already: say that it should make room, or name another place.")
    owner = Owner(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(mkdtemp(prefix=".restore-", dir=file.parent))
        try:
            _unpack(archive, draft)
            Store(draft / STORE, runs_folder=draft / RUNS).close()  # opens, and is of a version known here
            runs = _move_runs(draft / RUNS, runs_folder)
            aside = _make_room(file)
            (draft / STORE).replace(file)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise StoreError(f"{archive}: the backup cannot be restored ({error.strerror or error}).") from error
    finally:
        owner.release()
    return Restored(runs, aside)


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack a backup; raises `StoreError` for a file that is none, and for one that is damaged."""
    try:
        with zipfile.ZipFile(archive) as packed:
            names = packed.namelist()
            if STORE not in names or not all(map(_ours, names)):
                raise StoreError(f"{archive} is no backup of finrec.")
            if damaged := packed.testzip():
                raise StoreError(f"{archive}: the backup is damaged ({damaged}).")
            packed.extractall(folder)
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise StoreError(f"{archive}: this is no zip archive, or a damaged one ({error}).") from error


def _ours(name: str) -> bool:
    """Return whether a member is the store or lies in a run's folder."""
    parts = PurePosixPath(name).parts
    inside = len(parts) > 2 and parts[0] == RUNS and ".." not in parts and "\\" not in name
    return name == STORE or inside


def _move_runs(source: Path, target: Path) -> int:
    """Move the runs that are not there yet and return how many."""
    target.mkdir(parents=True, exist_ok=True)
    missing = [run for run in sorted(source.glob("*")) if not (target / run.name).exists()]
    for run in missing:
        shutil.move(run, target / run.name)
    return len(missing)


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

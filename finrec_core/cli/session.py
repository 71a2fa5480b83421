"""The session: the store, or the run folder, that one command works on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import typer

from finrec_core.cli import core
from finrec_core.cli.terminal import CallerError, Terminal
from finrec_core.terms import privacy


def given(context: typer.Context, store: Path | None, *, as_json: bool) -> tuple[Path | None, Terminal]:
    """Return the store and the terminal of a sub-command, whose options may also stand before its name."""
    before = context.obj
    return store or before[0], Terminal(as_json=as_json or before[1])


def store_file(path: Path | None) -> Path:
    """Return the file of the store at `path` (a file, or its folder), by default the one of the settings."""
    file = path or core.settings().store_file
    return file / core.settings().store_file.name if file.is_dir() else file


@contextmanager
def open_store(path: Path | None, *, create: bool = False, reading: bool = False) -> Iterator["core.Store"]:
    """Open the store of `store_file`, which must be there unless it may be created.

    A command that is only `reading` asks the desk where that owns the store.
    """
    file = store_file(path)
    if not create and not file.is_file():
        raise CallerError(
            f"There is no store at {file} yet: import files first, or name another with --store."
        )
    privacy.close((file, file.with_name(f"{file.name}.wal"), file.parent / "runs"))
    with _opened(file, reading=reading) as store:
        yield store


def _opened(file: Path, *, reading: bool) -> "core.Store":
    """Return the store, or its reading methods as the process that owns it answers them."""
    try:
        return core.Store(file)
    except core.StoreError:
        if not reading:
            raise
        try:
            return cast("core.Store", core.Visitor(file))
        except core.StoreError:
            pass
        raise  # nobody answers: the first sentence says who holds it


def load_model(run: Path | None, store: Path | None) -> "core.FusedRecommender":
    """Load the model of a run folder, or the store's active one; the store is closed again before that."""
    if run is not None and store is not None:
        raise CallerError("Give --run or --store, not both: a run folder needs no store.")
    folder = run or _active_folder(store)
    if not (folder / "run.json").is_file():
        raise CallerError(f"{folder} is not the folder of a finished run: it holds no run.json.")
    return core.FusedRecommender.load(folder)


def load_rules(dataset: "core.Dataset", run: Path | None, store: Path | None) -> tuple[int, "core.Rules"]:
    """Load the rules that the bank has set last, and their version; 0 are those proposed for the data.

    A run's folder goes without a store, so the proposed ones count there.
    """
    if run is None:
        with open_store(store, reading=True) as desk:
            version = desk.rules()
        if version is not None:
            return version.version, core.Rules.from_json(version.content)
    return 0, core.Rules.proposed(dataset)


def active_run(desk: "core.Store") -> "core.RunRow":
    """Return the run of the active model."""
    active = desk.active_run()
    if active is None:
        raise CallerError("No model is active yet: run `python -m finrec_core train` first.")
    return active


def _active_folder(path: Path | None) -> Path:
    with open_store(path, reading=True) as desk:
        return desk.run_folder(active_run(desk).run)


def load_dataset(
    terminal: Terminal, folder: Path | None, label: str | None, store: Path | None
) -> tuple["core.Dataset", "core.DatasetVersion | None"]:
    """Load the dataset that `label` names in the store, or read the files of a folder, without any store.

    Returns the dataset and its version in the store, None for a folder's.
    """
    if folder is None:
        with open_store(store) as desk:
            version = desk.version(label)
            return desk.dataset(version.name, version.version), version
    if label is not None or store is not None:
        raise CallerError("Give a FOLDER, or a dataset of the store, not both.")
    if (folder / "interactions.parquet").is_file():  # the `dataset` folder of a run
        return core.Dataset.load(folder), None
    intake = core.read_files(core.find_sources([folder]), name=folder.resolve().name)
    for notice in intake.notices:
        terminal.remark(notice)
    if intake.dataset is None:
        raise CallerError(f"No interaction of {folder} can be used: `python -m finrec_core import` says why.")
    if intake.questions:
        raise CallerError(
            f"{folder} leaves something open, which `python -m finrec_core import` can be told: "
            f"{intake.questions[0].sentence}"
        )
    return intake.dataset, None

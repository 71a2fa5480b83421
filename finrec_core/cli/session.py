"""The session: the store, or the run folder, that one command works on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from finrec_core.cli.terminal import CallerError, Terminal

if TYPE_CHECKING:
    from finrec_core.advice.rules import Rules
    from finrec_core.dataset import Dataset
    from finrec_core.recommender import FusedRecommender
    from finrec_core.store import DatasetVersion, Store


@contextmanager
def open_store(path: Path | None, *, create: bool = False) -> Iterator["Store"]:
    """Open the store at `path` (a file, or the folder that holds it), by default the one of the settings."""
    from finrec_core.settings import settings  # noqa: PLC0415 - half a second that `--help` should not pay
    from finrec_core.store import Store  # noqa: PLC0415

    file = path or settings().store_file
    if file.is_dir():
        file /= settings().store_file.name
    if not create and not file.is_file():
        raise CallerError(
            f"There is no store at {file} yet: import files first, or name another with --store."
        )
    with Store(file) as store:
        yield store


def load_model(run: Path | None, store: Path | None) -> "FusedRecommender":
    """Load the model of a run folder, or the store's active one; the store is closed again before that."""
    if run is not None and store is not None:
        raise CallerError("Give --run or --store, not both: a run folder needs no store.")
    folder = run or _active_folder(store)
    if not (folder / "run.json").is_file():
        raise CallerError(f"{folder} is not the folder of a finished run: it holds no run.json.")
    from finrec_core.recommender import FusedRecommender  # noqa: PLC0415 - loads torch

    return FusedRecommender.load(folder)


def load_rules(dataset: "Dataset", run: Path | None, store: Path | None) -> tuple[int, "Rules"]:
    """Load the rules that the bank has set last, and their version; 0 are those proposed for the data.

    A run's folder goes without a store, so the proposed ones count there.
    """
    from finrec_core.advice.rules import Rules  # noqa: PLC0415 - loads Arrow

    if run is None:
        with open_store(store) as desk:
            version = desk.rules()
        if version is not None:
            return version.version, Rules.from_json(version.content)
    return 0, Rules.proposed(dataset)


def _active_folder(path: Path | None) -> Path:
    with open_store(path) as store:
        active = store.active_run()
        if active is None:
            raise CallerError("No model is active yet: run `python -m finrec_core train` first.")
        return store.run_folder(active.run)


def load_dataset(
    terminal: Terminal, folder: Path | None, label: str | None, store: Path | None
) -> tuple["Dataset", "DatasetVersion | None"]:
    """Load the dataset that `label` names in the store, or read the files of a folder, without any store.

    Returns the dataset and its version in the store, None for a folder's.
    """
    if folder is None:
        with open_store(store) as desk:
            version = desk.version(label)
            return desk.dataset(version.name, version.version), version
    if label is not None or store is not None:
        raise CallerError("Give a FOLDER, or a dataset of the store, not both.")
    from finrec_core.dataset import Dataset, find_sources, read_files  # noqa: PLC0415 - loads Arrow

    if (folder / "interactions.parquet").is_file():  # the `dataset` folder of a run
        return Dataset.load(folder), None
    intake = read_files(find_sources([folder]), name=folder.resolve().name)
    for notice in intake.notices:
        terminal.remark(notice)
    if intake.dataset is None or intake.needs_confirmation:
        raise CallerError(
            f"{intake.rejected_share:.1%} of the rows of {folder} cannot be used: "
            "`python -m finrec_core import` says why."
        )
    return intake.dataset, None

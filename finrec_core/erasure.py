"""Erasure: the folder of a run without one client's data, so that it still loads and adds up.

A model has no vector of a client, so nearly all of it can be made anew without one: interactions,
reviews and ties leave the dataset and the text features, and the closed-form views are solved again.
What the network learned by training stays as it is; only another training is without the client.
"""

import errno
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from finrec_core import run_folder
from finrec_core.dataset import Dataset, DatasetError
from finrec_core.dataset.erasure import without_clients
from finrec_core.dataset.report import csv_column, csv_without
from finrec_core.model.evidence import Evidence
from finrec_core.model.fit import assemble
from finrec_core.run_folder import StoredRun
from finrec_core.terms import manifest, swap

DRAFT = ".forgetting-"  # no name of a job: these begin with a year
COLUMNS = ("client_id", "client")  # where tables beside the dataset name a client


def holds(folder: Path, client: str) -> bool:
    """Return whether a file of a run's folder holds rows of a client; a damaged one counts as if it did."""
    tables = [*folder.glob("dataset/clients.parquet"), *_tables(folder)]
    return any(_named(path, client) for path in tables) or any(
        csv_without(path, None, client, COLUMNS) for path in folder.glob("*.csv")
    )


def erase(folder: Path, client: str, erased: datetime) -> None:
    """Write a run's folder anew without a client and put it in place of the old one, in one step.

    `run.json` notes when, and what its figures were tested on. A model that cannot be loaded or solved goes,
    since its text vectors cannot be told apart. Only the holder of the lock of swaps may call this, and
    `recover` before it. A sudden end leaves the folder as it was or as it should be; so does a failure,
    which raises `OSError`. The draft's name is this process's own.
    """
    draft = folder.with_name(f"{DRAFT}{os.getpid()}-{folder.name}")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.mkdir()
        _write(folder, draft, client, erased)
        put(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def prepare(folder: Path, draft: Path, clients: Sequence[tuple[str, datetime]]) -> tuple[str, str]:
    """Write a run's folder anew without clients, each with when that was asked, into a draft on the disk.

    Returns the SHA-256 of `run.json` as it was read and as the draft has it, "" where that has none because
    the model went. Raises `OSError` where it cannot be written, or the folder was changed meanwhile.
    """
    before = manifest.digest(folder / manifest.HEADER)
    source = folder
    for place, (client, erased) in enumerate(clients):
        target = draft.with_name(f"{draft.name}.{place}")
        target.mkdir(parents=True)
        _write(source, target, client, erased)
        if source != folder:
            shutil.rmtree(source)
        source = target
    if manifest.digest(folder / manifest.HEADER) != before:
        raise OSError(errno.EBUSY, "it was changed meanwhile", str(folder))
    source.rename(draft)
    swap.flush(draft)
    header = draft / manifest.HEADER
    return before, manifest.digest(header) if header.is_file() else ""


def put(draft: Path, folder: Path) -> None:
    """Put a draft in place of a folder in one step, with what was noted there while it was written.

    The draft is what the folder was, afterwards. Raises `OSError`.
    """
    swap.swap(draft, folder)
    for mark in draft.iterdir():
        if mark.is_file() and not mark.suffix and not (folder / mark.name).exists():
            mark.rename(folder / mark.name)


def recover(runs_folder: Path) -> None:
    """Take back what a sudden end left beside the folders; only the holder of the lock of swaps may."""
    swap.recover(runs_folder)
    for draft in runs_folder.glob(f"{DRAFT}*"):
        shutil.rmtree(draft, ignore_errors=True)


def _write(folder: Path, draft: Path, client: str, erased: datetime) -> None:
    """Write all files of a run's folder into a draft, without a client."""
    for path in folder.iterdir():
        if path.is_file() and path.suffix not in (".parquet", ".csv", ".safetensors"):
            shutil.copy2(path, draft / path.name)
    for path in _tables(folder):
        _erase_rows(path, draft, client)
    for path in folder.glob("*.csv"):
        csv_without(path, draft / path.name, client, COLUMNS)
    _recount(draft)
    if not _erase_run(folder, draft, client, erased):
        _erase_data(folder, draft, client)


def _recount(folder: Path) -> None:
    """Write anew how many rows of how many clients the file of lists in a job's folder holds."""
    result = folder / "result.json"
    found = json.loads(result.read_text("utf-8")) if result.exists() else {}
    file = folder / str(found.get("file", ""))
    if not {"rows", "clients"} <= found.keys() or not file.is_file():
        return
    if file.suffix == ".csv":
        clients = csv_column(file, "client_id")
    else:
        clients = pq.read_table(file, columns=["client_id"])["client_id"].to_pylist()
    found |= {"rows": len(clients), "clients": len(set(clients))}
    result.write_text(json.dumps(found, ensure_ascii=False), "utf-8")


def without_client(stored: StoredRun, client: str) -> StoredRun:
    """Return a run without a client: evidence, text features, closed-form views and spreads made anew."""
    dataset, model = stored.dataset, stored.model
    row = dataset.client_rows.get(client, -1)
    kept = dataset.event_clients != row
    left = without_clients(dataset, {client})
    features = model.evidence.features.take(kept)
    asked = model.evidence.message_passing.asked
    evidence = Evidence.with_features(left, features, model.constants.switches, message_passing=asked)
    texts = [*left.product_texts, *left.review_texts]
    return replace(
        stored,
        dataset=left,
        model=assemble(evidence, model.constants, model.learned),
        tf_idf=stored.tf_idf and stored.tf_idf.narrowed(texts),
    )


def _erase_run(folder: Path, draft: Path, client: str, erased: datetime) -> bool:
    """Write the model and all beside it into the draft, False where the folder holds no readable one."""
    try:
        before = run_folder.header(folder)
        left = without_client(run_folder.load(folder), client)
    except (OSError, ValueError, FloatingPointError) as error:  # a RunFolderError is of the second kind
        _stop_at_the_machine(error)
        return False
    run_folder.save(left, draft)
    after = run_folder.header(draft)
    notes = [*before.get("erased", ()), erased.isoformat(timespec="seconds")]
    values = before | after | {"created": before["created"], "erased": notes}
    values[run_folder.TESTED_ON] = run_folder.tested_on(before)
    (draft / "run.json").write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return True


def _stop_at_the_machine(error: BaseException) -> None:
    """Raise what kept a file from being read that is not damaged: a model must not go for that."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno not in (None, errno.ENOENT, errno.ENOTDIR):
            raise cause
        cause = cause.__cause__


def _erase_data(folder: Path, draft: Path, client: str) -> None:
    """Write the dataset of a folder without a readable model into the draft, if that can be read."""
    (draft / "run.json").unlink(missing_ok=True)
    try:
        dataset = Dataset.load(folder / "dataset")
    except DatasetError as error:
        _stop_at_the_machine(error)
        return
    without_clients(dataset, {client}).save(draft / "dataset")


def _erase_rows(path: Path, draft: Path, client: str) -> None:
    """Write a table without the rows of a client into the draft; a damaged one is left out."""
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        _stop_at_the_machine(error)
        return
    for name in set(COLUMNS) & set(table.schema.names):
        table = table.filter(pc.not_equal(table[name], client))
    pq.write_table(table, draft / path.name)


def _tables(folder: Path) -> list[Path]:
    """Return the tables beside the dataset: results by client and lists; the ids come with the dataset."""
    return [path for path in folder.glob("*.parquet") if path.name != "ids.parquet"]


def _named(path: Path, client: str) -> bool:
    try:
        names = [name for name in COLUMNS if name in pq.read_schema(path).names]
        table = pq.read_table(path, columns=names)
    except (OSError, pa.ArrowException):
        return True
    return any(pc.any(pc.equal(table[name], client)).as_py() for name in names)

"""The run folder: everything a run is, in files that can be copied, deleted and audited."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from finrec_core import __version__
from finrec_core.dataset import Dataset, DatasetError
from finrec_core.evaluation import Pairing, held_back, pair
from finrec_core.model import Constants, FusedModel, ModelFileError
from finrec_core.model.files import load as load_model
from finrec_core.model.files import save as save_model
from finrec_core.model.message_passing import MessagePassing
from finrec_core.settings import settings
from finrec_core.terms.swap import steady
from finrec_core.text import EncoderError, TfIdf

PER_CLIENT = "per_client.parquet"
TESTED_ON = "tested_on"  # in run.json after an erasure: the content hash of the data as it was before
NEEDED = ("run", "seed", "encoder", "thorough", "dataset", "constants", "seconds", "curve")
NONE = type(None)
TYPES: dict[str, tuple[type, ...]] = {  # of what run.json holds; older ones lack some
    **dict.fromkeys(("run", "encoder", "created", "finrec", TESTED_ON), (str,)),
    **dict.fromkeys(("message_passing", "message_passing_asked"), (str,)),
    **dict.fromkeys(("format", "seed"), (int,)),
    **dict.fromkeys(("dataset", "constants", "seconds"), (dict,)),
    "thorough": (bool,),
    "tf_idf": (str, NONE),
    "curve": (list, NONE),
    "erased": (list,),
}
FORMAT = 1  # raised when an older finrec could not read a newer folder


class RunFolderError(ValueError):
    """A run folder cannot be read; the message is one sentence that names the file."""


@dataclass(frozen=True, repr=False, eq=False)
class StoredRun:
    """What a run folder holds, read and checked; `tf_idf` where that read its texts.

    `message_passing` is what multiplied while it was trained, on so many `threads`, 0 where nobody knows.
    `per_client` is what `save` writes; `load` leaves it to the function of that name.
    """

    run: str
    seed: int
    encoder: str
    thorough: bool
    dataset: Dataset
    model: FusedModel
    metrics: dict[str, Any]
    seconds: dict[str, float]
    curve: tuple[tuple[int, float], ...]
    message_passing: MessagePassing
    threads: int = 0
    tf_idf: TfIdf | None = None
    per_client: pa.Table | None = None

    def __repr__(self) -> str:
        return f"StoredRun({self.run}, {self.dataset}, {self.model})"


def save(run: StoredRun, folder: Path) -> None:
    """Write a run into a folder, `run.json` last: with it the folder is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    run.dataset.save(folder / "dataset")
    save_model(run.model, folder)
    if run.tf_idf:
        run.tf_idf.save(folder)
    pq.write_table(_ids(run.dataset), folder / "ids.parquet")
    _write(folder / "metrics.json", run.metrics)
    if run.per_client is not None:
        pq.write_table(run.per_client, folder / PER_CLIENT)
    values = {
        "format": FORMAT,
        "finrec": __version__,
        "run": run.run or folder.name,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": run.seed,
        "encoder": run.encoder,
        "tf_idf": run.tf_idf and run.tf_idf.name,
        "thorough": run.thorough,
        "message_passing": run.message_passing.ran,
        "message_passing_asked": run.message_passing.asked,
        "threads": run.threads,
        "dataset": {"name": run.dataset.name, "content_hash": run.dataset.content_hash},
        "constants": run.model.constants.to_json(),
        "seconds": run.seconds,
        "curve": run.curve,
    }
    _write(folder / "run.json", values)


def load(folder: Path) -> StoredRun:
    """Read what `save` wrote; raises `RunFolderError` with one sentence where it cannot.

    The model passes messages by what the setting asks for or, where that leaves it open, as the run did.
    All files are of one state of the folder, which an erasure may put another in place of meanwhile.
    """
    return steady(folder, lambda: _load(folder))


def _load(folder: Path) -> StoredRun:
    run = header(folder)
    missing = next((name for name in NEEDED if name not in run), None)
    if missing:
        raise RunFolderError(f"{folder / 'run.json'}: this file is not a run's (it has no {missing}).")
    if run.get("format", 0) > FORMAT:
        raise RunFolderError(f"{folder / 'run.json'}: this run was made by a newer finrec; update finrec.")
    try:
        dataset = Dataset.load(folder / "dataset")
        constants = Constants.from_json(run["constants"])
        passing = MessagePassing(run.get("message_passing_asked", "auto"), run.get("message_passing", "csr"))
        chosen = settings().message_passing
        model = load_model(folder, dataset, constants, passing.asked if chosen == "auto" else chosen)
        tf_idf = TfIdf.load(folder) if run.get("tf_idf") else None
        ids = pq.read_table(folder / "ids.parquet")
    except (DatasetError, ModelFileError, EncoderError) as error:
        raise RunFolderError(str(error)) from error
    except (OSError, pa.ArrowException) as error:
        raise RunFolderError(f"{folder / 'ids.parquet'}: this file cannot be read ({error}).") from error
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise RunFolderError(f"{folder / 'run.json'}: this file is not a run's ({error}).") from error
    if not ids.equals(_ids(dataset)):
        raise RunFolderError(f"{folder / 'ids.parquet'}: the ids do not match the dataset beside it.")
    if tf_idf and tf_idf.name != run["tf_idf"]:
        raise RunFolderError(f"{folder / 'run.json'}: the TF-IDF beside it is another run's.")
    return StoredRun(
        run=run["run"],
        seed=run["seed"],
        encoder=run["encoder"],
        thorough=run["thorough"],
        dataset=dataset,
        model=model,
        metrics=_read(folder / "metrics.json"),
        seconds=run["seconds"],
        curve=tuple((step, figure) for step, figure in run["curve"] or ()),
        message_passing=passing,
        threads=run.get("threads", 0),
        tf_idf=tf_idf,
    )


def per_client(folder: Path) -> pa.Table | None:
    """Return a run's test figures by client, as `Tested` describes; None where it has none, as older runs.

    Raises `RunFolderError` with one sentence where the file is damaged.
    """
    file = folder / PER_CLIENT
    if not file.is_file():
        return None
    try:
        table = pq.read_table(file)
    except (OSError, pa.ArrowException) as error:
        raise RunFolderError(f"{file}: this file cannot be read ({error}).") from error
    key, *metrics = table.schema or [None]
    whole = key is not None and key.name == "client_id" and key.type == pa.string()
    if not whole or not metrics or any(field.type != pa.float64() for field in metrics):
        raise RunFolderError(f"{file}: this file does not hold figures of clients.")
    return table


def header(folder: Path) -> dict[str, Any]:
    """Return what run.json says of a run, each value of its own type.

    Raises `RunFolderError` with one sentence where it cannot be read.
    """
    file = folder / "run.json"
    values = _read(file)
    for name, types in TYPES.items():
        if name in values and not isinstance(values[name], types):
            raise RunFolderError(f"{file}: this file is not a run's (its {name} is {values[name]!r:.60}).")
    if not all(isinstance(check, list) and len(check) == 2 for check in values.get("curve") or ()):
        raise RunFolderError(f"{file}: this file is not a run's (its curve has something else than pairs).")
    return values


def tested_on(header: dict[str, Any]) -> str:
    """Return the content hash of what a run was tested on, which an erasure since then does not change."""
    return header.get(TESTED_ON) or str(header["dataset"]["content_hash"])


def pair_runs(a: Path, b: Path) -> Pairing:
    """Pair the test figures of two runs by client.

    Where they were tested on different data or with different seeds, the clients count whose held-back
    products are the same all the same. Raises `RunFolderError` where one of them keeps no figures by
    client, as older runs, or where a folder cannot be read.
    """
    return steady(a, lambda: steady(b, lambda: _pair(a, b)))


def _pair(a: Path, b: Path) -> Pairing:
    figures = per_client(a), per_client(b)
    if figures[0] is None or figures[1] is None:
        raise RunFolderError(
            "One of the two was trained before figures were kept client by client: train it again."
        )
    try:
        tested = [(tested_on(one), one["seed"]) for one in (header(a), header(b))]
        if tested[0] == tested[1]:
            return pair(*figures)
        asked = [
            held_back(Dataset.load(folder / "dataset"), seed)
            for folder, (_, seed) in zip((a, b), tested, strict=True)
        ]
    except (KeyError, TypeError) as error:
        raise RunFolderError(f"{a} or {b}: run.json does not say what the run learned from.") from error
    except DatasetError as error:
        raise RunFolderError(str(error)) from error
    return pair(*figures, (asked[0], asked[1]))


def _ids(dataset: Dataset) -> pa.Table:
    """Return the ids behind the model's rows: clients, then products."""
    kinds = ["client"] * len(dataset.clients) + ["product"] * len(dataset.products)
    ids = [*dataset.clients["client_id"].to_pylist(), *dataset.products["product_id"].to_pylist()]
    return pa.table({"kind": pa.array(kinds, pa.string()), "id": pa.array(ids, pa.string())})


def _write(path: Path, values: dict[str, Any]) -> None:
    path.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise RunFolderError(f"{path}: this file cannot be read ({error}).") from error
    if not isinstance(values, dict):
        raise RunFolderError(f"{path}: this file does not hold a run.")
    return values

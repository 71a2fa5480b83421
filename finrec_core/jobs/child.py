"""The child: the process that trains. `python -m finrec_core.jobs.child RUN_FOLDER`.

It reads `dataset/` and `job.json` in its folder, writes `progress.jsonl`, `log.txt` and the model, and
ends with `result.json`, or with `error.txt` and one sentence. It never opens the store, and may be
killed at any moment: until `result.json` stands, there is no run.
"""

import math
import os
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from finrec_core.dataset import Dataset
from finrec_core.dataset.progress import Progress
from finrec_core.jobs import record
from finrec_core.jobs.process import Process
from finrec_core.jobs.progress import ProgressFile
from finrec_core.text import EncoderError


class Recommender(Protocol):
    """What the child needs of a recommender."""

    run: str

    @property
    def constants(self) -> Any:  # noqa: ANN401 - a dataclass with `to_json`
        """The chosen constants."""

    @property
    def metrics(self) -> Mapping[str, Any]:
        """The test figures."""

    def fit(self, dataset: Dataset, progress: Progress) -> Any:  # noqa: ANN401 - itself
        """Learn from a dataset."""

    def save(self, folder: Path) -> None:
        """Write the model into a folder."""


Make = Callable[[Mapping[str, Any]], Recommender]


def fused(job: Mapping[str, Any]) -> Recommender:
    """Return the recommender that a job asks for."""
    # Imported here: the desk imports this module's room and should not pay for torch.
    from finrec_core.recommender import FusedRecommender  # noqa: PLC0415

    return FusedRecommender(
        seed=job["seed"],
        encoder=job["encoder"],
        thorough=job["thorough"],
        compare=job["compare"],
        device=job["device"],
    )


def run(folder: Path, make: Make = fused) -> None:
    """Train what `job.json` asks for, save it into the folder and finish with `result.json`."""
    job = record.read(folder / "job.json")
    if job is None:
        raise ValueError(f"{folder}: this folder holds no readable job.json.")
    start = time.monotonic()
    progress = ProgressFile(folder / "progress.jsonl")
    progress("Starting", 0.0)
    recommender = make(job)
    progress("Reading the data", 0.0)
    dataset = Dataset.load(folder / "dataset")
    recommender.fit(dataset, progress=progress)
    recommender.run = folder.name
    recommender.save(folder)
    progress("Saved", 1.0)
    encoder = job["encoder"]
    result = {
        "run": folder.name,
        "dataset": job["dataset"],
        "version": job["version"],
        "content_hash": job["content_hash"],
        "created": job["created"],
        "seconds": round(time.monotonic() - start, 2),
        # A hub or package name as it stands; of a local folder only its name, for rows hold no paths.
        "encoder": Path(encoder).name if Path(encoder).is_dir() else encoder,
        "seed": job["seed"],
        "metrics": _finite(recommender.metrics),
        "constants": _finite(recommender.constants.to_json()),
        "user": job.get("user", ""),
    }
    record.write(folder / "result.json", result)


def _finite(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with null for NaN and infinity, which JSON does not have."""
    if isinstance(value, Mapping):
        return {str(key): _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def main(folder: Path, make: Make = fused) -> int:
    """Run as a process of its own and return its exit code; other errors than these end as a traceback."""
    Process.of(os.getpid()).save(folder)
    os.nice(5)  # the desk answers first
    try:
        run(folder, make)
    except (ValueError, FloatingPointError, EncoderError) as error:
        traceback.print_exc()
        record.write_text(folder / "error.txt", str(error))
        return 1
    except OSError as error:
        traceback.print_exc()
        record.write_text(folder / "error.txt", f"The training could not use a file ({error}).")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

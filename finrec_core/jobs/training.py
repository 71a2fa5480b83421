"""A training in the child: from a snapshot and an order to a run's folder."""

import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from finrec_core.dataset import Dataset
from finrec_core.jobs import core
from finrec_core.jobs.estimate import stages
from finrec_core.jobs.progress import ProgressFile
from finrec_core.jobs.usage import Usage
from finrec_core.terms.progress import Progress, Watch


class Recommender(Protocol):
    """What a training needs of a recommender."""

    run: str
    seconds: dict[str, float]
    tokens_read: int

    @property
    def constants(self) -> Any:  # noqa: ANN401 - a dataclass with `to_json`
        """The chosen constants."""

    @property
    def metrics(self) -> Mapping[str, Any]:
        """The test figures."""

    def fit(self, dataset: Dataset, progress: Progress, watch: Watch) -> Any:  # noqa: ANN401 - itself
        """Learn from a dataset."""

    def save(self, folder: Path) -> None:
        """Write the model into a folder."""


Make = Callable[[Mapping[str, Any]], Recommender]


def fused(job: Mapping[str, Any]) -> Recommender:
    """Return the recommender that a job asks for."""
    return core.FusedRecommender(
        seed=job["seed"],
        encoder=job["encoder"],
        thorough=job["thorough"],
        compare=job["compare"],
        switches=core.Switches(**job.get("switches", {})),
        device=job["device"],
        message_passing=job.get("message_passing"),  # orders of an older finrec name none
    )


def work(folder: Path, job: Mapping[str, Any], progress: ProgressFile, make: Make = fused) -> dict[str, Any]:
    """Train what the job asks for, save it into the folder and return what the store keeps of it."""
    start = time.monotonic()
    recommender = make(job)
    progress("Reading the data", 0.0)
    dataset = Dataset.load(folder / "dataset")
    progress.expect(stages(dataset, job, folder.parent))
    recommender.fit(dataset, progress=progress, watch=progress.check)
    recommender.run = folder.name
    recommender.save(folder)
    Usage.of(dataset, recommender.seconds, tokens=recommender.tokens_read, thorough=job["thorough"]).save(
        folder
    )
    progress("Saved", 1.0)
    encoder = job["encoder"]
    return {
        "run": folder.name,
        "dataset": job["dataset"],
        "version": job["version"],
        "content_hash": job["content_hash"],
        "created": job["created"],
        "seconds": round(time.monotonic() - start, 2),
        # A hub or package name as it stands; of a local folder only its name, for rows hold no paths.
        "encoder": Path(encoder).name if Path(encoder).is_dir() else encoder,
        "seed": job["seed"],
        "metrics": finite(recommender.metrics),
        "constants": finite(recommender.constants.to_json()),
        "user": job.get("user", ""),
    }


def finite(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with null for NaN and infinity, which JSON does not have."""
    if isinstance(value, Mapping):
        return {str(key): finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value

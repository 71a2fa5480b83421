"""A comparison in the child: all methods on a snapshot, what is finished kept against a sudden end."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from finrec_core.dataset import Dataset
from finrec_core.jobs.progress import ProgressFile
from finrec_core.jobs.training import finite
from finrec_core.settings import settings


def work(folder: Path, job: Mapping[str, Any], progress: ProgressFile) -> dict[str, Any]:
    """Compare the methods that the job names and return the document of `evaluate`; the snapshot goes.

    The ledger holds what an earlier comparison of the same data has finished, a killed one too.
    """
    from finrec_core import evaluation  # noqa: PLC0415 - loads torch, which the desk should not pay
    from finrec_core.text import Reading, VectorCache  # noqa: PLC0415
    from finrec_core.text.reading import TF_IDF  # noqa: PLC0415

    progress("Reading the data", 0.0)
    dataset = Dataset.load(folder / "dataset")
    reading = Reading(job["encoder"], VectorCache(settings().vectors_folder))
    told = any(dataset.product_texts) or any(dataset.review_texts)
    document = evaluation.evaluate(
        dataset,
        {reading.label: reading} if told else None,
        arms=tuple(job["arms"]) or tuple(evaluation.ARMS),
        seeds=range(job["seeds"]),
        controls=job["controls"],
        counted=Reading(TF_IDF),
        ledger=evaluation.Ledger(settings().evaluations_folder),
        progress=progress,
    )
    shutil.rmtree(folder / "dataset", ignore_errors=True)
    return finite(document)

"""A comparison in the child: all methods on a snapshot, what is finished kept against a sudden end."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from finrec_core.dataset import Dataset
from finrec_core.jobs import core
from finrec_core.jobs.progress import ProgressFile
from finrec_core.jobs.training import finite
from finrec_core.settings import settings
from finrec_core.text.checkpoint import TF_IDF


def work(folder: Path, job: Mapping[str, Any], progress: ProgressFile) -> dict[str, Any]:
    """Compare the methods that the job names and return the document of `evaluate`; the snapshot goes.

    The ledger holds what an earlier comparison of the same data has finished, a killed one too.
    """
    progress("Reading the data", 0.0)
    dataset = Dataset.load(folder / "dataset")
    reading = core.Reading(job["encoder"], core.VectorCache(settings().vectors_folder))
    told = any(dataset.product_texts) or any(dataset.review_texts)
    document = core.evaluation.evaluate(
        dataset,
        {reading.label: reading} if told else None,
        arms=tuple(job["arms"]) or tuple(core.evaluation.ARMS),
        seeds=range(job["seeds"]),
        controls=job["controls"],
        counted=core.Reading(TF_IDF),
        ledger=core.evaluation.Ledger(settings().evaluations_folder),
        progress=progress,
    )
    shutil.rmtree(folder / "dataset", ignore_errors=True)
    return finite(document)

"""The lists of all clients in the child: one file in the job's folder, made with a trained model."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from finrec_core.jobs import core
from finrec_core.jobs.progress import ProgressFile


def work(folder: Path, job: Mapping[str, Any], progress: ProgressFile) -> dict[str, Any]:
    """Write the lists that the job asks for and return what the file holds.

    The model lies in the folder of its run, beside the job's; the bank's rules came with the job.
    """
    progress("Loading the model", 0.0)
    model = core.FusedRecommender.load(folder.parent / job["model"])
    rules = core.Rules.proposed(model.dataset) if job["rules"] is None else core.Rules.from_json(job["rules"])
    file = folder / f"lists.{job['format']}"
    made = core.listing.write(
        *(model, file, job["k"]),
        rules=rules,
        today=date.today(),
        reasons=job["reasons"],
        suitable=job["suitable"],
        progress=progress,
    )
    return {
        "model": job["model"],
        "file": file.name,
        "rows": made.rows,
        "clients": made.clients,
        "without": dict(made.without),
        "bytes": file.stat().st_size,
    }

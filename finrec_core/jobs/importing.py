"""An import in the child: uploaded files become Parquet parts and a report in the folder of the job.

It never opens the store: whoever owns that lands the parts. One child reads at a time, so that the memory
that imports take stays under one limit; the others wait for it.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from finrec_core.intake import FormChoice, IntakeError, Source, read_files, table_names
from finrec_core.intake.folder import save_error, save_intake
from finrec_core.jobs import slot
from finrec_core.jobs.progress import ProgressFile
from finrec_core.terms.progress import part

READ = "read"  # the folder of what was read
FILES = "files"  # the folder of what was uploaded, beside that of each reading, by number
DAY = 86_400.0  # seconds that a reading waits for its turn


def work(folder: Path, job: Mapping[str, Any], progress: ProgressFile) -> dict[str, Any]:
    """Read the files that the job names and keep what they gave, or the error that stops them."""
    progress("Waiting for another import", 0.0)
    with slot.take(folder.parents[1], DAY):
        progress("Looking at the files", 0.0)
        sources = [
            Source(name, folder.parent / FILES / str(place), tuple(job["only"].get(name, ())))
            for place, name in _files(job)
        ]
        try:
            intake = read_files(
                sources,
                mapping=job["mapping"],
                kinds=job["kinds"],
                forms={name: FormChoice(**told) for name, told in job["forms"].items()},
                day_first=job["day_first"],
                answers=job["answers"],
                kept=job["kept"],
                progress=part(progress, 0.0, 0.95),
            )
        except IntakeError as error:
            save_error(error, folder / READ)
            return {"read": False, "tables": _tables(sources)}
        progress("Writing what was read", 0.95)
        save_intake(intake, folder / READ)
        return {"read": True, "tables": _tables(sources)}


def _tables(sources: Sequence[Source]) -> dict[str, list[str]]:
    """Return the sheets or tables that may be chosen of each workbook and database that can be opened."""
    found = {}
    for source in sources:
        with suppress(IntakeError):  # which the reading has said
            found[source.name] = table_names(source)
    return {name: names for name, names in found.items() if names}


def _files(job: Mapping[str, Any]) -> list[tuple[int, str]]:
    return list(zip(job["places"], job["files"], strict=True))

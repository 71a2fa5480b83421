"""The child: the process that does a job. `python -m finrec_core.jobs.child FOLDER`.

It reads `job.json` in its folder, writes `progress.jsonl`, `log.txt` and what it makes, and ends with
`result.json`, or with `error.txt` and one sentence. It never opens the store, and may be killed at any
moment: until `result.json` stands, there is no result.
"""

import os
import sys
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from finrec_core.jobs import comparison, importing, lists, record, state, training
from finrec_core.jobs.order import NOUNS, Kind
from finrec_core.jobs.process import Process
from finrec_core.jobs.progress import ProgressFile
from finrec_core.jobs.training import Make, fused
from finrec_core.terms import privacy
from finrec_core.text import EncoderError

Work = Callable[[Path, Mapping[str, Any], ProgressFile], dict[str, Any]]  # to what `result.json` holds


def run(folder: Path, make: Make = fused) -> None:
    """Do what `job.json` asks for and finish with `result.json`; `make` makes what is trained."""
    job = record.read(folder / "job.json")
    if job is None:
        raise ValueError(f"{folder}: this folder holds no readable job.json.")
    work: Mapping[Kind, Work] = {
        "train": partial(training.work, make=make),
        "compare": comparison.work,
        "batch": lists.work,
        "import": importing.work,
    }
    progress = ProgressFile(folder / "progress.jsonl")
    progress("Starting", 0.0)
    result = work[state.kind_of(folder)](folder, job, progress)
    record.write(folder / "result.json", result)


def main(folder: Path, make: Make = fused) -> int:
    """Run as a process of its own and return its exit code; other errors than these end as a traceback."""
    privacy.keep()
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
        noun = NOUNS[state.kind_of(folder)]
        record.write_text(folder / "error.txt", f"The {noun} could not use a file ({error}).")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

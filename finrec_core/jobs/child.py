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

from finrec_core.jobs import (
    comparison,
    failure,
    folders,
    importing,
    lists,
    memory,
    record,
    state,
    training,
)
from finrec_core.jobs.order import NOUNS, Kind
from finrec_core.jobs.process import Process
from finrec_core.jobs.progress import ProgressFile
from finrec_core.jobs.training import Make, fused
from finrec_core.terms import privacy
from finrec_core.text import EncoderError

Work = Callable[[Path, Mapping[str, Any], ProgressFile], dict[str, Any]]  # to what `result.json` holds


def run(folder: Path, make: Make = fused, secret: bytes = b"") -> None:
    """Do what `job.json` asks for and finish with `result.json`; `make` makes what is trained.

    `secret` is what the job was told beside its order, by which its result is known.
    """
    job = record.read(folder / "job.json")
    if job is None:
        raise ValueError(f"{folder}: this folder holds no readable job.json.")
    work: Mapping[Kind, Work] = {
        "train": partial(training.work, make=make),
        "compare": comparison.work,
        "batch": lists.work,
        "import": importing.work,
        "erase": partial(folders.work, secret=secret),
    }
    progress = ProgressFile(folder / "progress.jsonl")
    progress("Starting", 0.0)
    result = work[state.kind_of(folder)](folder, job, progress)
    record.write(folder / "result.json", result)


def main(folder: Path, make: Make = fused, secret: bytes = b"") -> int:
    """Run as a process of its own and return its exit code; other errors than these end as a traceback."""
    privacy.keep()
    Process.of(os.getpid()).save(folder)
    os.nice(5)  # the desk answers first
    kind = state.kind_of(folder)
    limit = memory.limit(kind)
    try:
        with memory.Watch(folder, limit, memory.sentence(kind, limit)):
            run(folder, make, secret)
    except (ValueError, FloatingPointError, EncoderError) as error:
        return _failed(folder, str(error))
    except MemoryError:
        return _failed(folder, failure.out_of_memory(kind))
    except OSError as error:
        return _failed(folder, f"The {NOUNS[kind]} could not use a file ({error}).")
    except RuntimeError as error:  # torch says so of memory, too
        if not failure.NO_MEMORY.search(str(error)):
            raise
        return _failed(folder, failure.out_of_memory(kind))
    return 0


def _failed(folder: Path, sentence: str) -> int:
    """Keep the traceback in the log and say in the folder why the job failed."""
    traceback.print_exc()
    record.write_text(folder / "error.txt", sentence)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), secret=sys.stdin.buffer.read()))

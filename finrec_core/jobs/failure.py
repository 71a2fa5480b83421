"""The failure: why a job ended without a result, in a sentence, and what can be done about it."""

import re
import signal
from pathlib import Path

from finrec_core.jobs import progress
from finrec_core.jobs.order import NOUNS, Kind
from finrec_core.jobs.process import Process

NO_MEMORY = re.compile(r"MemoryError|allocate memory|Unable to allocate|std::bad_alloc")
AGAIN = "Start it again; texts that were read already are not read a second time."
# What to do, by what the sentence says; the first that fits.
ADVICE = (
    (
        re.compile("ran out of memory"),
        "Close other programs, work on fewer interactions, or use a machine with more memory.",
    ),
    (
        re.compile(r"No space left|Errno 28|Errno 122|quota", re.IGNORECASE),
        "Make room on the disk that holds the data folder, then start it again.",
    ),
    (re.compile("erasure"), "It is tried again every minute, until no folder holds the client any more."),
    (
        re.compile("language model|TF-IDF"),
        "Choose another encoder under Options (TF-IDF needs no language model), or install this one.",
    ),
    (
        re.compile("no longer a number"),
        "Start it again with another seed; if it happens again, leave the network out under Options.",
    ),
    (re.compile("machine restarted|was stopped|without a word"), AGAIN),
    (re.compile("folder of run|run's folder|run.json"), "Choose another model, or train again."),
)
OTHERWISE = "Start it again; if it fails in the same way, its log is for whoever looks after finrec."


def advice(sentence: str) -> str:
    """Return what to do about a failure, from the sentence that says why."""
    return next((words for pattern, words in ADVICE if pattern.search(sentence)), OTHERWISE)


def cause(folder: Path, kind: Kind, exit_code: int | None) -> str:
    """Return a sentence on an end without a word, from the exit code, the machine and the log's end."""
    noun = NOUNS[kind]
    lines = [
        line.strip() for line in progress.last_lines(folder / "log.txt", 8000).split("\n") if line.strip()
    ]
    word = lines[-1] if lines and re.match(r"[\w.]+(Error|Exception|Interrupt|Exit)\b", lines[-1]) else ""
    process = Process.load(folder)
    if exit_code == -signal.SIGKILL or NO_MEMORY.search(word):
        return out_of_memory(kind)
    if exit_code is not None and exit_code < 0:
        return f"The {noun} was stopped from outside by signal {-exit_code}."
    if word:
        return f"The {noun} failed ({word[:300]}): log.txt of run {folder.name} says where."
    if process is not None and process.before_restart:
        return f"The machine restarted while the {noun} ran."
    return f"The {noun} ended without a word, as it does when it is killed or runs out of memory."


def out_of_memory(kind: Kind) -> str:
    """Return the sentence on a job for which the machine had no memory left."""
    return f"The {NOUNS[kind]} ran out of memory or was killed from outside."

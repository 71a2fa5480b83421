"""The metrics: what the desk does, in numbers that Prometheus reads; nobody's name stands in them."""

import logging
import resource
import time
from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import disk_usage
from threading import Lock
from typing import Any, get_args

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from finrec_core import __version__, jobs
from finrec_core.jobs.state import Status
from finrec_core.settings import settings
from finrec_core.store import StoreError, backup
from pages.frame import desk

KIND = "text/plain; version=0.0.4; charset=utf-8"
STARTED = datetime.now(UTC)
PAGE = resource.getpagesize()
_registry = CollectorRegistry()
_steps = Histogram(
    "finrec_step_seconds",
    "Time that a step took: one run of a page for one person.",
    ["page"],
    registry=_registry,
    buckets=(0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60),
)
ProcessCollector(registry=_registry)
_connected, _counting = {"now": 0}, Lock()
_log = logging.getLogger("finrec.desk")


@contextmanager
def step(page: str, began: float) -> Iterator[None]:
    """Count the block as a step of a page, begun at a reading of the monotonic clock, and log its time."""
    try:
        yield
    finally:
        seconds = time.monotonic() - began
        _steps.labels(page).observe(seconds)
        _log.info("A step was taken.", extra={"facts": {"page": page, "seconds": round(seconds, 3)}})


class State(Collector):
    """What stands still between two steps: sessions, jobs, room on the disk, the heads of the chains."""

    def collect(self) -> Iterator[Metric]:
        """Yield each figure as it is now; those of a store that cannot be opened are left out."""
        yield InfoMetricFamily("finrec", "The version that runs.", {"version": __version__})
        yield _one("finrec_browsers", "Browsers connected.", browsers())
        counted = Tally(job.state().status for job in jobs.jobs(settings().runs_folder))
        found = GaugeMetricFamily("finrec_jobs", "Jobs by how they stand.", labels=["state"])
        for state in get_args(Status):
            found.add_metric([state], counted[state])
        yield found
        yield _one("finrec_store_bytes", "Size of the store.", size(settings().store_file))
        yield _one("finrec_disk_free_bytes", "Room left in the data folder.", free(settings().data))
        if (kept := backup.last(settings().store_file)) is not None:
            yield _one("finrec_last_backup_time_seconds", "When the last backup was made.", kept.timestamp())
        try:
            store = desk.whole_store()
            heads, (links, head) = store.heads(), store.chain_head()
        except StoreError:
            return
        chain = InfoMetricFamily(
            "finrec_chain", "The newest row of each log and link of the record, by hash.", labels=["log"]
        )
        for log, newest in heads.items():
            chain.add_metric([log], {"head": newest})
        chain.add_metric(["record"], {"head": head})
        yield chain
        yield _one("finrec_chain_links", "Links of the chain of the record.", links)
        try:
            last = store.last_anchor()
        except StoreError:  # the file of anchors cannot be read, which leaves its figures out
            return
        if last is not None:
            yield _one("finrec_last_anchor_link", "The newest link that is anchored.", last.sequence)
            made = last.created.timestamp()
            yield _one("finrec_last_anchor_time_seconds", "When the last anchor was written.", made)


def text() -> str:
    """Return all figures as Prometheus reads them."""
    now = CollectorRegistry()
    now.register(State())
    return (generate_latest(_registry) + generate_latest(now)).decode("utf-8")


@contextmanager
def browser() -> Iterator[None]:
    """Count a browser as connected while the block lasts."""
    with _counting:
        _connected["now"] += 1
    try:
        yield
    finally:
        with _counting:
            _connected["now"] -= 1


def browsers() -> int:
    """Return how many browsers are connected."""
    return _connected["now"]


def size(place: Path) -> int:
    """Return the bytes of a file, or of all files under a folder; 0 where there is nothing."""
    files = [place] if place.is_file() else place.rglob("*") if place.is_dir() else []
    total = 0
    for file in files:
        try:
            total += file.stat().st_size if file.is_file() and not file.is_symlink() else 0
        except OSError:  # it went away meanwhile
            continue
    return total


def resident(pid: int) -> int:
    """Return the bytes of memory that a process holds, 0 where it is gone."""
    try:
        return PAGE * int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0


def free(folder: Path) -> int:
    """Return the bytes that are left for a folder, of its nearest parent where it is not there yet."""
    place = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    return disk_usage(place).free


def _one(name: str, words: str, value: Any) -> GaugeMetricFamily:  # noqa: ANN401 - a number
    return GaugeMetricFamily(name, words, value=value)

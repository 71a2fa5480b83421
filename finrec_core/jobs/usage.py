"""The usage: what a training took on this machine, kept in its folder so that the next can be foreseen."""

import resource
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from finrec_core.dataset import Dataset
from finrec_core.jobs import record
from finrec_core.jobs.job import jobs

FILE = "usage.json"
LATEST = 20  # trainings that are looked at
MEASURED = ("clients", "products", "interactions", "tokens", "thorough", "seconds", "memory")  # in the file


@dataclass(frozen=True)
class Usage:
    """The size of a training, the seconds of each of its stages, and the most memory it held, in bytes.

    `tokens` are the word tokens that the encoder had to read. `compare`, `encoder` and `without`, the names
    of switches that were off, are those of the order that lies in the same folder.
    """

    clients: int
    products: int
    interactions: int
    tokens: int
    thorough: bool
    seconds: Mapping[str, float]
    memory: int
    compare: bool = True
    encoder: str = ""
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if min(self.clients, self.products, self.interactions, self.tokens, self.memory) < 0:
            raise ValueError("what a training took is no negative number.")

    @classmethod
    def of(cls, dataset: Dataset, seconds: Mapping[str, float], *, tokens: int, thorough: bool) -> Self:
        """Return what this process took to train on a dataset."""
        return cls(
            clients=len(dataset.clients),
            products=len(dataset.products),
            interactions=len(dataset.interactions),
            tokens=tokens,
            thorough=thorough,
            seconds=dict(seconds),
            # The peak, which Linux counts in KiB; psutil tells only what is held now.
            memory=1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        )

    def save(self, folder: Path) -> None:
        """Write it into a run's folder."""
        record.write(folder / FILE, {name: value for name, value in asdict(self).items() if name in MEASURED})

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """Return what the training in a folder took, None where that is not known."""
        values, order = record.read(folder / FILE), record.read(folder / "job.json") or {}
        if not values:
            return None
        try:
            return cls(
                **{name: values[name] for name in MEASURED},
                compare=bool(order.get("compare", True)),
                encoder=str(order.get("encoder", "")),
                without=tuple(sorted(name for name, on in order.get("switches", {}).items() if not on)),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            return None


def latest(runs_folder: Path) -> Iterator[Usage]:
    """Yield what the newest trainings took, newest first."""
    found = 0
    for job in jobs(runs_folder, "train"):
        usage = Usage.load(job.folder)
        if usage is not None:
            yield usage
            found += 1
        if found == LATEST:
            return
